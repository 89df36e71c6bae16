"""Draws rings, rectangles, links and gradients; the painter's unit is one device pixel."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from cnnviz.paint.color import qcolor, visible
from cnnviz.paint.pixels import pixel_rect, px
from cnnviz.scene.primitives import Box, Gradient, Link, Rect, Ring

_ARROW = 5.0  # length of an arrow head in stroke widths
_ARROW_LEAST = 7.0  # logical pixels


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
    thick = max(1, px(ring.width, dpr))
    rim = max(1, thick // 2)
    edge = _grown(rect, thick - thick // 2)
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


def draw_link(painter: QPainter, link: Link, dpr: float) -> None:
    """Draw a smooth open line or closed polygon, with an arrow head at its last point if it asks for one."""
    points = [QPointF(x * dpr, y * dpr) for x, y in link.points]
    if len(points) < 2:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = max(1.0, link.width * dpr)
    if link.closed:
        painter.setBrush(qcolor(link.fill) if visible(link.fill) else Qt.BrushStyle.NoBrush)
    head = _arrow_head(points, max(_ARROW_LEAST * dpr, _ARROW * width)) if link.arrow else None
    if head is not None:
        points[-1] = (head[1] + head[2]) / 2
    painter.setPen(_pen(link.stroke, width))
    if link.closed:
        painter.drawPolygon(QPolygonF(points))
    else:
        painter.drawPolyline(QPolygonF(points))
    if head is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(link.stroke))
        painter.drawPolygon(QPolygonF(head))
    painter.restore()


def draw_gradient(painter: QPainter, gradient: Gradient, dpr: float) -> None:
    """Draw a bar whose colours run from left to right at equal distances."""
    rect = pixel_rect(gradient.box, dpr)
    ramp = QLinearGradient(QPointF(rect.left(), 0), QPointF(rect.left() + rect.width(), 0))
    last = max(1, len(gradient.colors) - 1)
    for index, color in enumerate(gradient.colors):
        ramp.setColorAt(index / last, qcolor(color))
    painter.fillRect(rect, QBrush(ramp))


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
    path = QPainterPath()  # odd-even: the rectangle within is a hole
    inside = QRectF(_grown(outside, -width))
    if radius > 0:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path.addRoundedRect(QRectF(outside), radius, radius)
        path.addRoundedRect(inside, max(0.0, radius - width), max(0.0, radius - width))
    else:
        path.addRect(QRectF(outside))
        if inside.isValid():
            path.addRect(inside)
    painter.fillPath(path, qcolor(color))


def _dashes(painter: QPainter, edge: QRect, thick: int, radius: float, ring: Ring) -> None:
    if visible(ring.outer):
        _band(painter, edge, thick, radius, ring.outer)
    pen = _pen(ring.inner, thick)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([3.0, 2.0])
    half = thick / 2
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(QRectF(edge).adjusted(half, half, -half, -half), radius, radius)


def _pen(color: str, width: float) -> QPen:
    pen = QPen(qcolor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _arrow_head(points: list[QPointF], length: float) -> list[QPointF] | None:
    """Give the tip and the two back corners of a head at the last point; None without a direction."""
    tip, before = points[-1], points[-2]
    dx, dy = tip.x() - before.x(), tip.y() - before.y()
    distance = hypot(dx, dy)
    if distance == 0:
        return None
    dx, dy = dx / distance * length, dy / distance * length
    back = QPointF(tip.x() - dx, tip.y() - dy)
    side = QPointF(-dy * 0.4, dx * 0.4)
    return [tip, back + side, back - side]
