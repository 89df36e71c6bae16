"""The stage of networks trained beside each other: bars of their layers, curves of their errors, table, recipe."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.files.recordings import Run
from cnnviz.scene.areas import Look, Wants, areas_of
from cnnviz.scene.composition import Composition
from cnnviz.scene.depth_bars import Scale, axis_parts, bars_parts, called, layer_ticks, left_of
from cnnviz.scene.depth_curves import curves_key, error_plot
from cnnviz.scene.depth_table import error_table, table_height
from cnnviz.scene.depth_words import bar_words, recipe_line, runs_caption, runs_texts
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Panel, Primitive, Rect, Ring, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.frame import CellRef, Frame
from cnnviz.timeline.recorded import RunsFrame, span_of

BARS = 0.63
"""So much of the width the bars have."""

ABOVE = 0.35
"""And above the bars so much is left free under their name."""

LINE = 1.35
"""The height of a line in sizes of its text."""

GROUPS = {True: "With batch normalisation", False: "Without batch normalisation"}


ERRORS = {True: "Wrong, %, with batch normalisation", False: "Wrong, %, without"}


def runs_stage(
    frame: Frame,
    size: tuple[float, float],
    composition: Composition,
    look: Look,
    pointed: CellRef | None = None,
) -> tuple[tuple[Panel, ...], str]:
    """All panels of a step of runs, from title to caption, and the caption."""
    assert frame.runs is not None
    has = composition.has
    story = any(w.caption for w in look.lesson.words) and has("caption")
    wants = Wants(has("title", "section"), "none", False, story, 1, "none", has("caption"), False,
                  composition.margin * size[1])  # fmt: skip
    areas = areas_of(size, look.metrics, wants)
    hidden = look.viewpoint.hidden
    told = None if pointed is None else bar_words(frame.runs, pointed.tensor, pointed.plane, hidden)
    caption = told or runs_caption(frame.runs, hidden)
    texts = runs_texts(frame, caption, areas, composition, look)
    panels = runs_panels(frame.runs, areas.maps, look)
    if told is not None and pointed is not None:
        panels = tuple(_marked(panel, pointed, look) for panel in panels)
    return (*panels, Panel("words", areas.caption, "Caption", texts)), caption


def runs_panels(frame: RunsFrame, area: Box, look: Look) -> tuple[Panel, ...]:
    """Everything between the title and the caption."""
    size = text_size(look)
    foot = Box(area.x, area.bottom - size * LINE, area.w, size * LINE)
    body = Box(area.x, area.y, area.w, area.h - size * (LINE + 0.4))
    bars = Box(body.x, body.y, body.w * BARS, body.h)
    rest = Box(bars.right + size * 1.5, body.y, body.right - bars.right - size * 1.5, body.h)
    groups = _groups(frame)
    high = table_height(len({run.twin.name for run in frame.recording.runs}), look)
    table = Box(rest.x, rest.bottom - high, rest.w, high)
    each = (rest.h - high - size * (0.8 + LINE)) / len(groups)
    told = Box(rest.x, table.y - size * (LINE + 0.6), rest.w, size * LINE)
    panels = [Panel("key", told, "Key", (curves_key("key/line", told, look),))]
    scales = (
        Scale(
            "gradients", "gradient norm of the weights, layer by layer", span_of(frame.recording, "gradients")
        ),
        Scale("spreads", "spread (standard deviation) of the response", span_of(frame.recording, "spreads")),
    )
    for n, (norm, runs) in enumerate(groups.items()):
        key = "norm" if norm else "bare"
        part = Box(bars.x, bars.y + n * (bars.h + size * 0.8) / len(groups), bars.w,
                   (bars.h - size * 0.8 * (len(groups) - 1)) / len(groups))  # fmt: skip
        panels.append(
            Panel(f"bars/{key}", part, GROUPS[norm], _group(f"bars/{key}", part, runs, scales, frame, look))
        )
        plot = Box(rest.x, rest.y + n * each, rest.w, each - size * 0.4)
        curves = error_plot(f"errors/{key}", plot, runs, frame, ERRORS[norm], look)
        panels.append(Panel(f"errors/{key}", plot, ERRORS[norm], curves))
    panels.append(Panel("table", table, "Errors", error_table("table", table, frame, look)))
    panels.append(Panel("recipe", foot, "Recipe", (recipe_line(foot, frame.recording, look),)))
    return tuple(panels)


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


def _groups(frame: RunsFrame) -> dict[bool, tuple[Run, ...]]:
    runs = frame.recording.runs
    parts = {norm: tuple(r for r in runs if r.twin.norm is norm) for norm in (True, False)}
    return {norm: part for norm, part in parts.items() if part}


def _group(
    key: str, box: Box, runs: tuple[Run, ...], scales: tuple[Scale, ...], frame: RunsFrame, look: Look
) -> tuple[Primitive, ...]:
    """One column for each network, and in it the bars of each scale; the axes stand once at the left."""
    size, theme = text_size(look), look.theme
    line = size * LINE
    left, gap = left_of(scales, look), size * 0.9
    wide = (box.w - left - gap * (len(runs) - 1)) / len(runs)
    high = (box.h - line * (3 + len(scales)) - size * ABOVE * len(scales)) / len(scales)
    title = Box(box.x, box.y, box.w, line)
    parts: list[Primitive] = [
        Text(
            f"{key}/title", title, (Words(GROUPS[runs[0].twin.norm], theme.text, Weight.MEDIUM),), size * 1.1
        )
    ]
    for m, scale in enumerate(scales):
        top = box.y + line * (3 + m) + m * high + size * ABOVE * (m + 1)
        first = Box(box.x + left, top, wide, high)
        whole = Box(first.x, top, box.w - left, high)
        parts += axis_parts(f"{key}/{scale.key}", whole, scale, left, look)
        for n, run in enumerate(runs):
            own = Box(first.x + n * (wide + gap), top, wide, high)
            name = f"{key}/{scale.key}/{run.twin.name}"
            parts += bars_parts(name, own, run, scale, frame, look)
            if m == len(scales) - 1:
                parts += layer_ticks(name, own, run.twin, look, named=n == 0)
            if not m:
                head = Box(own.x, box.y + line, own.w, line)
                words = (Words(called(run.twin.name), theme.text, Weight.BOLD),)
                parts.append(Text(f"{key}/{run.twin.name}", head, words, size, Align.CENTER))
    return tuple(parts)
