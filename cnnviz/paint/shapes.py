"""Draws rings, rectangles, links and gradients; the painter's unit is one device pixel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import hypot

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from cnnviz.paint.color import qcolor, visible
from cnnviz.paint.pixels import pixel_rect, px
from cnnviz.scene.primitives import Box, Gradient, Link, Rect, Ring

ARROW = 5.0  # length of an arrow head in stroke widths
DASH, GAP = 3, 2  # in stroke widths
ARROW_LEAST = 7.0  # logical pixels


def draw_rect(painter: QPainter, rect: Rect, dpr: float) -> None:
    """Draw a filled rectangle with its edges on pixel boundaries, or with round corners."""
    painter.save()
    _clip(painter, rect.clip, dpr)
    _fill(painter, pixel_rect(rect.box, dpr), rect.fill, rect.radius * dpr)
    painter.restore()


def draw_ring(painter: QPainter, ring: Ring, dpr: float) -> None:
    """Draw a double stroke round a box.

    The inner stroke is ``width`` wide and lies on the box's edge, at most half of it inside so that it spares
    the numbers; the outer one, half as wide, lies around it. A dashed ring shows the outer colour between the
    dashes of the inner one.
    """
    painter.save()
    _clip(painter, ring.clip, dpr)
    rect = pixel_rect(ring.box, dpr)
    edge, thick, rim = ring_strokes(rect, px(ring.width, dpr))
    radius = ring.radius * dpr
    if visible(ring.fill):
        _fill(painter, rect, ring.fill, radius)
    if visible(ring.outer):
        _band(painter, _grown(edge, rim), rim, radius + rim if radius else 0.0, ring.outer)
    if ring.dashed:
        _dashes(painter, edge, thick, radius, ring)
    else:
        _band(painter, edge, thick, radius, ring.inner)
    painter.restore()


def ring_strokes(rect: QRect, width: float) -> tuple[QRect, int, int]:
    """Give the outside of the inner stroke, how wide it is, and how wide the outer one around it."""
    thick = max(1, px(width, 1))
    return _grown(rect, thick - thick // 2), thick, max(1, thick // 2)


def draw_link(painter: QPainter, link: Link, dpr: float) -> None:
    """Draw a smooth open line or closed polygon, with an arrow head at its last point if it asks for one."""
    places = [(x * dpr, y * dpr) for x, y in link.points]
    points = [QPointF(x, y) for x, y in places]
    if len(points) < 2:
        return
    painter.save()
    # A breath of colour whose sides are drawn by lines of their own: smooth edges would take three times as long.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not link.closed or visible(link.stroke))
    width = max(1.0, link.width * dpr)
    if link.closed:
        painter.setBrush(qcolor(link.fill) if visible(link.fill) else Qt.BrushStyle.NoBrush)
    head = arrow_head(places, max(ARROW_LEAST * dpr, ARROW * width)) if link.arrow else None
    if head is not None:
        points[-1] = QPointF((head[1][0] + head[2][0]) / 2, (head[1][1] + head[2][1]) / 2)
    painter.setPen(_pen(link.stroke, width) if visible(link.stroke) else Qt.PenStyle.NoPen)
    if link.closed:
        painter.drawPolygon(QPolygonF(points))
    else:
        painter.drawPolyline(QPolygonF(points))
    if head is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(link.stroke))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in head]))
    painter.restore()


def draw_gradient(painter: QPainter, gradient: Gradient, dpr: float) -> None:
    """Draw a bar whose colours run from left to right at equal distances."""
    rect = pixel_rect(gradient.box, dpr)
    painter.fillRect(rect, _ramp(gradient.colors, rect.left(), rect.width()))


@lru_cache(maxsize=64)
def _ramp(colors: tuple[str, ...], left: int, width: int) -> QBrush:
    ramp = QLinearGradient(QPointF(left, 0), QPointF(left + width, 0))
    last = max(1, len(colors) - 1)
    for index, color in enumerate(colors):
        ramp.setColorAt(index / last, qcolor(color))
    return QBrush(ramp)


def _clip(painter: QPainter, clip: Box | None, dpr: float) -> None:
    if clip is not None:
        painter.setClipRect(pixel_rect(clip, dpr), Qt.ClipOperation.IntersectClip)


def _fill(painter: QPainter, rect: QRect, color: str, radius: float) -> None:
    if radius <= 0:
        painter.fillRect(rect, qcolor(color))
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(_rounded(QRectF(rect), radius), qcolor(color))


def _grown(rect: QRect, by: int) -> QRect:
    return rect.adjusted(-by, -by, by, by)


def _rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def _band(painter: QPainter, outside: QRect, width: int, radius: float, color: str) -> None:
    """Fill the band of ``width`` pixels inside a rectangle's edge."""
    if radius <= 0:
        for side in sides(outside, width):
            painter.fillRect(side, qcolor(color))
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()  # odd-even: the rectangle within is a hole
    path.addRoundedRect(QRectF(outside), radius, radius)
    within = max(0.0, radius - width)
    path.addRoundedRect(QRectF(_grown(outside, -width)), within, within)
    painter.fillPath(path, qcolor(color))


