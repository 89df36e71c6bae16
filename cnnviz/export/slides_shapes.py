"""Rings, rectangles, links and legends of a scene as native shapes of a slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from cnnviz.export.slides_xml import (
    NO_FILL,
    NO_LINE,
    RECTANGLE,
    Sheet,
    color_xml,
    fill,
    frame_of,
    geometry,
    group,
    name_of,
    properties,
    shape,
    stroke,
    transform,
)
from cnnviz.paint.color import rgba, visible
from cnnviz.scene.primitives import Box, Color, Gradient, Link, Rect, Ring

Point = tuple[float, float]

_DASHES = '<a:custDash><a:ds d="300000" sp="200000"/></a:custDash>'
_ARROW = '|<a:tailEnd type="triangle" w="lg" len="lg"/>'
_UNSEEN = 6  # levels of 255 by which a colour of a legend may be off


def rect_shape(sheet: Sheet, rect: Rect) -> str:
    """A filled rectangle, with round corners or a disc."""
    box = rect.box if rect.clip is None else rect.box.meets(rect.clip)
    if box.w <= 0 or box.h <= 0 or not visible(rect.fill):
        return ""
    radius = rect.radius if box == rect.box else 0.0
    drawn = f"{_corners(box, radius)}{fill(rect.fill, sheet.look)}{NO_LINE}"
    return shape(sheet, name_of(rect.key), frame_of(box, sheet.look), drawn, decoration=True)


def gradient_shape(sheet: Sheet, gradient: Gradient, alt: str) -> str:
    """A legend's bar: a rectangle that runs from one colour to another, or a group of them.

    A rectangle of more colours would do, but programs before 2023 show only two of them.
    """
    stops, box = _bends(gradient.colors), gradient.box
    if len(stops) == 2:
        frame = frame_of(box, sheet.look)
        return shape(sheet, name_of(gradient.key), frame, _ramp(gradient, *stops), alt=alt)
    width = box.w / max(1, len(gradient.colors) - 1)
    pieces: list[str] = []
    for first, last in pairwise(stops):
        # Each reaches a little under the next, so that nothing shines through between them.
        right = min(box.right, box.x + last * width + 1)
        piece = Box(box.x + first * width, box.y, right - box.x - first * width, box.h)
        pieces.append(
            shape(sheet, f"part {len(pieces) + 1}", frame_of(piece, sheet.look), _ramp(gradient, first, last))
        )
    return group(sheet, name_of(gradient.key), box, pieces, alt)


def _ramp(gradient: Gradient, first: int, last: int) -> str:
    """A rectangle that runs from one colour to the other."""
    ends = "".join(
        f'<a:gs pos="{place}">{color_xml(gradient.colors[n])}</a:gs>'
        for place, n in ((0, first), (100_000, last))
    )
    ramp = f'<a:gradFill rotWithShape="1"><a:gsLst>{ends}</a:gsLst><a:lin ang="0" scaled="0"/></a:gradFill>'
    return f"{RECTANGLE}{ramp}{NO_LINE}"


def _bends(colors: Sequence[Color]) -> list[int]:
    """The colours between which straight runs pass close by all others; first and last among them."""
    levels = [rgba(color)[:3] for color in colors]
    stops, start = [0], 0
    for end in range(2, len(levels)):
        if not all(_near(levels, start, end, n) for n in range(start + 1, end)):
            start = end - 1
            stops.append(start)
    return [*stops, len(levels) - 1]


def _near(levels: Sequence[tuple[int, ...]], start: int, end: int, place: int) -> bool:
    part = (place - start) / (end - start)
    return all(
        abs(a + (b - a) * part - level) <= _UNSEEN
        for a, b, level in zip(levels[start], levels[end], levels[place], strict=True)
    )


def ring_shape(sheet: Sheet, ring: Ring, name: str, alt: str) -> str:
    """An outline: one shape, or a group of two where a second stroke lies around the first; told of by ``alt``."""
    if not visible(ring.outer):
        return _outline(sheet, ring, ring.box, ring.inner, ring.width, ring.dashed, name, alt, not alt)
    # As the painter draws it: half of the inner stroke lies inside the box, the outer one around it.
    rim = max(1 / sheet.look.scale, ring.width / 2)
    wide = _grown(ring.box, rim / 2)
    plain = replace(ring, fill="#00000000")
    children = (
        _outline(sheet, ring, wide, ring.outer, ring.width + rim, False, "rim"),
        _outline(sheet, plain, ring.box, ring.inner, ring.width, ring.dashed, "line"),
    )
    seen = [child for child in children if child]
    return group(sheet, name, _seen(ring), seen, alt) if seen else ""


def link_shape(sheet: Sheet, link: Link) -> str:
    """A straight line as a connector, any other as a freeform."""
    if len(link.points) < 2:
        return ""
    width = max(1 / sheet.look.scale, link.width)
    line = stroke(link.stroke, width, sheet.look, _ARROW if link.arrow and not link.closed else "")
    if len(link.points) == 2 and not link.closed:
        return _connector(sheet, link, line) if visible(link.stroke) else ""
    filled = fill(link.fill, sheet.look) if link.closed else NO_FILL
    return freeform(sheet, name_of(link.key), [link.points], link.closed, f"{filled}{line}", decoration=True)


def freeform(
    sheet: Sheet, name: str, lines: Sequence[Sequence[Point]], closed: bool, drawn: str, alt: str = "",
    decoration: bool = False,
) -> str:  # fmt: skip
    """Lines through points."""
    look = sheet.look
    places = [[(look.emu(x), look.emu(y)) for x, y in line] for line in lines]
    xs, ys = zip(*(point for line in places for point in line), strict=True)
    left, top = min(xs), min(ys)
    wide, tall = max(1, max(xs) - left), max(1, max(ys) - top)
    path = "".join(_path([(x - left, y - top) for x, y in line], closed) for line in places)
    drawn = geometry(wide, tall, path, closed) + drawn
    return shape(sheet, name, (left, top, wide, tall), drawn, alt=alt, decoration=decoration)


def _path(points: Sequence[tuple[int, int]], closed: bool) -> str:
    first, *others = (f'<a:pt x="{x}" y="{y}"/>' for x, y in points)
    lines = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in others)
    return f"<a:moveTo>{first}</a:moveTo>{lines}{'<a:close/>' if closed else ''}"


def _connector(sheet: Sheet, link: Link, line: str) -> str:
    """A line from its first point to its second; mirrored where it does not run right and down."""
    (x1, y1), (x2, y2) = ((sheet.look.emu(x), sheet.look.emu(y)) for x, y in link.points)
    flags = (' flipH="1"' if x2 < x1 else "") + (' flipV="1"' if y2 < y1 else "")
    frame = (min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{properties(sheet, name_of(link.key), decoration=True)}<p:cNvCxnSpPr/><p:nvPr/>"
        f"</p:nvCxnSpPr><p:spPr>{transform(frame, flags=flags)}"
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{line}</p:spPr></p:cxnSp>'
    )


def _outline(
    sheet: Sheet, ring: Ring, box: Box, color: str, width: float, dashed: bool, name: str, alt: str = "",
    decoration: bool = False,
) -> str:  # fmt: skip
    """A rectangle's line, or only those of its sides that may be seen."""
    look = sheet.look
    line = stroke(color, width, look, _DASHES if dashed else "")
    if ring.clip is None or ring.clip.meets(box) == box:
        drawn = f"{_corners(box, ring.radius)}{fill(ring.fill, look)}{line}"
        return shape(sheet, name, frame_of(box, look), drawn, alt=alt, decoration=decoration)
    sides = list(_sides(box, ring.clip))
    return freeform(sheet, name, sides, False, f"{NO_FILL}{line}", alt, decoration) if sides else ""


