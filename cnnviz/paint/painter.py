"""The one painter of pixels: a Scene goes in, a picture or a part of the screen comes out."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from time import perf_counter

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.app import ensure_gui_app
from cnnviz.paint.color import qcolor
from cnnviz.paint.formulas import draw_formula
from cnnviz.paint.grids import draw_grid
from cnnviz.paint.pixels import device_rect, px
from cnnviz.paint.runs import draw_run, runs
from cnnviz.paint.shapes import draw_gradient, draw_link, draw_rect, draw_ring
from cnnviz.paint.texts import draw_text
from cnnviz.scene.primitives import Box, Formula, Gradient, Grid, Link, Primitive, Rect, Ring, Scene, Text

# What a stroke or a letter may reach beyond its box, in logical pixels.
_OVERHANG = 12.0


def paint_scene(painter: QPainter, scene: Scene, dpr: float = 1.0, exposed: Box | None = None) -> None:
    """Paint a scene.

    Parameters
    ----------
    painter : QPainter
        One of its units is one logical pixel of the scene, and ``dpr`` pixels of the device.
    dpr : float
        Device pixels per logical pixel; fractions such as 1.25 are drawn crisp.
    exposed : Box, optional
        Paint only this part (logical pixels); the rest is left as it is.
    """
    painter.save()
    painter.scale(1 / dpr, 1 / dpr)
    if exposed is not None:
        painter.setClipRect(device_rect(exposed, dpr).toAlignedRect(), Qt.ClipOperation.IntersectClip)
    if scene.background is not None:
        whole = QRectF(0, 0, px(scene.size[0], dpr), px(scene.size[1], dpr))
        painter.fillRect(whole, qcolor(scene.background))
    room = None if exposed is None or _covers(exposed, scene) else exposed.inset(-_OVERHANG)
    touched = (p for p in scene.primitives() if room is None or _touches(p, room))
    for run in runs(touched, dpr):
        if len(run) == 1 or not draw_run(painter, run, dpr):
            for primitive in run:
                draw_primitive(painter, primitive, dpr)
    painter.restore()


def draw_primitive(painter: QPainter, primitive: Primitive, dpr: float) -> None:
    """Draw one primitive; the painter's unit is one device pixel."""
    match primitive:
        case Grid():
            draw_grid(painter, primitive, dpr)
        case Text():
            draw_text(painter, primitive, dpr)
        case Ring():
            draw_ring(painter, primitive, dpr)
        case Rect():
            draw_rect(painter, primitive, dpr)
        case Link():
            draw_link(painter, primitive, dpr)
        case Gradient():
            draw_gradient(painter, primitive, dpr)
        case Formula():
            draw_formula(painter, primitive, dpr)


def scene_image(scene: Scene, scale: float = 1.0) -> QImage:
    """Paint a scene into a new picture of its size times ``scale``.

    The picture is RGB32 when the scene has a background, else ARGB32 premultiplied, transparent where nothing
    is drawn. The same scene gives the same bytes, whatever was painted before.
    """
    image = QImage(*image_size(scene, scale), image_kind(scene))
    for _ in image_steps(scene, image, scale):
        pass
    return image


def image_size(scene: Scene, scale: float) -> tuple[int, int]:
    """Give width and height of a scene's picture."""
    return px(scene.size[0], scale), px(scene.size[1], scale)


def image_kind(scene: Scene) -> QImage.Format:
    """Give what the pixels of a scene's picture are."""
    return (
        QImage.Format.Format_ARGB32_Premultiplied if scene.background is None else QImage.Format.Format_RGB32
    )


def image_steps(scene: Scene, image: QImage, scale: float, seconds: float = inf) -> Iterator[None]:
    """Paint all of a picture in steps of about so many seconds: it rests between primitives."""
    ensure_gui_app()
    began = perf_counter()
    image.fill(qcolor(scene.background) if scene.background is not None else Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        for primitive in scene.primitives():
            draw_primitive(painter, primitive, scale)
            if perf_counter() - began > seconds:
                yield
                began = perf_counter()
    finally:
        painter.end()


def bounds(primitive: Primitive) -> Box:
    """Give a box outside which the primitive draws nothing, but for strokes."""
    if not isinstance(primitive, Link):
        return primitive.box
    xs, ys = zip(*primitive.points, strict=True) if primitive.points else ((0.0,), (0.0,))
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _covers(exposed: Box, scene: Scene) -> bool:
    width, height = scene.size
    return exposed.x <= 0 and exposed.y <= 0 and exposed.right >= width and exposed.bottom >= height


def _touches(primitive: Primitive, room: Box) -> bool:
    box = bounds(primitive)
    return box.x <= room.right and room.x <= box.right and box.y <= room.bottom and room.y <= box.bottom
