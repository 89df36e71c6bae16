"""Bars on a logarithmic scale: of each network one for each layer, its gradient above and its response below."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.files.recordings import Floats, Run
from cnnviz.lesson.runs import Twin
from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.plot_numbers import tick_text
from cnnviz.scene.plots import decades, text_size
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.scene.theme import Theme
from cnnviz.timeline.recorded import RunsFrame, Span, ended, measured, missing

GAP = 0.25
"""So much of its place a bar leaves free."""

BEFORE = "66"
"""How clear the bars of a run are that has ended, or is not computed so far, as two hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What the heights of bars stand for: a name, a range fixed over all runs and iterations, and its name in keys."""

    key: str
    name: str
    span: Span

    def share(self, value: float) -> float:
        """How high a bar is, from 0 to 1; a value below the range has the least height that can be seen."""
        if not value > 0:
            return 0.0
        low, high = map(math.log10, self.span)
        at = math.log10(value) if math.isfinite(value) else high
        return min(max((at - low) / (high - low), 0.01), 1.0)


def color_of(twin: Twin, theme: Theme) -> Color:
    """Plain networks have one colour, residual ones the other end of the map of signed values."""
    return theme.positive if twin.plain else theme.negative


def called(name: str) -> str:
    """A network's name as it is printed: "plain 18" cannot be taken for a difference."""
    return name.replace("-", " ")


def left_of(scales: tuple[Scale, ...], look: Look) -> float:
    """How much room the numbers at the upright axes need."""
    size = text_size(look)
    texts = (tick_text(v, v) for scale in scales for v in scale.span)
    return max(width_of((Words(t, look.theme.muted),), size) for t in texts) + size * 0.6


def axis_parts(key: str, box: Box, scale: Scale, left: float, look: Look) -> list[Primitive]:
    """The powers of ten at the left of a row of bars, and above them what the bars are."""
    size, theme = text_size(look), look.theme
    high = round(size * 1.3)
    parts: list[Primitive] = [
        Text(f"{key}/name", Box(box.x, box.y - size * 1.8, box.w, high),
             (Words(scale.name, theme.muted),), size)
    ]  # fmt: skip
    for n, value in enumerate(_ticks(box, scale, size)):
        y = box.bottom - scale.share(value) * box.h if value > scale.span[0] else box.bottom
        place = Box(box.x - left, y - high / 2, left - size * 0.5, high)
        parts.append(
            Text(f"{key}/tick{n}", place, (Words(tick_text(value, value), theme.muted),), size, Align.RIGHT)
        )
    return parts


def bars_parts(key: str, box: Box, run: Run, scale: Scale, frame: RunsFrame, look: Look) -> list[Primitive]:
    """The bars of one network over faint lines at powers of ten, and under them the numbers of its layers."""
    theme = look.theme
    parts: list[Primitive] = []
    for n, value in enumerate(_ticks(box, scale, text_size(look))):
        y = box.bottom - scale.share(value) * box.h if value > scale.span[0] else box.bottom
        parts.append(Link(f"{key}/grid{n}", ((box.x, y), (box.right, y)), theme.line, width=1.0))
    place = measured(run, frame.place, frame.recording.samples)
    if place is not None:
        values: Floats = getattr(run, scale.key)[place]
        past = ended(run, frame.iteration) or missing(run, frame.iteration)
        color = color_of(run.twin, theme)
        parts += _bars(f"{key}/bar", box, values, scale, f"{color}{BEFORE}" if past else color)
    if said := _state(run, frame) or _beyond(run, place, scale):
        parts += _note(f"{key}/state", box, said, look)
    corner = ((box.x, box.y), (box.x, box.bottom), (box.right, box.bottom))
    return [*parts, Link(f"{key}/axes", corner, theme.muted, width=1.0)]


def layer_ticks(key: str, box: Box, twin: Twin, look: Look, named: bool) -> list[Primitive]:
    """The numbers of the first and last layers and some between under the bars."""
    size, theme = text_size(look), look.theme
    each, high = box.w / twin.depth, round(size * 1.3)
    parts: list[Primitive] = []
    for layer in (1, *range(10, twin.depth - 5, 10), twin.depth):
        word = f"layer {layer}" if named and layer == 1 else str(layer)
        wide = width_of((Words(word, theme.muted),), size) + 2
        centre = box.x + (layer - 0.5) * each
        left = min(max(centre - wide / 2, box.x), box.right - wide)
        place = Box(left, box.bottom + round(size * 0.15), wide, high)
        parts.append(Text(f"{key}/layer{layer}", place, (Words(word, theme.muted),), size, Align.CENTER))
    return parts


def _ticks(box: Box, scale: Scale, size: float) -> tuple[float, ...]:
    return decades(*scale.span, max(2, int(box.h / (size * 1.5))))


def _bars(key: str, box: Box, values: Floats, scale: Scale, color: Color) -> list[Primitive]:
    each = box.w / values.size
    wide = each * (1 - GAP)
    parts: list[Primitive] = []
    for layer, value in enumerate(np.asarray(values, dtype=np.float64).tolist()):
        high = scale.share(value) * box.h
        if high > 0:
            left = box.x + layer * each + (each - wide) / 2
            parts.append(Rect(f"{key}{layer}", Box(left, box.bottom - high, wide, high), color))
    return parts


def _state(run: Run, frame: RunsFrame) -> str:
    """Why no new bars are there, in a word or two."""
    if ended(run, frame.iteration):
        return f"diverged at iteration {run.done}"
    return "not computed yet" if missing(run, frame.iteration) else ""


def _beyond(run: Run, place: int | None, scale: Scale) -> str:
    """Whether a bar is cut at the top."""
    if place is None:
        return ""
    values: Floats = getattr(run, scale.key)[place]
    return "beyond the scale" if bool((values > scale.span[1]).any()) else ""


def _note(key: str, box: Box, said: str, look: Look) -> tuple[Rect, Text]:
    """A line at the top of the bars, on a plate so that it can be read over them."""
    size = text_size(look)
    runs = (Words(said, look.theme.accent, Weight.MEDIUM),)
    wide = min(width_of(runs, size) * 1.02 + size * 0.8, box.w)
    plate = Box(box.cx - wide / 2, box.y + size * 0.3, wide, round(size * 1.4))
    place = plate.inset(size * 0.2, 0.0)
    return (
        Rect(f"{key}/plate", plate, look.theme.background or look.theme.surface, size * 0.2),
        Text(key, place, runs, size, Align.CENTER),
    )
