"""The panels of one track: its input, kernels, maps and curves, each with title, grids and legend."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.branches import arrays_read, joints
from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.kernels import name_of
from cnnviz.lesson.lesson import Range
from cnnviz.scene import words
from cnnviz.scene.apart import name_size
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.arrange import Heads, TrackPlaces
from cnnviz.scene.colors import ColorKind
from cnnviz.scene.curves import curve_panel
from cnnviz.scene.layout import Item, Place, Spacing
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import legend, map_grids, padding_rings, power_of, titled
from cnnviz.scene.powers import power_text
from cnnviz.scene.primitives import Align, Box, Color, Grid, Panel, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.shown import ONE, Shown
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame

SQUEEZE = 0.85
"""Rather than to set it smaller than this part of its size, a shape is told without what follows its comma."""

LEGEND = 6.2
"""The width of a legend's numbers, in sizes of small type."""

MOST_LABELS = 64
"""Maps of more kernels stand without the kernels' names."""

Grids = dict[tuple[str, int], Grid]


def spacing_of(m: Metrics) -> Spacing:
    """The gaps of the stage, from its type."""
    return Spacing(round(m.body * 1.9), max(4.0, round(m.small * 0.6)), round(m.large * 1.8))


def heads_of(m: Metrics, labels: bool, names: tuple[str, ...]) -> Heads:
    """Room above a line of panels for titles, below it for legends, and for the tracks' names."""
    lift = round(m.small * 1.2) if labels else 0
    size = title_size(m, len(names))
    beside = max((_wide(name, m.body) for name in names), default=0.0) + m.body * 0.8 if any(names) else 0.0
    return Heads(
        round(size * 1.3 + m.small * 1.9) + lift,
        round(size * 1.45) + lift,
        round(m.small * (2.2 if len(names) == 1 else 0.5)),
        round(m.body * 1.5) if any(names) else 0.0,
        beside,
    )


def title_size(m: Metrics, tracks: int) -> float:
    """The type of panel titles; smaller where several tracks stand side by side."""
    return m.body if tracks == 1 else max(m.small, m.body * 0.84)


def items_of(
    shown: tuple[Shown, ...], layers: tuple[AnyLayer, ...], look: Look, compact: bool, at_work: int
) -> tuple[Item, ...]:
    """How much room each panel of a track wants; those that are not part of the layer at work may wait."""
    return tuple(_item(one, layers, look, compact, at_work) for one in shown)


def labels_of(one: Shown, look: Look, track: int) -> tuple[str, ...]:
    """What stands above each plane: the name of the kernel that made the map, else its number; nothing for one."""
    lesson = look.lesson
    tensor, base = one.tensor, lesson.conventions.base
    if one.across or one.kind == "curve" or not 1 < len(one.planes) <= MOST_LABELS:
        return ()
    if tensor.kind == "input":
        return ("red", "green", "blue") if tensor.picture and tensor.shape[0] == 3 else ()
    if tensor.kind != "map":
        return ()
    chain = lesson.tracks[track]
    spec, params = chain.layers[tensor.layer], chain.params[tensor.layer]
    if not isinstance(spec, Conv) or params is None:
        return ()
    names = [name_of(params.weight[n, 0]) if params.weight.shape[1] == 1 else "" for n in one.planes]
    if not any(names):
        return ()
    return tuple(name or str(n + base) for n, name in zip(one.planes, names, strict=True))


def track_panels(
    track: TrackFrame, shown: tuple[Shown, ...], focus: Focus, placed: TrackPlaces, heads: Heads, look: Look
) -> tuple[list[Panel], Grids]:
    """The panels of one track, and their grids by what they show: the plane, or −1 for numbers in a line."""
    panels, grids = [], {}
    legends: set[tuple[int, str]] = set()
    rows = [line.row for line in placed.lines for _ in line.places]
    name = look.lesson.tracks[track.track].name
    if name and len(look.lesson.tracks) > 1:
        panels.append(_name_panel(track, placed, name, look))
    for one, place, row, thumb in zip(shown, placed.places, rows, placed.thumbs, strict=True):
        head = placed.compact, heads.compact if placed.compact else heads.above
        panel = (
            _thumb(one, track, place, row, look)
            if thumb
            else _panel(one, track, place, row, head, legends, look, focus)
        )
        panels.append(panel)
        for g in panel.primitives:
            if isinstance(g, Grid):
                grids[(g.ref[0], -1 if g.across else g.ref[1])] = g
    return panels, grids


