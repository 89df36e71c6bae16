"""Grids of a few cells, such as a window and its products: plain loops make them sooner than arrays set up anew."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from cnnviz.paint.cellnumbers import ATLAS_UP_TO, NUMBERS_FROM, WIDEST, text_of
from cnnviz.paint.color import light_ink, rgba, visible
from cnnviz.paint.digits import atlas, draw_few, width_of
from cnnviz.paint.pixels import Axis
from cnnviz.scene.primitives import Color, Grid

FEW = 36
"""Up to so many cells loops take less time."""

Rgb = tuple[int, int, int]
Span = tuple[int, int, int]
"""Pixels of a layer: where a cell starts and ends, and where it ends without the line that closes the grid."""


def are_few(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> bool:
    """Whether loops are quicker; no cell is smaller than a pixel, and the numbers come from an atlas."""
    count = (len(rows.edges) - 1) * (len(columns.edges) - 1)
    return count <= FEW and grid.cell * dpr >= 1 and grid.text_size * dpr <= ATLAS_UP_TO


def few_layer(grid: Grid, rows: Axis, columns: Axis, dpr: float, lines: bool) -> QImage:
    """Give the same picture as for many cells, to the byte: cells, lines where ``lines``, and numbers."""
    layer = QImage(columns.length, rows.length, QImage.Format.Format_RGB32)
    colors: list[Rgb] = [
        (red, green, blue)
        for row in grid.colors(rows.cells, columns.cells).tolist()
        for red, green, blue in row
    ]
    places = [(x, y) for y in _spans(rows) for x in _spans(columns)]
    painter = QPainter(layer)
    if lines and visible(grid.line):
        for ((left, right, within), (top, bottom, above)), color in zip(places, colors, strict=True):
            painter.fillRect(left, top, right - left, bottom - top, _ruled(color, grid.line))
            painter.fillRect(left + 1, top + 1, within - left - 1, above - top - 1, _plain(color))
    else:
        for ((left, right, _), (top, bottom, _)), color in zip(places, colors, strict=True):
            painter.fillRect(left, top, right - left, bottom - top, _plain(color))
    if grid.values is not None and grid.text_size * dpr >= NUMBERS_FROM:
        values = np.asarray(grid.values[rows.cells, columns.cells], np.float64).ravel().tolist()
        middles = [((left + right) / 2, (top + bottom) / 2) for (left, right, _), (top, bottom, _) in places]
        _print(painter, grid, dpr, values, colors, middles)
    painter.end()
    return layer


@lru_cache(maxsize=256)
def _spans(axis: Axis) -> tuple[Span, ...]:
    edges = [edge - axis.start for edge in axis.edges.tolist()]
    closing = axis.count - 1 - axis.first
    return tuple((start, end, end - (cell == closing)) for cell, (start, end) in enumerate(pairwise(edges)))


@lru_cache(maxsize=4096)
def _plain(color: Rgb) -> QColor:
    return QColor(*color)


@lru_cache(maxsize=4096)
def _ruled(color: Rgb, line: Color) -> QColor:
    """Give the colour of a line over a cell of that colour."""
    *over, alpha = rgba(line)
    mixed = (
        (top * alpha + under * (255 - alpha) + 127) // 255 for top, under in zip(over, color, strict=True)
    )
    return QColor(*mixed)


@lru_cache(maxsize=4096)
def _light(color: Rgb, dark: Color, light: Color) -> bool:
    return bool(light_ink(np.array(color, np.uint8), dark, light))


def _print(
    painter: QPainter,
    grid: Grid,
    dpr: float,
    values: list[float],
    colors: list[Rgb],
    middles: list[tuple[float, float]],
) -> None:
    texts = [text_of(value, grid.decimals, grid.comma) for value in values]
    widest = max(map(width_of, texts))
    size = min(grid.text_size * dpr, WIDEST * grid.cell * dpr / max(widest, 1e-9))
    if size >= NUMBERS_FROM:
        light = [_light(color, grid.ink_dark, grid.ink_light) for color in colors]
        draw_few(painter, atlas(size, grid.ink_dark, grid.ink_light), texts, middles, light)
