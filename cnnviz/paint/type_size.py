"""How small the type of a scene is when it is painted: what the last row of a hall has to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.paint.cellnumbers import numbers_of
from cnnviz.paint.layout import set_text
from cnnviz.paint.pixels import grid_axes
from cnnviz.scene.primitives import Formula, Grid, Scene, Text


class Type(NamedTuple):
    """A piece of text and its size in pixels of the picture."""

    size: float
    text: str


def smallest_type(scene: Scene, scale: float = 1.0) -> Type | None:
    """Find the smallest text of a scene painted at a scale: captions, titles, numbers of cells, formulas (their em).

    A text that is too long for its box counts at the size to which it is fitted. None when there is no text.
    """
    return min(_all_type(scene, scale), default=None)


def _all_type(scene: Scene, scale: float) -> Iterator[Type]:
    for primitive in scene.primitives():
        match primitive:
            case Text() if primitive.text.strip():
                yield Type(set_text(primitive).size * scale, primitive.text)
            case Formula():
                yield Type(primitive.size * scale, "a formula")
            case Grid():
                yield from _numbers(primitive, scale)


def _numbers(grid: Grid, scale: float) -> Iterator[Type]:
    rows, columns = grid_axes(grid, scale)
    if min(rows.length, columns.length) <= 0 or not grid.cells_written():
        return
    numbers = numbers_of(grid, rows, columns, scale)
    if numbers is not None:
        widest = int(np.argmax([len(text) for text in numbers.texts]))
        yield Type(numbers.size, numbers.texts[widest])