def _name_panel(track: TrackFrame, placed: TrackPlaces, name: str, look: Look) -> Panel:
    """A track's own name above the middle of its panels, or at their left."""
    runs = (Run(name, look.theme.text, Weight.BOLD),)
    align = Align.LEFT if placed.compact else Align.CENTER
    size = name_size(look, placed.name.w)
    text = Text(f"{track.track}/name", placed.name, runs, size, align)
    return Panel(f"{track.track}/name", placed.name, name, (text,))


def _thumb(one: Shown, track: TrackFrame, place: Place, row: Box, look: Look) -> Panel:
    """A panel that waits for its turn: a short title and its colours."""
    m, theme = look.metrics, look.theme
    key = f"{track.track}/{one.key}"
    name = one.title or words.short_title(one.tensor, one.kind, look.lesson.tracks[track.track].layers)
    wide = _wider(place.box, m.small * 0.3, row)
    box = Box(wide.x, wide.y - m.small * 1.7, wide.w, m.small * 1.4)
    title = Text(f"{key}/title", box, (Run(name, theme.muted, Weight.MEDIUM),), m.small, Align.CENTER)
    if one.kind == "curve":
        return Panel(key, place.box, name, (title,))
    span = span_of(one.tensor, track, look)
    grids = map_grids(
        one.tensor, span, place.tiles, place.cell, Camera(), theme, one.planes, track.track, one.across
    )
    frame = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    return Panel(key, place.box, name, (title, *grids, *frame))


def _item(one: Shown, layers: tuple[AnyLayer, ...], look: Look, compact: bool, at_work: int) -> Item:
    """How much room a panel wants."""
    m = look.metrics
    tracks = len(look.lesson.tracks)
    size = title_size(m, tracks)
    name, detail = heading(one, layers, look)
    least = _heading_width(name, detail, size)
    if compact:
        least = _wide(name, size) + _wide(" " + detail.split(",")[0], m.small)
    if one.kind == "map" and tracks == 1:
        least = max(least, m.small * LEGEND)
    labelled = one.kind == "map" and 1 < len(one.planes) <= MOST_LABELS
    gap = round(m.small * 1.35) if labelled else 0.0
    layer = one.tensor.layer
    waits = layer != at_work and not (one.kind == "map" and layer + 1 in arrays_read(layers, at_work))
    waits = waits and not (layer < 0 and look.lesson.view.heat != "none")
    short = _wide(one.title or words.short_title(one.tensor, one.kind, layers), m.small) * 1.25
    kernel = one.kind == "kernel" and not _is_matrix(one)
    return Item(one.key, len(one.planes), one.rows, one.columns, least, kernel, gap, waits, short, one.grows)


def _is_matrix(one: Shown) -> bool:
    return one.kind == "kernel" and one.columns > 16


def heading(one: Shown, layers: tuple[AnyLayer, ...], look: Look) -> tuple[str, str]:
    """Title and shape of a panel."""
    base, tensor = look.lesson.conventions.base, one.tensor
    crowd = len(look.lesson.tracks) > 1
    if one.title:
        return one.title, one.detail
    if one.kind == "curve":
        return "Curve" if crowd else words.curve_title(layers[tensor.layer]), ""
    if one.kind == "kernel":
        return words.kernel_title(tensor, one.kernel, layers[tensor.layer], base)
    if tensor.kind == "partial":
        return "Each channel", f"of kernel {one.kernel + base}"
    name = words.map_title(tensor, layers)
    if crowd and tensor.layer >= 0:
        # Beside others there is little room.
        short = words.short_title(tensor, one.kind, layers)
        name = f"{short}s" if short == "Map" and len(one.planes) > 1 else short
    if one.across:
        return name, f"{tensor_count(tensor, layers, look)} values"
    if len(one.planes) < tensor.shape[0]:
        _, rows, columns = tensor.shape
        return (
            f"{name.removesuffix('s')} {one.planes.start + base}",
            f"{rows}×{columns}, 1 of {tensor.shape[0]}",
        )
    return name, words.size_words(tensor)


def tensor_count(tensor: Tensor, layers: tuple[AnyLayer, ...], look: Look) -> int:
    """How many numbers stand in a line."""
    for track in look.lesson.tracks:
        if track.layers == layers:
            return track.shapes()[tensor.layer + 1][0]
    return int(tensor.values.size)


def _heading_width(name: str, detail: str, size: float) -> float:
    """About how wide a title and the first part of the shape under it are."""
    return max(_wide(name, size), _wide(detail.split(",")[0], size * 0.75))


def _wide(text: str, size: float) -> float:
    """About how wide a bold text is."""
    return len(text) * size * 0.58


