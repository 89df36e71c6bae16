"""Plots from the primitives of a scene: axes with ticks of nice numbers, curves, a point; plain or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.plot_numbers import tick_text
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Run, Text, Weight

Floats = NDArray[np.float64]
Span: TypeAlias = tuple[float, float]

DECADES = 12
"""A logarithmic axis shows at most so many powers of ten below its highest value, or down to its first one."""

UNEVEN = 100.0
"""A curve whose values differ by more than this factor is drawn on a logarithmic axis."""

LOG = "log scale"
"""What is said of a logarithmic axis."""

LOW = 10.0
"""A plot that is lower, in sizes of its text, has one line above it."""

MOST_POINTS = 600
"""A curve has at most so many points: of more the least and the greatest of each column are kept."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a plot and its axes are called."""

    title: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """Where numbers stand in a plot."""

    box: Box
    x: Span
    y: Span
    log: bool = False
    whole: bool = False
    """Whether x are whole numbers, such as those of iterations."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point, moved to the border where it lies outside."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        low, high = (self._height(v) for v in self.y)
        up = (self._height(y) - low) / (high - low)
        return (
            self.box.x + min(max(across, 0.0), 1.0) * self.box.w,
            self.box.bottom - min(max(up, 0.0), 1.0) * self.box.h,
        )

    def places(self, x: Floats, y: Floats) -> tuple[tuple[float, float], ...]:
        """The places of many points at once, each as `at` gives it."""
        low, high = (self._height(v) for v in self.y)
        heights = np.array([self._height(v) for v in y.tolist()]) if self.log else y
        across = np.clip((x - self.x[0]) / (self.x[1] - self.x[0]), 0.0, 1.0)
        up = np.clip((heights - low) / (high - low), 0.0, 1.0)
        xs, ys = self.box.x + across * self.box.w, self.box.bottom - up * self.box.h
        return tuple(zip(xs.tolist(), ys.tolist(), strict=True))

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]

    def _height(self, y: float) -> float:
        return math.log10(max(y, self.y[0])) if self.log else y


def nice_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """At most that many numbers from low to high whose distance is 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> nice_ticks(0, 10, 6)
    (0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
    >>> nice_ticks(-0.3, 0.3, 3)
    (-0.2, 0.0, 0.2)
    """
    if not (high > low and most > 0):
        return ()
    power = math.floor(math.log10((high - low) / most))
    for step in (m * 10.0 ** (power + p) for p in (0, 1, 2) for m in (1, 2, 5)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            digits = max(0, 1 - math.floor(math.log10(step)))
            return tuple(round(n * step, min(digits, 300)) + 0.0 for n in range(first, last + 1))
    return ()


def decades(low: float, high: float, most: int) -> tuple[float, ...]:
    """At most that many powers of ten from low to high, equally far apart."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil((last - first + 1) / max(most, 1)))
    return tuple(10.0**n for n in range(first, last + 1) if (last - n) % step == 0)


def curve_plot(
    key: str,
    box: Box,
    xs: ArrayLike,
    ys: ArrayLike,
    point: tuple[float, float] | None,
    look: Look,
    labels: Labels,
    log: bool | None = None,
    color: Color | None = None,
    span: Span | None = None,
    reach: Span | None = None,
) -> tuple[Primitive, ...]:
    """One curve with its axes and the point at work.

    Parameters
    ----------
    box : Box
        All of it: title, axes and the numbers at them.
    xs, ys : array_like of the same length
        Values that are no finite numbers are left out.
    point : (x, y) or None
    log : bool, optional
        Whether y is logarithmic; left out, it is where all values are positive and differ by more than a hundredfold.
    span, reach : (low, high), optional
        The ranges of x and y where they are not those of the curve.
    """
    x, y = (np.asarray(v, dtype=np.float64).ravel() for v in (xs, ys))
    kept = np.isfinite(x) & np.isfinite(y)
    x, y = x[kept], y[kept]
    uneven = uneven_values(y) if log is None else log and bool((y > 0).any())
    whole = bool((x == np.round(x)).all())
    axes = axes_in(box, span or x_span(x), reach or y_span(y, uneven), look, labels, uneven, whole)
    parts = axes_parts(key, box, axes, look, labels)
    parts += polyline(f"{key}/curve", axes, x, y, color or look.theme.text, look)
    if point is not None and all(map(math.isfinite, point)):
        parts += point_at(f"{key}/point", axes, point, look)
    return tuple(parts)


def uneven_values(y: Floats) -> bool:
    """Whether a logarithmic axis shows the values better; a loss of exactly 0 then lies on its border."""
    if not y.size or bool((y < 0).any()) or not bool((y > 0).any()):
        return False
    positive = y[y > 0]
    return float(positive.max()) > UNEVEN * float(positive.min())


def x_span(x: Floats) -> Span:
    """From the least to the greatest value; one alone has room at its right."""
    if not x.size:
        return (0.0, 1.0)
    low, high = float(x.min()), float(x.max())
    return (low, high) if high > low else (low, low + 1.0)


def y_span(y: Floats, log: bool = False) -> Span:
    """The range of an axis that holds the values and, where it is not logarithmic, 0."""
    if log:
        positive = y[y > 0]
        high = 10.0 ** math.ceil(math.log10(float(positive.max())) - 1e-9)
        low = 10.0 ** math.floor(math.log10(float(positive.min())) + 1e-9)
        first = 10.0 ** math.floor(math.log10(float(positive[0])) + 1e-9)
        low = max(low, min(high * 10.0**-DECADES, first))  # what grows without end is not cut where it begins
        return (low, high if high > low else low * 10)
    y = y[np.isfinite(y)]
    low, high = min(float(y.min(initial=0.0)), 0.0), max(float(y.max(initial=0.0)), 0.0)
    return (low, high) if high > low else (0.0, 1.0)


def axes_in(
    box: Box, x: Span, y: Span, look: Look, labels: Labels, log: bool = False, whole: bool = False
) -> Axes:
    """The part of a plot's box that its curves have, beside titles and the numbers of the ticks."""
    size = text_size(look)
    room = Axes(box, x, y, log)
    left = max((width_of((Run(t, look.theme.muted),), size) for _, t in _y_ticks(room, look)), default=0.0)
    left = max(left, 2.4 * size)  # the axis stays where it is while numbers grow by a digit
    rows = len(_heads(box, look, labels, log))
    top = (1.5 * rows + 0.5) * size if rows else size * 0.7
    inner = Box(
        box.x + round(left + size * 0.8),
        box.y + round(top),
        max(box.w - round(left + size * 1.5), 8.0),
        max(box.h - round(top + size * 1.7), 8.0),
    )
    return Axes(inner, x, y, log, whole)


def text_size(look: Look) -> float:
    """The size of the numbers at a plot's axes."""
    return look.metrics.small


def axes_parts(key: str, box: Box, axes: Axes, look: Look, labels: Labels) -> list[Primitive]:
    """Both axes, faint lines at the ticks, their numbers, and what plot and axes are called."""
    theme, size, inner = look.theme, text_size(look), axes.box
    height = round(size * 1.3)
    parts: list[Primitive] = []
    for n, (name, runs) in enumerate(_heads(box, look, labels, axes.log)):
        place = Box(box.x, box.y + round(1.5 * size) * n, box.w, height)
        parts.append(Text(f"{key}/{name}", place, runs, size * (1.1 if name == "title" else 1.0)))
    for n, (value, text) in enumerate(_y_ticks(axes, look)):
        y = axes.at(axes.x[0], value)[1]
        place = Box(box.x, y - height / 2, inner.x - box.x - size * 0.5, height)
        parts += [
            Link(f"{key}/grid/y{n}", ((inner.x, y), (inner.right, y)), theme.line, width=1.0),
            Text(f"{key}/tick/y{n}", place, (Run(text, theme.muted),), size, Align.RIGHT),
        ]
    parts += _x_parts(key, box, axes, look, labels.x)
    corner = ((inner.x, inner.y), (inner.x, inner.bottom), (inner.right, inner.bottom))
    span = axes.x if axes.whole else None
    line = Link(f"{key}/axes", corner, theme.muted, width=max(1.0, look.metrics.stroke * 0.5), span=span)
    return [*parts, line]


def _heads(box: Box, look: Look, labels: Labels, log: bool) -> list[tuple[str, tuple[Run, ...]]]:
    """The lines above a plot: its title and what its upright axis is called; of a low one both in one line.

    Behind the title stands that equal ways up are equal factors, where they are.
    """
    title = Run(labels.title, look.theme.text, Weight.MEDIUM)
    name = Run(labels.y, look.theme.muted)
    whole = (title, Run(f", {LOG}", look.theme.muted)) if log and labels.title else (title,)
    if labels.title and labels.y and box.h < text_size(look) * LOW:
        runs = (*whole[:-1], replace(whole[-1], text=f"{whole[-1].text}   "), name)
        return [("label/y", runs)] if width_of(runs, text_size(look)) <= box.w else [("title", whole)]
    lines = (("title", whole), ("label/y", (name,)))
    return [(key, runs) for key, runs in lines if runs[0].text]


def _x_parts(key: str, box: Box, axes: Axes, look: Look, label: str) -> list[Primitive]:
    """The numbers under the axis, and at its right end what it is called."""
    theme, size, inner = look.theme, text_size(look), axes.box
    height, top = round(size * 1.3), inner.bottom + round(size * 0.25)
    end, parts = box.right, []
    if label:
        wide = width_of((Run(label, theme.muted),), size)
        end = box.right - wide
        parts.append(
            Text(
                f"{key}/label/x",
                Box(end - 1, top, wide + 1, height),
                (Run(label, theme.muted),),
                size,
                Align.RIGHT,
            )
        )
    ticks = nice_ticks(*axes.x, max(2, int(box.w / (size * 6))))
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    if axes.whole:
        ticks, step = tuple(t for t in ticks if t == round(t)), 1.0
    out: list[Primitive] = list(parts)
    for n, value in enumerate(ticks):
        text, x = tick_text(value, round(step, 12)), axes.at(value, axes.y[0])[0]
        half = width_of((Run(text, theme.muted),), size) / 2
        out.append(
            Link(f"{key}/mark/x{n}", ((x, inner.bottom), (x, inner.bottom + 4)), theme.muted, width=1.0)
        )
        if x + half < end - size * 0.5 and x - half >= box.x:
            place = Box(x - half - 1, top, 2 * half + 2, height)
            out.append(Text(f"{key}/tick/x{n}", place, (Run(text, theme.muted),), size, Align.CENTER))
    return out


def _y_ticks(axes: Axes, look: Look) -> list[tuple[float, str]]:
    size = text_size(look)
    most = max(1 if axes.box.h < size * 1.5 else 2, int(axes.box.h / (size * 2.2)))
    if axes.log:
        return [(v, tick_text(v, v)) for v in decades(*axes.y, min(most, 7))]
    ticks = nice_ticks(*axes.y, min(most, 6))
    step = round(ticks[1] - ticks[0], 12) if len(ticks) > 1 else 0.0
    return [(v, tick_text(v, step)) for v in ticks]


def polyline(
    key: str,
    axes: Axes,
    xs: Sequence[float] | Floats,
    ys: Sequence[float] | Floats,
    color: Color,
    look: Look,
    width: float = 0.8,
) -> list[Primitive]:
    """A curve through the points, thinned out to what can be seen."""
    x, y = thinned(np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64), MOST_POINTS)
    points = axes.places(x, y)
    if len(points) < 2:
        return []
    return [Link(key, points, color, width=max(1.5, look.metrics.stroke * width))]


