"""Shows a Scene in the pixels of a widget, and says when it is there and how large it may be."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from cnnviz.scene.primitives import Scene
from cnnviz.views.damage import update_changed
from cnnviz.views.scene_item import SceneItem


class SceneView(QGraphicsView):
    """Qt's own view, since pyqtgraph's does no more here and takes 0.3 s to import.

    Signals
    -------
    size_changed : width, height
    first_painted
        The first scene is there to be seen.
    """

    size_changed = Signal(float, float)
    first_painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._painted = False
        self.first_index = 0
        """From which number rows and columns are counted for a screen reader."""
        self._item = SceneItem()
        self._prepare()

    def _prepare(self) -> None:
        """One scene in the pixels of the view: nothing scrolls, moves or is kept from one painting to the next."""
        self.setScene(QGraphicsScene(self))
        self.scene().addItem(self._item)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)

    @property
    def scene_value(self) -> Scene | None:
        """The scene that is shown."""
        return self._scene

    def show_scene(self, scene: Scene) -> None:
        """Show a scene; only what differs from the one before is painted."""
        before, self._scene = self._scene, scene
        self._item.set_scene_value(scene)
        update_changed(self.viewport(), before, scene)
        if before is None:
            self.setAccessibleDescription(scene.spoken)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted and self._scene is not None:
            self._painted = True
            self.first_painted.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Meanwhile it was what was told last; a description that changes with every step would be read out each time.
        self.setAccessibleDescription("" if self._scene is None else self._scene.spoken)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the view would scroll by the arrows

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.viewport().size()
        self.setSceneRect(0, 0, size.width(), size.height())
        self.size_changed.emit(float(size.width()), float(size.height()))
