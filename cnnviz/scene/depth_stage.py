"""The stage of networks trained beside each other: a column for each, with bars of its layers and a curve below."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cnnviz.scene.areas import Look, Wants, areas_of
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.depth_asked import Asked, asked_of, asked_panels
from cnnviz.scene.depth_bars import Scale, bars_parts, called, counted, layer_ticks, scale_parts, scale_texts
from cnnviz.scene.depth_columns import LINE, Column, at_left, columns_of, groups_of
from cnnviz.scene.depth_curves import (
    KINDS,
    Kind,
    axis_of,
    axis_ticks,
    curve_parts,
    number_parts,
    title_parts,
    update_ticks,
)
from cnnviz.scene.depth_side import WIDE, side_panels
from cnnviz.scene.depth_words import asked_words, bar_words, runs_caption, runs_texts
from cnnviz.scene.letters import width_of
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Panel, Primitive, Rect, Ring, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.frame import CellRef, Frame
from cnnviz.timeline.recorded import RunsFrame, span_of
from cnnviz.timeline.runs_points import drawn_curves, until

GROUPS = {"norm": "With batch normalisation", "bare": "Without batch normalisation"}

TITLE = 1.3
"""What a part is called, with the room around it, in lines."""

ROOMY = 50.0
"""From this width on, in sizes of the text, there is a column beside those of the runs."""

LEAST = 1.5
"""Where bars would be lower than that, in sizes of the text, no curves stand below them."""

CURVES = 1.25
"""The height of the curves in that of a row of bars."""

TICKS = 1.2
"""The numbers under a part, with the room around them, in lines."""


class Rows(NamedTuple):
    """Where the parts of all columns stand, from top to bottom."""

    top: float
    names: float
    bars: tuple[Box, ...]
    """Of each scale the room of its bars, over all columns."""
    curves: Box | None
    numbers: float
    left: float
    """Where the first column begins."""


def runs_stage(
    frame: Frame,
    size: tuple[float, float],
    composition: Composition,
    look: Look,
    pointed: CellRef | None = None,
) -> tuple[tuple[Panel, ...], str]:
    """All panels of a step of runs, from title to caption, and the caption.

    Parameters
    ----------
    pointed : CellRef, optional
        What lies under the pointer; else what is chosen is told of.
    """
    assert frame.runs is not None
    has = composition.has
    story = any(w.caption for w in look.lesson.words) and has("caption")
    wants = Wants(has("title", "section"), "none", False, story, 1, "none", has("caption"), False,
                  composition.margin * size[1])  # fmt: skip
    areas = areas_of(size, look.metrics, wants)
    hidden = look.viewpoint.hidden
    asked = asked_of(frame.runs, look, pointed, look.viewpoint.pinned)
    pointed = pointed or look.viewpoint.pinned
    told = None if pointed is None else bar_words(frame.runs, pointed.tensor, pointed.plane, hidden)
    caption = told or (asked_words(frame.runs, asked, hidden) if asked else runs_caption(frame.runs, hidden))
    texts = runs_texts(frame, caption, areas, composition, look)
    # Neither sums nor formulas stand below: what they would have is theirs.
    foot = (areas.story if areas.story.h else areas.caption).y - look.metrics.small
    room = areas.maps._replace(h=foot - areas.maps.y)
    panels = runs_panels(frame.runs, room, look, composition, asked)
    if told is not None and pointed is not None:
        panels = tuple(_marked(panel, pointed, look) for panel in panels)
    return (*panels, Panel("words", areas.caption, "Caption", texts)), caption


def runs_panels(
    frame: RunsFrame, area: Box, look: Look, composition: Composition = WHOLE, asked: Asked | None = None
) -> tuple[Panel, ...]:
    """Everything between the title and the caption."""
    size = text_size(look)
    kind = kind_of(look, composition)
    scales = (
        Scale(
            "gradients", "norm of the gradient of each layer's weights", span_of(frame.recording, "gradients")
        ),
        Scale(
            "spreads",
            "spread (standard deviation) of each layer's response",
            span_of(frame.recording, "spreads"),
        ),
    )
    grid, side = _parted(area, size)
    rows = _rows(grid, scales, kind, frame, look)
    if rows.bars[0].h < LEAST * size and kind is not None:  # of a small picture the bars come first
        kind = None
        rows = _rows(grid, scales, kind, frame, look)
    room = rows.bars[0]
    columns = columns_of(frame, rows.left, room.right, look)
    panels = [
        _bars(name, own, rows, scales, frame, look, leads=not n)
        for n, (name, own) in enumerate(groups_of(columns).items())
    ]
    if kind is not None and rows.curves is not None:
        panels += _curves(columns, rows, kind, frame, look, asked)
    if asked is not None:
        panels = asked_panels(panels, frame, asked, look)
    return (*panels, *side_panels(side, frame.recording, look))


def _parted(area: Box, size: float) -> tuple[Box, Box]:
    """The columns of the runs, and beside them what is said of all; of a narrow picture a line below them."""
    if area.w >= ROOMY * size:
        wide = WIDE * size
        grid = Box(area.x, area.y, area.w - wide - size * 1.5, area.h)
        return grid, Box(area.right - wide, area.y, wide, area.h)
    line = size * LINE
    grid = Box(area.x, area.y, area.w, area.h - line * 1.2)
    return grid, Box(area.x, area.bottom - line, area.w, line)


def kind_of(look: Look, composition: Composition) -> Kind | None:
    """Which curves stand below the bars: those that the lesson's view asks for."""
    curves = drawn_curves(look.lesson.view.plots)
    return KINDS[curves] if curves is not None and composition.has("plot") else None


