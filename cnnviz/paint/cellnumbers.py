"""The numbers of a grid's cells: which are seen, in what size they fit, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from cnnviz.paint.color import light_ink, qcolor
from cnnviz.paint.digits import atlas, draw_numbers, lay_out, relative_advances
from cnnviz.paint.fonts import REFERENCE, cap_height, shaped, text_width
from cnnviz.paint.pixels import Axis
from cnnviz.scene.numbers import number
from cnnviz.scene.primitives import Grid, Weight

NUMBERS_FROM = 5  # device pixels of a text
# Larger ones are drawn one by one: they are few, and their atlas would be a large picture.
ATLAS_UP_TO = 32
WIDEST = 0.92  # of a cell


@lru_cache(maxsize=1 << 14)
def text_of(value: float, decimals: int, comma: bool) -> str:
    """Write a number as it stands in a cell."""
    text = number(value, decimals)
    return text.replace(".", ",") if comma else text


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """What stands in the cells seen.

    Attributes
    ----------
    texts : list of str
        The different texts.
    which : ndarray, (cells,)
        The text of each cell seen, row by row.
    centres : ndarray, (cells, 2)
        Where it stands (x, y), in device pixels.
    light : ndarray, (cells,)
        Whether it is in the light ink.
    size : float
        Device pixels; one size that fits them all.
    """

    texts: list[str]
    which: NDArray[np.int64]
    centres: NDArray[np.float64]
    light: NDArray[np.bool_]
    size: float


def numbers_of(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> Numbers | None:
    """Collect the numbers of the cells seen; None where they would be too small to read."""
    if grid.values is None or grid.text_size * dpr < NUMBERS_FROM:
        return None
    seen = np.asarray(grid.values[rows.cells, columns.cells], np.float64).ravel()
    values, which = np.unique(seen, return_inverse=True)
    texts = [text_of(value, grid.decimals, grid.comma) for value in values.tolist()]
    widest = float(lay_out(texts, relative_advances()).widths.max(initial=0.0))
    size = min(grid.text_size * dpr, WIDEST * grid.cell * dpr / max(widest, 1e-9))
    if size < NUMBERS_FROM:
        return None
    colors = grid.colors(rows.cells, columns.cells).reshape(-1, 3)
    light = light_ink(colors, grid.ink_dark, grid.ink_light)
    return Numbers(texts, which.reshape(-1), _centres(rows, columns), light, size)


def print_numbers(painter: QPainter, grid: Grid, numbers: Numbers, left: int, top: int) -> None:
    """Draw all numbers as pixels onto a layer that starts at this device pixel."""
    centres = numbers.centres - (left, top)
    if numbers.size <= ATLAS_UP_TO:
        glyphs = atlas(numbers.size, grid.ink_dark, grid.ink_light)
        layout = lay_out(numbers.texts, glyphs.advances)
        draw_numbers(painter, glyphs, layout, numbers.which, centres, numbers.light)
        return
    for cell, (x, y) in enumerate(centres.tolist()):
        text = numbers.texts[numbers.which[cell]]
        _start(painter, text, x, floor(y + cap_height(numbers.size) / 2 + 0.5), numbers.size)
        painter.setPen(_ink(grid, numbers, cell))
        for glyphs_of_font in shaped(text, Weight.REGULAR):
            painter.drawGlyphRun(QPointF(0, 0), glyphs_of_font)
        painter.restore()


@lru_cache(maxsize=64)
def _centres(rows: Axis, columns: Axis) -> NDArray[np.float64]:
    """Give the centre (x, y) in device pixels of each cell seen, row by row."""
    ys = (rows.edges[:-1] + rows.edges[1:]) / 2
    xs = (columns.edges[:-1] + columns.edges[1:]) / 2
    grid_y, grid_x = np.meshgrid(ys, xs, indexing="ij")
    centres = np.stack([grid_x.ravel(), grid_y.ravel()], axis=1)
    centres.setflags(write=False)
    return centres


def _start(painter: QPainter, text: str, x: float, baseline: float, size: float) -> None:
    """Save the painter and move it to where a text of the reference size starts."""
    painter.save()
    painter.translate(x - text_width(text, size) / 2, baseline)
    painter.scale(size / REFERENCE, size / REFERENCE)


def _ink(grid: Grid, numbers: Numbers, cell: int) -> QColor:
    return qcolor(grid.ink_light if numbers.light[cell] else grid.ink_dark)
