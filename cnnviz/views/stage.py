"""The stage: shows a Scene and says what the pointer asks of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsScene, QGraphicsView, QWidget

from cnnviz.scene.curve_hit import seeks
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Scene
from cnnviz.timeline.frame import CellRef
from cnnviz.views.brush import cells_between
from cnnviz.views.cell_edit import CellEdit, cell_box
from cnnviz.views.damage import update_changed
from cnnviz.views.drops import DropHint, FileDrops
from cnnviz.views.scene_item import SceneItem
from cnnviz.views.space_key import SpaceKey
from cnnviz.views.stage_words import StageWords

NOTCH = 120.0
"""Wheel units of one notch."""
ZOOM_PER_NOTCH = 1.25


class StageView(QGraphicsView):
    """The middle of the window: Qt's own view, since pyqtgraph's does no more here and takes 0.3 s to import.

    Signals
    -------
    hover_changed : CellRef or None
    cell_clicked, cell_double_clicked : CellRef
    paint_requested : CellRef
        A cell the brush ran over, while paint mode is on; ``paint_finished`` ends the stroke.
    zoom_requested : factor, x, y
        About a point in pixels of the scene.
    pan_requested : dx, dy
        In pixels, as the pointer moved.
    play_requested
        Space was tapped. The stage keeps this key from the shortcuts, because Space and a drag pan.
    size_changed : width, height
    first_painted
        The first scene is there to be seen.
    files_dropped : list of str
    value_edited : CellRef, value
        Typed into the cell that `ask_value` opened; ``value_refused`` : str says why a text was not taken.
    """

    hover_changed = Signal(object)
    cell_clicked = Signal(object)
    cell_double_clicked = Signal(object)
    paint_requested = Signal(object)
    paint_finished = Signal()
    zoom_requested = Signal(float, float, float)
    pan_requested = Signal(float, float)
    play_requested = Signal()
    size_changed = Signal(float, float)
    first_painted = Signal()
    files_dropped = Signal(object)
    value_edited = Signal(object, float)
    value_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._hover: CellRef | None = None
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._painting = False
        self._painted = False
        self._paint_mode = False
        self._item = SceneItem()
        self._prepare()
        self.setAccessibleName(self.tr("Stage"))
        self.hint = DropHint(self)
        FileDrops(self.viewport(), self.hint).files_dropped.connect(self.files_dropped)
        self._space = SpaceKey(self)
        self._space.tapped.connect(self.play_requested)
        self._space.held_changed.connect(self._show_cursor)
        self._edit = CellEdit(self)
        self._edit.value_edited.connect(self.value_edited)
        self._edit.refused.connect(self.value_refused)
        self.words = StageWords(self, lambda: self._scene, lambda: not (self._paint_mode or self._space.held))
        self.words.pointed_changed.connect(self._show_cursor)
        # A zoom or a step moves the cells under a resting pointer; asked once, after the new scene is shown.
        self._settle = QTimer(self, interval=0, singleShot=True)
        self._settle.timeout.connect(self._rehover)

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

    # What is shown

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
        if self._pointer is not None:
            self._settle.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted and self._scene is not None:
            self._painted = True
            self.first_painted.emit()

    def set_paint_mode(self, on: bool) -> None:
        """Whether the pointer paints cells instead of clicking them."""
        self._paint_mode = on
        self._show_cursor()

    def ask_value(self, ref: CellRef, text: str) -> None:
        """Open a field over a cell for another value; Enter takes it, Esc leaves it."""
        box = None if self._scene is None else cell_box(self._scene, ref)
        if box is not None:
            self._edit.open_at(box, ref, text)

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        spot, button = event.position(), event.button()
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space.held):
            self._pan_from = spot
            self._space.use()
        elif left:
            self._pressed, self._painting = spot, self._paint_mode
            if self._painting:
                self._stroke(spot, spot)
        event.accept()
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot, last = event.position(), self._pointer
        self._pointer = spot
        if self._pan_from is not None:
            moved, self._pan_from = spot - self._pan_from, spot
            self.pan_requested.emit(moved.x(), moved.y())
        elif self._painting and last is not None:
            self._stroke(last, spot)
        self._rehover()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self._pan_from is not None:
            self._pan_from = None
        elif self._painting:
            self._painting = False
            self.paint_finished.emit()
        elif pressed is not None and _is_click(pressed, event.position()):
            self._say(self.cell_clicked, event.position())
        event.accept()
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._paint_mode or event.button() != Qt.MouseButton.LeftButton or self._space.held:
            self.mousePressEvent(event)
            return
        self._say(self.cell_double_clicked, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._set_hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Without Ctrl the wheel does nothing here: the scrubber steps.
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = event.angleDelta().y() / NOTCH
            self._zoom(ZOOM_PER_NOTCH**notches, event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self._zoom(max(0.1, 1.0 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    # Keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Meanwhile it was what was told last; a description that changes with every step would be read out each time.
        self.setAccessibleDescription("" if self._scene is None else self._scene.spoken)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the view would scroll by the arrows

    # Size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.viewport().size()
        self.setSceneRect(0, 0, size.width(), size.height())
        if self.hint.isVisible():
            self.hint.cover(True)
        self.size_changed.emit(float(size.width()), float(size.height()))

    # Helpers

    def _zoom(self, factor: float, spot: QPointF) -> None:
        self.zoom_requested.emit(factor, spot.x(), spot.y())

    def _say(self, signal: object, spot: QPointF) -> None:
        ref = self._cell(spot)
        if ref is not None:
            signal.emit(ref)  # type: ignore[attr-defined]  # a bound signal has no type of its own

    def _stroke(self, start: QPointF, end: QPointF) -> None:
        if self._scene is not None:
            for ref in cells_between(self._scene, (start.x(), start.y()), (end.x(), end.y())):
                self.paint_requested.emit(ref)

    def _cell(self, spot: QPointF) -> CellRef | None:
        return None if self._scene is None else cell_at(self._scene, spot.x(), spot.y())

    def _rehover(self) -> None:
        if self._pointer is not None:
            self._set_hover(self._cell(self._pointer))

    def _set_hover(self, ref: CellRef | None) -> None:
        if ref != self._hover:
            self._hover = ref
            self._show_cursor()
            self.hover_changed.emit(ref)

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space.held:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._paint_mode:
            shape = Qt.CursorShape.CrossCursor
        elif self.words.pointed:
            shape = Qt.CursorShape.IBeamCursor
        elif self._hover is not None and seeks(self._hover):
            shape = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)


def _is_click(pressed: QPointF, released: QPointF) -> bool:
    return (released - pressed).manhattanLength() < QApplication.startDragDistance()
