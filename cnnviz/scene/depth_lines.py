"""Lines of the map of a deep network: how far the numbers have come forward, and the gradients back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cnnviz.scene.areas import Look
from cnnviz.scene.depth_places import Path, Places, Point
from cnnviz.scene.network_lens import Lens
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Ring, Run, Text, Weight
from cnnviz.timeline.depth import Depth, Joint
from cnnviz.timeline.frame import TrackFrame
from cnnviz.timeline.sections import Phase

DASH, FREE = 12.0, 7.0
"""Lengths of a dash and of the gap behind it: shortcuts that change the shape are dashed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the computation has come: the layer at work, and whether it is on the way back."""

    phase: Phase
    layer: int
    whole: bool = False
    """Whether all of an iteration is shown at once."""

    def forward(self, layer: int) -> bool:
        """Whether a layer's output is complete."""
        return self.phase is not Phase.FORWARD or self.whole or layer < self.layer

    def back(self, layer: int) -> bool:
        """Whether the gradient has gone back through a layer."""
        if self.whole or self.phase is Phase.UPDATE:
            return True
        return self.phase is Phase.BACKWARD and layer > self.layer


def progress_of(frame: TrackFrame, whole: bool) -> Progress:
    """How far a track has come."""
    section = frame.step.section
    return Progress(section.phase, section.layer, whole)


def line_marks(
    track: int, depth: Depth, places: Places, now: Progress, lens: Lens, look: Look
) -> tuple[Primitive, ...]:
    """The line through all parts, the shortcuts over it, and the additions."""
    out: list[Primitive] = []
    wide = max(1.25, look.metrics.stroke * 0.6)
    for n, path in places.steps.items():
        part, before = depth.parts[n], _before(depth, n)
        color = _color(now, depth.parts[before].last, part.first, look)
        path = path[::-1] if now.back(part.first) else path  # a gradient goes the other way
        out += _drawn(f"{track}/way/{n}", path, color, wide, lens, False)
    for i, (joint, path) in enumerate(zip(depth.joints, places.arcs, strict=True)):
        if not joint.used:
            continue
        changes = depth.parts[_before(depth, joint.first)].shape != depth.parts[joint.last].shape
        path = path[::-1] if now.back(joint.add) else path
        color = _of_joint(joint, now, look)
        out += _drawn(f"{track}/shortcut/{i}", path, color, wide * 1.2, lens, changes)
    return tuple(out)


def sum_marks(
    track: int, depth: Depth, places: Places, now: Progress, lens: Lens, look: Look
) -> tuple[Primitive, ...]:
    """The additions of all blocks that have a shortcut."""
    return tuple(
        mark
        for i, (joint, at) in enumerate(zip(depth.joints, places.sums, strict=True))
        if joint.used
        for mark in _sum(f"{track}/sum/{i}", at, places.type, _of_joint(joint, now, look), lens, look)
    )


def _of_joint(joint: Joint, now: Progress, look: Look) -> Color:
    """The colour of a shortcut: accented while its addition is at work."""
    if now.layer == joint.add and not now.whole:
        return look.theme.accent
    return _color(now, joint.add, joint.add, look)


def _before(depth: Depth, n: int) -> int:
    """The part before one on the main way."""
    return next(i for i in range(n - 1, -1, -1) if not depth.parts[i].side)


def _color(now: Progress, before: int, after: int, look: Look) -> Color:
    """The colour of what leads from one layer to another: the gradient's way, the numbers' way, or not yet."""
    theme = look.theme
    if now.back(after):
        return back_color(look)
    return forward_color(look) if now.forward(before) else theme.line


def forward_color(look: Look) -> Color:
    """The colour of what has come forward."""
    return look.theme.negative


def back_color(look: Look) -> Color:
    """The colour of gradients that have gone back."""
    return look.theme.positive


