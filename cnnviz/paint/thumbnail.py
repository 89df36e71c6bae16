"""A small picture of a scene: its maps and kernels as large as they fit, without arithmetic and sentences."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.app import ensure_gui_app
from cnnviz.paint.color import qcolor
from cnnviz.paint.painter import bounds, paint_scene
from cnnviz.scene.primitives import Box, Panel, Scene

MARGIN = 0.05
"""Share of the width that stays free around the maps."""
LARGEST = 1.5
"""A scene with little in it is blown up to at most so many times its size in a picture of the whole stage."""


def thumbnail(scene: Scene, width: int, height: int) -> QImage:
    """Paint the maps of a scene into a picture of that many device pixels.

    Parameters
    ----------
    scene : Scene
        With a background.
    width, height : int
        Size of the picture; the maps stand in its middle.
    """
    ensure_gui_app()
    assert scene.background is not None
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(qcolor(scene.background))
    maps = tuple(panel for panel in scene.panels if _is_map(panel))
    if not maps:
        return image
    around = _around(maps)
    free = width * (1 - 2 * MARGIN), height - 2 * MARGIN * width
    scale = min(free[0] / around.w, free[1] / around.h, LARGEST * width / scene.size[0])
    painter = QPainter(image)
    # Whole pixels, so that cells stay crisp.
    painter.translate(round(width / 2 - around.cx * scale), round(height / 2 - around.cy * scale))
    painter.scale(scale, scale)
    kept = tuple(panel for panel in scene.panels if _is_map(panel) or panel.key == "links")
    paint_scene(painter, replace(scene, background=None, panels=kept), scale)
    painter.end()
    return image


def _is_map(panel: Panel) -> bool:
    """Whether the panel shows a tensor: those have the number of their track before the name."""
    return "/" in panel.key


def _around(panels: tuple[Panel, ...]) -> Box:
    boxes = [bounds(primitive) for panel in panels for primitive in panel.primitives]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)
