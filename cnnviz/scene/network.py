"""The overview: a whole network as columns of thumbnails, from the input to its classes, at one step."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cnnviz.lesson.lesson import Track
from cnnviz.scene.apart import NAME, TITLE, below_name, fitted, parts_apart
from cnnviz.scene.areas import Look
from cnnviz.scene.layout import Place
from cnnviz.scene.learning import in_one
from cnnviz.scene.learning_marks import all_marks
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import map_grids, power_of
from cnnviz.scene.memo import Memo
from cnnviz.scene.network_classes import class_bars, class_width
from cnnviz.scene.network_columns import (
    FOOT_LINES,
    HEAD_LINES,
    LABELS,
    Column,
    columns_of,
    heads_of_columns,
    labels_width,
    place_columns,
)
from cnnviz.scene.network_edges import edge_marks, kernel_beside
from cnnviz.scene.network_lens import Lens
from cnnviz.scene.panels import Grids, range_of, span_of
from cnnviz.scene.powers import power_text
from cnnviz.scene.primitives import Align, Box, Color, Grid, Panel, Primitive, Rect, Ring, Run, Text, Weight
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.answers import Answer, answer_of
from cnnviz.timeline.counts import LayerCount, layer_counts, total_count
from cnnviz.timeline.frame import CellRef, Frame, TrackFrame
from cnnviz.timeline.timeline import Timeline

LINED = 12.0
"""From this size on, in pixels, cells of thumbnails are parted by lines, and have numbers where these can be read."""

ENLARGED = 30.0
"""The same for numbers in what is enlarged: while it moves there are a great many of them."""

CLEAR = "#00000000"

_kept: Memo[tuple[Grid | Ring, ...]] = Memo(96)

CLASSES = 0.2
"""So much of the width the class bars have at most."""


def network_panels(
    timeline: Timeline, frame: Frame, ref: CellRef | None, area: Box, look: Look
) -> tuple[list[Panel], list[Primitive]]:
    """Every track as a row of columns: its panels, and what is marked over them; ``ref`` is pointed at or chosen."""
    lens = Lens(area, look.viewpoint.camera)
    panels: list[Panel] = [*lens.panels()]
    over: list[Primitive] = []
    for track, part in zip(frame.tracks, _parts(timeline, frame, area, look), strict=True):
        row, name = below_name(part, track.track, look)
        made, own = _track(timeline, track, row, lens, look)
        panels += (*(lens.seen(_seen_at(p, lens)) for p in name), *made)
        middle = _middle(row, look)
        theme = look.theme
        over += all_marks(own, track.focus, theme.accent, theme, look.metrics.stroke, f"{track.track}/now")
        if ref is not None and ref.track == track.track:
            marks = edge_marks(timeline, own, ref, look)
            lit = tuple(mark.box for mark in marks if isinstance(mark, Ring))
            over += (*marks, *kernel_beside(timeline, track, own, ref, lit, middle, look))
    return panels, [*lens.cut(tuple(over))]


def _parts(timeline: Timeline, frame: Frame, area: Box, look: Look) -> tuple[Box, ...]:
    """The part of the stage of each track."""
    m = look.metrics
    counts = tuple(float(len(timeline.lesson.tracks[t.track].layers) + 1) for t in frame.tracks)
    around = m.small * (HEAD_LINES + FOOT_LINES + 1.6) + m.body * NAME
    return parts_apart(area, counts, around, m.small, m.small * TITLE)


def _seen_at(panel: Panel, lens: Lens) -> Panel:
    """A panel of words where its box lies under the lens."""
    words = tuple(replace(p, box=lens.box(p.box)) for p in panel.primitives if isinstance(p, Text))
    return replace(panel, box=lens.box(panel.box), primitives=words)


def _middle(area: Box, look: Look) -> Box:
    """The part of a track's row that its maps have, between heads and counts."""
    size = look.metrics.small
    return Box(area.x, area.y + size * HEAD_LINES, area.w, area.h - size * (HEAD_LINES + FOOT_LINES + 1.6))


