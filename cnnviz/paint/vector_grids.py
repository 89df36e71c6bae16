"""Draws a Grid on the canvas of a vector file: few cells as rectangles, many as one picture, numbers as text."""

from __future__ import annotations

from math import floor

import numpy as np
from PySide6.QtCore import QRect

from cnnviz.paint.canvas import Canvas, Cells, Point, Word
from cnnviz.paint.cellnumbers import Numbers, numbers_of
from cnnviz.paint.color import visible
from cnnviz.paint.fonts import cap_height, text_width
from cnnviz.paint.layers import LINES_FROM
from cnnviz.paint.mips import level_for, part_shrunk
from cnnviz.paint.pixels import Axis, grid_axes, written_parts
from cnnviz.scene.primitives import Align, Box, Color, Grid, Weight

RECTANGLES = 400
"""Above so many visible cells a grid is one picture."""
NUMBERS = 20_000
"""Above so many visible cells none has its number."""
FINE = 1 << 18
"""A picture of up to so many cells is kept whole, also where several share a pixel."""


def write_grid(canvas: Canvas, grid: Grid, scale: float) -> None:
    """Draw a grid; where it is cut off by its box, so is what is drawn."""
    rows, columns = grid_axes(grid, 1)
    if rows.length <= 0 or columns.length <= 0:
        return
    seen = Box(columns.start, rows.start, columns.length, rows.length)
    cut = any(axis.start > axis.edges[0] or axis.stop < axis.edges[-1] for axis in (rows, columns))
    canvas.begin(grid.key, seen if cut else None)
    _blank(canvas, grid, rows, columns)
    count = (len(rows.edges) - 1) * (len(columns.edges) - 1)
    if count > RECTANGLES or grid.cell < 1:
        _pictures(canvas, grid, rows, columns, scale)
    else:
        _cells(canvas, grid, rows, columns)
    if grid.cell >= LINES_FROM and visible(grid.line):
        _lines(canvas, grid.line, rows, columns)
    numbers = numbers_of(grid, rows, columns, 1) if count <= NUMBERS else None
    if numbers is not None:
        _write(canvas, grid, numbers, rows, columns)
    canvas.end()


def _blank(canvas: Canvas, grid: Grid, rows: Axis, columns: Axis) -> None:
    """Fill what is not written; a map without lines between its cells has one round what is missing."""
    blank = written_parts(grid, rows, columns)[1]
    if visible(grid.blank):
        for part in blank:
            canvas.rect(_box(part), grid.blank)
    if blank and grid.cell < LINES_FROM and visible(grid.line):
        x, y = float(columns.edges[0]), float(rows.edges[0])
        whole = Box(x, y, columns.edges[-1] - x, rows.edges[-1] - y)
        canvas.frame(whole.inset(0.5), grid.line, 1)


def _cells(canvas: Canvas, grid: Grid, rows: Axis, columns: Axis) -> None:
    colors = grid.colors(rows.cells, columns.cells)
    ys, xs = rows.edges.tolist(), columns.edges.tolist()
    left = grid.cells_written()
    for row, line in enumerate(colors.tolist()):
        # So many of the row's seen cells are written.
        filled = left - (rows.first + row) * grid.columns - columns.first
        for column, (red, green, blue) in enumerate(line[: max(0, filled)]):
            box = Box(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row])
            canvas.rect(box, f"#{red:02x}{green:02x}{blue:02x}")


def _pictures(canvas: Canvas, grid: Grid, rows: Axis, columns: Axis, scale: float) -> None:
    """Draw the rows that are written, and what is of the next one, as a picture each."""
    row, column = divmod(grid.cells_written(), grid.columns)
    first, last = rows.first, rows.first + len(rows.edges) - 1
    left, right = columns.first, columns.first + len(columns.edges) - 1
    whole = min(max(row, first), last)
    parts = [QRect(left, first, right - left, whole - first)]
    if first <= row < last:
        parts.append(QRect(left, row, min(max(column, left), right) - left, 1))
    for part in parts:
        if not part.isEmpty():
            _picture(canvas, grid, rows, columns, part, scale)


def _picture(canvas: Canvas, grid: Grid, rows: Axis, columns: Axis, part: QRect, scale: float) -> None:
    """Draw some cells; so many that they cannot be told apart are made fewer."""
    top, left = part.top() - rows.first, part.left() - columns.first
    x, y = float(columns.edges[left]), float(rows.edges[top])
    box = Box(x, y, columns.edges[left + part.width()] - x, rows.edges[top + part.height()] - y)
    cell = grid.cell * scale
    if part.width() * part.height() <= FINE or cell >= 1:
        across, down = slice(part.left(), part.right() + 1), slice(part.top(), part.bottom() + 1)
        canvas.picture(box, Cells(grid.image[down, across], grid.palette, smooth=cell < 1))
        return
    small, taken = part_shrunk(grid.image, grid.palette, level_for(cell), part)
    pixels = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), small.width(), 4)
    place = Box(
        grid.origin[0] + taken.left() * grid.cell,
        grid.origin[1] + taken.top() * grid.cell,
        taken.width() * grid.cell,
        taken.height() * grid.cell,
    )
    canvas.begin(f"{grid.key}/seen", box)
    canvas.picture(place, Cells(np.ascontiguousarray(pixels[..., 2::-1]), None, smooth=True))
    canvas.end()


def _lines(canvas: Canvas, color: Color, rows: Axis, columns: Axis) -> None:
    """Draw lines one pixel wide in the first pixel of each cell, and in the last of all."""
    ys, xs = rows.edges.tolist(), columns.edges.tolist()
    top, bottom, left, right = ys[0], ys[-1], xs[0], xs[-1]
    flat: list[list[Point]] = [[(left, y + 0.5), (right, y + 0.5)] for y in [*ys[:-1], bottom - 1]]
    steep: list[list[Point]] = [[(x + 0.5, top), (x + 0.5, bottom)] for x in [*xs[:-1], right - 1]]
    canvas.lines(flat + steep, color, 1)


def _write(canvas: Canvas, grid: Grid, numbers: Numbers, rows: Axis, columns: Axis) -> None:
    """Write the numbers of written cells."""
    size, wide = numbers.size, len(columns.edges) - 1
    drop = cap_height(size) / 2 + 0.5
    widths = [text_width(text, size) for text in numbers.texts]
    written = grid.cells_written()
    for cell, (x, y) in enumerate(numbers.centres.tolist()):
        row, column = divmod(cell, wide)
        if (rows.first + row) * grid.columns + columns.first + column >= written:
            continue
        which = numbers.which[cell]
        width = widths[which]
        ink = grid.ink_light if numbers.light[cell] else grid.ink_dark
        word = Word(numbers.texts[which], ink, Weight.REGULAR, x - width / 2)
        canvas.words((word,), floor(y + drop), size, Align.CENTER, width)


def _box(rect: QRect) -> Box:
    return Box(rect.x(), rect.y(), rect.width(), rect.height())
