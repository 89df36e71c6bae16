"""Bars on a logarithmic scale: of each network one for each layer, its gradient above and its response below."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.files.recordings import Floats, Run
from cnnviz.lesson.runs import Twin
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_columns import LINE, at_left, broken
from cnnviz.scene.letters import width_of
from cnnviz.scene.plot_numbers import tick_text
from cnnviz.scene.plots import decades, text_size
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.scene.theme import Theme
from cnnviz.timeline.recorded import RunsFrame, Span, ended, measured, missing

GAP = 0.25
"""So much of its place a bar leaves free."""

SMALLER = 0.75
"""Down to so much of its size a note is set smaller before it is broken into more lines."""

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


def run_title(run: Run) -> str:
    """The name of a network, and whether it has batch norm."""
    return f"{called(run.twin.name)} with{'' if run.twin.norm else 'out'} batch norm"


def counted(iteration: int) -> str:
    """An iteration as people count them, from 1, as where lessons learn; inside and in traces the first one is 0."""
    return f"{iteration + 1:,}"


def log_ticks(scale: Scale, high: float, size: float) -> tuple[float, ...]:
    """The powers of ten at an axis of that height; its lowest has no number where there are others."""
    ticks = decades(*scale.span, max(2, int(high / (size * 1.6))))
    return tuple(v for v in ticks if v > scale.span[0] * 1.01) or ticks


def scale_texts(scale: Scale, high: float, size: float) -> tuple[str, ...]:
    """The numbers at an axis."""
    return tuple(tick_text(value, value) for value in log_ticks(scale, high, size))


def scale_parts(key: str, box: Box, scale: Scale, look: Look) -> list[Primitive]:
    """The powers of ten at the left of a row of bars, and above them what the bars are."""
    size, theme = text_size(look), look.theme
    parts: list[Primitive] = [
        Text(f"{key}/name", Box(box.x, box.y - size * (LINE + 0.15), box.w, size * LINE),
             (Words(scale.name, theme.muted),), size)
    ]  # fmt: skip
    for n, value in enumerate(log_ticks(scale, box.h, size)):
        y = box.bottom - scale.share(value) * box.h
        parts.append(at_left(f"{key}/tick{n}", y, tick_text(value, value), box.x, look))
    return parts


def bars_parts(key: str, box: Box, run: Run, scale: Scale, frame: RunsFrame, look: Look) -> list[Primitive]:
    """The bars of one network over faint lines at powers of ten, and under them the numbers of its layers."""
    theme = look.theme
    parts: list[Primitive] = []
    for n, value in enumerate(log_ticks(scale, box.h, text_size(look))):
        y = box.bottom - scale.share(value) * box.h
        parts.append(Link(f"{key}/grid{n}", ((box.x, y), (box.right, y)), theme.line, width=1.0))
    place = measured(run, frame.place, frame.recording.samples)
    if place is not None:
        values: Floats = getattr(run, scale.key)[place]
        past = ended(run, frame.iteration) or missing(run, frame.iteration)
        color = color_of(run.twin, theme)
        parts += _bars(f"{key}/bar", box, values, scale, f"{color}{BEFORE}" if past else color)
    if said := state_of(run, frame) or _beyond(run, place, scale):
        parts += note(f"{key}/state", box, said, look)
    corner = ((box.x, box.y), (box.x, box.bottom), (box.right, box.bottom))
    return [*parts, Link(f"{key}/axes", corner, theme.muted, width=1.0)]


def layer_ticks(key: str, box: Box, twin: Twin, look: Look) -> list[Primitive]:
    """The numbers of the first and last layers and some between under the bars."""
    size, theme = text_size(look), look.theme
    each, behind = box.w / twin.depth, -math.inf
    parts: list[Primitive] = []
    last = box.right - width_of((Words(str(twin.depth), theme.muted),), size) - 2
    for layer in (1, *range(10, twin.depth - 5, 10), twin.depth):
        wide = width_of((Words(str(layer), theme.muted),), size) + 2
        left = min(max(box.x + (layer - 0.5) * each - wide / 2, box.x), box.right - wide)
        if layer < twin.depth and (left < behind or left + wide + size * 0.2 > last):
            continue  # there is no room for it
        behind = left + wide + size * 0.2
        place = Box(left, box.bottom + size * 0.15, wide, size * LINE)
        parts.append(
            Text(f"{key}/layer{layer}", place, (Words(str(layer), theme.muted),), size, Align.CENTER)
        )
    return parts


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


def state_of(run: Run, frame: RunsFrame) -> str:
    """Why no new bars are there, in a word or two."""
    if ended(run, frame.iteration):
        return f"diverged at iteration {counted(run.done)}"
    return "waiting to be computed" if missing(run, frame.iteration) else ""


def _beyond(run: Run, place: int | None, scale: Scale) -> str:
    """Whether a bar is cut at the top."""
    if place is None:
        return ""
    values: Floats = getattr(run, scale.key)[place]
    return "beyond the scale" if any(value > scale.span[1] for value in values.tolist()) else ""


def _note_lines(box: Box, said: str, size: float) -> tuple[str, ...]:
    """A note in one or two lines, else somewhat smaller, else in more, else its first word alone."""
    tried = [broken(said, box.w / smaller, size, Weight.MEDIUM) for smaller in (1.0, SMALLER)]
    widest = box.w / SMALLER
    fitting = [
        lines
        for lines in tried
        if len(lines) * size * LINE <= box.h
        and all(width_of((Words(line, "", Weight.MEDIUM),), size) <= widest for line in lines)
    ]
    return min(fitting, key=lambda lines: max(len(lines), 2), default=(said.split(" ")[0],))


def note(key: str, box: Box, said: str, look: Look) -> list[Primitive]:
    """Some words at the top of a plot, in as many lines as it needs, on a plate so that they can be read over it."""
    size, pad = text_size(look), text_size(look) * 0.2
    lines = _note_lines(box.inset(pad), said, size)
    runs = [(Words(line, look.theme.accent, Weight.MEDIUM),) for line in lines]
    widest = max(width_of(run, size) for run in runs) * 1.02
    wide, smaller = min(widest + 2 * pad, box.w), min(1.0, (box.w - 2 * pad) / widest)
    plate = Box(box.cx - wide / 2, box.y + pad, wide, size * LINE * len(lines))
    parts: list[Primitive] = [
        Rect(f"{key}/plate", plate, look.theme.background or look.theme.surface, size * 0.2)
    ]
    for n, run in enumerate(runs):
        place = Box(plate.x, plate.y + n * size * LINE, wide, size * LINE)
        parts.append(Text(key if not n else f"{key}/{n}", place, run, size * smaller, Align.CENTER))
    return parts