def sides(outside: QRect, width: int) -> tuple[QRect, ...]:
    """Cut the band inside an edge into top, bottom, left and right, which do not overlap."""
    x, y, w, h = outside.x(), outside.y(), outside.width(), outside.height()
    if 2 * width >= min(w, h):
        return (outside,)
    tall = h - 2 * width
    return (
        QRect(x, y, w, width),
        QRect(x, y + h - width, w, width),
        QRect(x, y + width, width, tall),
        QRect(x + w - width, y + width, width, tall),
    )


def _dashes(painter: QPainter, edge: QRect, thick: int, radius: float, ring: Ring) -> None:
    if visible(ring.outer):
        _band(painter, edge, thick, radius, ring.outer)
    if radius > 0:
        _round_dashes(painter, edge, thick, radius, ring.inner)
        return
    seen = _device_area(painter)
    for side in sides(edge, thick):
        for dash in _along(side, DASH * thick, GAP * thick, seen):
            painter.fillRect(dash, qcolor(ring.inner))


def _round_dashes(painter: QPainter, edge: QRect, thick: int, radius: float, color: str) -> None:
    pen = _pen(color, thick)
    pen.setDashPattern([DASH, GAP])
    half = thick / 2
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(QRectF(edge).adjusted(half, half, -half, -half), radius, radius)


def _along(side: QRect, dash: int, gap: int, seen: QRect) -> Iterator[QRect]:
    """Yield dashes along a side, counted from its start; only those seen, since a side may be a million pixels."""
    part, period = side.intersected(seen), dash + gap
    if part.isEmpty():
        return
    flat = side.width() >= side.height()
    start, low = (side.left(), part.left()) if flat else (side.top(), part.top())
    high = low + (part.width() if flat else part.height())
    for at in range(start + (low - start) // period * period, high, period):
        piece = (
            QRect(at, side.top(), dash, side.height()) if flat else QRect(side.left(), at, side.width(), dash)
        )
        yield piece.intersected(part)


def _device_area(painter: QPainter) -> QRect:
    """Give all that the device can show, in the painter's units."""
    device = painter.device()
    dense = device.devicePixelRatioF()  # a window counts its width in logical pixels
    back, _ = painter.deviceTransform().inverted()
    return back.mapRect(QRectF(0, 0, device.width() * dense, device.height() * dense)).toAlignedRect()


def _pen(color: str, width: float) -> QPen:
    pen = QPen(qcolor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def arrow_head(points: Sequence[tuple[float, float]], length: float) -> list[tuple[float, float]] | None:
    """Give the tip and the two back corners of a head at the last point; None without a direction."""
    (tip_x, tip_y), (x, y) = points[-1], points[-2]
    dx, dy = tip_x - x, tip_y - y
    distance = hypot(dx, dy)
    if distance == 0:
        return None
    dx, dy = dx / distance * length, dy / distance * length
    back_x, back_y = tip_x - dx, tip_y - dy
    side_x, side_y = -dy * 0.4, dx * 0.4
    return [(tip_x, tip_y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)]
