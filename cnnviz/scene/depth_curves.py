"""Under the bars of each network its curve up to the playhead: errors in training and test, or the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.files.recordings import Recording, Run
from cnnviz.scene.areas import Look
from cnnviz.scene.depth_bars import BEFORE, color_of, note, state_of
from cnnviz.scene.depth_columns import LINE, Column, at_left
from cnnviz.scene.depth_texts import three_digits
from cnnviz.scene.letters import width_of
from cnnviz.scene.plot_numbers import brief, tick_text
from cnnviz.scene.plots import Axes, decades, text_size
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.recorded import (
    MEAN_OF,
    Losses,
    RunsFrame,
    ended,
    errors,
    loss_span,
    losses_so_far,
    trailing_means,
)
from cnnviz.timeline.runs_points import Curves

SWATCH = 1.5
"""The length of a piece of a line beside the words that say what it stands for, in sizes of the text."""

DOTS = 1.15
"""Dots are so many of their widths apart at least: nearer ones could not be told from a line."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is drawn of each network, and the names of its two numbers at the playhead."""

    curves: Curves
    title: str
    fine: str
    """What dots, or a thin line, stand for."""
    bold: str
    """What the thick line stands for."""
    rows: tuple[str, str]


KINDS: dict[Curves, Kind] = {
    "errors": Kind("errors", "wrong answers, %", "training", "test", ("train", "test")),
    "losses": Kind("losses", "training loss", "each batch", f"mean of the last {MEAN_OF}", ("batch", "mean")),
}


def axis_of(kind: Kind, box: Box, recording: Recording) -> Axes:
    """The axes of a network's curves: the same for all, at all iterations."""
    x = (0.0, float(recording.recipe.recipe.iterations))
    if kind.curves == "errors":
        return Axes(box, x, (0.0, 100.0), whole=True)
    return Axes(box, x, loss_span(recording), log=True, whole=True)


def axis_ticks(axes: Axes, size: float) -> tuple[tuple[float, str], ...]:
    """The numbers at the upright axis, without its lowest."""
    most = max(2, int(axes.box.h / (size * 1.6)))
    if axes.log:
        values = tuple(v for v in decades(*axes.y, most) if v > axes.y[0] * 1.01)
    else:
        values = (25.0, 50.0, 75.0, 100.0) if most >= 6 else (50.0, 100.0)
    return tuple((value, tick_text(value, value)) for value in values)


def title_parts(key: str, kind: Kind, left: float, top: float, look: Look) -> list[Primitive]:
    """What is drawn, and a piece of both lines beside what they stand for."""
    size, theme = text_size(look), look.theme
    parts: list[Primitive] = []

    def word(name: str, text: str, at: float) -> float:
        runs = (Words(text, theme.muted),)
        wide = width_of(runs, size) + 2
        parts.append(Text(f"{key}/{name}", Box(at, top, wide, size * LINE), runs, size))
        return at + wide

    middle = top + size * LINE / 2
    at = word("name", f"{kind.title}:", left) + size * 0.6
    for n, thing in enumerate((kind.fine, kind.bold)):
        ends = ((at, middle), (at + size * SWATCH, middle))
        if n:
            parts.append(Link(f"{key}/bold/swatch", ends, theme.muted, width=thick(look)))
        elif kind.curves == "errors":
            dots = (at + _dot(look) + share * (size * SWATCH - 2 * _dot(look)) for share in (0.0, 0.5, 1.0))
            parts += _dots(f"{key}/fine/swatch", tuple((x, middle) for x in dots), theme.text, look)
        else:
            parts.append(Link(f"{key}/fine/swatch", ends, theme.muted, width=1.0))
        at = word(("fine", "bold")[n], thing, at + size * (SWATCH + 0.4)) + size * 1.2
    return parts


def curve_parts(key: str, axes: Axes, run: Run, frame: RunsFrame, kind: Kind, look: Look) -> list[Primitive]:
    """Both curves of a network over faint lines, and where the playhead is."""
    theme, box = look.theme, axes.box
    parts: list[Primitive] = []
    for n, (value, _) in enumerate(axis_ticks(axes, text_size(look))):
        y = axes.at(0.0, value)[1]
        parts.append(Link(f"{key}/grid{n}", ((box.x, y), (box.right, y)), theme.line, width=1.0))
    color = color_of(run.twin, theme)
    x = axes.at(min(frame.iteration + 1, axes.x[1]), axes.y[0])[0]
    parts.append(Link(f"{key}/now", ((x, box.y), (x, box.bottom)), theme.accent, width=thick(look) / 2))
    drawn = _errors if kind.curves == "errors" else _losses
    parts += drawn(key, axes, run, frame, color, look)
    if said := state_of(run, frame):
        parts += note(f"{key}/state", box, said, look)
    corner = ((box.x, box.y), (box.x, box.bottom), (box.right, box.bottom))
    return [*parts, Link(f"{key}/axes", corner, theme.muted, width=1.0, span=axes.x)]


def update_ticks(key: str, axes: Axes, look: Look) -> list[Primitive]:
    """Under a curve the first and the last number of updates."""
    size, box, words = text_size(look), axes.box, (f"{int(at):,}" for at in axes.x)
    return [
        Text(f"{key}/update{n}", Box(box.x + n * box.w / 2, box.bottom + size * 0.15, box.w / 2, size * LINE),
             (Words(word, look.theme.muted),), size, Align.RIGHT if n else Align.LEFT)
        for n, word in enumerate(words)
    ]  # fmt: skip


