"""What a mouse does on the stage with its buttons: it clicks, pans or paints, and the cursor says which."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cnnviz.views.space_key import SpaceKey


class Hand(QObject):
    """It is told of presses, moves and releases, and tells what they mean together.

    Signals
    -------
    clicked : QPointF
        Pressed and released at one place.
    pan_requested : dx, dy
        Dragged by the middle button, or by the left one while Space is held.
    stroked : QPointF, QPointF
        The brush went from one place to the other; ``stroke_finished`` ends it.
    tapped
        Space was pressed and released without a drag.
    changed
        What the mouse would do now, and its cursor.
    """

    clicked = Signal(QPointF)
    pan_requested = Signal(float, float)
    stroked = Signal(QPointF, QPointF)
    stroke_finished = Signal()
    tapped = Signal()
    changed = Signal()

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._space = SpaceKey(stage)
        self._space.tapped.connect(self.tapped)
        self._space.held_changed.connect(self.changed)
        self._brush = False
        self._pressed: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._paint_from: QPointF | None = None

    @property
    def free(self) -> bool:
        """Whether a press would click: neither paint nor pan."""
        return not (self._brush or self._space.held)

    def take_brush(self, on: bool) -> None:
        """Whether the left button paints instead of clicking."""
        self._brush = on
        self.changed.emit()

    def press(self, spot: QPointF, button: Qt.MouseButton) -> None:
        """A button went down."""
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space.held):
            self._pan_from = spot
            self._space.use()
        elif left and self._brush:
            self._paint_from = spot
            self.stroked.emit(spot, spot)
        elif left:
            self._pressed = spot
        self.changed.emit()

    def move(self, spot: QPointF) -> None:
        """The pointer moved."""
        if self._pan_from is not None:
            moved, self._pan_from = spot - self._pan_from, spot
            self.pan_requested.emit(moved.x(), moved.y())
        elif self._paint_from is not None:
            start, self._paint_from = self._paint_from, spot
            self.stroked.emit(start, spot)

    def release(self, spot: QPointF) -> None:
        """A button went up."""
        pressed, self._pressed = self._pressed, None
        if self._pan_from is not None:
            self._pan_from = None
        elif self._paint_from is not None:
            self._paint_from = None
            self.stroke_finished.emit()
        elif pressed is not None and (spot - pressed).manhattanLength() < QApplication.startDragDistance():
            self.clicked.emit(spot)
        self.changed.emit()

    def cursor(self) -> Qt.CursorShape | None:
        """What the mouse is used for, as a cursor; None where it only points."""
        if self._pan_from is not None:
            return Qt.CursorShape.ClosedHandCursor
        if self._space.held:
            return Qt.CursorShape.OpenHandCursor
        return Qt.CursorShape.CrossCursor if self._brush else None
