"""What makes words of a scene hard to read though nothing covers them: marks across them, neighbours that touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from cnnviz.scene.primitives import Box, Color, Formula, Grid, Link, Primitive, Rect, Ring, Scene, Text
from tests.scene.ink import ASKED, ELIDED, ink, width

NEAR = 0.22
"""Words of two texts in a line stand at least so many sizes of their type apart: about a space."""

CORE = 0.3
"""So much of a line, above and below its middle, has ink of nearly every letter."""

SMALLEST = 8.0
"""No word is set smaller, in pixels."""

NUMBERS = 6.5
"""Nor any number in a cell."""

FAINT = 0x30
"""Fills of less opacity tint what lies under them and hide nothing."""

Point: TypeAlias = tuple[float, float]


class Words(NamedTuple):
    """Something that is read: the heart of its letters, the size of its type, and when it is drawn."""

    key: str
    box: Box
    size: float
    at: int


def crowding(scene: Scene) -> Iterator[str]:
    """Everything that makes words of a scene hard to read."""
    drawn = scene.primitives()
    read = [_words(p, n) for n, p in enumerate(drawn) if isinstance(p, Formula) or _says(p)]
    for words in read:
        if words.size < SMALLEST:
            yield f"{words.key} is set in {words.size:.1f} pixels"
    for p in drawn:
        if isinstance(p, Grid) and 0 < p.text_size < NUMBERS:
            yield f"{p.key} has numbers of {p.text_size:.1f} pixels"
    yield from _touching(read)
    grounds = [(n, p.box) for n, p in enumerate(drawn) if isinstance(p, Rect) and _visible(p.fill, 0xFF)]
    for n, p in enumerate(drawn):
        if isinstance(p, Rect | Ring | Link):
            for words in read:
                if not any(n < at < words.at and _holds(box, words.box) for at, box in grounds):
                    yield from _faults(p, n < words.at, words)


def _says(p: Primitive) -> bool:
    return isinstance(p, Text) and bool(p.text.strip()) and not p.key.endswith(ASKED)


def _words(p: Primitive, at: int) -> Words:
    assert isinstance(p, Text | Formula)
    if isinstance(p, Formula):
        return Words(p.key, _core(p.box), p.size, at)
    last = p.runs[-1]
    p = replace(p, runs=(*p.runs[:-1], replace(last, text=last.text.rstrip())))
    full = width(p)
    size = p.size * max(ELIDED, min(1.0, p.box.w / full if full else 1.0))
    return Words(p.key, _core(ink(p)), size, at)


def _core(box: Box) -> Box:
    return Box(box.x, box.cy - box.h * CORE, box.w, 2 * box.h * CORE)


def _touching(read: list[Words]) -> Iterator[str]:
    """Words in the same line with less than a space between them."""
    if not read:
        return
    boxes = np.array([(w.box.x, w.box.y, w.box.right, w.box.bottom) for w in read])
    gaps = boxes[np.newaxis, :, 0] - boxes[:, np.newaxis, 2]
    common = np.minimum(boxes[:, np.newaxis, 3], boxes[:, 3]) - np.maximum(
        boxes[:, np.newaxis, 1], boxes[:, 1]
    )
    sizes = np.array([w.size for w in read])
    least = NEAR * np.minimum(sizes[:, np.newaxis], sizes)
    for m, n in np.argwhere((gaps >= 0) & (gaps < least) & (common > 0)):
        yield f"{read[m].key} and {read[n].key} are {gaps[m, n]:.1f} pixels apart"


def _faults(p: Rect | Ring | Link, under: bool, words: Words) -> Iterator[str]:
    """What a mark does to some words; under them it may tint, but neither cross them nor hold them in part."""
    if any(_crosses(a, b, words.box) for a, b in _strokes(p)):
        yield f"{p.key} runs {'under' if under else 'over'} {words.key}"
    elif under:
        if isinstance(p, Rect) and p.radius > 0 and _leaves(words.box, p.box):
            yield f"{words.key} leaves the plate {p.key}"
    elif isinstance(p, Link):
        if p.closed and _visible(p.fill) and _inside(p.points, words.box):
            yield f"{p.key} shades {words.key}"
    elif _visible(p.fill, FAINT) and _meet(p.box if p.clip is None else p.box.meets(p.clip), words.box):
        yield f"{p.key} hides {words.key}"


def _visible(color: Color, least: int = 1) -> bool:
    return (int(color[7:9], 16) if len(color) > 7 else 0xFF) >= least


def _meet(one: Box, other: Box) -> bool:
    common = one.meets(other)
    return common.w > 1 and common.h > 1


def _holds(one: Box, other: Box) -> bool:
    common = one.meets(other)
    return common.w > other.w - 0.5 and common.h > other.h - 0.5


def _leaves(words: Box, plate: Box) -> bool:
    """Whether words that stand mostly on a plate reach beyond its sides."""
    common = plate.meets(words)
    return common.h > words.h / 2 and words.w / 2 < common.w < words.w - 0.5


def _strokes(p: Rect | Ring | Link) -> Iterator[tuple[Point, Point]]:
    """The lines that a mark is drawn with, as far as they are seen."""
    if isinstance(p, Link):
        if _visible(p.stroke):
            yield from pairwise((*p.points, p.points[0]) if p.closed else p.points)
        return
    if isinstance(p, Rect) or not _visible(p.inner):
        return
    x, y, right, bottom = p.box.x, p.box.y, p.box.right, p.box.bottom
    clip = p.box.inset(-1) if p.clip is None else p.clip
    left, top, end, foot = max(x, clip.x), max(y, clip.y), min(right, clip.right), min(bottom, clip.bottom)
    yield from (((left, at), (end, at)) for at in (y, bottom) if clip.y <= at <= clip.bottom)
    yield from (((at, top), (at, foot)) for at in (x, right) if clip.x <= at <= clip.right)


def _crosses(a: Point, b: Point, box: Box) -> bool:
    """Whether a line meets the inside of a box: what of it lies between the sides, and between top and bottom."""
    low, high = 0.0, 1.0
    for start, end, least, most in ((a[0], b[0], box.x, box.right), (a[1], b[1], box.y, box.bottom)):
        if start == end:
            if not least < start < most:
                return False
            continue
        one, other = sorted(((least - start) / (end - start), (most - start) / (end - start)))
        low, high = max(low, one), min(high, other)
    return low < high


def _inside(points: tuple[Point, ...], box: Box) -> bool:
    """Whether the middle of a box lies in a polygon: a ray from it meets the sides an odd number of times."""
    x, y, inside = box.cx, box.cy, False
    for (ax, ay), (bx, by) in pairwise((*points, points[0])):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