def thinned(x: Floats, y: Floats, most: int) -> tuple[Floats, Floats]:
    """At most that many points: the first, the last, and of each part between the least and the greatest."""
    if x.size <= most:
        return x, y
    parts = np.array_split(np.arange(1, x.size - 1), (most - 2) // 2)
    kept = {0, x.size - 1}
    for part in parts:
        kept |= {int(part[y[part].argmin()]), int(part[y[part].argmax()])}
    order = np.array(sorted(kept))
    return x[order], y[order]


def point_at(
    key: str,
    axes: Axes,
    point: tuple[float, float],
    look: Look,
    color: Color | None = None,
    grown: float = 1.0,
) -> list[Primitive]:
    """A dot at the point that is at work."""
    x, y = axes.at(*point)
    r = max(4.0, look.metrics.stroke * 1.8) * grown
    rim = max(1.0, look.metrics.stroke * 0.5)
    return [
        Rect(
            f"{key}/rim",
            Box(x - r - rim, y - r - rim, 2 * (r + rim), 2 * (r + rim)),
            look.theme.outline,
            r + rim,
        ),
        Rect(key, Box(x - r, y - r, 2 * r, 2 * r), color or look.theme.accent, r),
    ]


def segment(
    axes: Axes, through: tuple[float, float], slope: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a straight line that lies within axes that are not logarithmic; None where none does."""
    x0, y0 = through
    if not (math.isfinite(slope) and math.isfinite(y0)):
        return None
    ends = list(axes.x)
    if slope:
        across = sorted(x0 + (y - y0) / slope for y in axes.y)
        ends = [max(ends[0], across[0]), min(ends[1], across[1])]
    if ends[0] >= ends[1] or not (slope or axes.y[0] <= y0 <= axes.y[1]):
        return None
    left, right = (axes.at(x, y0 + slope * (x - x0)) for x in ends)
    return left, right


def mark_text(key: str, axes: Axes, share: float, top: float, runs: tuple[Run, ...], look: Look) -> Text:
    """A line of text inside a plot, its middle at a part of the width."""
    size = text_size(look)
    wide = min(width_of(runs, size) * 1.02 + 2, axes.box.w)
    left = axes.box.x + share * axes.box.w - wide / 2
    left = min(max(left, axes.box.x), axes.box.right - wide)
    return Text(key, Box(left, top, wide, round(size * 1.3)), runs, size, Align.CENTER)


def clipped(axes: Axes, a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float] | None:
    """Which part of the way from a to b lies within plain axes, from 0 to 1; None where none does."""
    first, last = 0.0, 1.0
    for start, end, (low, high) in ((a[0], b[0], axes.x), (a[1], b[1], axes.y)):
        way = end - start
        if not way:
            if not low <= start <= high:
                return None
            continue
        near, far = sorted(((low - start) / way, (high - start) / way))
        first, last = max(first, near), min(last, far)
    return (first, last) if first < last else None


def walk(
    key: str, axes: Axes, places: list[tuple[float, float]], color: Color, width: float
) -> list[Primitive]:
    """A way through places, cut at the border of the axes."""
    pieces: list[list[tuple[float, float]]] = []
    for a, b in pairwise(places):
        part = clipped(axes, a, b)
        if part is None:
            continue
        ends = [axes.at(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for t in part]
        if pieces and pieces[-1][-1] == ends[0]:
            pieces[-1].append(ends[1])
        else:
            pieces.append(ends)
    return [Link(f"{key}{n}", tuple(points), color, width=width) for n, points in enumerate(pieces)]
