"""What lights up in the overview: the edges of the map that is pointed at or chosen, and its kernel beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import ConvTranspose
from cnnviz.scene.areas import Look
from cnnviz.scene.layout import Item, Spacing, place_row
from cnnviz.scene.maps import map_grids
from cnnviz.scene.marks import at_least, cell_box, find
from cnnviz.scene.panels import Grids
from cnnviz.scene.primitives import Align, Box, Grid, Link, Primitive, Rect, Ring, Run, Text, Weight
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.edges import Edge, End, edges_of
from cnnviz.timeline.frame import CellRef, TrackFrame
from cnnviz.timeline.timeline import Timeline

MOST_KERNELS = 32
"""A kernel is shown with so many of its channels."""


def edge_marks(timeline: Timeline, grids: Grids, ref: CellRef, look: Look) -> tuple[Primitive, ...]:
    """Lines from what a map is made of, and to what it feeds; their ends, and the map itself, have rings."""
    theme, stroke = look.theme, look.metrics.stroke
    names = timeline.tensor_names(ref.track)
    links: list[Link] = []
    rings: dict[str, Ring] = {}
    for edge in edges_of(timeline, ref):
        source, target = (_box(grids, ref.track, names, end) for end in (edge.source, edge.target))
        if source is None or target is None:
            continue
        key = f"edge/{ref.track}/" + "-".join(str(i) for end in (edge.source, edge.target) for i in end)
        links.append(_link(key, source, target, edge, look))
        for end, box in ((edge.source, source), (edge.target, target)):
            name = f"edge/{ref.track}/ring/{'-'.join(map(str, end))}"
            rings[name] = Ring(name, at_least(box, 5.0), theme.hover, theme.outline, max(1.0, stroke * 0.7))
    own = find(grids, ref.track, ref.tensor, ref.plane)
    marks: list[Primitive] = [*links, *rings.values()]
    if own is not None:
        box = cell_box(own, 0, 0, ref.plane) if own.across else own.box
        marks.append(Ring(f"edge/{ref.track}/own", at_least(box), theme.hover, theme.outline, stroke * 1.5))
    return tuple(marks)


def kernel_beside(
    timeline: Timeline,
    frame: TrackFrame,
    grids: Grids,
    ref: CellRef,
    lit: tuple[Box, ...],
    area: Box,
    look: Look,
) -> tuple[Primitive, ...]:
    """The kernel that makes a map of a convolution, beside the map; away from what is ``lit`` as far as that goes."""
    names = timeline.tensor_names(ref.track)
    own = find(grids, ref.track, ref.tensor, ref.plane)
    number = names.index(ref.tensor) if ref.tensor in names else 0
    if own is None or not number:
        return ()
    if not isinstance(timeline.lesson.tracks[ref.track].layers[number - 1], Conv | ConvTranspose):
        return ()
    weights = frame.tensor(f"{ref.tensor}.weight")
    each, rows, columns = weights.shape[1:]
    planes = range(ref.plane * each, ref.plane * each + min(each, MOST_KERNELS))
    m, theme = look.metrics, look.theme
    size = Box(0.0, 0.0, min(m.large * 5.5, area.w * 0.2), min(m.large * 4.5, area.h * 0.5))
    gap = max(4.0, round(m.small * 0.4))
    (place,) = place_row(
        (Item("kernel", len(planes), rows, columns),), size, Spacing(gap, gap, round(m.body))
    )
    wide = max(place.box.w, m.small * 7.5)
    box = _popup(Box(0.0, 0.0, wide + m.small, place.box.h + m.small * 2.2), own, lit, area, m.small)
    left = box.cx - place.box.cx
    tiles = tuple(Box(round(t.x + left), round(t.y + box.y + m.small * 1.7), t.w, t.h) for t in place.tiles)
    key = f"edge/{ref.track}/kernel"
    made = map_grids(weights, weights.span, tiles, place.cell, Camera(), theme, planes, ref.track)
    base = look.lesson.conventions.base
    some = f"{rows}×{columns}" if each == 1 else f"{each} of {rows}×{columns}"
    runs = (Run(f"Kernel {ref.plane + base}", theme.weight, Weight.BOLD), Run(f"  {some}", theme.muted))
    return (
        Rect(f"{key}/ground", box, theme.background or theme.surface, radius=m.small * 0.3),
        Ring(f"{key}/frame", box, theme.line, width=1.0, radius=m.small * 0.3),
        Text(
            f"{key}/title",
            Box(box.x + 4, box.y + 2, box.w - 8, m.small * 1.5),
            runs,
            m.small * 0.9,
            Align.CENTER,
        ),
        *_rekeyed(made, key),
    )


def _rekeyed(grids: tuple[Grid, ...], key: str) -> Iterator[Primitive]:
    for grid in grids:
        yield replace(grid, key=f"{key}/{grid.ref[1]}")


def _popup(size: Box, own: Grid, lit: tuple[Box, ...], area: Box, gap: float) -> Box:
    """The place beside a map, inside the area, that covers the least of what is lit."""
    left = max(area.x, own.box.x - gap - size.w)
    right = min(own.box.right + gap, area.right - size.w)
    highest, lowest = area.y, max(area.y, area.bottom - size.h)
    middle = min(max(own.box.cy - size.h / 2, highest), lowest)
    spots = [Box(x, y, size.w, size.h) for y in (middle, highest, lowest) for x in (left, right)]
    return min(spots, key=lambda spot: sum(c.w * c.h for c in (spot.meets(box) for box in (*lit, own.box))))


def _box(grids: Grids, track: int, names: tuple[str, ...], end: End) -> Box | None:
    """Where an end lies; None where it is not shown."""
    grid = find(grids, track, names[end.number], end.plane)
    if grid is None:
        return None
    if grid.across:
        return cell_box(grid, 0, 0, end.plane)
    return grid.box if end.row < 0 else cell_box(grid, end.row, end.column)


def _link(key: str, source: Box, target: Box, edge: Edge, look: Look) -> Link:
    theme, stroke = look.theme, look.metrics.stroke
    color, width = theme.hover, stroke * 0.6
    if edge.strength:
        color = theme.positive if edge.strength > 0 else theme.negative
        width = stroke * (0.4 + 1.1 * abs(edge.strength))
    return Link(key, ((source.right, source.cy), (target.x, target.cy)), color + "c0", width=width)
