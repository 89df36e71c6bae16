"""The map of a deep network: every weighted layer with some of its maps, stages in rows, shortcuts as arcs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cnnviz.engine.layers import NO_PADS
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Track
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_lines import Progress, back_color, forward_color, line_marks, progress_of, sum_marks
from cnnviz.scene.depth_places import Places, Spot, place_depth
from cnnviz.scene.depth_texts import layer_title, norm_text, stage_text, texts_under
from cnnviz.scene.learning import in_one
from cnnviz.scene.memo import Memo
from cnnviz.scene.network_lens import Lens
from cnnviz.scene.panels import range_of, span_of
from cnnviz.scene.planes import planes_of
from cnnviz.scene.primitives import Align, Box, Grid, Panel, Primitive, Rect, Ring, Run, Text, Weight
from cnnviz.scene.shown import in_line
from cnnviz.timeline.counts import layer_counts
from cnnviz.timeline.depth import Depth, Part, track_depth
from cnnviz.timeline.frame import CellRef, Frame, Tensor, TrackFrame
from cnnviz.timeline.timeline import Timeline

MOST_MAPS = 12
"""A part shows at most so many maps."""

FEW = 3
"""So many maps, as those of a colour picture, are shown all."""

LEAST_MAP = 2.2
"""Maps stand in two lines where each is at least so large, in sizes of the titles."""

_kept: Memo[tuple[Grid, ...]] = Memo(160)


@dataclass(frozen=True, slots=True, eq=False)
class _Chart:
    """One track laid out: what every part of its map is drawn from."""

    timeline: Timeline
    frame: TrackFrame
    depth: Depth
    places: Places
    lens: Lens
    look: Look
    now: Progress
    tensors: dict[str, Tensor]
    names: tuple[str, ...]
    """Of the arrays of the chain."""
    counts: tuple[int, ...]
    """Parameters of each layer."""
    spans: dict[tuple[int, str], tuple[float, float]]
    """The ranges of colours that maps share."""

    def span(self, tensor: Tensor) -> tuple[float, float]:
        """The range of a tensor's colours."""
        shared = None if tensor.kind == "grad" else self.spans.get((tensor.group, tensor.colors))
        return tensor.span if shared is None else shared

    @property
    def track(self) -> Track:
        """The track."""
        return self.timeline.lesson.tracks[self.frame.track]


def depth_panels(
    timeline: Timeline, frame: Frame, ref: CellRef | None, area: Box, look: Look
) -> tuple[list[Panel], list[Primitive]]:
    """Every track as a map of its own, one under another; ``ref`` is pointed at or chosen."""
    count, gap, line = len(frame.tracks), look.metrics.body, look.metrics.small * 1.6
    maps = Box(area.x, area.y, area.w, area.h - line * count)
    lens = Lens(maps, look.viewpoint.camera)
    high = (maps.h - gap * (count - 1)) / count
    panels: list[Panel] = [*lens.panels()]
    over: list[Primitive] = []
    for n, track in enumerate(frame.tracks):
        room = Box(maps.x, maps.y + n * (high + gap), maps.w, high)
        chart = _chart(timeline, track, room, lens, look)
        panels.append(Panel(f"{track.track}/ways", maps, "Ways", _lines(chart)))
        parts = [_part(chart, n) for n in range(len(chart.depth.parts))]
        panels += _maps_behind_each_other(chart, [part for part in parts if part is not None])
        sums = sum_marks(track.track, chart.depth, chart.places, chart.now, lens, look)
        panels.append(Panel(f"{track.track}/sums", maps, "Additions", sums))
        panels.append(_total(chart, Box(area.x, maps.bottom + n * line, area.w, line)))
        over += _marks(chart, ref)
    return panels, over


def _maps_behind_each_other(chart: _Chart, parts: list[Panel]) -> Iterator[Panel]:
    """The parts without their maps, and all maps in one panel: they are painted together, in a few pictures."""
    maps: list[Grid] = []
    for part in parts:
        if chart.depth.parts[int(part.key.rsplit("/", 1)[1])].side:
            yield part  # it stands on a line, with a ground of its own
            continue
        maps += (p for p in part.primitives if isinstance(p, Grid))
        yield replace(part, primitives=tuple(p for p in part.primitives if not isinstance(p, Grid)))
    yield Panel(f"{chart.frame.track}/maps", chart.lens.area, "Maps", tuple(maps))