def _panel(
    one: Shown,
    track: TrackFrame,
    place: Place,
    row: Box,
    head: tuple[bool, float],
    legends: set[tuple[int, str]],
    look: Look,
    focus: Focus,
) -> Panel:
    m, theme, tensor = look.metrics, look.theme, one.tensor
    layers = look.lesson.tracks[track.track].layers
    key = f"{track.track}/{one.key}"
    labels = labels_of(one, look, track.track)
    # Lines of shortcuts stand in the gaps.
    title_box = _wider(place.box, m.body * (0.2 if joints(layers) else 0.8), row)
    if one.kind == "curve":
        name, titles = _titles(one, key, layers, title_box, head, look, 0)
        reach = max(abs(v) for v in _span_before(track, tensor))
        point = focus if focus.layer == tensor.layer and focus.track == track.track else None
        drawn = curve_panel(key, place.tiles[0], layers[tensor.layer], reach, point, theme, m.small, m.stroke)
        return Panel(key, place.box, name, (*titles, *drawn))
    span = kernel_span(one, look) if one.kind == "kernel" else span_of(tensor, track, look)
    if look.viewpoint.hidden & {"cell", "total"} and tensor.name == track.focus.target:
        tensor = _without_cell(tensor, track)
    camera = look.viewpoint.camera if one.kind == "map" and not one.across else Camera()
    apart = one.kind == "map" and tensor.signed and len(one.planes) > 1 and range_of(look) == "map"
    grids = map_grids(
        tensor, span, place.tiles, place.cell, camera, theme, one.planes, track.track, one.across, apart
    )
    frame = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    # Without numbers in the cells nothing stands in a unit.
    power = power_of(one.tensor, one.planes) if any(g.text_size > 0 for g in grids) else 0
    name, titles = _titles(one, key, layers, title_box, head, look, power)
    parts: tuple[Primitive, ...] = (
        *titles, *_label_texts(key, labels, place, look), *grids, *frame, *padding_rings(tensor, grids, theme),
    )  # fmt: skip
    alone = len(look.lesson.tracks) == 1
    if alone and not apart and one.kind == "map" and (tensor.group, tensor.colors) not in legends:
        legends.add((tensor.group, tensor.colors))
        bar = Box(
            place.tiles[0].x, place.box.bottom + round(m.small * 0.5), max(place.tiles[0].w, m.small * 5), 0
        )
        parts += legend(key, bar, span, tensor.colors, theme, m.small * 0.86, row, power)
    elif alone and tensor.kind == "target":
        parts += _told(f"{key}/legend/same", _below(place, m), ("in the same range", "same range"), look)
    if apart and alone:
        parts += _own_ranges(f"{key}/legend/own", _below(place, m), look)
    return Panel(key, place.box, name, parts)


def _titles(
    one: Shown,
    key: str,
    layers: tuple[AnyLayer, ...],
    box: Box,
    head: tuple[bool, float],
    look: Look,
    power: int,
) -> tuple[str, tuple[Primitive, ...]]:
    """A panel's name, and its texts: the shape is cut, then left out, where there is no room beside its unit."""
    m, (in_a_line, above) = look.metrics, head
    name, detail = heading(one, layers, look)
    room = box.w - (_wide(name, m.body) if in_a_line else 0.0)
    unit = power_text(power)
    if _wide(f"{detail} {unit}".strip(), m.small) * SQUEEZE > room:
        detail = detail.split(",")[0]
    if unit and in_a_line and _wide(f"{detail} {unit}", m.small) * SQUEEZE > room:
        detail = ""  # in one line with the name the unit goes before the shape
    if detail == ONE and _wide(ONE, m.small) * SQUEEZE > room:
        detail = ""
    detail = f"{detail} {unit}".strip()
    size = title_size(m, len(look.lesson.tracks))
    return name, titled(key, box, name, detail, _color(one, look), look.theme, size, above, in_a_line)


def _label_texts(key: str, labels: tuple[str, ...], place: Place, look: Look) -> tuple[Text, ...]:
    """The labels of the planes, where the gaps between them have room."""
    m = look.metrics
    h, base = round(m.small * 1.3), look.lesson.conventions.base
    tops = sorted({tile.y for tile in place.tiles})
    if len(tops) > 1 and tops[1] - tops[0] - place.tiles[0].h < h * 0.85:
        return ()
    return tuple(
        Text(f"{key}/label/{n}", Box(t.x - m.small * 0.4, t.y - h, t.w + m.small * 0.8, h),
             (Run(label if _wide(label, m.small * 0.81) < t.w + m.small * 0.8 else str(n + base), look.theme.muted),),
             m.small * 0.9, Align.CENTER)
        for n, (label, t) in enumerate(zip(labels, place.tiles, strict=False))
    )  # fmt: skip