def _track(
    timeline: Timeline, frame: TrackFrame, area: Box, lens: Lens, look: Look
) -> tuple[list[Panel], Grids]:
    m, track = look.metrics, timeline.lesson.tracks[frame.track]
    middle = _middle(area, look)
    answer = answer_of(timeline, frame)
    maps = middle
    panels: list[Panel] = []
    if answer is not None:
        wide = class_width(answer, look, area.w * CLASSES)
        maps = Box(middle.x, middle.y, middle.w - wide - m.small, middle.h)
        bars = Box(maps.right + m.small, middle.y, wide, middle.h)
        panels.append(lens.seen(_classes(frame.track, answer, lens.box(bars), look)))
    columns = columns_of(track, frame, in_one(timeline, frame), maps.h)
    counts = (None, *layer_counts(track))
    heads = heads_of_columns(columns, m, any(layer_counts(track)[0]))
    places = place_columns(columns, maps, m, heads)
    grids: Grids = {}
    for column, place in zip(columns, places, strict=True):
        count = counts[column.layer + 1]
        panel = lens.seen(_column(column, lens.place(place), count, frame, lens.box(middle), lens, look))
        panels.append(panel)
        grids |= {
            (g.ref[0], -1 if g.across else g.ref[1]): g for g in panel.primitives if isinstance(g, Grid)
        }
    panels.append(_total(frame.track, track, area, look))
    return panels, grids


def _column(
    column: Column,
    place: Place,
    count: LayerCount | None,
    frame: TrackFrame,
    middle: Box,
    lens: Lens,
    look: Look,
) -> Panel:
    """One column: its head, its maps as far as they are written, its counts; the one at work is accented."""
    m, theme, tensor = look.metrics, look.theme, column.tensor
    key = f"{frame.track}/{tensor.name}"
    maps = _maps(column, place, frame, lens, look)
    at_work = column.at_work
    behind: tuple[Primitive, ...] = ()
    if at_work:
        pad = m.small * 0.35
        # Where a layer has no counts, their names may stand under it.
        lines = HEAD_LINES + (FOOT_LINES if count is None or any(count) else 0.0)
        box = Box(place.box.x - pad, middle.y - m.small * HEAD_LINES, place.box.w + 2 * pad,
                  middle.h + m.small * lines)  # fmt: skip
        behind = (Rect(f"{key}/work", box, theme.surface, radius=m.small * 0.4),)
    numbered = any(isinstance(g, Grid) and g.text_size > 0 for g in maps)
    unit = power_text(power_of(tensor, column.planes)) if numbered else ""
    head = _head(key, column, place, middle, at_work, unit, look)
    foot = _foot(key, count, place, middle, look)
    return Panel(key, place.box, column.title, (*behind, *head, *maps, *foot))


def _maps(column: Column, place: Place, frame: TrackFrame, lens: Lens, look: Look) -> tuple[Grid | Ring, ...]:
    """The maps of a column in their frames; kept, except while they are written."""
    tensor, zoom = column.tensor, look.viewpoint.camera.zoom
    apart = tensor.signed and len(column.planes) > 1 and range_of(look) == "map"
    span = tensor.span if tensor.kind == "grad" else span_of(tensor, frame, look)
    theme = look.theme
    first, stop = lens.in_sight(place.tiles)

    def made() -> tuple[Grid | Ring, ...]:
        bare = place.cell < (ENLARGED if zoom > 1 else LINED)
        grids = map_grids(
            tensor, span, place.tiles[first:stop], place.cell, Camera(), theme, column.planes[first:stop],
            frame.track, column.across, apart, bare, CLEAR if place.cell < LINED else theme.line,
        )  # fmt: skip
        return (*grids, *_frames(tuple(g.key for g in grids), place.tiles[first:stop], theme.line))

    if 0 < tensor.written < tensor.values.size:
        return made()
    # Two tracks may show the same array, and a tensor of a learning track another one in each iteration.
    key = (
        frame.track,
        tensor.name,
        tensor.written > 0,
        span,
        tensor.colors,
        theme.name,
        apart,
        first,
        zoom,
        place,
    )
    return _kept.get(tensor.values, key, made)


