"""The one item on the stage: paints a Scene in device pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from cnnviz.paint.painter import paint_scene
from cnnviz.scene.primitives import Box, Scene


class SceneItem(QGraphicsObject):
    """Paints the scene it is given: one item, because one item a cell dies above 1,500 cells."""

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        # Without it the exposed rectangle is always the whole item.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_scene_value(self, scene: Scene) -> None:
        """Take another scene; the view says what of it is to be painted."""
        if self._scene is None or self._scene.size != scene.size:
            self.prepareGeometryChange()
        self._scene = scene

    def boundingRect(self) -> QRectF:
        if self._scene is None:
            return QRectF()
        return QRectF(0, 0, *self._scene.size)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._scene is None:
            return
        part = option.exposedRect
        exposed = Box(part.x(), part.y(), part.width(), part.height())
        paint_scene(painter, self._scene, dpr=painter.device().devicePixelRatioF(), exposed=exposed)