def number_parts(
    key: str,
    columns: tuple[Column, ...],
    top: float,
    frame: RunsFrame,
    kind: Kind,
    look: Look,
    color: Color,
) -> list[Primitive]:
    """Two rows of numbers: those of each network at that iteration."""
    size, first = text_size(look), columns[0].left
    parts: list[Primitive] = []
    for row, name in enumerate(kind.rows):
        y = top + row * size * LINE
        parts.append(at_left(f"{key}/{name}", y + size * LINE / 2, name, first, look))
        weight = Weight.BOLD if row else Weight.REGULAR
        for column in columns:
            told = numbers(column.run, frame, kind, look)[row]
            name_of = f"{key}/{column.group}/{column.run.twin.name}/{name}"
            runs = (Words(told, color, weight),)
            parts.append(Text(name_of, column.box(y, size * LINE), runs, size, Align.CENTER))
    return parts


def numbers(run: Run, frame: RunsFrame, kind: Kind, look: Look) -> tuple[str, str]:
    """Both numbers of a network: of the last test up to the playhead, or of the iteration there."""
    if "total" in look.viewpoint.hidden:
        return "?", "?"
    if ended(run, frame.iteration):
        return "–", "–"
    if kind.curves == "errors":
        tests, train, test = errors(run, frame)
        return (percent(float(train[-1])), percent(float(test[-1]))) if tests else ("–", "–")
    losses = losses_so_far(run, frame.iteration)
    if losses.size <= frame.iteration:
        return "–", "–"
    return loss_text(float(losses[-1])), loss_text(float(trailing_means(losses)[-1]))


def percent(share: float) -> str:
    """A share with one digit behind the point."""
    return f"{100 * share:.1f}" if math.isfinite(share) else "–"


def loss_text(value: float) -> str:
    """A loss with three digits of its own."""
    return three_digits(value) if value < 1e4 else brief(float(f"{value:.2e}"))


def thick(look: Look) -> float:
    """The width of the thick line."""
    return max(2.0, look.metrics.stroke)


def _errors(key: str, axes: Axes, run: Run, frame: RunsFrame, color: Color, look: Look) -> list[Primitive]:
    """A line through the errors on test pictures, and dots at those on pictures to train on."""
    tests, train, test = errors(run, frame)
    x = np.array(tests, dtype=np.float64)
    wrong = 100.0 * test.astype(np.float64)
    parts = _line(f"{key}/test", axes, x, wrong, color, thick(look)) + _end(key, axes, x, wrong, color, look)
    places = axes.places(x, 100.0 * train.astype(np.float64))
    return [*parts, *_dots(f"{key}/train", places, look.theme.text, look)]


def _losses(key: str, axes: Axes, run: Run, frame: RunsFrame, color: Color, look: Look) -> list[Primitive]:
    """A thin line through the losses of all batches, and a thick one through their means."""
    losses = losses_so_far(run, frame.iteration)
    x, means = np.arange(losses.size, dtype=np.float64), trailing_means(losses)
    return [
        *_line(f"{key}/batch", axes, *_by_pixel(axes, x, losses, True), f"{color}{BEFORE}", 1.0),
        *_line(f"{key}/mean", axes, *_by_pixel(axes, x, means, False), color, thick(look)),
        *_end(key, axes, x, means, color, look),
    ]


def _line(key: str, axes: Axes, x: Losses, y: Losses, color: Color, width: float) -> list[Primitive]:
    kept = np.isfinite(y)
    points = axes.places(x[kept], y[kept])
    return [Link(key, points, color, width=width)] if len(points) > 1 else []


def _by_pixel(axes: Axes, x: Losses, y: Losses, whole: bool) -> tuple[Losses, Losses]:
    """Of each pixel of the width the last value, or the ``whole`` from the least to the greatest one.

    What is drawn of a curve so stays as it is while the curve grows. Its first and its last value are kept.
    """
    each = (axes.x[1] - axes.x[0]) / axes.box.w
    if not x.size or each <= 1:
        return x, y
    column = np.floor((x - axes.x[0]) / each)
    starts = np.flatnonzero(np.diff(column, prepend=-1.0))
    behind = np.append(starts[1:], x.size)
    shown = (np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)) if whole else (y[behind - 1],)
    # The last pixel may not be full yet.
    middles = np.minimum(axes.x[0] + (column[starts] + 0.5) * each, x[-1])
    xs, ys = np.repeat(middles, len(shown)), np.stack(shown, axis=1).ravel()
    return np.concatenate((x[:1], xs, x[-1:])), np.concatenate((y[:1], ys, y[-1:]))


def _end(key: str, axes: Axes, x: Losses, y: Losses, color: Color, look: Look) -> list[Primitive]:
    """A larger dot where a curve has come to, so that it can be seen from its first point on."""
    if not y.size or not math.isfinite(y[-1]):
        return []
    (at, up), r = axes.at(float(x[-1]), float(y[-1])), thick(look) * 1.3
    rim = r + max(1.0, look.metrics.stroke * 0.4)
    return [
        Rect(f"{key}/end/rim", Box(at - rim, up - rim, 2 * rim, 2 * rim), look.theme.outline, rim),
        Rect(f"{key}/end", Box(at - r, up - r, 2 * r, 2 * r), color, r),
    ]


def _dots(key: str, places: tuple[tuple[float, float], ...], color: Color, look: Look) -> list[Primitive]:
    """Dots at places from left to right, the last one and of the others as many as can be told apart."""
    r, behind = _dot(look), -math.inf
    parts: list[Primitive] = []
    for n, (x, y) in enumerate(places):
        if x - behind >= 2 * r * DOTS or n == len(places) - 1:
            parts.append(Rect(f"{key}{n}", Box(x - r, y - r, 2 * r, 2 * r), color, r))
            behind = x
    return parts


def _dot(look: Look) -> float:
    """The radius of a dot."""
    return max(1.5, look.metrics.stroke * 0.75)
