"""How wide a line of text will be, from the widths of the shipped family's letters and without a font engine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache

from cnnviz.resources import resource_text
from cnnviz.scene.primitives import Run, Weight

UNKNOWN = 1000
"""What a letter is taken for that has no width here: as wide as any."""


def width_of(runs: Iterable[Run], size: float) -> float:
    """How wide some runs are in one line, in the unit of the size; kerning, which mostly narrows, is left out."""
    return sum(_width(run.text, run.weight) for run in runs) * size / 1000


@cache
def _widths() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(resource_text("formulas/letters.json"))
    return found


@lru_cache(maxsize=1 << 13)  # the same few numbers and signs come in every step
def _width(text: str, weight: Weight) -> int:
    widths = _widths()[str(weight.value)]
    return sum(widths.get(letter, UNKNOWN) for letter in text)