def _chart(timeline: Timeline, frame: TrackFrame, area: Box, lens: Lens, look: Look) -> _Chart:
    track = timeline.lesson.tracks[frame.track]
    depth = track_depth(track)
    counts = tuple(count.parameters for count in layer_counts(track))
    names = timeline.tensor_names(frame.track)
    now = progress_of(frame, in_one(timeline, frame))
    tensors = {t.name: t for t in frame.tensors}
    places = place_depth(depth, area, look.metrics)
    return _Chart(
        timeline, frame, depth, places, lens, look, now, tensors, names, counts, _spans(frame, look)
    )


def _spans(frame: TrackFrame, look: Look) -> dict[tuple[int, str], tuple[float, float]]:
    """What `cnnviz.scene.panels.span_of` says of each map, found for all at once: there are more than a hundred."""
    mode = range_of(look)
    if mode in ("tensor", "map"):
        return {}
    if mode == "network":
        return {
            (t.group, t.colors): span_of(t, frame, look) for t in frame.tensors if t.kind in ("map", "input")
        }
    found: dict[tuple[int, str], tuple[float, float]] = {}
    for track in look.tracks or (frame,):
        for t in track.tensors:
            if t.kind in ("map", "input", "target"):
                low, high = found.get((t.group, t.colors), t.span)
                found[t.group, t.colors] = (min(low, t.span[0]), max(high, t.span[1]))
    return found


def _lines(chart: _Chart) -> tuple[Primitive, ...]:
    """All lines, and the names of the stages."""
    theme, key, size = chart.look.theme, chart.frame.track, chart.places.type
    names = []
    for n, (row, parts) in enumerate(zip(chart.places.rows, chart.depth.rows, strict=True)):
        box = chart.lens.box(row.name)
        if row.name.h < size or min(box.meets(chart.lens.area)[2:]) < box.h - 0.5:
            continue
        runs = (
            Run(f"Stage {n + 1}", theme.text, Weight.BOLD),
            Run(f"   {stage_text(chart.depth, parts)}", theme.muted),
        )
        area = chart.lens.area
        x = max(box.x, area.x) + 4  # the name stays in sight when the map is moved
        left = Box(x, box.y, min(box.right, area.right) - x, box.h)
        names.append(Text(f"{key}/stage/{n}", left, runs, _type(chart, size)))
    lines = line_marks(key, chart.depth, chart.places, chart.now, chart.lens, chart.look)
    return (*lines, *names)


def _type(chart: _Chart, size: float) -> float:
    """Type grows with the map, up to that of the stage."""
    return min(size * chart.lens.camera.zoom, max(size, chart.look.metrics.small))


def _part(chart: _Chart, number: int) -> Panel | None:
    """A part: its title, its shape, some of its maps, its count; None where it is out of sight."""
    part, spot, lens = chart.depth.parts[number], chart.places.spots[number], chart.lens
    box = lens.box(spot.box)
    if min(box.meets(lens.area)[2:]) <= 0:
        return None
    key = f"{chart.frame.track}/part/{number}"
    theme = chart.look.theme
    at_work = not chart.now.whole and part.first <= chart.now.layer <= part.last and number > 0
    behind: list[Primitive] = []
    if at_work:
        pad = chart.places.type * 0.35
        ground = Box(box.x - pad, box.y - pad, box.w + 2 * pad, box.h + pad)
        behind = [
            Rect(f"{key}/work", ground, theme.surface, radius=pad, clip=lens.area),
            Ring(f"{key}/now", ground, theme.accent, theme.outline, chart.look.metrics.stroke * 0.8, radius=pad,
                 clip=lens.area),
        ]  # fmt: skip
    body = _beside(chart, key, number, at_work) if part.side else _whole(chart, key, number, spot, at_work)
    drawn = tuple(body) if _holds(lens.area, box) else tuple(lens.cut(tuple(body)))
    return Panel(key, box, _title(chart, part), (*behind, *drawn))


def _holds(area: Box, box: Box) -> bool:
    """Whether a part lies in sight with all that stands at its sides."""
    return (
        area.x + 4 <= box.x and box.right <= area.right - 4 and area.y <= box.y and box.bottom <= area.bottom
    )


