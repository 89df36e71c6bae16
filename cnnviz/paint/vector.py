"""Draws a Scene on the canvas of a vector file: the same shapes in the same places as the painter's pixels."""

from __future__ import annotations

from itertools import groupby

from cnnviz.paint.app import ensure_gui_app
from cnnviz.paint.canvas import Canvas, Point, Word
from cnnviz.paint.color import visible
from cnnviz.paint.fonts import text_width
from cnnviz.paint.formulas import start_of
from cnnviz.paint.layout import set_text
from cnnviz.paint.pixels import pixel_rect, px
from cnnviz.paint.shapes import ARROW, ARROW_LEAST, DASH, GAP, arrow_head, ring_strokes
from cnnviz.paint.vector_grids import write_grid
from cnnviz.scene.primitives import (
    Box,
    Color,
    Formula,
    Gradient,
    Grid,
    Link,
    Primitive,
    Rect,
    Ring,
    Scene,
    Text,
)


def draw_scene(canvas: Canvas, scene: Scene, scale: float = 1.0) -> None:
    """Draw a scene, a group for each primitive.

    Lengths are rounded as on a screen with one pixel to the logical one, so that there both look alike.

    Parameters
    ----------
    canvas : Canvas
    scene : Scene
    scale : float
        Pixels of the file as it is first shown per logical pixel: pictures need not be finer by far.
    """
    ensure_gui_app()
    if scene.background is not None:
        canvas.begin("background")
        canvas.rect(Box(0, 0, *scene.size), scene.background)
        canvas.end()
    for primitive in scene.primitives():
        _draw(canvas, primitive, scale)


def _draw(canvas: Canvas, primitive: Primitive, scale: float) -> None:
    match primitive:
        case Grid():
            write_grid(canvas, primitive, scale)
        case Text():
            _write(canvas, primitive)
        case Ring():
            _ring(canvas, primitive)
        case Rect():
            box = pixel_box(primitive.box)
            canvas.begin(primitive.key, _clip(primitive.clip, box))
            _fill(canvas, box, primitive.fill, primitive.radius)
            canvas.end()
        case Link():
            _link(canvas, primitive)
        case Gradient():
            canvas.begin(primitive.key)
            canvas.ramp(pixel_box(primitive.box), primitive.colors)
            canvas.end()
        case Formula():
            canvas.begin(primitive.key)
            x, baseline = start_of(primitive)
            canvas.formula(primitive.name, primitive.colors, px(x, 1), px(baseline, 1), primitive.size)
            canvas.end()


def pixel_box(box: Box) -> Box:
    """Give the box with its edges on whole lengths."""
    rect = pixel_rect(box, 1)
    return Box(rect.x(), rect.y(), rect.width(), rect.height())


def _clip(clip: Box | None, drawn: Box) -> Box | None:
    """Where something is to be cut off; None where all of it is inside."""
    if clip is None:
        return None
    kept = pixel_box(clip)
    return None if kept.meets(drawn) == drawn else kept


def _fill(canvas: Canvas, box: Box, fill: Color, radius: float = 0.0) -> None:
    if visible(fill) and box.w > 0 and box.h > 0:
        canvas.rect(box, fill, radius)


def _write(canvas: Canvas, text: Text) -> None:
    setting = set_text(text)
    if not setting.pieces:
        return
    canvas.begin(text.key)
    for baseline, pieces in groupby(setting.pieces, lambda piece: piece.baseline):
        words = [Word(p.text, p.color, p.weight, text.box.x + p.x) for p in pieces]
        first, last = words[0], words[-1]
        width = last.x - first.x + text_width(last.text, setting.size, last.weight)
        canvas.words(words, px(text.box.y + baseline, 1), setting.size, text.align, width)
    canvas.end()


def _ring(canvas: Canvas, ring: Ring) -> None:
    edge, thick, rim = ring_strokes(pixel_rect(ring.box, 1), ring.width)
    inside = Box(edge.x(), edge.y(), edge.width(), edge.height())
    outer = inside.inset(-rim)
    canvas.begin(ring.key, _clip(ring.clip, outer))
    _fill(canvas, pixel_box(ring.box), ring.fill, ring.radius)
    if visible(ring.outer):
        _stroke(canvas, outer, rim, ring.outer, ring.radius + rim if ring.radius else 0.0)
        if ring.dashed:
            _stroke(canvas, inside, thick, ring.outer, ring.radius)
    if visible(ring.inner):
        dash = (float(DASH * thick), float(GAP * thick)) if ring.dashed else ()
        _stroke(canvas, inside, thick, ring.inner, ring.radius, dash)
    canvas.end()


def _stroke(
    canvas: Canvas, outside: Box, width: float, color: Color, radius: float, dash: tuple[float, ...] = ()
) -> None:
    """Draw a band of that width inside the edge of a box."""
    if 2 * width >= min(outside.w, outside.h):
        canvas.rect(outside, color, radius)
    else:
        canvas.frame(outside.inset(width / 2), color, width, max(0.0, radius - width / 2), dash)


def _link(canvas: Canvas, link: Link) -> None:
    points: list[Point] = list(link.points)
    stroke = link.stroke if visible(link.stroke) else None
    fill = link.fill if visible(link.fill) else None
    if len(points) < 2 or not (stroke or fill):
        return
    width = max(1.0, link.width)
    canvas.begin(link.key)
    head = arrow_head(points, max(ARROW_LEAST, ARROW * width)) if link.arrow else None
    if head is not None:
        points[-1] = ((head[1][0] + head[2][0]) / 2, (head[1][1] + head[2][1]) / 2)
    if link.closed:
        canvas.polygon(points, fill, stroke, width)
    elif stroke:
        canvas.lines([points], stroke, width)
    if head is not None and stroke:
        canvas.polygon(head, stroke, None, 0)
    canvas.end()
