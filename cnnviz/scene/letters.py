"""How wide a line of text will be, from the widths of the shipped family's letters and without a font engine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache

from cnnviz.resources import resource_text
from cnnviz.scene.primitives import Align, Box, Run, Text, Weight

UNKNOWN = 1000
"""What a letter is taken for that has no width here: as wide as any."""

LINE = 0.9
"""The height of letters from ascender to descender, in sizes of the type."""


def width_of(runs: Iterable[Run], size: float) -> float:
    """How wide some runs are in one line, in the unit of the size; kerning, which mostly narrows, is left out."""
    return sum(_width(run.text, run.weight) for run in runs) * size / 1000


def ink_of(text: Text) -> Box:
    """Where the letters of a text in one line stand: set smaller where they do not fit, never beyond its box."""
    full = width_of(text.runs, text.size)
    w = min(full, text.box.w)
    h = text.size * (w / full if full else 1.0) * LINE
    share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[text.align]
    top = text.box.y if text.top else text.box.cy - h / 2
    return Box(text.box.x + share * (text.box.w - w), top, w, h)


@cache
def _widths() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(resource_text("formulas/letters.json"))
    return found


@lru_cache(maxsize=1 << 13)  # the same few numbers and signs come in every step
def _width(text: str, weight: Weight) -> int:
    widths = _widths()[str(weight.value)]
    return sum(widths.get(letter, UNKNOWN) for letter in text)