def _beside(chart: _Chart, key: str, number: int, at_work: bool) -> Iterator[Primitive]:
    """What stands on a shortcut: its name on the line."""
    part, theme = chart.depth.parts[number], chart.look.theme
    box = chart.lens.box(chart.places.spots[number].box)
    yield Rect(f"{key}/ground", box, theme.background or theme.surface, radius=box.h * 0.3)
    yield Ring(f"{key}/frame", box, theme.accent if at_work else theme.muted, width=1.0, radius=box.h * 0.3)
    tensor = _shown(chart, part)
    side = box.h - 4
    if tensor.shape[1] <= side * 4:
        tile = Box(box.x + 2, box.y + 2, side, side)
        yield from _grids(chart, tensor, (tile,), side / tensor.shape[1], range(1))
    color = theme.accent if at_work else theme.text
    room = Box(box.x + side + 2, box.y, box.w - side - 4, box.h)
    yield Text(f"{key}/title", room, (Run(_title(chart, part), color, Weight.MEDIUM),),
               _type(chart, chart.places.type) * 0.9, Align.CENTER)  # fmt: skip


def _whole(chart: _Chart, key: str, number: int, spot: Spot, at_work: bool) -> Iterator[Primitive]:
    part, theme, size = chart.depth.parts[number], chart.look.theme, _type(chart, chart.places.type)
    color = theme.accent if at_work else (theme.input if not number else theme.text)
    title = _at_work(chart) if at_work else _title(chart, part)
    tensor = _shown(chart, part)
    sign = (Run("δ ", back_color(chart.look), Weight.BOLD),) if tensor.kind == "grad" else ()
    yield Text(f"{key}/title", chart.lens.box(spot.title), (*sign, Run(title, color, Weight.BOLD)), size,
               Align.CENTER)  # fmt: skip
    if spot.foot.h:
        under = (Run(_under(chart, number), theme.muted),)
        yield Text(f"{key}/count", chart.lens.box(spot.foot), under, size * 0.92, Align.CENTER)
    yield from _maps(chart, key, tensor, chart.lens.box(spot.maps))


def _under(chart: _Chart, number: int) -> str:
    """Shape and parameters of a part; on the way back, as soon as it is there, the norm of its weights' gradient."""
    part = chart.depth.parts[number]
    gradient = chart.tensors.get(f"{chart.names[part.first + 1]}.weight.grad") if number else None
    if gradient is not None and gradient.written == gradient.values.size and not chart.now.whole:
        return norm_text(gradient)
    return texts_under(chart.depth, chart.counts)[number]