def _sum(key: str, at: Point, size: float, color: Color, lens: Lens, look: Look) -> Iterator[Primitive]:
    reach = size * 0.45
    box = lens.box(Box(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach))
    if min(box.meets(lens.area)[2:]) < box.h - 0.5:
        return
    ground = look.theme.background or look.theme.surface
    yield Rect(f"{key}/ground", box, ground, radius=box.h / 2)
    yield Ring(f"{key}/ring", box, color, width=1.25, radius=box.h / 2)
    yield Text(f"{key}/plus", box, (Run("+", look.theme.text, Weight.BOLD),), box.h * 0.95, Align.CENTER)


def _drawn(key: str, path: Path, color: Color, width: float, lens: Lens, dashed: bool) -> Iterator[Link]:
    """A line as far as it is seen, in dashes where asked."""
    end = _enlarged(lens, path[-1:])[0]
    count = 0
    for piece in dashes(path, DASH, FREE) if dashed else (path,):
        drawn = _enlarged(lens, piece)
        inside = lens.camera.zoom == 1.0 or all(lens.area.holds(*point) for point in drawn)
        for part in (drawn,) if inside else clipped(drawn, lens.area):
            yield Link(f"{key}/{count}", part, color, width=width, arrow=part[-1] == end)
            count += 1


def _enlarged(lens: Lens, path: Path) -> Path:
    """Where the points of a line lie when the map is enlarged."""
    zoom, area = lens.camera.zoom, lens.area
    if zoom == 1.0:
        return path
    whole = lens.box(area)
    return tuple((whole.x + (x - area.x) * zoom, whole.y + (y - area.y) * zoom) for x, y in path)


@lru_cache(maxsize=64)  # cut once, however the map is enlarged
def dashes(path: Path, dash: float, free: float) -> tuple[Path, ...]:
    """A line cut into dashes.

    Examples
    --------
    >>> dashes(((0.0, 0.0), (10.0, 0.0)), 4.0, 2.0)
    (((0.0, 0.0), (4.0, 0.0)), ((6.0, 0.0), (10.0, 0.0)))
    """
    out: list[Path] = []
    piece: list[Point] = [path[0]]
    left, on = dash, True
    for start, end in pairwise(path):
        length = math.dist(start, end)
        at = 0.0
        while length - at > left:
            at += left
            point = (
                start[0] + (end[0] - start[0]) * at / length,
                start[1] + (end[1] - start[1]) * at / length,
            )
            if on:
                out.append((*piece, point))
            piece, on = [point], not on
            left = dash if on else free
        left -= length - at
        piece.append(end)
    if on and len(piece) > 1:
        out.append(tuple(piece))
    return tuple(out)


def clipped(path: Path, area: Box) -> tuple[Path, ...]:
    """The parts of a line inside a box.

    Examples
    --------
    >>> clipped(((-5.0, 1.0), (5.0, 1.0), (5.0, 9.0)), Box(0.0, 0.0, 10.0, 4.0))
    (((0.0, 1.0), (5.0, 1.0), (5.0, 4.0)),)
    """
    out: list[list[Point]] = []
    for start, end in pairwise(path):
        inside = _inside(start, end, area)
        if inside is None:
            continue
        if out and out[-1][-1] == inside[0]:
            out[-1].append(inside[1])
        else:
            out.append([*inside])
    return tuple(tuple(part) for part in out)


def _inside(start: Point, end: Point, area: Box) -> tuple[Point, Point] | None:
    """The part of a segment inside a box (Liang and Barsky, 1984)."""
    low, high = 0.0, 1.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    for step, room in (
        (-dx, start[0] - area.x), (dx, area.right - start[0]), (-dy, start[1] - area.y), (dy, area.bottom - start[1]),
    ):  # fmt: skip
        if step == 0:
            if room < 0:
                return None
            continue
        at = room / step
        if step < 0:
            low = max(low, at)
        else:
            high = min(high, at)
    if low >= high:
        return None

    def point(at: float) -> Point:
        return (start[0] + dx * at, start[1] + dy * at) if 0 < at < 1 else (start if at == 0 else end)

    return point(low), point(high)