def _rows(box: Box, scales: tuple[Scale, ...], kind: Kind | None, frame: RunsFrame, look: Look) -> Rows:
    """Divide the height: heads, names, the bars of each scale, and the curves."""
    size = text_size(look)
    line = size * LINE
    parts = len(scales) + (kind is not None)
    # Heads and names; what each part is; the numbers of layers; those of updates, and two rows of numbers.
    lines = 2.1 + parts * TITLE + TICKS + (TICKS + 2 if kind else 0)
    high = max((box.h - line * lines) / (len(scales) + (CURVES if kind else 0.0)), 1.0)
    left = box.x + _gutter(scales, kind, high, frame, look)
    wide, top = box.right - left, box.y + line * 2.1
    places = []
    for n in range(parts):
        own = high if n < len(scales) else high * CURVES
        top += line * TITLE
        places.append(Box(left, top, wide, own))
        top += own + (line * TICKS if n >= len(scales) - 1 else 0.0)
    bars = tuple(places[: len(scales)])
    curves = places[-1] if kind else None
    return Rows(box.y, box.y + line * 1.1, bars, curves, top, left)


def _gutter(scales: tuple[Scale, ...], kind: Kind | None, high: float, frame: RunsFrame, look: Look) -> float:
    """How much room numbers and words at the left of the columns need."""
    size = text_size(look)
    texts = ["layer", *(text for scale in scales for text in scale_texts(scale, high, size))]
    if kind is not None:
        axes = axis_of(kind, Box(0.0, 0.0, 100.0, high * CURVES), frame.recording)
        texts += ["update", *kind.rows, *(text for _, text in axis_ticks(axes, size))]
    return max(width_of((Words(text, look.theme.muted),), size) for text in texts) + size * 0.5 + 2


