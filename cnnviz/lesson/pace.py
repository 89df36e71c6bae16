"""How finely a timeline cuts a lesson into steps."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Pace: TypeAlias = Literal["multiply", "cell", "row", "channel", "layer", "auto", "iteration"]
"""Every product, every cell, every row, channel or layer, a mixture that grows coarser, or every iteration."""

PACES: tuple[Pace, ...] = get_args(Pace)
