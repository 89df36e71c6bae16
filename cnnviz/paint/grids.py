"""Draws a Grid: from cached layers on a screen or in a picture, as rectangles and text in a vector file."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from cnnviz.paint.cellnumbers import numbers_of, write_numbers
from cnnviz.paint.color import qcolor, visible
from cnnviz.paint.layers import LINES_FROM, blank_layer, full_layer
from cnnviz.paint.pixels import Axis, grid_axes, written_parts
from cnnviz.scene.primitives import Grid

# Above this many visible cells a vector file holds one picture instead of a rectangle for each.
VECTOR_CELLS = 20_000


def draw_grid(painter: QPainter, grid: Grid, dpr: float, vector: bool) -> None:
    """Draw a grid; the painter's unit is one device pixel."""
    rows, columns = grid_axes(grid, dpr)
    if rows.length <= 0 or columns.length <= 0:
        return
    if vector:
        _draw_vector(painter, grid, rows, columns, dpr)
        return
    written, blank = written_parts(grid, rows, columns)
    if written:
        _blit(painter, full_layer(grid, rows, columns, dpr), written, rows, columns)
    if blank and (visible(grid.blank) or visible(grid.line)):
        _blit(painter, blank_layer(grid, rows, columns, dpr), blank, rows, columns)


def _blit(painter: QPainter, layer: QImage, parts: list[QRect], rows: Axis, columns: Axis) -> None:
    for part in parts:
        painter.drawImage(part.topLeft(), layer, part.translated(-columns.start, -rows.start))


def _draw_vector(painter: QPainter, grid: Grid, rows: Axis, columns: Axis, dpr: float) -> None:
    written, blank = written_parts(grid, rows, columns)
    count = (len(rows.edges) - 1) * (len(columns.edges) - 1)
    painter.save()
    painter.setClipRect(QRect(columns.start, rows.start, columns.length, rows.length))
    for part in blank:
        painter.fillRect(part, qcolor(grid.blank))
    if count > VECTOR_CELLS or grid.cell * dpr < 1:
        _blit(painter, full_layer(grid, rows, columns, dpr), written, rows, columns)
    else:
        _vector_cells(painter, grid, rows, columns)
    if grid.cell * dpr >= LINES_FROM and visible(grid.line):
        _vector_lines(painter, grid, rows, columns)
    numbers = numbers_of(grid, rows, columns, dpr) if count <= VECTOR_CELLS else None
    if numbers is not None:
        write_numbers(painter, grid, numbers, rows, columns)
    painter.restore()


def _vector_cells(painter: QPainter, grid: Grid, rows: Axis, columns: Axis) -> None:
    colors = grid.colors(rows.cells, columns.cells).tolist()
    for row, line in enumerate(colors):
        top, bottom = rows.edges[row : row + 2].tolist()
        for column, (red, green, blue) in enumerate(line):
            if not _is_written(grid, rows.first + row, columns.first + column):
                return
            left, right = columns.edges[column : column + 2].tolist()
            color = QColor(red, green, blue)
            painter.fillRect(QRect(left, top, right - left, bottom - top), color)


def _is_written(grid: Grid, row: int, column: int) -> bool:
    return row * grid.columns + column < grid.cells_written()


def _vector_lines(painter: QPainter, grid: Grid, rows: Axis, columns: Axis) -> None:
    painter.setPen(QPen(qcolor(grid.line), 1))
    top, bottom = float(rows.edges[0]), float(rows.edges[-1])
    left, right = float(columns.edges[0]), float(columns.edges[-1])
    for y in [*rows.edges[:-1].tolist(), bottom - 1]:
        painter.drawLine(QPointF(left, y + 0.5), QPointF(right, y + 0.5))
    for x in [*columns.edges[:-1].tolist(), right - 1]:
        painter.drawLine(QPointF(x + 0.5, top), QPointF(x + 0.5, bottom))