def _maps(chart: _Chart, key: str, tensor: Tensor, room: Box) -> Iterator[Primitive]:
    """The first maps of a part in one or two lines, or its numbers row by row, on a ground that parts them."""
    theme = chart.look.theme
    channels, rows, columns = tensor.shape
    if rows == columns == 1:
        across = max(1, round((channels * room.w / max(room.h, 1.0)) ** 0.5))
        line, across = in_line(tensor, across)
        lines = -(-channels // across)
        cell = min(room.w / across, room.h / lines)
        box = Box(room.cx - cell * across / 2, room.cy - cell * lines / 2, cell * across, cell * lines)
        yield Ring(f"{key}/frame", box, theme.line, width=1.0)
        yield from _grids(chart, line, (box,), cell, range(1), across)
        return
    gap = 2.0 * chart.lens.camera.zoom
    lines = (
        2
        if (room.h - gap) / 2 >= LEAST_MAP * chart.places.type * chart.lens.camera.zoom and channels > FEW
        else 1
    )
    side = min((room.h - (lines - 1) * gap) / lines, room.w)
    # Rather a little smaller than with much room left at the side.
    wanted = int((room.w + gap) / (side + gap) + 0.85)
    across = max(1, min(wanted, MOST_MAPS // lines, -(-channels // lines)))
    across = channels if channels <= FEW else across
    side = min((room.w - (across - 1) * gap) / across, side)
    cell = side / max(rows, columns)
    wide = across * side + (across - 1) * gap
    high = lines * side + (lines - 1) * gap
    left, top = room.cx - wide / 2, room.cy - high / 2
    yield Rect(f"{key}/ground", Box(left - 1, top - 1, wide + 2, high + 2), theme.line)
    count = min(across * lines, channels)
    tiles = tuple(
        Box(
            left + (n % across) * (side + gap),
            top + (n // across) * (side + gap),
            columns * cell,
            rows * cell,
        )
        for n in range(count)
    )
    yield from _grids(chart, tensor, tiles, cell, range(count))


def _grids(
    chart: _Chart, tensor: Tensor, tiles: tuple[Box, ...], cell: float, planes: range, across: int = 0
) -> tuple[Grid, ...]:
    """The grids of some maps; kept, except while they are written."""
    span, theme, track = chart.span(tensor), chart.look.theme, chart.frame.track

    def made() -> tuple[Grid, ...]:
        plain = tensor if not any(tensor.pads) else replace(tensor, padded=tensor.values, pads=NO_PADS)
        ready = planes_of(plain, span, theme)
        size = tensor.shape[-2] * tensor.shape[-1]
        return tuple(
            Grid(
                f"{track}/{tensor.name}/{'line' if across else n}", tile, (tile.x, tile.y), cell, ready[n].image,
                (f"{track}/{tensor.name}", n, 0, 0), ready[n].values, blank=theme.blank, palette=ready[n].palette,
                written=tensor.written if across else min(max(tensor.written - n * size, 0), size), across=across,
            )
            for tile, n in zip(tiles, planes, strict=True)
        )  # fmt: skip

    if 0 < tensor.written < tensor.values.size:
        return made()
    key = (track, tensor.name, tensor.written > 0, span, tensor.colors, theme.name, tiles)
    return _kept.get(tensor.values, key, made)


def _shown(chart: _Chart, part: Part) -> Tensor:
    """What a part shows: the last of its arrays that is written; on the way back the last of its gradients."""
    if part.first < 0:
        return chart.tensors[chart.names[0]]
    arrays = range(part.first + 1, part.last + 2)
    if chart.frame.step.section.kind != "forward" and not chart.now.whole:
        for n in arrays:
            grad = chart.tensors.get(f"{chart.names[n]}.grad")
            if grad is not None and grad.written and grad.shape == part.shape:
                return grad
    found = [chart.tensors[chart.names[n]] for n in arrays]
    found = [tensor for tensor in found if tensor.shape == part.shape]
    written = [tensor for tensor in found if tensor.written]
    return written[-1] if written else found[0]


def _title(chart: _Chart, part: Part) -> str:
    return "Input" if part.first < 0 else layer_title(chart.track.layers[part.first], part.side)


def _at_work(chart: _Chart) -> str:
    """The layer at work, by its own name."""
    name = section_names(chart.track.layers)[chart.now.layer].rstrip(" 0123456789")
    return {"Batch normalisation": "Batch norm", "Fully connected": "Scores"}.get(name, name)


def _total(chart: _Chart, box: Box) -> Panel:
    """What all layers have together, and what the colours of the lines mean."""
    track, theme, size = chart.track, chart.look.theme, chart.look.metrics.small * 0.9
    used = [joint for joint in chart.depth.joints if joint.used]
    changing = sum(bool(joint.side) for joint in used)
    weights = sum(chart.counts) + chart.depth.norms
    name = f"{track.name}: " if track.name else ""
    told = f"{name}{chart.depth.weighted} layers with weights, {weights:,} parameters"
    told += f", {len(used)} shortcuts, {changing} of them change the shape" if used else ", no shortcuts"
    legend = (
        Run("forward", forward_color(chart.look), Weight.BOLD),
        Run("  gradient", back_color(chart.look), Weight.BOLD),
    )
    key = f"{chart.frame.track}/total"
    right = Box(box.right - size * 12, box.y, size * 12, box.h)
    texts = (
        Text(
            key,
            Box(box.x, box.y, box.w - right.w - size, box.h),
            (Run(told, theme.muted, Weight.MEDIUM),),
            size,
        ),
        Text(f"{key}/legend", right, legend, size, Align.RIGHT),
    )
    return Panel(key, box, "Counts", texts)


def _marks(chart: _Chart, ref: CellRef | None) -> Iterator[Primitive]:
    """A ring around the part that is pointed at or chosen."""
    if ref is None or ref.track != chart.frame.track:
        return
    name = ref.tensor.removesuffix(".grad")
    if name not in chart.names:
        return
    number = chart.depth.part_of(chart.names.index(name) - 1)
    box = chart.lens.box(chart.places.spots[number].box)
    if min(box.meets(chart.lens.area)[2:]) > 0:
        theme = chart.look.theme
        yield Ring(f"{ref.track}/chosen", box.inset(-3), theme.hover, theme.outline, chart.look.metrics.stroke * 0.8,
                   radius=3, clip=chart.lens.area)  # fmt: skip
