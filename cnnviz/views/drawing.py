"""A canvas to draw an input by hand, by mouse, pen or keys, and the answer of the network below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnnviz.lesson.strokes import SIDE
from cnnviz.views.fields import CountBox
from cnnviz.views.forms import GAP, MARGIN, heading, quiet
from cnnviz.views.keys import Form, is_override

BRUSH = 20
STEP = 8.0
SHOWN = 3

_MOVES = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -STEP),
    Qt.Key.Key_Down: (0.0, STEP),
}


class Canvas(QWidget):
    """A square to draw on: white ink on black.

    Arrow keys move the brush, Space puts it down and lifts it, Delete clears.

    Signals
    -------
    drawn : bytes
        The whole canvas, row by row, a byte for each pixel.
    stroke_finished
    """

    drawn = Signal(bytes)
    stroke_finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.size_of_brush = BRUSH
        self.erases = False
        self._image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self._at = QPointF(SIDE / 2, SIDE / 2)
        self._down = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Canvas"))
        self.setToolTip(self.tr("Arrow keys move the brush, Space puts it down and lifts it, Delete clears"))

    def sizeHint(self) -> QSize:
        return QSize(SIDE - 16, SIDE - 16)

    def clear(self) -> None:
        """Take everything away; the input stays until something is drawn."""
        self._down = False
        self._image.fill(0)
        self.stroke_finished.emit()
        self.update()

    @property
    def ink(self) -> bytes:
        """The canvas, row by row."""
        return bytes(self._image.constBits())

    def _line(self, to: QPointF) -> None:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(Qt.GlobalColor.black if self.erases else Qt.GlobalColor.white)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(colour, self.size_of_brush, Qt.PenStyle.SolidLine, cap, join))
        painter.drawLine(self._at, to + QPointF(0.01, 0.0))  # a line without length would not be drawn
        painter.end()
        self._at = to
        self.update()
        ink = self.ink
        if any(ink):
            self.drawn.emit(ink)

    def _place(self, event: QMouseEvent) -> QPointF:
        at = event.position()
        return QPointF(at.x() * SIDE / self.width(), at.y() * SIDE / self.height())

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._at, self._down = self._place(event), True
            self._line(self._at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._down:
            self._line(self._place(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._down:
            self._down = False
            self.stroke_finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            x, y = _MOVES[key]
            to = QPointF(min(max(self._at.x() + x, 0.0), SIDE), min(max(self._at.y() + y, 0.0), SIDE))
            if self._down:
                self._line(to)
            self._at = to
            self.update()
        elif key == Qt.Key.Key_Space:
            self._down = not self._down
            if self._down:
                self._line(self._at)
            else:
                self.stroke_finished.emit()
        elif key == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        own = (*_MOVES, Qt.Key.Key_Space, Qt.Key.Key_Delete)
        if is_override(event) and not event.modifiers() and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.setPen(QPen(QColor(128, 128, 128), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.hasFocus():
            scale, half = self.width() / SIDE, self.size_of_brush / 2
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawEllipse(self._at * scale, half * scale, half * scale)
        painter.end()


class DrawingPanel(Form):
    """The canvas with its brush, and what the network answers."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = Canvas()
        self.brush = CountBox(4, 60, self.tr("Size of the brush"))
        self.brush.setValue(BRUSH)
        self.eraser = QCheckBox(self.tr("Eraser"))
        self.clear = QPushButton(self.tr("Clear"))
        self.answer = quiet()
        self.answer.setAccessibleName(self.tr("Answer of the network"))
        row = QHBoxLayout()
        for widget in (self.brush, self.eraser, self.clear):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        layout.setSpacing(GAP)
        layout.addWidget(heading(self.tr("Draw")))
        layout.addWidget(self.canvas)
        layout.addLayout(row)
        layout.addWidget(self.answer)
        self.brush.valueChanged.connect(self._set_brush)
        self.eraser.toggled.connect(self._set_eraser)
        self.clear.clicked.connect(self.canvas.clear)
        self.hide()

    def show_answer(self, answer: Sequence[tuple[str, float]]) -> None:
        """Show the classes, the most likely first."""
        self.answer.setText("\n".join(f"{name}   {p:.1%}" for name, p in answer[:SHOWN]))

    def _set_brush(self, size: int) -> None:
        self.canvas.size_of_brush = size

    def _set_eraser(self, erases: bool) -> None:
        self.canvas.erases = erases
