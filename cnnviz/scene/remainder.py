"""Marks on a map the rows and columns that no window covers: dimmed and hatched."""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.scene.primitives import Box, Color, Grid, Link, Primitive, Rect
from cnnviz.scene.theme import Theme
from cnnviz.timeline.remainder import Remainder

LEAST = 3.0
"""A strip thinner than this is drawn as thick as this, so that it can be seen on a photograph."""

PITCH = 9.0
"""Between two lines of the hatching."""

MOST_LINES = 160
"""Longer strips are hatched more coarsely."""


def remainder_marks(grid: Grid, remainder: Remainder, theme: Theme) -> tuple[Primitive, ...]:
    """The bottom rows and right columns of a padded map, as far as they are in sight.

    Parameters
    ----------
    grid : Grid
        The input's grid, padding included.
    remainder : Remainder
        From `cnnviz.timeline.remainder.uncovered` for the layer that reads this map.
    theme : Theme
    """
    marks: list[Primitive] = []
    for name, strip in _strips(grid, remainder):
        seen = strip.meets(grid.box)
        if min(seen.w, seen.h) <= 0:
            continue
        key = f"remainder/{grid.key}/{name}"
        # A veil of the stage's own colour: what lies under it steps back, its numbers stay to be read.
        marks.append(Rect(key, seen, theme.surface + "99", clip=grid.box))
        marks += hatching(key, seen, theme.muted)
    return tuple(marks)


def _strips(grid: Grid, remainder: Remainder) -> Iterator[tuple[str, Box]]:
    left, top = grid.origin
    right, bottom = left + grid.columns * grid.cell, top + grid.rows * grid.cell
    h = max(remainder.rows * grid.cell, LEAST) if remainder.rows else 0.0
    w = max(remainder.columns * grid.cell, LEAST) if remainder.columns else 0.0
    if h:
        yield "rows", Box(left, bottom - h, right - left, h)
    if w:
        yield "columns", Box(right - w, top, w, bottom - h - top)


def hatching(key: str, box: Box, color: Color) -> Iterator[Link]:
    """Lines rising to the right, cut at the box; each is x + y = constant."""
    pitch = max(PITCH, (box.w + box.h) / MOST_LINES)
    start, stop = box.x + box.y, box.right + box.bottom
    # Counted from 0, so that the strips' lines meet.
    at = (start // pitch + 1) * pitch
    number = 0
    while at < stop:
        low, high = max(box.x, at - box.bottom), min(box.right, at - box.y)
        yield Link(f"{key}/{number}", ((low, at - low), (high, at - high)), color + "b0", width=1.0)
        at += pitch
        number += 1
