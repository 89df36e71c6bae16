"""A grid rendered once, cells, lines and numbers, so that a step only copies pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.cellnumbers import numbers_of, print_numbers
from cnnviz.paint.color import rgba, visible
from cnnviz.paint.fewcells import are_few, few_layer
from cnnviz.paint.lru import ByteLru, array_key
from cnnviz.paint.mips import level_for, part_shrunk, rgb_image
from cnnviz.paint.pixels import Axis
from cnnviz.scene.primitives import Grid

LAYER_BYTES = 64 << 20
LINES_FROM = 8  # device pixels of a cell

_layers: ByteLru[QImage] = ByteLru(LAYER_BYTES, lambda image: int(image.sizeInBytes()))


def full_layer(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> QImage:
    """Give all cells that are seen, as if all were written."""
    key = ("full", *_place(grid, rows, columns, dpr), *_content(grid))
    return _layers.get(key, lambda: _render(grid, rows, columns, dpr))


def blank_layer(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> QImage:
    """Give the same place while nothing is written."""
    key = ("blank", *_place(grid, rows, columns, dpr), grid.blank, grid.line)
    return _layers.get(key, lambda: _render_blank(grid, rows, columns, dpr))


def forget_layers() -> None:
    """Empty the cache."""
    _layers.clear()


def _place(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> tuple[object, ...]:
    spans = (rows.start, rows.stop, columns.start, columns.stop, rows.first, columns.first)
    return (dpr, grid.origin, grid.cell, grid.rows, grid.columns, spans)


def _content(grid: Grid) -> tuple[object, ...]:
    style = (grid.decimals, grid.text_size, grid.line, grid.ink_dark, grid.ink_light)
    return (array_key(grid.image), array_key(grid.palette), array_key(grid.values), *style)


def _render(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> QImage:
    if grid.cell * dpr < 1:
        return _minified(grid, rows, columns, dpr)
    lines = grid.cell * dpr >= LINES_FROM
    if are_few(grid, rows, columns, dpr):
        return few_layer(grid, rows, columns, dpr, lines)
    layer = _magnified(grid, rows, columns, lines)
    _print(layer, grid, rows, columns, dpr)
    return layer


def _magnified(grid: Grid, rows: Axis, columns: Axis, lines: bool) -> QImage:
    part = QRect(columns.first, rows.first, len(columns.edges) - 1, len(rows.edges) - 1)
    small = rgb_image(grid.image, grid.palette, part)  # named, since its pixels are gone with it
    cells = _pixels(small)
    layer = QImage(columns.length, rows.length, QImage.Format.Format_RGB32)
    wide = cells.take(columns.cell_of_pixel(), axis=1)
    wide.take(rows.cell_of_pixel(), axis=0, out=_pixels(layer), mode="clip")
    if lines and visible(grid.line):
        rule_cells(_pixels(layer), cells, grid.line, rows, columns)
    return layer


def rule_cells(
    pixels: NDArray[np.uint32], cells: NDArray[np.uint32], line: str, rows: Axis, columns: Axis
) -> None:
    """Write the lines between cells of these colours, and around them, into the pixels that are seen."""
    _rule(pixels, _blend(cells, line), rows, columns, _line_places(rows), _line_places(columns))


def _minified(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> QImage:
    cell = grid.cell * dpr
    seen = QRect(columns.first, rows.first, len(columns.edges) - 1, len(rows.edges) - 1)
    small, part = part_shrunk(grid.image, grid.palette, level_for(cell), seen)
    x, y = grid.origin[0] * dpr - columns.start, grid.origin[1] * dpr - rows.start
    layer = QImage(columns.length, rows.length, QImage.Format.Format_RGB32)
    painter = QPainter(layer)
    painter.fillRect(layer.rect(), small.pixelColor(small.width() - 1, small.height() - 1))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QRectF(x + part.left() * cell, y + part.top() * cell, part.width() * cell, part.height() * cell)
    painter.drawImage(place, small, QRectF(small.rect()))
    painter.end()
    return layer


def _print(layer: QImage, grid: Grid, rows: Axis, columns: Axis, dpr: float) -> None:
    numbers = numbers_of(grid, rows, columns, dpr)
    if numbers is None:
        return
    painter = QPainter(layer)
    painter.setRenderHint(
        QPainter.RenderHint.Antialiasing
    )  # for numbers so large that they are drawn as outlines
    print_numbers(painter, grid, numbers, columns.start, rows.start)
    painter.end()


def _render_blank(grid: Grid, rows: Axis, columns: Axis, dpr: float) -> QImage:
    layer = QImage(columns.length, rows.length, QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(_premultiplied(grid.blank))
    if visible(grid.line):
        places = _line_places if grid.cell * dpr >= LINES_FROM else _frame_places
        blank = np.array([[_premultiplied(grid.blank)]], np.uint32)
        ruled = np.broadcast_to(_blend(blank, grid.line), (len(rows.edges) - 1, len(columns.edges) - 1))
        _rule(_pixels(layer), ruled, rows, columns, places(rows), places(columns))
    return layer


def _line_places(axis: Axis) -> NDArray[np.int64]:
    """List the pixels, from the first seen, with a line: the first of each cell, and the last of all."""
    places = axis.edges.copy()
    if axis.first + len(places) - 1 == axis.count:
        places[-1] -= 1
    return places[(places >= axis.start) & (places < axis.stop)] - axis.start


def _frame_places(axis: Axis) -> NDArray[np.int64]:
    """List the same for the outline of the whole grid alone."""
    ends = [axis.edges[0]] if axis.first == 0 else []
    if axis.first + len(axis.edges) - 1 == axis.count:
        ends.append(axis.edges[-1] - 1)
    places = np.array(ends, np.int64)
    return places[(places >= axis.start) & (places < axis.stop)] - axis.start


def _rule(
    pixels: NDArray[np.uint32],
    ruled: NDArray[np.uint32],
    rows: Axis,
    columns: Axis,
    ys: NDArray[np.int64],
    xs: NDArray[np.int64],
) -> None:
    """Write lines of one pixel in the colours ``ruled`` of cells under a line; crossings get one coat too."""
    of_row, of_column = rows.cell_of_pixel(), columns.cell_of_pixel()
    pixels[:, xs] = ruled[:, of_column[xs]].take(of_row, axis=0)
    pixels[ys, :] = ruled[of_row[ys]].take(of_column, axis=1)


def _blend(pixels: NDArray[np.uint32], color: str) -> NDArray[np.uint32]:
    """Lay ``color`` over premultiplied pixels, each channel ``c + (1 - alpha) p``, rounded."""
    under = np.ascontiguousarray(pixels).view(np.uint8).reshape(*pixels.shape, 4).astype(np.uint32)
    red, green, blue, alpha = rgba(color)
    over = np.array([blue * alpha, green * alpha, red * alpha, 255 * alpha], np.uint32)
    mixed = ((over + under * (255 - alpha) + 127) // 255).astype(np.uint8)
    return mixed.view(np.uint32).reshape(pixels.shape)


def _premultiplied(color: str) -> int:
    """Make a colour the 32-bit word of a premultiplied pixel."""
    red, green, blue, alpha = rgba(color)
    red, green, blue = ((part * alpha + 127) // 255 for part in (red, green, blue))
    return alpha << 24 | red << 16 | green << 8 | blue


def _pixels(image: QImage) -> NDArray[np.uint32]:
    """View the picture's own memory as an array (height, width) of 0xAARRGGBB words."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())
