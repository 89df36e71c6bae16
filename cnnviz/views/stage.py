"""The stage: shows a Scene and says what the pointer asks of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cnnviz.scene.curve_hit import seeks
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Scene
from cnnviz.timeline.frame import CellRef
from cnnviz.views.brush import cells_between
from cnnviz.views.cell_edit import CellEdit, cell_box
from cnnviz.views.drops import DropHint, FileDrops
from cnnviz.views.hand import Hand
from cnnviz.views.scene_view import SceneView
from cnnviz.views.stage_words import StageWords

NOTCH = 120.0
"""Wheel units of one notch."""
ZOOM_PER_NOTCH = 1.25


class StageView(SceneView):
    """The middle of the window: a scene under the pointer.

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
    files_dropped : list of str
    value_edited : CellRef, value
        Typed into the cell that `ask_value` opened.
    """

    hover_changed = Signal(object)
    cell_clicked = Signal(object)
    cell_double_clicked = Signal(object)
    paint_requested = Signal(object)
    paint_finished = Signal()
    zoom_requested = Signal(float, float, float)
    pan_requested = Signal(float, float)
    play_requested = Signal()
    files_dropped = Signal(object)
    value_edited = Signal(object, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hover: CellRef | None = None
        self._pointer: QPointF | None = None
        self.setAccessibleName(self.tr("Stage"))
        self.hint = DropHint(self)
        FileDrops(self.viewport(), self.hint).files_dropped.connect(self.files_dropped)
        self._hand = Hand(self)
        self._hand.clicked.connect(partial(self._say, self.cell_clicked))
        self._hand.pan_requested.connect(self.pan_requested)
        self._hand.stroked.connect(self._stroke)
        self._hand.stroke_finished.connect(self.paint_finished)
        self._hand.tapped.connect(self.play_requested)
        self._hand.changed.connect(self._show_cursor)
        self._edit = CellEdit(self)
        self._edit.value_edited.connect(self.value_edited)
        self.words = StageWords(self, lambda: self._scene, lambda: self._hand.free)
        self.words.pointed_changed.connect(self._show_cursor)
        # A zoom or a step moves the cells under a resting pointer; asked once, after the new scene is shown.
        self._settle = QTimer(self, interval=0, singleShot=True)
        self._settle.timeout.connect(self._rehover)

    def show_scene(self, scene: Scene) -> None:
        """Show a scene; only what differs from the one before is painted."""
        super().show_scene(scene)
        if self._pointer is not None:
            self._settle.start()

    def set_paint_mode(self, on: bool) -> None:
        """Whether the pointer paints cells instead of clicking them."""
        self._hand.take_brush(on)

    def ask_value(self, ref: CellRef, text: str) -> None:
        """Open a field over a cell for another value; Enter takes it, Esc leaves it."""
        box = None if self._scene is None else cell_box(self._scene, ref)
        if box is not None:
            self._edit.open_at(box, ref, text)

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._hand.press(event.position(), event.button())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self._hand.move(event.position())
        self._rehover()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._hand.free:
            self._say(self.cell_double_clicked, event.position())
            event.accept()
        else:
            self.mousePressEvent(event)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.hint.isVisible():
            self.hint.cover(True)

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
        shape = self._hand.cursor()
        if shape is None and self.words.pointed:
            shape = Qt.CursorShape.IBeamCursor
        elif shape is None:
            can_go = self._hover is not None and seeks(self._hover)
            shape = Qt.CursorShape.PointingHandCursor if can_go else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