def _bars(
    group: str,
    columns: tuple[Column, ...],
    rows: Rows,
    scales: tuple[Scale, ...],
    frame: RunsFrame,
    look: Look,
    leads: bool,
) -> Panel:
    """The bars of the networks of a group; what is written at the left stands with the group that leads."""
    size, theme = text_size(look), look.theme
    key, line = f"bars/{group}", size * LINE
    wide = columns[-1].left + columns[-1].width - columns[0].left
    title = (Words(GROUPS[group], theme.text, Weight.MEDIUM),)
    parts: list[Primitive] = [
        Text(f"{key}/title", Box(columns[0].left, rows.top, wide, line), title, size * 1.1)
    ]
    for column in columns:
        words = (Words(called(column.run.twin.name), theme.text, Weight.BOLD),)
        parts.append(
            Text(f"{key}/{column.run.twin.name}", column.box(rows.names, line), words, size, Align.CENTER)
        )
    for scale, room in zip(scales, rows.bars, strict=True):
        if leads:
            parts += scale_parts(f"{key}/{scale.key}", room, scale, look)
        for column in columns:
            name = f"{key}/{scale.key}/{column.run.twin.name}"
            parts += bars_parts(name, column.box(room.y, room.h), column.run, scale, frame, look)
    last = rows.bars[-1]
    if leads:
        parts.append(at_left(f"{key}/layers", last.bottom + size * 0.15 + line / 2, "layer", rows.left, look))
    for column in columns:
        name = f"{key}/{scales[-1].key}/{column.run.twin.name}"
        parts += layer_ticks(name, column.box(last.y, last.h), column.run.twin, look)
    box = Box(columns[0].left, rows.top, wide, last.bottom + line - rows.top)
    return Panel(key, box, GROUPS[group], tuple(parts))


def _curves(
    columns: tuple[Column, ...],
    rows: Rows,
    kind: Kind,
    frame: RunsFrame,
    look: Look,
    asked: Asked | None,
) -> list[Panel]:
    """The curves of all networks, and their numbers at the playhead or at the point that is asked for."""
    assert rows.curves is not None
    size, room, key = text_size(look), rows.curves, kind.curves
    parts = title_parts(key, kind, room.x, room.y - size * (LINE + 0.15), look)
    axes = axis_of(kind, room, frame.recording)
    for n, (value, text) in enumerate(axis_ticks(axes, size)):
        parts.append(at_left(f"{key}/tick{n}", axes.at(0.0, value)[1], text, rows.left, look))
    below = room.bottom + size * (0.15 + LINE / 2)
    parts.append(at_left(f"{key}/updates", below, "update", rows.left, look))
    for column in columns:
        own = axis_of(kind, column.box(room.y, room.h), frame.recording)
        name = f"{key}/{column.group}/{column.run.twin.name}"
        parts += [*curve_parts(name, own, column.run, frame, kind, look), *update_ticks(name, own, look)]
    table = Box(room.x, rows.numbers, room.w, size * LINE * 2)
    point = asked.place if asked else None
    then, color = (until(frame, point.iteration), look.theme.hover) if point else (frame, look.theme.text)
    told = number_parts("table", columns, rows.numbers, then, kind, look, color)
    title = f"At iteration {counted(then.iteration)}" if point else "At the playhead"
    return [
        Panel(key, room, kind.title.capitalize(), tuple(parts)),
        Panel("table", table, title, tuple(told)),
    ]


def _marked(panel: Panel, pointed: CellRef, look: Look) -> Panel:
    """The panel with an outline around both bars of the layer that is pointed at."""
    _, group, _, name = pointed.tensor.split("/")
    keys = {f"bars/{group}/{scale}/{name}/bar{pointed.plane}" for scale in ("gradients", "spreads")}
    m, theme = look.metrics, look.theme
    rings = [
        Ring(
            f"{p.key}/ring",
            p.box.inset(-m.stroke * 0.5),
            theme.hover,
            theme.outline,
            max(1.0, m.stroke * 0.5),
        )
        for p in panel.primitives
        if isinstance(p, Rect) and p.key in keys
    ]
    return replace(panel, primitives=(*panel.primitives, *rings)) if rings else panel
