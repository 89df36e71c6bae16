"""Numbers and paths of fields, read from what a person typed; nothing is evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plain import shown


def float_from_text(text: str, where: str) -> float:
    """A finite number, or a fraction of two such as 1/9."""
    above, bar, below = text.partition("/")
    try:
        value = float(above) / (float(below) if bar else 1.0)
    except ValueError:
        raise BadInput(f"{where}: {shown(text)} is not a number; write it as 0.5, 1e-3 or 1/9") from None
    except ZeroDivisionError:
        raise BadInput(f"{where}: {shown(text)} divides by zero; give another number") from None
    if not math.isfinite(value):
        raise BadInput(f"{where}: {shown(text)} is not a finite number; give another number")
    return value


def number_below(text: str, count: int, path: str) -> int:
    """A whole number from 0 to below ``count``, as a part of a path."""
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) >= count:
        raise BadInput(
            f"field {shown(path)}: {shown(text)} is not one of 0 to {count - 1}; choose one of them"
        )
    return int(text)


def unknown_field(path: str, keys: Sequence[str]) -> BadInput:
    """What is raised for a path that leads nowhere."""
    return BadInput(f"field {shown(path)} is unknown; the keys here are {', '.join(keys) or 'none'}")
