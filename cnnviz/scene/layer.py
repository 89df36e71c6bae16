"""One layer alone, large: its inputs, its kernel, what each channel gives, the map at work, and all its maps small."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.specs import Softmax
from cnnviz.lesson.lesson import Track
from cnnviz.scene.apart import LEAST, NAME, TITLE, below_name, fitted, parts_apart
from cnnviz.scene.areas import Look
from cnnviz.scene.block_formula import equation
from cnnviz.scene.block_sums import OF_BLOCK
from cnnviz.scene.layer_backward import back_of, gradient_runs
from cnnviz.scene.layer_blocks import Block, bare, blocks_of
from cnnviz.scene.layer_excite import exciting_panel
from cnnviz.scene.layer_learning import change_of, under_kernel
from cnnviz.scene.layer_places import Spot, place_blocks
from cnnviz.scene.layer_softmax import softmax_table
from cnnviz.scene.layout import Item, Spacing, place_row
from cnnviz.scene.learning import in_one
from cnnviz.scene.learning_marks import all_marks
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import map_grids, padding_rings
from cnnviz.scene.marks import cell_box, find, focus_marks, now
from cnnviz.scene.numbers import small
from cnnviz.scene.panels import Grids, range_of, span_of
from cnnviz.scene.primitives import Align, Box, Grid, Panel, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.viewpoint import Camera
from cnnviz.timeline.answers import answer_of
from cnnviz.timeline.frame import Focus, Frame, Tensor, TrackFrame
from cnnviz.timeline.relations import Relation
from cnnviz.timeline.timeline import Timeline

THUMBS = 0.24
"""So much of the width all maps of the layer have."""

MOST_THUMBS = 144

WAYS_BACK = ("weight", "bias", "input")
"""The gradients that are told of a whole layer; loss and update are told cell by cell."""

ABREAST = 3.4
"""About so many blocks stand side by side: what goes in, the kernel, what each channel gives, what comes out."""

MAPS = 1.2
"""So many more where all maps of the layer stand beside them."""

SHORT = {"Feature map": "Map", "Each channel": "Channels"}
"""What is said where there is no room for the whole title."""

HEAD = 2.6
"""Height above the blocks, in sizes of body type."""

FOOT = 1.7
"""Height below the blocks for the numbers of the cell at work."""


def layer_panels(
    timeline: Timeline, frame: Frame, spots: tuple[Relation | None, ...], area: Box, look: Look
) -> tuple[list[Panel], list[Primitive]]:
    """The layer at work, or that of the cell that is pointed at or chosen; tracks one under another."""
    m = look.metrics
    around = m.body * (HEAD + FOOT + NAME)
    counts = tuple(ABREAST + (MAPS if _has_thumbs(look.lesson.tracks[t.track]) else 0) for t in frame.tracks)
    parts = parts_apart(area, counts, around, m.body, m.body * TITLE)
    panels: list[Panel] = []
    over: list[Primitive] = []
    for track, part in zip(frame.tracks, parts, strict=True):
        row, name = below_name(part, track.track, look)
        panels += name
        back = track.step.section.kind in WAYS_BACK and not in_one(timeline, track)
        if back and not _elsewhere(track, spots):
            made, marks = _back(timeline, track, row, look)
        else:
            focus, pointed = _focus(timeline, track, spots)
            made, marks = _track(timeline, track, focus, pointed, row, look)
        panels += made
        over += marks
    return panels, over


def _elsewhere(track: TrackFrame, spots: tuple[Relation | None, ...]) -> bool:
    """Whether another layer than that of the step is chosen."""
    chosen = spots[-1].focus if spots and spots[-1] is not None else None
    if chosen is None or chosen.track != track.track:
        return False
    return chosen.kind == "forward" and chosen.layer != track.focus.layer


def _has_thumbs(track: Track) -> bool:
    """Whether some layer of a track makes several maps, which stand beside it."""
    return any(channels > 1 and rows * columns > 1 for channels, rows, columns in track.shapes()[1:])


def _focus(timeline: Timeline, track: TrackFrame, spots: tuple[Relation | None, ...]) -> tuple[Focus, bool]:
    """Whose layer is shown, and whether it is not the playhead's."""
    names = timeline.tensor_names(track.track)
    own = track.focus
    if own.kind != "forward" or own.target not in names:
        layer = next(
            (n for n, p in enumerate(timeline.lesson.tracks[track.track].params) if p is not None), 0
        )
        _, rows, columns = track.tensor(names[layer + 1]).shape
        own = timeline.focus(track.track, layer, (0, rows // 2, columns // 2))
    for spot in spots:
        at = spot.focus if spot is not None else None
        # What is pointed at changes the map of this layer; another layer is only shown when it is chosen.
        if (
            at is not None
            and at.track == track.track
            and at.kind == "forward"
            and (at.layer == own.layer or spot is spots[-1])
        ):
            return at, True
    return own, False


def _track(
    timeline: Timeline, frame: TrackFrame, focus: Focus, pointed: bool, area: Box, look: Look
) -> tuple[list[Panel], list[Primitive]]:
    m, theme = look.metrics, look.theme
    if isinstance(focus.spec, Softmax):
        answer = answer_of(timeline, frame)
        return [
            Panel(f"{frame.track}/softmax", area, "Softmax", softmax_table(frame, focus, answer, area, look))
        ], []
    target = frame.tensor(focus.target)
    many = target.shape[0] > 1 and target.shape[1] * target.shape[2] > 1
    head, foot = m.body * HEAD, m.body * FOOT
    main = Box(area.x, area.y + head, area.w * (1 - THUMBS if many else 1), area.h - head - foot)
    blocks = blocks_of(timeline, frame, focus)
    change = change_of(timeline, frame, focus, blocks)
    if change is not None and blocks[change[0]].tied:  # no room under kernels of several channels
        blocks = (*blocks[: change[0] + 1], change[1], *blocks[change[0] + 1 :])
    spots = place_blocks(blocks, main, m.body * 2.2, max(4.0, m.small * 0.5), round(m.large * 1.8))
    panels: list[Panel] = []
    if change is not None and not blocks[change[0]].tied:
        under = under_kernel(spots[change[0]], main, m, head)
        panels += [_block(frame, change[1], *under, look)] if under is not None else []
    grids: Grids = {}
    for block, spot in zip(blocks, spots, strict=True):
        panel = _block(frame, block, spot, main, look)
        panels.append(panel)
        grids |= {
            (g.ref[0], -1 if g.across else g.ref[1]): g for g in panel.primitives if isinstance(g, Grid)
        }
    color = theme.hover if pointed else theme.accent
    over = list(focus_marks(grids, focus, color, theme, m.stroke, f"{frame.track}/now"))
    if many:
        room = Box(main.right + m.body * 1.5, main.y, area.right - main.right - m.body * 1.5, main.h)
        chain = timeline.lesson.tracks[frame.track]
        below = exciting_panel(chain, frame.track, focus, room, look, timeline.patient)
        if below is not None:
            panels.append(below)
            room = Box(room.x, room.y, room.w, below.box.y - room.y - m.small)
        panels.append(_thumbs(frame, bare(target), focus.cell[0], "maps", room, head, look))
    panels.append(_numbers(frame, focus, Box(area.x, area.bottom - foot, area.w, foot), look))
    return panels, over


def _back(
    timeline: Timeline, frame: TrackFrame, area: Box, look: Look
) -> tuple[list[Panel], list[Primitive]]:
    """A layer while its gradients are written."""
    m, focus = look.metrics, frame.focus
    told = back_of(timeline, frame)
    many = told.whole.shape[0] > 1 and told.whole.shape[1] * told.whole.shape[2] > 1
    head, foot = m.body * HEAD, m.body * FOOT
    main = Box(area.x, area.y + head, area.w * (1 - THUMBS if many else 1), area.h - head - foot)
    spots = place_blocks(told.blocks, main, m.body * 2.2, max(4.0, m.small * 0.5), round(m.large * 1.8))
    panels = [_block(frame, block, spot, main, look) for block, spot in zip(told.blocks, spots, strict=True)]
    grids = {
        (g.ref[0], -1 if g.across else g.ref[1]): g
        for panel in panels
        for g in panel.primitives
        if isinstance(g, Grid)
    }
    over = list(all_marks(grids, told.focus, look.theme.accent, look.theme, m.stroke, f"{frame.track}/now"))
    for ref in told.cells:
        if (grid := find(grids, *ref[:3])) is not None:
            box = cell_box(grid, ref.row, ref.column, ref.plane)
            over.append(
                now(f"{frame.track}/now/{ref.tensor}", box, look.theme.accent, look.theme, m.stroke, grid.box)
            )
    if many:
        room = Box(main.right + m.body * 1.5, main.y, area.right - main.right - m.body * 1.5, main.h)
        panels.append(_thumbs(frame, told.whole, told.chosen, told.title, room, head, look))
    panels.append(_numbers(frame, focus, Box(area.x, area.bottom - foot, area.w, foot), look))
    return panels, over


def _block(frame: TrackFrame, block: Block, spot: Spot, main: Box, look: Look) -> Panel:
    """A block with its title, and the sign between it and the one before."""
    m, theme, tensor = look.metrics, look.theme, block.tensor
    key = f"{frame.track}/{tensor.name}"
    apart = tensor.signed and tensor.kind == "map" and len(block.planes) > 1 and range_of(look) == "map"
    camera = (
        look.viewpoint.camera if tensor.kind in ("map", "input", "partial") and not block.across else Camera()
    )
    grids = map_grids(
        tensor, span_of(tensor, frame, look), spot.tiles, spot.cell, camera, theme, block.planes,
        frame.track, block.across, apart,
    )  # fmt: skip
    rings = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in grids)
    color = {"weight": theme.weight, "input": theme.input}.get(tensor.kind, theme.text)
    if tensor.name.endswith(".row"):
        color = theme.weight
    beside = max(0.0, min(m.body * 0.8, spot.room.x - main.x, main.right - spot.room.right))
    room = Box(spot.room.x, main.y - m.body * HEAD, spot.room.w, m.body * 1.25).inset(-beside, 0)
    texts = [
        *_named(f"{key}/title", block.title, SHORT, room, Run("", color, Weight.BOLD), m.body * 0.92),
        *_named(f"{key}/shape", block.detail, {",": ""}, Box(room.x, room.bottom, room.w, m.small * 1.15),
                Run("", theme.muted), m.small),
    ]  # fmt: skip
    if block.sign:
        at = Box(
            spot.room.x - m.body * 2.2,
            main.y + min(main.h, spot.box.h) / 2 - m.body,
            m.body * 2.2,
            m.body * 2,
        )
        at = Box(min(at.x, spot.box.x - at.w), at.y, at.w, at.h).inset(m.body * 0.2, 0)
        texts.append(Text(f"{key}/sign", at, (Run(block.sign, theme.muted),), m.body * 0.9, Align.CENTER))
    return Panel(key, spot.room, block.title, (*texts, *grids, *rings, *padding_rings(tensor, grids, theme)))


def _named(
    key: str, whole: str, shorter: dict[str, str], room: Box, like: Run, size: float
) -> tuple[Text, ...]:
    """A line above a block: in whole, or shorter where it would be cut, then as small as it must be."""
    runs = (replace(like, text=whole),)
    if width_of(runs, size) * LEAST > room.w:
        for long, short in shorter.items():
            whole = whole.replace(long, short) if short else whole.partition(long)[0]
        runs = (replace(like, text=whole),)
    return (Text(key, room, runs, fitted(runs, size, room.w), Align.CENTER),)


def _thumbs(
    frame: TrackFrame, target: Tensor, at_work: int, what: str, room: Box, head: float, look: Look
) -> Panel:
    """All maps of the layer, or their gradients, small, to choose from; the one at work has a ring."""
    m, theme = look.metrics, look.theme
    channels, rows, columns = target.shape
    count = min(channels, MOST_THUMBS)
    first = min(at_work - at_work % count, channels - count)  # by pages, of which the last may overlap
    planes = range(first, first + count)
    gap = max(2.0, m.small * 0.3)
    spacing = Spacing(gap, gap, round(m.large))
    (place,) = place_row((Item("thumbs", len(planes), rows, columns),), room, spacing)
    grids = map_grids(
        target, span_of(target, frame, look), place.tiles, place.cell, Camera(), theme, planes, frame.track,
        0, target.signed and range_of(look) == "map",
    )  # fmt: skip
    thumbs = tuple(replace(g, key=f"{g.key}/thumb", text_size=0.0) for g in grids)
    title = f"All {channels} {what}" if channels == len(planes) else f"{len(planes)} of {channels} {what}"
    at = Box(room.x, room.y - head, room.w, m.body * 1.25)
    text = Text(
        f"{frame.track}/thumbs/title", at, (Run(title, theme.text, Weight.BOLD),), m.body * 0.92, Align.CENTER
    )
    rings = tuple(Ring(f"{g.key}/frame", g.box, theme.line, width=1.0) for g in thumbs)
    chosen = [g.box for g, n in zip(thumbs, planes, strict=True) if n == at_work]
    marks = tuple(Ring(f"{frame.track}/thumbs/now", b, theme.accent, theme.outline, m.stroke) for b in chosen)
    return Panel(f"{frame.track}/thumbs", room, title, (text, *thumbs, *rings, *marks))


def _numbers(frame: TrackFrame, focus: Focus, box: Box, look: Look) -> Panel:
    """The sum and the bias of the cell at work, in one line."""
    terms, theme = focus.terms, look.theme
    runs: list[Run] = []
    hidden = "total" in look.viewpoint.hidden
    if isinstance(focus.spec, OF_BLOCK) and focus.kind == "forward":
        told, _, total = equation(focus).rpartition(" ")
        runs.append(Run(f"{told} ", theme.text))
        runs.append(Run("?" if hidden else total, theme.accent, Weight.BOLD))
    elif terms.w.size and focus.kind != "forward":
        runs += gradient_runs(focus, hidden, theme)
    elif terms.w.size:
        many = f"{terms.products.size} product" + ("s" if terms.products.size > 1 else "")
        told, added = ("?" if hidden else small(v) for v in (terms.total, float(terms.products.sum())))
        runs.append(Run(f"{many}: Σ = {added}", theme.text))
        if terms.bias is not None:
            runs.append(Run(f"   b = {small(terms.bias)}", theme.weight))
        runs.append(Run(f"   Σ + b = {told}" if terms.bias is not None else "", theme.accent, Weight.BOLD))
    text = Text(f"{frame.track}/numbers", box, tuple(runs), look.metrics.body, Align.CENTER)
    return Panel(f"{frame.track}/numbers", box, "Numbers", (text,) if runs else ())
