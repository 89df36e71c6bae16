"""Heat-maps over the input: the receptive field of the cell at work, and which outputs a pixel feeds."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.maps import cells_box
from cnnviz.scene.marks import LEAST, area_marks, cell_box, find, grown, now
from cnnviz.scene.primitives import Align, Grid, Primitive, Rect, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import CellRef, Focus
from cnnviz.timeline.heat import field_of, middle
from cnnviz.timeline.relations import Area, relate
from cnnviz.timeline.timeline import Timeline

MOST_CELLS = 2500
"""Fields of more cells than this are tinted as a whole."""

FAINT, STRONG = 0x22, 0x88

Grids = dict[tuple[str, int], Grid]


def field_marks(
    timeline: Timeline, grids: Grids, focus: Focus, theme: Theme, width: float
) -> list[Primitive]:
    """What of the input the focused cell is computed from: darker where more ways lead to it."""
    heat = field_of(timeline.lesson.tracks[focus.track], focus)
    row, column, height, wide = heat.bounds
    marks: list[Primitive] = []
    for (name, _), grid in grids.items():
        if name != f"{focus.track}/input" or grid.across or not height:
            continue
        _, _, top, left = grid.ref
        box = cells_box(grid, row + top, column + left, height, wide)
        if height * wide <= MOST_CELLS and grid.cell >= 4:
            most = int(heat.counts.max())
            marks += [
                Rect(f"field/{grid.key}/{r}/{c}", cell_box(grid, int(r), int(c)),
                     theme.hover + _alpha(int(heat.counts[r, c]), most), clip=grid.box)
                for r, c in np.argwhere(heat.counts)
            ]  # fmt: skip
        else:
            marks.append(Rect(f"field/{grid.key}", box.meets(grid.box), theme.hover + f"{FAINT:02x}"))
        marks.append(now(f"field/ring/{grid.key}", box, theme.hover, theme, width, grown(grid.box, width)))
    return marks


def fan_marks(timeline: Timeline, grids: Grids, focus: Focus, pixel: CellRef | None, theme: Theme, width: float,
              size: float) -> list[Primitive]:  # fmt: skip
    """The outputs that a pixel of the input feeds, and how often each where it is more than once.

    The pixel is the one given, else the one in the middle of the window at work.
    """
    ref = pixel or _middle(timeline, focus)
    relation = relate(timeline, ref)
    if relation is None or relation.feeds is None:
        return []
    area = relation.feeds
    own = find(grids, ref.track, ref.tensor, ref.plane)
    marks: list[Primitive] = []
    if own is not None:
        box = cell_box(own, ref.row, ref.column, ref.plane)
        marks.append(now(f"fan/pixel/{focus.track}", box, theme.hover, theme, width, grown(own.box, width)))
    marks += area_marks(grids, area, ref.track, theme.hover, theme)
    if int(area.counts.max(initial=0)) > 1:
        marks += _times(grids, area, ref.track, theme, size)
    return marks


def _middle(timeline: Timeline, focus: Focus) -> CellRef:
    row, column = middle(timeline.lesson.tracks[focus.track], focus)
    return CellRef(focus.track, focus.source, focus.window.channels[0], row, column)


def _times(grids: Grids, area: Area, track: int, theme: Theme, size: float) -> list[Primitive]:
    """How often each output is fed, in its corner."""
    marks: list[Primitive] = []
    for plane in range(*area.planes):
        grid = find(grids, track, area.tensor, plane)
        if grid is None or grid.across or grid.cell < LEAST * 2:
            continue
        for r, counts in zip(area.rows, area.counts, strict=True):
            for c, n in zip(area.columns, counts, strict=True):
                box = cell_box(grid, int(r), int(c))
                text = (Run(f"{n}×", theme.hover, Weight.BOLD),)
                at = min(size, box.h * 0.3)
                marks.append(Text(f"fan/{grid.key}/{r}/{c}", box.inset(1), text, at, Align.RIGHT, top=True))
    return marks


def _alpha(count: int, most: int) -> str:
    return f"{round(FAINT + (STRONG - FAINT) * count / most):02x}"
