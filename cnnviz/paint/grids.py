"""Draws a Grid from layers that are kept."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.color import visible
from cnnviz.paint.layers import blank_layer, full_layer
from cnnviz.paint.pixels import Axis, grid_axes, written_parts
from cnnviz.scene.primitives import Grid


def draw_grid(painter: QPainter, grid: Grid, dpr: float) -> None:
    """Draw a grid; the painter's unit is one device pixel."""
    rows, columns = grid_axes(grid, dpr)
    if rows.length <= 0 or columns.length <= 0:
        return
    written, blank = written_parts(grid, rows, columns)
    if written:
        _blit(painter, full_layer(grid, rows, columns, dpr), written, rows, columns)
    if blank and (visible(grid.blank) or visible(grid.line)):
        _blit(painter, blank_layer(grid, rows, columns, dpr), blank, rows, columns)


def _blit(painter: QPainter, layer: QImage, parts: list[QRect], rows: Axis, columns: Axis) -> None:
    for part in parts:
        painter.drawImage(part.topLeft(), layer, part.translated(-columns.start, -rows.start))
