"""Under the overview while a network learns: its first kernels as they form, the loss, and the test pictures right."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Conv
from cnnviz.scene.areas import Look
from cnnviz.scene.composition import Composition
from cnnviz.scene.layout import Item, Place, Spacing, place_row
from cnnviz.scene.maps import legend, map_grids
from cnnviz.scene.memo import Memo
from cnnviz.scene.plot_panel import accuracy_plot, plot_panel
from cnnviz.scene.primitives import Box, Panel, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import CellRef, Frame, Tensor, TrackFrame
from cnnviz.timeline.learning_ranges import Span, both_ways
from cnnviz.timeline.plots import AccuracyCurve, LossCurve
from cnnviz.timeline.timeline import Timeline

SHARE = 0.4
"""So much of the height the strip has."""

KERNELS = 0.44
"""So much of its width kernels have at most, beside plots."""

MOST_KERNELS = 64

MOST_TRACKS = 2
"""More tracks one under another need all the room."""

GROWTH = 2.5
"""Kernels have one range of colours in all iterations: so many times the largest weight before the first update."""


_kept: Memo[tuple[Panel, ...]] = Memo(4)


def strip_of(
    timeline: Timeline, frame: Frame, area: Box, composition: Composition, gap: float
) -> tuple[Box, Box | None]:
    """The overview's part of an area, and that of the strip where every step of the lesson is one iteration."""
    lead = frame.lead
    if lead.learning is None or timeline.repeats(lead.track).fine or len(frame.tracks) > MOST_TRACKS:
        return area, None
    if not composition.has("plot") and _first(timeline, lead) is None:
        return area, None
    high = round(area.h * SHARE)
    return Box(area.x, area.y, area.w, area.h - high - gap), Box(area.x, area.bottom - high, area.w, high)


def strip_panels(
    timeline: Timeline, frame: Frame, ref: CellRef | None, box: Box, look: Look, composition: Composition
) -> list[Panel]:
    """Kernels at the left, plots at the right; ``ref`` is pointed at or chosen."""
    lead, gap = frame.lead, look.metrics.large
    layer = _first(timeline, lead) if len(frame.tracks) == 1 else None
    panels: list[Panel] = []
    rest = box
    if layer is not None:
        room = Box(box.x, box.y, box.w * KERNELS if composition.has("plot") else box.w, box.h)
        panels.append(_kernels(timeline, lead, layer, ref, room, look))
        left = panels[0].box.right + gap
        rest = Box(left, box.y, box.right - left, box.h)
    return [*panels, *_plots(timeline, lead, rest, look)] if composition.has("plot") else panels


def _plots(timeline: Timeline, lead: TrackFrame, rest: Box, look: Look) -> list[Panel]:
    """The plots of a step; those of the same numbers are kept: they stay while another picture is drawn by hand."""
    if len(lead.plots) != 2 or lead.learning is None or len(look.tracks) != 1:
        return _made(timeline, lead, rest, look)
    loss, tests = lead.plots
    if not (isinstance(loss, LossCurve) and isinstance(tests, AccuracyCurve)):
        return _made(timeline, lead, rest, look)
    now = lead.learning
    key = (
        rest, look.metrics, look.theme.name, look.viewpoint.hidden, loss.iteration, tests.iterations.tobytes(),
        tests.shares.tobytes(), now.stopped, now.iteration + 1 < now.filled,
    )  # fmt: skip
    return list(_kept.get(loss.losses, key, lambda: tuple(_made(timeline, lead, rest, look))))


def _made(timeline: Timeline, lead: TrackFrame, rest: Box, look: Look) -> list[Panel]:
    """The plot of the step, beside it that of the tests where there are any."""
    key, gap = f"plot{lead.track}", look.metrics.body
    tests = next((p for p in lead.plots if isinstance(p, AccuracyCurve)), None)
    if tests is None:
        return [Panel("plot", rest, "Plot", plot_panel(timeline, lead, rest, look))]
    half = (rest.w - gap) / 2
    left, right = Box(rest.x, rest.y, half, rest.h), Box(rest.x + half + gap, rest.y, half, rest.h)
    return [
        Panel("plot", left, "Loss", plot_panel(timeline, lead, left, look)),
        Panel("tests", right, "Test accuracy", accuracy_plot(f"{key}/tests", right, tests, look)),
    ]


def _first(timeline: Timeline, frame: TrackFrame) -> int | None:
    """The first layer with weights, where it is a convolution: others have no kernels to look at."""
    track = timeline.lesson.tracks[frame.track]
    layer = next((n for n, params in enumerate(track.params) if params is not None), None)
    return layer if layer is not None and isinstance(track.layers[layer], Conv) else None