@lru_cache(maxsize=64)  # they stay where they are while the maps change
def _frames(keys: tuple[str, ...], tiles: tuple[Box, ...], line: Color) -> tuple[Ring, ...]:
    return tuple(Ring(f"{key}/frame", tile, line, width=1.0) for key, tile in zip(keys, tiles, strict=True))


def _head(
    key: str, column: Column, place: Place, middle: Box, at_work: bool, unit: str, look: Look
) -> tuple[Text, ...]:
    """The operation, and the shape of what comes out; with the power of ten in which its numbers stand."""
    size, theme = look.metrics.small, look.theme
    color = theme.accent if at_work else (theme.input if column.layer < 0 else theme.text)
    first = Box(place.box.x - 2, middle.y - size * HEAD_LINES, place.box.w + 4, size * 1.2)
    told = ("δ" if column.tensor.kind == "grad" else column.shape) + unit
    second = Box(first.x, first.bottom, first.w, size * 1.1)
    return (
        Text(f"{key}/title", first, (Run(column.title, color, Weight.BOLD),), size, Align.CENTER),
        Text(f"{key}/shape", second, (Run(told, theme.muted),), size * 0.85, Align.CENTER),
    )


def _foot(key: str, count: LayerCount | None, place: Place, middle: Box, look: Look) -> tuple[Text, ...]:
    """Parameters and multiply-adds of a layer that has any; under the input what the two lines count."""
    size, theme = look.metrics.small * 0.85, look.theme
    told = LABELS if count is None else tuple(counted(n) if n else "" for n in count)
    align = Align.LEFT if count is None else Align.CENTER
    top = middle.bottom + look.metrics.small * 0.3
    wide = Box(place.box.x - 2, top, place.box.w + 4, size * 1.25)
    if count is None:
        wide = Box(place.box.x, top, labels_width(look.metrics) + 1, size * 1.25)
    return tuple(
        Text(
            f"{key}/{label}",
            Box(wide.x, top + n * wide.h, wide.w, wide.h),
            (Run(text, theme.muted),),
            size,
            align,
        )
        for n, (label, text) in enumerate(zip(LABELS, told, strict=True))
        if text
    )


def _total(number: int, track: Track, area: Box, look: Look) -> Panel:
    """What all layers have together, in one line under the columns."""
    m, total = look.metrics, total_count(track)
    box = Box(area.x, area.bottom - m.small * 1.4, area.w, m.small * 1.4)
    told = f"{total.parameters:,} parameters, {total.multiply_adds:,} multiply-adds"
    runs = (Run(f"{told} in all", look.theme.muted, Weight.MEDIUM),)
    if width_of(runs, m.small * 0.9) > box.w:
        runs = (Run(told, look.theme.muted, Weight.MEDIUM),)
    align = Align.LEFT if len(look.lesson.tracks) == 1 else Align.CENTER
    text = Text(f"{number}/total", box, runs, fitted(runs, m.small * 0.9, box.w), align)
    return Panel(f"{number}/total", box, "Counts", (text,))


def _classes(number: int, answer: Answer, area: Box, look: Look) -> Panel:
    return Panel(f"{number}/classes", area, "Classes", class_bars(number, answer, area, look))


def counted(n: int) -> str:
    """A count with at most four digits and what they are counted in.

    Examples
    --------
    >>> counted(9408), counted(86400), counted(2400000)
    ('9,408', '86.4 k', '2.4 M')
    """
    for unit, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if n >= unit and n >= 10_000:
            return f"{n / unit:.3g} {sign}" if n < 999.5 * unit else f"{n / unit:.0f} {sign}"
    return f"{n:,}"
