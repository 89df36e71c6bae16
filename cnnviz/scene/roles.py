"""What a lesson marks beside the numbers: edges of the picture, and what the columns and rows of a kernel do."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.maps import cells_box
from cnnviz.scene.numbers import short
from cnnviz.scene.primitives import Align, Box, Grid, Link, Primitive, Run, Text, Weight
from cnnviz.scene.theme import Theme

WIDE = 0.62
"""About how wide a letter is, in sizes of type."""

MOST_CELLS = 4096
"""Larger pictures have too many edges to be drawn as lines."""


def edge_marks(grid: Grid, theme: Theme, width: float) -> list[Primitive]:
    """Lines between neighbouring cells of a grid that differ by more than half of its range."""
    values = None if grid.values is None else np.asarray(grid.values, dtype=np.float64)
    if values is None or values.size > MOST_CELLS:
        return []
    low = values[np.isfinite(values)].min()
    values = np.where(np.isfinite(values), values, low)  # the padding of a maximum is no brightness
    if not np.ptp(values):
        return []
    least = np.ptp(values) / 2
    out: list[Primitive] = []
    for axis in (0, 1):
        steep = np.abs(np.diff(values, axis=axis)) > least
        for r, c in np.argwhere(steep):
            at = cells_box(grid, int(r) + (axis == 0), int(c) + (axis == 1), 1, 1)
            end = (at.right, at.y) if axis == 0 else (at.x, at.bottom)
            line = ((at.x, at.y), end)
            out.append(Link(f"edge/{grid.key}/{axis}/{r}/{c}", line, theme.accent, width=width * 1.6))
    return out


def role_marks(grid: Grid, theme: Theme, size: float, taken: tuple[Box, ...] = ()) -> list[Text]:
    """Under each column of a kernel whose rows are alike what it does: adds, skips or subtracts; likewise for rows.

    Nothing is said where it would not fit beside what is taken.
    """
    marks = _roles(grid, theme, size)
    return marks if all(_free(mark, taken) for mark in marks) else []


def _free(mark: Text, taken: tuple[Box, ...]) -> bool:
    wide = len(mark.text) * mark.size * WIDE
    ink = Box(mark.box.x, mark.box.y, wide, mark.box.h)
    return wide <= mark.box.w + 1 and all(min(ink.meets(box).w, ink.meets(box).h) <= 0 for box in taken)


def _roles(grid: Grid, theme: Theme, size: float) -> list[Text]:
    values = None if grid.values is None else np.asarray(grid.values, dtype=np.float64)
    if values is None or not grid.cell or values.size < 2:
        return []
    if (values == values[:1]).all():
        return [_column(grid, n, float(v), theme, size) for n, v in enumerate(values[0])]
    if (values == values[:, :1]).all():
        return [_row(grid, n, float(v), theme, size) for n, v in enumerate(values[:, 0])]
    return []


def _role(value: float) -> str:
    return "adds" if value > 0 else ("subtracts" if value < 0 else "skips")


def _sign(value: float) -> str:
    text = short(value)
    return f"+{text}" if value > 0 else text


def _runs(value: float, theme: Theme) -> tuple[Run, ...]:
    color = theme.positive if value > 0 else (theme.negative if value < 0 else theme.muted)
    return (Run(_sign(value), theme.text if not value else color, Weight.BOLD),)


def _column(grid: Grid, n: int, value: float, theme: Theme, size: float) -> Text:
    box = Box(grid.origin[0] + n * grid.cell, grid.box.bottom + 2, grid.cell, size * 1.3)
    return Text(f"role/{grid.key}/{n}", box, _runs(value, theme), size, Align.CENTER)


def _row(grid: Grid, n: int, value: float, theme: Theme, size: float) -> Text:
    box = Box(grid.box.right + size * 0.3, grid.origin[1] + n * grid.cell, size * 8, grid.cell)
    return Text(
        f"role/{grid.key}/{n}", box, (*_runs(value, theme), Run(f" {_role(value)}", theme.muted)), size
    )
