"""The stage of a lesson at one step: maps in a row, what is at work in them, its arithmetic and a caption."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.engine.layers import LayerSpec
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene import words
from cnnviz.scene.arithmetic import Progress, Style, arithmetic
from cnnviz.scene.layout import READABLE, Item, Place, Spacing, place_row
from cnnviz.scene.maps import legend, map_grids, padding_rings, titled
from cnnviz.scene.marks import area_marks, focus_marks, links, window_box
from cnnviz.scene.primitives import Align, Box, Grid, Link, Panel, Primitive, Ring, Run, Scene, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef, Focus, Tensor, TrackFrame
from cnnviz.timeline.relations import Relation, relate
from cnnviz.timeline.timeline import Timeline

IDLE_WEIGHT = 0.45
"""Share of the width of a map that is not at work, where cells cannot be read."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of type and margins, from the height that a 16:9 stage of this width would have."""

    small: float
    body: float
    large: float
    margin: float
    stroke: float

    @classmethod
    def of(cls, width: float, height: float) -> Metrics:
        """Sizes 1/45, 1/30 and 1/20 of the height; a narrow stage is measured by its width."""
        unit = min(height, width * 9 / 16)
        return cls(
            max(11.0, round(unit / 45)), max(13.0, round(unit / 30)), max(16.0, round(unit / 20)),
            max(12.0, round(unit * 0.04)), max(2.0, round(unit / 240)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Areas:
    """The parts of the stage from top to bottom."""

    title: Box
    maps: Box
    sums: Box
    caption: Box


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What every part of the stage needs to know."""

    viewpoint: Viewpoint
    theme: Theme
    metrics: Metrics
    lesson: Lesson


def build_scene(
    timeline: Timeline,
    index: int,
    viewpoint: Viewpoint,
    size: tuple[float, float],
    theme: Theme,
    hover: CellRef | None = None,
    title: bool = True,
) -> Scene:
    """Lay out everything that is drawn for one step.

    Parameters
    ----------
    timeline : Timeline
    index : int
    viewpoint : Viewpoint
        Camera, pinned cell, colour ranges, hidden answers.
    size : (width, height)
        Of the scene, in logical pixels.
    theme : Theme
    hover : CellRef, optional
        The cell under the pointer; exported frames have none.
    title : bool
        Whether the lesson's title is shown.

    Returns
    -------
    Scene
    """
    frame = timeline.frame(index)
    look = _Look(viewpoint, theme, Metrics.of(*size), timeline.lesson)
    relation = relate(timeline, hover) if hover is not None else None
    pinned = relate(timeline, viewpoint.pinned) if viewpoint.pinned is not None else None
    areas = _areas(size, look.metrics, _needs_room(frame.lead.focus), title, len(frame.tracks))
    panels: list[Panel] = []
    over: list[Primitive] = []
    for track, part in zip(frame.tracks, _split(areas.maps, len(frame.tracks)), strict=True):
        made, grids = _track_panels(track, part, look)
        marks = _marks(track, grids, relation, pinned, look)
        panels += _with_links(made, [p for p in marks if isinstance(p, Link)], part)
        over += [p for p in marks if not isinstance(p, Link)]
    shown = _shown_focus(frame.lead, relation, pinned)
    sums = _sums(frame.lead, shown, areas.sums, look)
    panels.append(Panel("sum", areas.sums, "Arithmetic", sums))
    over += _loupe(frame.lead, shown, panels, sums, look)
    text = words.relation_words(relation) if relation else words.caption(timeline.lesson, frame.lead.step, frame.lead.focus)
    panels.append(Panel("words", areas.caption, "Caption", _texts(timeline, frame.lead, text, areas, look, title)))
    spoken = f"{words.section_title(timeline.lesson, frame.step)}, step {index + 1} of {timeline.count}. {text}"
    return Scene(size, theme.background, tuple(panels), tuple(over), text, spoken)


def _with_links(panels: list[Panel], lines: list[Link], area: Box) -> list[Panel]:
    """The panels with the lines from windows to cells over the maps and under the kernels."""
    kernels = [p for p in panels if p.key.endswith(".weight")]
    maps = [p for p in panels if p not in kernels]
    return [*maps, Panel("links", area, "Links", tuple(lines)), *kernels]


def _areas(size: tuple[float, float], m: Metrics, tall_sums: bool, title: bool, tracks: int) -> Areas:
    """Divide the height: title, maps with their titles and legends, arithmetic, caption."""
    width, height = size
    inner = width - 2 * m.margin
    top = m.margin
    head = round(m.large * 1.4) if title else 0.0
    caption = round(m.body * 1.7)
    gap = round(m.small * 1.2)
    bottom = height - m.margin * 0.6 - caption
    sums = round((height if tracks == 1 else height / 1.4) * (0.30 if tall_sums else 0.22))
    maps_top = top + head + (gap if title else 0)
    maps_bottom = bottom - sums - 2 * gap
    return Areas(
        Box(m.margin, top, inner, head),
        Box(m.margin, maps_top, inner, max(maps_bottom - maps_top, 40.0)),
        Box(m.margin, maps_bottom + gap, inner, sums),
        Box(m.margin, bottom, inner, caption),
    )


def _needs_room(focus: Focus) -> bool:
    return focus.terms.layout[1] > 4


def _split(area: Box, tracks: int) -> tuple[Box, ...]:
    """One row for each track."""
    h = area.h / tracks
    return tuple(Box(area.x, area.y + n * h, area.w, h) for n in range(tracks))


def _track_panels(track: TrackFrame, area: Box, look: _Look) -> tuple[list[Panel], dict[tuple[str, int], Grid]]:
    """The panels of one track, and their grids by what they show."""
    m = look.metrics
    layers = look.lesson.tracks[track.track].layers
    head, foot = round(m.body * 1.3 + m.small * 1.9), round(m.small * 2.2)
    row = Box(area.x, area.y + head, area.w, max(area.h - head - foot, 24.0))
    items = tuple(_item(t, track, layers, look) for t in track.tensors)
    places = place_row(items, row, Spacing(round(m.body * 1.9), max(4.0, round(m.small * 0.6)), round(m.large * 1.8)))
    # Short rows stand in the middle of their part, so that empty room is shared above and below.
    used = max(p.box.h for p in places)
    shift = round(max(0.0, row.h - used) / 2)
    panels, grids = [], {}
    legends: set[int] = set()
    for tensor, place in zip(track.tensors, places, strict=True):
        moved = _moved(place, shift)
        panel = _panel(tensor, track, moved, head, legends, look, layers)
        panels.append(panel)
        grids.update({(g.ref[0], g.ref[1]): g for g in panel.primitives if isinstance(g, Grid)})
    return panels, grids


def _moved(place: Place, dy: float) -> Place:
    def lower(box: Box) -> Box:
        return Box(box.x, box.y + dy, box.w, box.h)

    return Place(place.key, lower(place.box), place.cell, tuple(lower(t) for t in place.tiles))


def _item(tensor: Tensor, track: TrackFrame, layers: tuple[LayerSpec, ...], look: _Look) -> Item:
    """How much room a tensor wants."""
    m = look.metrics
    rows, columns = tensor.padded.shape[-2:]
    if tensor.kind == "weight":
        name = words.kernel_title(tensor, 0)[0]
        return Item(tensor.name, tensor.shape[1], rows, columns, least=_wide(name, m.body), kernel=True)
    busy = tensor.name in (track.focus.source, track.focus.target)
    name = words.map_title(tensor, layers)
    return Item(tensor.name, tensor.shape[0], rows, columns, 1.0 if busy else IDLE_WEIGHT, _wide(name, m.body))


def _wide(text: str, size: float) -> float:
    """About how wide a bold text is."""
    return len(text) * size * 0.58


def _panel(
    tensor: Tensor, track: TrackFrame, place: Place, head: float, legends: set[int], look: _Look, layers: tuple[LayerSpec, ...]
) -> Panel:
    m, theme = look.metrics, look.theme
    span = _span(tensor, track, look)
    if tensor.kind == "weight":
        kernel = _kernel_shown(tensor, track)
        planes = range(kernel * tensor.shape[1], (kernel + 1) * tensor.shape[1])
        name, detail = words.kernel_title(tensor, kernel)
        if _wide(detail, m.small) > place.box.w + m.body * 1.5:
            detail = detail.split(",")[0]
        color = theme.weight
        camera = Camera()
    else:
        planes = range(tensor.shape[0])
        name, detail = words.map_title(tensor, layers), words.size_words(tensor)
        color = theme.input if tensor.kind == "input" else theme.text
        camera = look.viewpoint.camera
    if "cell" in look.viewpoint.hidden and tensor.name == track.focus.target:
        tensor = _without_cell(tensor, track)
    grids = map_grids(tensor, span, place.tiles, place.cell, camera, theme, planes, track.track)
    key = f"{track.track}/{tensor.name}"
    frame = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    parts: tuple[Primitive, ...] = (
        *titled(key, _wider(place.box, m.body * 0.8), name, detail, color, theme, m.body, head),
        *grids, *frame, *padding_rings(tensor, grids, theme),
    )  # fmt: skip
    if tensor.kind != "weight" and tensor.group not in legends:
        legends.add(tensor.group)
        bar = Box(place.tiles[0].x, place.box.bottom + round(m.small * 0.5), max(place.tiles[0].w, m.small * 5), 0)
        parts += legend(key, bar, span, tensor.kind != "input", theme, m.small * 0.86)
    return Panel(key, place.box, name, parts)


def _wider(box: Box, by: float) -> Box:
    return Box(box.x - by, box.y, box.w + 2 * by, box.h)


def _without_cell(tensor: Tensor, track: TrackFrame) -> Tensor:
    """The map without what this step writes, for an audience to work out."""
    return replace(tensor, written=min(tensor.written, track.step.first))


def _kernel_shown(weights: Tensor, track: TrackFrame) -> int:
    """The kernel that makes the map at work, else the first."""
    at_work = track.focus.layer == weights.layer
    return track.focus.cell[0] if at_work else (weights.shape[0] - 1 if track.focus.layer > weights.layer else 0)


def _span(tensor: Tensor, track: TrackFrame, look: _Look) -> tuple[float, float]:
    """The colour range of a tensor: its own, its layer's, or that of all maps."""
    mode = look.viewpoint.range_mode
    if tensor.kind != "map" or mode == "tensor":
        return tensor.span
    alike = [t.span[1] for t in track.tensors if t.kind == "map" and (mode == "network" or t.group == tensor.group)]
    return (-max(alike), max(alike))


def _marks(
    track: TrackFrame, grids: dict[tuple[str, int], Grid], relation: Relation | None, pinned: Relation | None, look: _Look
) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    marks = list(focus_marks(grids, track.focus, theme.accent, theme, stroke))
    if pinned is not None and pinned.focus is not None and pinned.ref.track == track.track:
        marks += focus_marks(grids, pinned.focus, theme.hover, theme, stroke, "pin")
    if relation is not None and relation.ref.track == track.track:
        marks += _hover_marks(grids, relation, look)
    return marks


def _hover_marks(grids: dict[tuple[str, int], Grid], relation: Relation, look: _Look) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    marks: list[Primitive] = []
    track = relation.ref.track
    if relation.focus is not None:
        marks += focus_marks(grids, relation.focus, theme.hover, theme, stroke, "hover")
    for area in (relation.feeds if relation.kind == "input" else None, relation.meets):
        if area is not None:
            marks += area_marks(grids, area, track, theme.hover, theme)
    own = grids.get((f"{track}/{relation.ref.tensor}", relation.ref.plane))
    if own is not None and relation.focus is None:
        box = Box(
            own.origin[0] + (relation.ref.column + own.ref[3]) * own.cell,
            own.origin[1] + (relation.ref.row + own.ref[2]) * own.cell,
            own.cell,
            own.cell,
        )
        marks.append(Ring("hover/own", box, theme.hover, theme.outline, stroke))
    return marks


def _shown_focus(lead: TrackFrame, relation: Relation | None, pinned: Relation | None) -> Focus:
    """Whose arithmetic is shown: the hovered cell's, the pinned one's, else the playhead's."""
    for other in (relation, pinned):
        if other is not None and other.focus is not None:
            return other.focus
    return lead.focus


def _sums(lead: TrackFrame, shown: Focus, area: Box, look: _Look) -> tuple[Primitive, ...]:
    m, step = look.metrics, lead.step
    own = shown is lead.focus
    hidden = look.viewpoint.hidden
    progress = Progress(
        step.products if own else shown.terms.products.size,
        (step.beat in (Beat.SUM, Beat.WRITE)) if own else True,
        "products" in hidden,
        "total" in hidden,
    )
    source = lead.tensor(shown.source)
    weight_span = next((t.span for t in lead.tensors if t.kind == "weight" and t.layer == shown.layer), (-1.0, 1.0))
    table = "grey" if source.kind == "input" else "signed"
    style = Style(look.theme, m.small, m.body, m.large, table, _span(source, lead, look), weight_span)
    return arithmetic(shown, progress, area, style)


def _loupe(
    lead: TrackFrame, shown: Focus, panels: list[Panel], sums: tuple[Primitive, ...], look: _Look
) -> list[Primitive]:
    """Lines from a window too small to be read to the same window in the arithmetic."""
    patches = [p for p in sums if isinstance(p, Grid) and p.key.startswith("sum/x/")]
    grids = {(g.ref[0], g.ref[1]): g for panel in panels for g in panel.primitives if isinstance(g, Grid)}
    source = grids.get((f"{shown.track}/{shown.source}", shown.window.channels[0]))
    if not patches or source is None or source.cell >= READABLE:
        return []
    color = look.theme.accent if shown is lead.focus else look.theme.hover
    window, patch = window_box(source, shown), patches[0].box
    if min(window.meets(source.box).w, window.meets(source.box).h) <= 0:
        return []
    lines = links("loupe", Box(window.y, window.x, window.h, window.w), Box(patch.y, patch.x, patch.h, patch.w),
                  Box(source.box.y, source.box.x, source.box.h, source.box.w), Box(patch.y, patch.x, patch.h, patch.w), color)  # fmt: skip
    return [type(line)(line.key, tuple((y, x) for x, y in line.points), line.stroke, line.fill, line.width, line.closed)
            for line in lines]  # fmt: skip


def _texts(
    timeline: Timeline, lead: TrackFrame, caption: str, areas: Areas, look: _Look, title: bool
) -> tuple[Primitive, ...]:
    m, theme = look.metrics, look.theme
    step = lead.step
    out: list[Primitive] = []
    if title:
        half = Box(areas.title.x, areas.title.y, areas.title.w * 0.6, areas.title.h)
        out.append(Text("title", half, (Run(look.lesson.title, theme.text, Weight.BOLD),), m.large))
        runs = (
            Run(words.section_title(look.lesson, step), theme.accent, Weight.BOLD),
            Run(f"  step {step.index + 1:,} of {timeline.count:,}", theme.muted),
        )
        rest = Box(half.right, half.y, areas.title.w - half.w, half.h)
        out.append(Text("section", rest, runs, m.body * 0.86, Align.RIGHT))
    out.append(Text("caption", areas.caption, (Run(caption, theme.text),), m.body, Align.CENTER))
    return tuple(out)

