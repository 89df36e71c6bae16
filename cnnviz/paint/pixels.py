"""Where a scene's lengths fall on device pixels, and which cells and pixels of a grid are seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from cnnviz.scene.primitives import Box, Grid

# Added before rounding, so that edges which should coincide but differ by a rounding error of float do.
_TINY = 1e-6


def px(length: float, dpr: float) -> int:
    """Give the device pixel boundary nearest to a coordinate."""
    return floor(length * dpr + 0.5 + _TINY)


def pixel_rect(box: Box, dpr: float) -> QRect:
    """Give the box with its four edges on device pixel boundaries."""
    left, top = px(box.x, dpr), px(box.y, dpr)
    return QRect(left, top, px(box.right, dpr) - left, px(box.bottom, dpr) - top)


def device_rect(box: Box, dpr: float) -> QRectF:
    """Give the box in device pixels, not rounded."""
    return QRectF(box.x * dpr, box.y * dpr, box.w * dpr, box.h * dpr)


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """The cells of one direction that are seen, and the device pixels they take.

    ``edges`` has one entry more than there are cells: cell ``first + i`` takes the pixels ``edges[i]`` up to
    ``edges[i + 1]``. Only those from ``start`` up to ``stop`` are inside the box.
    """

    first: int
    edges: NDArray[np.int64]
    start: int
    stop: int
    count: int

    @property
    def cells(self) -> slice:
        """The cells seen."""
        return slice(self.first, self.first + len(self.edges) - 1)

    @property
    def length(self) -> int:
        """Pixels seen."""
        return self.stop - self.start

    def edge(self, cell: int) -> int:
        """Give the pixel at which a cell starts, kept to what is seen."""
        index = min(max(cell - self.first, 0), len(self.edges) - 1)
        return int(min(max(self.edges[index], self.start), self.stop))

    def cell_of_pixel(self) -> NDArray[np.int64]:
        """Give for each pixel seen its cell, counted from ``first``."""
        return _cell_of_pixel(self)


@lru_cache(maxsize=128)
def _cell_of_pixel(axis: Axis) -> NDArray[np.int64]:
    kept = np.clip(axis.edges, axis.start, axis.stop)
    cells = np.repeat(np.arange(len(axis.edges) - 1), np.diff(kept))
    cells.setflags(write=False)
    return cells


# Kept, because most grids stand where they stood a step ago; the same Axis then also finds what was made of it.
@lru_cache(maxsize=256)
def axis(origin: float, cell: float, count: int, low: float, high: float, dpr: float) -> Axis:
    """Find the part of ``count`` cells starting at ``origin`` that is seen between ``low`` and ``high``."""
    first = min(max(floor((low - origin) / cell) - 1, 0), count)
    last = min(max(ceil((high - origin) / cell) + 1, first), count)
    places = (origin + np.arange(first, last + 1) * cell) * dpr
    edges = np.floor(places + (0.5 + _TINY)).astype(np.int64)
    edges.setflags(write=False)
    start = max(px(low, dpr), int(edges[0]))
    stop = max(start, min(px(high, dpr), int(edges[-1])))
    return Axis(first, edges, start, stop, count)


def grid_axes(grid: Grid, dpr: float) -> tuple[Axis, Axis]:
    """Find the rows and columns of a grid that are seen."""
    x, y = grid.origin
    rows = axis(y, grid.cell, grid.rows, grid.box.y, grid.box.bottom, dpr)
    columns = axis(x, grid.cell, grid.columns, grid.box.x, grid.box.right, dpr)
    return rows, columns


def written_parts(grid: Grid, rows: Axis, columns: Axis) -> tuple[list[QRect], list[QRect]]:
    """Give device rectangles of the cells that are written and of those that are blank yet."""
    row, column = divmod(grid.cells_written(), grid.columns)
    split, below, side = rows.edge(row), rows.edge(row + 1), columns.edge(column)
    written = [
        _rect(columns.start, rows.start, columns.stop, split),
        _rect(columns.start, split, side, below),
    ]
    blank = [
        _rect(side, split, columns.stop, below),
        _rect(columns.start, below, columns.stop, rows.stop),
    ]
    return [r for r in written if not r.isEmpty()], [r for r in blank if not r.isEmpty()]


def _rect(left: int, top: int, right: int, bottom: int) -> QRect:
    return QRect(left, top, right - left, bottom - top)
