"""A grid and its cells in words, for those who do not see them."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.numbers import number
from cnnviz.scene.primitives import Grid, Scene, Text

MOST_CELLS = 1024
"""The cells of larger grids are not told one by one; their numbers are hardly readable."""


def grids_of(scene: Scene) -> tuple[tuple[str, Grid], ...]:
    """The grids that show tensors, in drawing order, each with what it is called.

    That is the label above it, as in the arithmetic, else the title of its panel; of several with the number of its
    plane.
    """
    found: list[tuple[str, Grid]] = []
    for panel in scene.panels:
        labels = {p.key: p.text for p in panel.primitives if isinstance(p, Text)}
        grids = [p for p in panel.primitives if isinstance(p, Grid) and p.of_tensor]
        names = [labels.get(f"{g.key.rpartition('/')[0]}/label", panel.title) for g in grids]
        for name, grid in zip(names, grids, strict=True):
            found.append((f"{name} {grid.ref[1]}" if names.count(name) > 1 else name, grid))
    return tuple(found)


def grid_words(grid: Grid, title: str) -> str:
    """What a grid is: its shape, what is written, and the range of that."""
    written, count = grid.cells_written(), grid.rows * grid.columns
    told = f"{title}: {grid.rows}×{grid.columns}"
    if written < count:
        told += f", {written} of {count} cells written"
    shown = None if grid.values is None else np.asarray(grid.values, np.float64).ravel()[:written]
    shown = None if shown is None else shown[np.isfinite(shown)]
    if shown is None or not shown.size:
        return told
    low, high = (number(float(value), grid.decimals) for value in (shown.min(), shown.max()))
    told += f", all {low}" if low == high else f", from {low} to {high}"
    return told.replace(".", ",") if grid.comma else told


def told_cells(grid: Grid) -> int:
    """How many cells of a grid are told one by one: all whose numbers can be read, else none."""
    count = grid.rows * grid.columns
    return count if grid.values is not None and grid.text_size and count <= MOST_CELLS else 0


def cell_words(grid: Grid, index: int, base: int = 0) -> str:
    """Where a cell stands, counted from ``base``, and its number; ``index`` counts row by row.

    Examples
    --------
    >>> values = np.array([[0.0, -2.5]])
    >>> grid = Grid("g", (0, 0, 2, 1), (0, 0), 1, np.zeros((1, 2), np.uint8), ("0/input", 0, 0, 0), values, 1, 9.0)
    >>> cell_words(grid, 1), cell_words(grid, 1, base=1)
    ('row 0, column 1: −2.5', 'row 1, column 2: −2.5')
    """
    row, column = divmod(index, grid.columns)
    _, _, top, left = grid.ref
    place = f"number {index + base}"
    if not grid.across:
        place = f"row {_whole(row - top + base)}, column {_whole(column - left + base)}"
    if grid.values is None:
        return place
    if index >= grid.cells_written():
        return f"{place}: not written yet"
    value = number(float(grid.values[row, column]), grid.decimals)
    return f"{place}: {value.replace('.', ',') if grid.comma else value}"


def _whole(value: int) -> str:
    return number(float(value), 0)
