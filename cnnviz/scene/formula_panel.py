"""The formula panel: the operation and the size of its output, typeset and with the numbers of this very cell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from cnnviz.scene.areas import Look, columns_of
from cnnviz.scene.formula_fit import BETWEEN, EM, Fit, Parts, fit
from cnnviz.scene.formula_live import Live
from cnnviz.scene.formula_place import asked_of, numbers_of, operation, sizes
from cnnviz.scene.formula_sizes import Compared, compared_lines
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Align, Box, Primitive
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, TrackFrame

MOST_COLUMNS = 4
"""More tracks are too narrow to have their formulas side by side."""

MOST_NAMES = 3
"""An operation has up to so many formulas, from long to short."""


def formula_panel(
    frame: TrackFrame, shown: Focus, area: Box, look: Look, tracks: tuple[TrackFrame, ...] = ()
) -> tuple[Primitive, ...]:
    """Set the formulas of the operation that makes a cell into a box.

    What does not fit is left out, the least important first; nothing is clipped or smaller than the small type. The
    choice does not depend on the cell, so that the panel stays still while the playhead moves.

    Parameters
    ----------
    frame : TrackFrame
        The facts of the track that ``shown`` is part of.
    shown : Focus
        The cell whose arithmetic is shown.
    area : Box
    look : Look
    tracks : tuple of TrackFrame
        All tracks that stand side by side. Where they make maps of other sizes by the same operation, each one's size
        is told; where their operations differ but not the sizes, each one's formula is shown.
    """
    together = [(track, shown if track.track == frame.track else track.focus) for track in tracks]
    compared = compared_lines(tuple(_alike(shown, together, look)), look.theme)
    # Of tracks that learn one may be on its way back already, where the other is not computed yet.
    forward = all(focus.kind == "forward" for _, focus in together)
    if forward and 1 < len(together) <= MOST_COLUMNS and not compared:
        beside = _side_by_side(together, area, look)
        if beside:
            return beside
    numbers = numbers_of(frame, shown, look)
    found = fit(asked_of(frame, shown, numbers, (area.w, area.h), look)._replace(compared=compared))
    return () if found is None else tuple(_placed(found, numbers, area, look.theme))


def _alike(shown: Focus, together: list[tuple[TrackFrame, Focus]], look: Look) -> Iterator[Compared]:
    """The tracks that do the same operation as the one shown."""
    for track, focus in together:
        # Of tracks that learn another one may be on its way back already.
        if isinstance(focus.spec, type(shown.spec)) and focus.kind == "forward":
            channels, rows, columns = track.tensor(focus.source).shape
            yield Compared(look.lesson.tracks[track.track].name, focus.spec, (channels, rows, columns))


def _side_by_side(together: list[tuple[TrackFrame, Focus]], area: Box, look: Look) -> tuple[Primitive, ...]:
    """The operations of all tracks in columns, written alike; nothing where they are the same or do not fit."""
    columns = columns_of(area, len(together), look.metrics.body * 1.5)
    numbers = [numbers_of(track, focus, look) for track, focus in together]
    asked = [
        asked_of(track, focus, told, (column.w, column.h), look)
        for (track, focus), told, column in zip(together, numbers, columns, strict=True)
    ]
    for lives, name in product((2, 1, 0), range(MOST_NAMES)):
        found = [fit(one._replace(lives=min(lives, one.lives), alone=name)) for one in asked]
        fits = [one for one in found if one is not None]
        if len(fits) == len(found) and len({one.parts.operation for one in fits}) > 1:
            size = min(one.type for one in fits)
            heights = _heights([one.parts for one in fits], size)
            if sum(heights) <= area.h:
                baseline = area.cy + (heights[0] - heights[1]) / 2
                keys = (str(track.track) for track, _ in together)
                return tuple(
                    primitive
                    for key, one, told, column in zip(keys, fits, numbers, columns, strict=True)
                    for primitive in _column(key, one.parts, told, column, baseline, size, look.theme)
                )
    return ()


def _heights(columns: list[Parts], size: float) -> tuple[float, float]:
    """How far columns reach above and below the baseline that their formulas share."""
    above = [outline(parts.operation).ascent * size * EM for parts in columns]
    below = [parts.left_height(size) - a for parts, a in zip(columns, above, strict=True)]
    return max(above), max(below)


def _column(
    key: str, parts: Parts, numbers: Live, column: Box, baseline: float, size: float, theme: Theme
) -> Iterator[Primitive]:
    top = baseline - outline(parts.operation).ascent * size * EM
    box = Box(column.x, top, column.w, parts.left_height(size))
    yield from operation(parts, numbers, box, size, theme, key, Align.CENTER)


def _placed(found: Fit, numbers: Live, area: Box, theme: Theme) -> Iterator[Primitive]:
    size, parts = found.type, found.parts
    heights = parts.left_height(size), parts.right_height(size)
    if found.right:
        tops = _tops(parts, size, area, heights)
        left = Box(area.x, tops[0], area.w - found.right - BETWEEN * size, heights[0])
        right = Box(area.right - found.right, tops[1], found.right, heights[1])
    else:
        top = area.cy - sum(heights) / 2
        left = Box(area.x, top, area.w, heights[0])
        right = Box(area.x, left.bottom, area.w, heights[1])
    yield from operation(parts, numbers, left, size, theme)
    yield from sizes(parts, right, size, theme)


def _tops(parts: Parts, size: float, area: Box, heights: tuple[float, float]) -> tuple[float, float]:
    """Where both columns begin: with their formulas on one baseline where there is room, else each centred."""
    centred = area.cy - heights[0] / 2, area.cy - heights[1] / 2
    if not (parts.operation and parts.size):
        return centred
    lower = (outline(parts.size).ascent - outline(parts.operation).ascent) * size * EM
    down = max(lower, 0.0), max(-lower, 0.0)
    total = max(d + h for d, h in zip(down, heights, strict=True))
    if total > area.h:
        return centred
    start = area.cy - total / 2
    return start + down[0], start + down[1]
