"""Where the letters of a text stand, measured with the shipped fonts but without Qt, and what is wrong with a scene."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import numpy as np
from PIL import ImageFont

from cnnviz.resources import resource_path
from cnnviz.scene.areas import Metrics
from cnnviz.scene.primitives import Align, Box, Formula, Gradient, Grid, Scene, Text, Weight

Things: TypeAlias = list[tuple[str, Box]]

ELIDED = 0.7
"""A text is set smaller down to this part of its size before letters are left out."""

ASKED = ("/asked", "/plus")
"""A question mark stands in its empty cell, a plus in its circle."""

SLACK = 0.51
"""Boxes are rounded to whole pixels."""

FILES = {Weight.REGULAR: "Inter-Regular", Weight.MEDIUM: "Inter-Medium", Weight.BOLD: "Inter-Bold"}


@cache
def _font(weight: Weight) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource_path(f"fonts/{FILES[weight]}.ttf")), 100)


@cache
def _length(text: str, weight: Weight) -> float:
    # All figures are as wide as 0: the painter asks for tabular ones.
    plain = "".join("0" if letter.isdigit() else letter for letter in text)
    return float(_font(weight).getlength(plain)) / 100


def width_of(text: str, size: float, weight: Weight = Weight.REGULAR) -> float:
    """How wide some letters are."""
    return _length(text, weight) * size


def width(text: Text) -> float:
    """How wide a text is at its size, in one line."""
    return sum(_length(run.text, run.weight) for run in text.runs) * text.size


def ink(text: Text) -> Box:
    """The box around the letters: set smaller where they do not fit, and never beyond the text's box."""
    full = width(text)
    w = min(full, text.box.w)
    h = text.size * (w / full if full else 1) * 0.9
    left = {Align.LEFT: text.box.x, Align.CENTER: text.box.cx - w / 2, Align.RIGHT: text.box.right - w}
    top = text.box.y if text.top else text.box.cy - h / 2
    return Box(left[text.align], top, w, h)


def problems(scene: Scene) -> Iterator[str]:
    """Everything that overlaps, leaves its place or cannot be read in whole."""
    texts = [p for p in scene.primitives() if isinstance(p, Text) and p.text and not p.key.endswith(ASKED)]
    inks: Things = [(t.key, ink(t)) for t in texts]
    grids: Things = [(p.key, p.box) for p in scene.primitives() if isinstance(p, Grid)]
    bars: Things = [(p.key, p.box) for p in scene.primitives() if isinstance(p, Gradient | Formula)]
    for text in texts:
        if width(text) * ELIDED > text.box.w + SLACK:
            yield f"{text.key} is elided: {text.text!r} needs {width(text):.0f} of {text.box.w:.0f}"
    margin = Metrics.of(*scene.size).margin
    side, foot = margin - SLACK, scene.size[1] - margin * 0.5
    for key, box in inks + grids + bars:
        if box.x < side or box.right > scene.size[0] - side or box.y < side or box.bottom > foot:
            yield f"{key} {_shown(box)} leaves the margins of {scene.size}"
    yield from _overlaps(inks + grids + bars)
    yield from _strays(scene)


def _overlaps(things: Things) -> Iterator[str]:
    """What lies over another: all pairs at once, as there may be ten thousands of them."""
    if not things:
        return
    boxes = np.array([(b.x, b.y, b.right, b.bottom) for _, b in things])
    begin, end = boxes[:, np.newaxis, :2], boxes[:, np.newaxis, 2:]
    common = np.minimum(end, boxes[:, 2:]) - np.maximum(begin, boxes[:, :2])
    for m, n in np.argwhere(np.triu((common > SLACK).all(axis=2), 1)):
        (a, first), (b, second) = things[m], things[n]
        yield f"{a} {_shown(first)} overlaps {b} {_shown(second)}"


def _strays(scene: Scene) -> Iterator[str]:
    """What of the arithmetic leaves its part of the stage."""
    area = next((panel for panel in scene.panels if panel.key == "sum"), None)
    if area is None:
        return  # the far levels have no arithmetic
    for p in area.primitives:
        box = ink(p) if isinstance(p, Text) else p.box if isinstance(p, Grid) else area.box
        common = box.meets(area.box)
        if box.w - common.w > SLACK or box.h - common.h > SLACK:
            yield f"{p.key} {_shown(box)} leaves the arithmetic's part {_shown(area.box)}"


def _shown(box: Box) -> str:
    return f"[{box.x:.0f} {box.y:.0f} {box.w:.0f}×{box.h:.0f}]"
