"""The loss over two weights as a picture with contours, and the way of gradient descent on it."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.scene.areas import Look
from cnnviz.scene.colors import LEVELS, levels, mixed, rgb
from cnnviz.scene.memo import Memo
from cnnviz.scene.plot_numbers import brief
from cnnviz.scene.plots import Axes, Labels, axes_in, axes_parts, point_at, text_size, walk
from cnnviz.scene.primitives import Box, Grid, Link, Primitive, Rect, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.plots import Surface

Floats = NDArray[np.float64]
Point: TypeAlias = tuple[float, float]
Segment: TypeAlias = tuple[Point, Point]

REF = "plot"
"""A pointer on the picture refers to no tensor of any track."""

FINER = 5
"""The picture has so many cells from one sample to the next; of so many a vector file holds one picture."""

CONTOURS = 6
"""So many lines of equal loss: each step is the same part of the square root of the highest loss."""

BESIDE = 8.6
"""The numbers beside the picture are so wide, in sizes of their text."""

ARROW = 0.22
"""The arrow downhill is so long, as a part of the plot's height."""


def surface_plot(key: str, box: Box, facts: Surface, look: Look) -> tuple[Primitive, ...]:
    """The surface from above: darker is lower; contours, the path so far, the point and the way downhill."""
    theme, stroke = look.theme, look.metrics.stroke
    first, second = facts.names
    loss = "?" if "total" in look.viewpoint.hidden else brief(facts.loss)
    labels = Labels(f"Loss over {first} and {second}", first, second)
    axes = _axes(box, facts, look, labels)
    own = Box(box.x, box.y, axes.box.right + text_size(look) * 0.7 - box.x, box.h)
    parts = axes_parts(key, own, axes, look, labels)
    # The picture lies under the axes' corner and over the lines at the ticks.
    parts = [p for p in parts if "/grid/" not in p.key]
    parts.insert(0, _picture(f"{key}/surface", axes, facts, theme))
    lines = _contours.get(facts.values, "contours", lambda: contours(facts))
    for n, line in enumerate(lines):
        points = tuple(axes.at(*point) for point in line)
        parts.append(Link(f"{key}/contour{n}", points, mixed(theme.muted, theme.text, 0.2) + "90", width=1.0))
    places: list[Point] = [(x, y) for x, y in facts.path.tolist()]
    parts += walk(f"{key}/path", axes, places, theme.text, max(1.5, stroke * 0.7))
    r = max(2.0, stroke * 0.9)
    for n, (x, y) in enumerate(axes.at(*place) for place in places[-61:-1] if axes.holds(*place)):
        parts.append(Rect(f"{key}/place{n}", Box(x - r, y - r, 2 * r, 2 * r), theme.text, r))
    arrow = _downhill(axes, facts)
    if arrow is not None:
        parts.append(Link(f"{key}/downhill", arrow, theme.accent, width=max(2.0, stroke), arrow=True))
    if axes.holds(*facts.point):
        parts += point_at(f"{key}/point", axes, facts.point, look)
    return (
        *parts,
        *_numbers(
            f"{key}/number", Box(own.right, axes.box.y, box.right - own.right, axes.box.h), facts, loss, look
        ),
    )


def _numbers(key: str, box: Box, facts: Surface, loss: str, look: Look) -> list[Primitive]:
    """Beside the picture the weights, the gradient at them and the loss, where there is room."""
    theme, size, (first, second) = look.theme, text_size(look), facts.names
    lines: list[tuple[Run, ...]] = [
        (Run(f"{first} = {brief(facts.point[0])}", theme.weight, Weight.MEDIUM),),
        (Run(f"{second} = {brief(facts.point[1])}", theme.weight, Weight.MEDIUM),),
        (Run(f"L = {loss}", theme.text, Weight.MEDIUM),),
        (Run(f"∂L/∂{first} = {brief(facts.gradient[0])}", theme.accent),),
        (Run(f"∂L/∂{second} = {brief(facts.gradient[1])}", theme.accent),),
        (Run("→ against the gradient", theme.accent),) if any(facts.gradient) else (),
        () if _inside(facts) else (Run("outside the picture", theme.text),),
    ]
    height = round(size * 1.5)
    if box.w < size * BESIDE * 0.8 or box.h < height * len(lines):
        return []
    told = [runs for runs in lines if runs]
    return [
        Text(f"{key}{n}", Box(box.x + size * 0.5, box.y + n * height, box.w - size * 0.5, height), runs, size)
        for n, runs in enumerate(told)
    ]


def _inside(facts: Surface) -> bool:
    x, y = facts.point
    return bool(facts.x[0] <= x <= facts.x[-1] and facts.y[0] <= y <= facts.y[-1])


def _axes(box: Box, facts: Surface, look: Look, labels: Labels) -> Axes:
    """Axes of a square, both with the same unit."""
    x, y = ((float(v[0]), float(v[-1])) for v in (facts.x, facts.y))
    room = axes_in(box, x, y, look, labels)
    side = float(int(min(max(room.box.w - BESIDE * text_size(look), room.box.w / 2), room.box.h)))
    return Axes(Box(room.box.x, room.box.y, side, side), x, y)