def _color(one: Shown, look: Look) -> Color:
    if one.kind == "kernel":
        return look.theme.weight
    return look.theme.input if one.tensor.kind == "input" else look.theme.text


def _span_before(track: TrackFrame, tensor: Tensor) -> tuple[float, float]:
    """The range of what goes into a layer."""
    before = [t for t in track.tensors if t.layer == tensor.layer - 1 and t.kind in ("input", "map")]
    return before[0].span


def _wider(box: Box, by: float, row: Box) -> Box:
    """The box grown at both sides, as far as that stays inside the row."""
    by = max(0.0, min(by, box.x - row.x, row.right - box.right))
    return Box(box.x - by, box.y, box.w + 2 * by, box.h)


def _without_cell(tensor: Tensor, track: TrackFrame) -> Tensor:
    """The map without what this step writes, for an audience to work out."""
    return replace(tensor, written=min(tensor.written, track.step.first))


def span_of(tensor: Tensor, track: TrackFrame, look: Look) -> tuple[float, float]:
    """The colour range of a tensor: its own, its layer's, or that of all signed maps.

    Tracks side by side share a range, so that like values have like colours.
    """
    mode = range_of(look)
    if tensor.kind == "weight" or tensor.heat or mode in ("tensor", "map"):
        return tensor.span
    alike = [
        t.span
        for other in (look.tracks or (track,))
        for t in other.tensors
        if t.kind in ("map", "input", "target")
        and t.colors == tensor.colors
        and (t.group == tensor.group or (mode == "network" and {t.kind, tensor.kind} <= {"map", "target"}))
    ] or [tensor.span]
    return (min(low for low, _ in alike), max(high for _, high in alike))


def kernel_span(one: Shown, look: Look) -> tuple[float, float]:
    """The range of a kernel's colours: that of its layer's kernels, or its own where each map has its own."""
    if range_of(look) != "map" or len(one.planes) == one.tensor.values.size:
        return one.tensor.span
    planes = one.tensor.values.reshape(-1, *one.tensor.shape[-2:])[one.planes.start : one.planes.stop]
    reach = float(abs(planes).max()) or 1.0
    return (-reach, reach)


def range_of(look: Look) -> Range:
    """Over what the colours' range is taken: as the viewer chose, else as the lesson says."""
    return look.viewpoint.range_mode or look.lesson.view.range


def shared_legend(shown: dict[int, tuple[Shown, ...]], look: Look, area: Box) -> tuple[Primitive, ...]:
    """The ranges of colours that the tracks share, beside one another under all of them."""
    m = look.metrics
    found: dict[tuple[ColorKind, tuple[float, float]], None] = {}
    for track in look.tracks:
        for one in shown[track.track]:
            if one.kind == "map":
                found[(one.tensor.colors, span_of(one.tensor, track, look))] = None
    kinds: tuple[ColorKind, ...] = ("grey", "heat", "signed")
    bars = sorted(found, key=lambda bar: kinds.index(bar[0]))
    wide, gap = m.small * 9, m.small * 4
    if len(bars) * wide + (len(bars) - 1) * gap > area.w:
        return _own_ranges("legend/own", Box(area.x, area.y, area.w, m.small * 1.3), look)
    x = area.cx - (len(bars) * wide + (len(bars) - 1) * gap) / 2
    out: list[Primitive] = []
    for n, (kind, span) in enumerate(bars):
        box = Box(x + n * (wide + gap), area.y + m.small * 0.4, wide, 0)
        out += legend(f"legend/{n}", box, span, kind, look.theme, m.small * 0.86, area)
    return tuple(out)


def _own_ranges(key: str, box: Box, look: Look) -> tuple[Primitive, ...]:
    """What stands in place of a legend where there are too many ranges for one."""
    return _told(key, box, ("each map in its own range", "own ranges"), look)


def _told(key: str, box: Box, texts: tuple[str, ...], look: Look) -> tuple[Primitive, ...]:
    """The first of the texts that there is room for; nothing where there is room for none."""
    size = look.metrics.small * 0.86
    for text in texts:
        runs = (Run(text, look.theme.muted),)
        if width_of(runs, size) <= box.w:
            return (Text(key, box, runs, size, Align.CENTER),)
    return ()


def _below(place: Place, m: Metrics) -> Box:
    """The line under a panel."""
    return Box(place.box.x, place.box.bottom + m.small * 0.4, place.box.w, m.small * 1.3)
