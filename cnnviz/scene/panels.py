"""The panels of one track: its input, kernels and maps in a row, each with title, grids and legend."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.apply import needs_params
from cnnviz.engine.specs import AnyLayer
from cnnviz.scene import words
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.layout import Item, Place, Spacing, place_row
from cnnviz.scene.maps import legend, map_grids, padding_rings, titled
from cnnviz.scene.primitives import Box, Grid, Panel, Primitive, Ring
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame

SQUEEZE = 0.85
"""Rather than to set it smaller than this part of its size, a shape is told without what follows its comma."""

LEGEND = 6.2
"""The width of a legend's numbers, in sizes of small type."""


def track_panels(
    track: TrackFrame, shown: Focus, area: Box, look: Look
) -> tuple[list[Panel], dict[tuple[str, int], Grid]]:
    """The panels of one track, and their grids by what they show; the kernels are those of the focus ``shown``."""
    m = look.metrics
    layers = look.lesson.tracks[track.track].layers
    head, foot = round(m.body * 1.3 + m.small * 1.9), round(m.small * 2.2)
    row = Box(area.x, area.y + head, area.w, max(area.h - head - foot, 24.0))
    items = tuple(_item(t, layers, look) for t in track.tensors)
    places = place_row(
        items, row, Spacing(round(m.body * 1.9), max(4.0, round(m.small * 0.6)), round(m.large * 1.8))
    )
    # Short rows stand in the middle of their part, so that empty room is shared above and below.
    used = max(p.box.h for p in places)
    shift = round(max(0.0, row.h - used) / 2)
    panels, grids = [], {}
    legends: set[int] = set()
    for tensor, place in zip(track.tensors, places, strict=True):
        moved = _moved(place, shift)
        panel = _panel(tensor, track, moved, row, head, legends, look, shown)
        panels.append(panel)
        grids.update({(g.ref[0], g.ref[1]): g for g in panel.primitives if isinstance(g, Grid)})
    return panels, grids


def _moved(place: Place, dy: float) -> Place:
    def lower(box: Box) -> Box:
        return Box(box.x, box.y + dy, box.w, box.h)

    return Place(place.key, lower(place.box), place.cell, tuple(lower(t) for t in place.tiles))


def _item(tensor: Tensor, layers: tuple[AnyLayer, ...], look: Look) -> Item:
    """How much room a tensor wants."""
    m = look.metrics
    rows, columns = tensor.padded.shape[-2:]
    if tensor.kind == "weight":
        least = _heading_width(*words.kernel_title(tensor, 0), m)
        return Item(tensor.name, tensor.shape[1], rows, columns, least=least, kernel=True)
    least = max(
        _heading_width(words.map_title(tensor, layers), words.size_words(tensor), m), m.small * LEGEND
    )
    return Item(tensor.name, tensor.shape[0], rows, columns, least)


def _heading_width(name: str, detail: str, m: Metrics) -> float:
    """About how wide a title and the first part of the shape under it are."""
    return max(_wide(name, m.body), _wide(detail.split(",")[0], m.body * 0.75))


def _wide(text: str, size: float) -> float:
    """About how wide a bold text is."""
    return len(text) * size * 0.58


def _panel(
    tensor: Tensor,
    track: TrackFrame,
    place: Place,
    row: Box,
    head: float,
    legends: set[int],
    look: Look,
    shown: Focus,
) -> Panel:
    m, theme = look.metrics, look.theme
    layers = look.lesson.tracks[track.track].layers
    span = span_of(tensor, track, look)
    if tensor.kind == "weight":
        kernel = _kernel_shown(tensor, shown, layers)
        planes = range(kernel * tensor.shape[1], (kernel + 1) * tensor.shape[1])
        name, detail = words.kernel_title(tensor, kernel)
        color = theme.weight
        camera = Camera()
    else:
        planes = range(tensor.shape[0])
        name, detail = words.map_title(tensor, layers), words.size_words(tensor)
        color = theme.input if tensor.kind == "input" else theme.text
        camera = look.viewpoint.camera
    heading = _wider(place.box, m.body * 0.8, row)
    if _wide(detail, m.small) * SQUEEZE > heading.w:
        detail = detail.split(",")[0]
    if look.viewpoint.hidden & {"cell", "total"} and tensor.name == track.focus.target:
        tensor = _without_cell(tensor, track)
    grids = map_grids(tensor, span, place.tiles, place.cell, camera, theme, planes, track.track)
    key = f"{track.track}/{tensor.name}"
    frame = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    parts: tuple[Primitive, ...] = (
        *titled(key, heading, name, detail, color, theme, m.body, head),
        *grids, *frame, *padding_rings(tensor, grids, theme),
    )  # fmt: skip
    if tensor.kind != "weight" and tensor.group not in legends:
        legends.add(tensor.group)
        bar = Box(
            place.tiles[0].x, place.box.bottom + round(m.small * 0.5), max(place.tiles[0].w, m.small * 5), 0
        )
        parts += legend(key, bar, span, tensor.signed, theme, m.small * 0.86, row)
    return Panel(key, place.box, name, parts)


def _wider(box: Box, by: float, row: Box) -> Box:
    """The box grown at both sides, as far as that stays inside the row."""
    by = max(0.0, min(by, box.x - row.x, row.right - box.right))
    return Box(box.x - by, box.y, box.w + 2 * by, box.h)


def _without_cell(tensor: Tensor, track: TrackFrame) -> Tensor:
    """The map without what this step writes, for an audience to work out."""
    return replace(tensor, written=min(tensor.written, track.step.first))


def _kernel_shown(weights: Tensor, shown: Focus, layers: tuple[AnyLayer, ...]) -> int:
    """The kernel behind the map at work, as far as maps keep their number; before its turn the first, else the last."""
    if shown.layer < weights.layer:
        return 0
    mixed = any(needs_params(layer) for layer in layers[weights.layer + 1 : shown.layer + 1])
    return weights.shape[0] - 1 if mixed else shown.cell[0]


def span_of(tensor: Tensor, track: TrackFrame, look: Look) -> tuple[float, float]:
    """The colour range of a tensor: its own, its layer's, or that of all maps."""
    mode = look.viewpoint.range_mode
    if tensor.kind != "map" or mode == "tensor":
        return tensor.span
    alike = [
        t.span[1] for t in track.tensors if t.kind == "map" and (mode == "network" or t.group == tensor.group)
    ]
    return (-max(alike), max(alike))