def _picture(key: str, axes: Axes, facts: Surface, theme: Theme) -> Grid:
    """One cell for each sample, the middle of the corner ones on the plot's corners and cut there."""
    image = _images.get(facts.values, "image", lambda: levels(_finer(_heights(facts))[::-1], (0.0, 1.0)))
    cell = axes.box.w / (image.shape[0] - 1)
    origin = (axes.box.x - cell / 2, axes.box.y - cell / 2)
    return Grid(key, axes.box, origin, cell, image, (REF, 0, 0, 0), palette=_table(theme))


def _finer(heights: Floats) -> Floats:
    """The picture with more cells, between the samples along straight lines: no steps are seen that are not there."""
    count = heights.shape[0]
    at = np.linspace(0, count - 1, (count - 1) * FINER + 1)
    rows = np.array([np.interp(at, np.arange(count), row) for row in heights])
    return np.array([np.interp(at, np.arange(count), column) for column in rows.T]).T


def _heights(facts: Surface) -> Floats:
    """The logarithm of the losses over their range, so that the floor of the valley is seen: 0 to 1."""
    values = np.nan_to_num(facts.values, nan=0.0, posinf=float(np.finfo(np.float64).max))
    top = float(values.max(initial=0.0)) or 1.0
    # A thousandth of the highest loss is the floor: below it there is nothing to be seen any more.
    return np.asarray(np.log1p(np.maximum(values, 0.0) / top * 999.0) / np.log(1000.0))


_images: Memo[NDArray[np.uint8]] = Memo(8)
_contours: Memo[tuple[tuple[Point, ...], ...]] = Memo(8)


@lru_cache(maxsize=4)
def _table(theme: Theme) -> NDArray[np.uint8]:
    """From the colour of outputs' ground to the theme's surface: low is strong, high is pale."""
    low, high = np.array(rgb(theme.negative), np.float64), np.array(rgb(theme.surface), np.float64)
    ramp = np.linspace(0.25, 1.0, LEVELS)[:, None]
    table: NDArray[np.uint8] = np.rint(low + (high - low) * ramp).astype(np.uint8)
    table.setflags(write=False)
    return table


def _downhill(axes: Axes, facts: Surface) -> Segment | None:
    """An arrow from the point against the gradient, of a fixed length."""
    size = float(np.hypot(*facts.gradient))
    if not (np.isfinite(size) and size > 1e-9 and axes.holds(*facts.point)):
        return None
    length = ARROW * (axes.y[1] - axes.y[0]) / size
    tip = tuple(p - length * g for p, g in zip(facts.point, facts.gradient, strict=True))
    return axes.at(*facts.point), axes.at(tip[0], tip[1])


def contours(facts: Surface) -> tuple[tuple[Point, ...], ...]:
    """Lines of equal loss in units of the weights."""
    values = facts.values
    if not np.isfinite(values).all():
        return ()
    top = float(values.max())
    heights = [top * (n / (CONTOURS + 1)) ** 2 for n in range(1, CONTOURS + 1)]
    return tuple(line for height in heights for line in joined(_crossings(facts, height)))


def _crossings(facts: Surface, height: float) -> list[Segment]:
    """Where the height runs through each square of four samples, the values between them taken as straight."""
    x, y, v = facts.x.tolist(), facts.y.tolist(), facts.values
    above = v > height
    mixed_squares = above[:-1, :-1].astype(int) + above[1:, :-1] + above[:-1, 1:] + above[1:, 1:]
    out: list[Segment] = []
    for i, j in np.argwhere((mixed_squares > 0) & (mixed_squares < 4)).tolist():
        corners = [(j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1)]
        cuts = []
        for (ja, ia), (jb, ib) in zip(corners, corners[1:] + corners[:1], strict=True):
            a, b = float(v[ia, ja]), float(v[ib, jb])
            if (a > height) != (b > height):
                t = (height - a) / (b - a)
                cuts.append((x[ja] + t * (x[jb] - x[ja]), y[ia] + t * (y[ib] - y[ia])))
        out += [(cuts[n], cuts[n + 1]) for n in range(0, len(cuts) - 1, 2)]
    return out


def joined(segments: list[Segment]) -> list[tuple[Point, ...]]:
    """Segments that share an end as one line."""

    def name(p: Point) -> Point:
        return (round(p[0], 9), round(p[1], 9))

    ends: dict[Point, list[int]] = {}
    for n, segment in enumerate(segments):
        for p in segment:
            ends.setdefault(name(p), []).append(n)
    used: set[int] = set()

    def follow(line: list[Point]) -> None:
        while True:
            near = [n for n in ends[name(line[-1])] if n not in used]
            if not near:
                return
            used.add(near[0])
            a, b = segments[near[0]]
            line.append(b if name(a) == name(line[-1]) else a)

    out = []
    for n, (a, b) in enumerate(segments):
        if n in used:
            continue
        used.add(n)
        line = [a, b]
        follow(line)
        line.reverse()
        follow(line)
        out.append(tuple(line))
    return out