def _sides(box: Box, clip: Box) -> Iterator[tuple[Point, Point]]:
    """The parts of a rectangle's sides that lie inside another one."""
    left, right = max(box.x, clip.x), min(box.right, clip.right)
    top, bottom = max(box.y, clip.y), min(box.bottom, clip.bottom)
    for y in (box.y, box.bottom):
        if clip.y <= y <= clip.bottom and left < right:
            yield (left, y), (right, y)
    for x in (box.x, box.right):
        if clip.x <= x <= clip.right and top < bottom:
            yield (x, top), (x, bottom)


def _seen(ring: Ring) -> Box:
    return ring.box if ring.clip is None else ring.box.meets(ring.clip)


def _grown(box: Box, by: float) -> Box:
    return box.inset(-by)


def _corners(box: Box, radius: float) -> str:
    least = min(box.w, box.h)
    if radius <= 0 or least <= 0:
        return RECTANGLE
    if radius >= least / 2 * 0.999 and abs(box.w - box.h) < 0.01 * least:
        return '<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>'
    share = round(min(0.5, radius / least) * 100_000)
    return (
        f'<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val {share}"/></a:avLst></a:prstGeom>'
    )


def picture_shape(sheet: Sheet, name: str, box: Box, relation: str, alt: str) -> str:
    """A picture in its box."""
    return (
        f"<p:pic><p:nvPicPr>{properties(sheet, name, alt)}"
        '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f"<p:spPr>{transform(frame_of(box, sheet.look))}{RECTANGLE}</p:spPr></p:pic>"
    )
