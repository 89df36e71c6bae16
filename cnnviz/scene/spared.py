"""Lines from windows to cells leave words free: they are broken where they would cross letters; tints lie under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from cnnviz.scene.letters import ink_of
from cnnviz.scene.primitives import Box, Formula, Gradient, Link, Panel, Primitive, Text

AROUND = 3.0
"""So many pixels around letters stay free."""

SHORTEST = 14.0
"""What is left of a line is drawn from this length on: scraps between words say nothing."""

TOP_PANEL = "legends"
"""The panel of the words that are drawn above the tints."""

LATER = ("sum", "formula")
"""What is drawn later than the lines anyway."""

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = tuple[Point, ...]
Span: TypeAlias = tuple[float, float]


def spared(
    panels: tuple[Panel, ...], over: tuple[Primitive, ...]
) -> tuple[tuple[Panel, ...], tuple[Primitive, ...]]:
    """The panels, and what is drawn over them, with all words free of the lines that tie windows to cells."""
    drawn = [*(p for panel in panels for p in panel.primitives), *over]
    ties = [p for p in drawn if isinstance(p, Link) and _ties(p)]
    if not ties:
        return panels, over
    reach = _around(tuple(point for p in ties for point in p.points)).inset(-AROUND)
    said = [p for p in drawn if isinstance(p, Text | Formula) and _meet(p.box, reach) and _is_free(p)]
    words = tuple(_room(p) for p in said)
    tints = tuple(_around(p.points) for p in ties if p.closed)
    freed = [_freed(panel, words, tints) for panel in panels]
    lifted = tuple(p for panel in panels for p in panel.primitives if _lifted(p, tints))
    top = Panel(TOP_PANEL, panels[0].box, "Legends", lifted)
    lines = tuple(q for p in over if isinstance(p, Link) and _ties(p) for q in _broken(p, words))
    if lines:
        return tuple(freed), (*lines, *lifted, *(p for p in over if not _ties(p)))
    last = max(n for n, panel in enumerate(panels) if any(map(_ties, panel.primitives)))
    return (*freed[: last + 1], *([top] if lifted else []), *freed[last + 1 :]), over


def _ties(p: Primitive) -> bool:
    """Whether a primitive is one of the lines between a window and its cell, or its loupe, or the tint between them."""
    return isinstance(p, Link) and (p.key.startswith("loupe/") or "/link/" in p.key)


def _lifted(p: Primitive, tints: tuple[Box, ...]) -> bool:
    """Whether words of the maps, or the colours they explain, stand where a tint may lie over them."""
    if isinstance(p, Gradient):
        told = "legend" in p.key.split("/")
    else:
        told = isinstance(p, Text) and not p.key.startswith(LATER)
    return told and not isinstance(p, Link) and any(_meet(p.box, tint) for tint in tints)


def _meet(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _around(points: Points) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _is_free(p: Text | Formula) -> bool:
    """Whether something is said on the background itself: a plus has a circle around it."""
    return isinstance(p, Formula) or (any(run.text for run in p.runs) and not p.key.endswith("/plus"))


def _room(p: Text | Formula) -> Box:
    return (p.box if isinstance(p, Formula) else ink_of(p)).inset(-AROUND)


def _freed(panel: Panel, words: tuple[Box, ...], tints: tuple[Box, ...]) -> Panel:
    if not any(_ties(p) or _lifted(p, tints) for p in panel.primitives):
        return panel
    kept = [p for p in panel.primitives if not _lifted(p, tints)]
    parts = (_broken(p, words) if isinstance(p, Link) else (p,) for p in kept)
    return replace(panel, primitives=tuple(q for part in parts for q in part))


def _broken(link: Link, words: tuple[Box, ...]) -> tuple[Link, ...]:
    """What is left of a line, the first part with its key, so that it glides on; a tint stays whole under words."""
    if link.closed or not _ties(link):
        return (link,)
    return tuple(
        replace(link, key=f"{link.key}/{n}" if n else link.key, points=points)
        for n, points in enumerate(_pieces(link.points, words))
    )


def _pieces(points: Points, words: tuple[Box, ...]) -> Iterator[Points]:
    """The parts of a line from its first point to its last that lie in no box."""
    (ax, ay), (bx, by) = points[0], points[-1]
    long = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-9)
    for start, stop in _gaps([span for box in words if (span := _within(points[0], points[-1], box))]):
        if (stop - start) * long >= SHORTEST:
            yield tuple((ax + (bx - ax) * t, ay + (by - ay) * t) for t in (start, stop))


def _within(a: Point, b: Point, box: Box) -> Span | None:
    """From which part of a line to which it lies in a box: between its sides, and between top and bottom."""
    low, high = 0.0, 1.0
    for start, end, least, most in ((a[0], b[0], box.x, box.right), (a[1], b[1], box.y, box.bottom)):
        way = end - start
        if way == 0:
            if not least < start < most:
                return None
            continue
        one, other = sorted(((least - start) / way, (most - start) / way))
        low, high = max(low, one), min(high, other)
    return (low, high) if low < high else None


def _gaps(spans: list[Span]) -> Iterator[Span]:
    """What of 0 to 1 no span covers."""
    at = 0.0
    for low, high in sorted(spans):
        if low > at:
            yield at, low
        at = max(at, high)
    if at < 1:
        yield at, 1.0
