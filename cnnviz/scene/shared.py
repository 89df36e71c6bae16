"""The kernel that all tracks share: drawn once, beside them, so that their maps have the room."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.arrange import TrackPlaces
from cnnviz.scene.layout import READABLE, Item, Spacing, place_row
from cnnviz.scene.maps import map_grids, titled
from cnnviz.scene.panels import Grids, heading, span_of, title_size
from cnnviz.scene.primitives import Box, Panel, Ring
from cnnviz.scene.shown import Shown
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import TrackFrame

MOST_CELLS = 49
"""A kernel of more cells, over all channels, takes more room than it saves."""


def shared_kernel(tracks: tuple[tuple[Shown, ...], ...]) -> Shown | None:
    """The one kernel of every track, where they are the same; None for one track, or where a track has more."""
    kernels = [[one for one in track if one.kind == "kernel"] for track in tracks]
    if len(tracks) < 2 or any(len(own) != 1 for own in kernels):
        return None
    first = kernels[0][0]
    alike = all(
        own.key == first.key
        and own.planes == first.planes
        and np.array_equal(own.tensor.values, first.tensor.values)
        for (own,) in kernels
    )
    return first if alike and first.rows * first.columns * len(first.planes) <= MOST_CELLS else None


def beside(area: Box, one: Shown, look: Look) -> tuple[Box, Box]:
    """A column at the left for the kernel, and the rest for the tracks."""
    m = look.metrics
    wide = max(m.body * 5.5, min(area.w * 0.12, one.columns * m.large))
    gap = m.body * 1.6
    return Box(area.x, area.y, wide, area.h), Box(area.x + wide + gap, area.y, area.w - wide - gap, area.h)


def kernel_panel(
    one: Shown, track: TrackFrame, area: Box, placed: tuple[TrackPlaces, ...], look: Look
) -> tuple[Panel, Grids]:
    """The kernel's panel, with cells as large as those of the maps where they fit, and its grids."""
    m, theme = look.metrics, look.theme
    layers = look.lesson.tracks[track.track].layers
    name, detail = heading(one, layers, look)
    size = title_size(m, len(look.tracks))
    head = round(size * 1.3 + m.small * 1.9)
    cell = min(p.cell for t in placed for p in t.places)
    cell = cell if cell >= READABLE else READABLE
    spacing = Spacing(0.0, max(4.0, round(m.small * 0.6)), min(cell, m.large * 1.8))
    # On the height of the tracks' first line, so that a window, the kernel and a cell are seen together.
    top = min(line.row.y for t in placed for line in t.lines) if not placed[0].compact else area.y + head
    row = Box(area.x, top, area.w, area.bottom - top)
    (place,) = place_row((Item(one.key, len(one.planes), one.rows, one.columns, kernel=True),), row, spacing)
    if placed[0].compact:
        shift = (area.h - head - place.box.h) / 2
        (place,) = place_row(
            (Item(one.key, len(one.planes), one.rows, one.columns, kernel=True),),
            Box(row.x, row.y + max(0.0, shift), row.w, row.h - max(0.0, shift)),
            spacing,
        )
    key = f"{track.track}/{one.key}"
    grids = map_grids(
        one.tensor, span_of(one.tensor, track, look), place.tiles, place.cell, Camera(), theme, one.planes,
        track.track,
    )  # fmt: skip
    frame = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    box = Box(area.x, place.box.y, area.w, place.box.h)
    detail = detail if len(detail) * m.small * 0.5 <= area.w else detail.split(",")[0]
    titles = titled(key, box, name, detail, theme.weight, theme, size, head)
    return Panel(key, box, name, (*titles, *grids, *frame)), {(g.ref[0], g.ref[1]): g for g in grids}