def _kernels(
    timeline: Timeline, frame: TrackFrame, layer: int, ref: CellRef | None, room: Box, look: Look
) -> Panel:
    m, theme = look.metrics, look.theme
    tensor = frame.tensor(f"{timeline.tensor_names(frame.track)[layer + 1]}.weight")
    count, channels, rows, columns = tensor.shape
    planes = range(min(count * channels, MOST_KERNELS))
    span = _span(timeline, frame.track, layer, tensor)
    head, foot = m.small * 2.8, m.small * 2.2
    place = _placed(
        len(planes), rows, columns, Box(room.x, room.y + head, room.w, room.h - head - foot), look
    )
    key = f"{frame.track}/{tensor.name}"
    grids = map_grids(tensor, span, place.tiles, place.cell, Camera(), theme, planes, frame.track, 0, False)
    rings = [Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids]
    rings += _chosen(frame, tensor, ref, place, look)
    bar = Box(place.box.x, place.box.bottom + m.small * 0.5, min(m.small * 9, place.box.w), m.small)
    parts: list[Primitive] = [*_head(key, tensor, layer, timeline, frame, room, place, look), *grids, *rings]
    parts += legend(key, bar, span, "signed", theme, m.small * 0.85, room)
    return Panel(f"{key}/all", Box(room.x, room.y, place.box.w, room.h), "Kernels", tuple(parts))


def _placed(count: int, rows: int, columns: int, room: Box, look: Look) -> Place:
    """The kernels in lines, as large as the room allows, from its left end."""
    gap = max(3.0, round(look.metrics.small * 0.4))
    (place,) = place_row(
        (Item("kernels", count, rows, columns),), room, Spacing(gap, gap, look.metrics.large)
    )
    left = place.tiles[0].x - room.x
    tiles = tuple(Box(t.x - left, t.y, t.w, t.h) for t in place.tiles)
    right, bottom = max(t.right for t in tiles), max(t.bottom for t in tiles)
    return Place(place.key, Box(room.x, room.y, right - room.x, bottom - room.y), place.cell, tiles)


def _head(
    key: str,
    tensor: Tensor,
    layer: int,
    timeline: Timeline,
    frame: TrackFrame,
    room: Box,
    place: Place,
    look: Look,
) -> tuple[Text, ...]:
    size, theme = look.metrics.small, look.theme
    count, channels, rows, columns = tensor.shape
    convs = sum(isinstance(spec, Conv) for spec in timeline.lesson.tracks[frame.track].layers)
    title = "Kernels of the first convolution" if convs > 1 else "Kernels"
    each = f"{count} of {rows}×{columns}" if channels == 1 else f"{count} of {channels}×{rows}×{columns}"
    wide = max(place.box.w, size * 16)
    first = Box(room.x, room.y, wide, size * 1.4)
    return (
        Text(f"{key}/title", first, (Run(title, theme.weight, Weight.MEDIUM),), size * 1.1),
        Text(
            f"{key}/shape",
            Box(room.x, room.y + size * 1.5, wide, size * 1.2),
            (Run(each, theme.muted),),
            size,
        ),
    )


def _chosen(frame: TrackFrame, tensor: Tensor, ref: CellRef | None, place: Place, look: Look) -> list[Ring]:
    """A ring around the kernel of the map that is pointed at or chosen, or around itself."""
    if (
        ref is None
        or ref.track != frame.track
        or ref.tensor.removesuffix(".weight") != tensor.name.removesuffix(".weight")
    ):
        return []
    channels = tensor.shape[1]
    first = ref.plane if ref.tensor == tensor.name else ref.plane * channels
    stop = first + (1 if ref.tensor == tensor.name else channels)
    theme, stroke = look.theme, look.metrics.stroke
    return [
        Ring(f"{frame.track}/{tensor.name}/{n}/chosen", tile, theme.hover, theme.outline, stroke)
        for n, tile in enumerate(place.tiles)
        if first <= n < stop
    ]


def _span(timeline: Timeline, track: int, layer: int, tensor: Tensor) -> Span:
    """The colours of the kernels, the same in all iterations; those of this one where the first weights are 0."""
    descent = timeline.descents[track]
    start = None if descent is None else descent.state(0).params[layer]
    reach = 0.0 if start is None else float(np.abs(start.weight).max())
    return both_ways(np.array([GROWTH * reach])) if reach else tensor.span
