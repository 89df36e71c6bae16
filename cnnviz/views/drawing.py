"""A canvas to draw an input by hand, by mouse, pen or keys, and the answer of the network below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnnviz.lesson.strokes import SIDE
from cnnviz.views.fields import ChoiceBox, CountBox
from cnnviz.views.forms import GAP, MARGIN, heading, quiet
from cnnviz.views.keys import Form, is_override
from cnnviz.views.painting import painting

BRUSH = 20
STEP = 8.0
SHOWN = 3
NOBODY = ""

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
        At most once for each turn of the event loop, however many moves of the mouse it brings.
    stroke_finished
    emptied_changed : bool
        Whether nothing is drawn.
    """

    drawn = Signal(bytes)
    stroke_finished = Signal()
    emptied_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.size_of_brush = BRUSH
        self.erases = False
        self._image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self._at = QPointF(SIDE / 2, SIDE / 2)
        self._down = False
        self._empty = True
        self._say = QTimer(self, interval=0, singleShot=True)
        self._say.timeout.connect(self._tell)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Canvas"))
        self.setToolTip(self.tr("Arrow keys move the brush, Space puts it down and lifts it, Delete clears"))

    def sizeHint(self) -> QSize:
        return QSize(SIDE - 16, SIDE - 16)

    def clear(self) -> None:
        """Take everything away; the input stays until something is drawn."""
        self._finish()
        self.show_ink(b"")

    def show_ink(self, ink: bytes) -> None:
        """Show what was drawn before, row by row, or nothing; says nothing of it."""
        self._down = False
        self._image.fill(0)
        if ink:
            self._image = QImage(ink, SIDE, SIDE, SIDE, QImage.Format.Format_Grayscale8).copy()
        self._see()
        self.update()

    @property
    def ink(self) -> bytes:
        """The canvas, row by row."""
        return bytes(self._image.constBits())

    def _line(self, to: QPointF) -> None:
        with painting(self._image, smooth=True) as painter:
            colour = QColor(Qt.GlobalColor.black if self.erases else Qt.GlobalColor.white)
            cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.setPen(QPen(colour, self.size_of_brush, Qt.PenStyle.SolidLine, cap, join))
            painter.drawLine(self._at, to + QPointF(0.01, 0.0))  # a line without length would not be drawn
        self._at = to
        self.update()
        self._say.start()

    def _tell(self) -> None:
        self._say.stop()
        if not self._see():
            self.drawn.emit(self.ink)

    def _see(self) -> bool:
        """Find out whether nothing is drawn."""
        empty = not self.ink.strip(b"\0")
        if empty != self._empty:
            self._empty = empty
            self.emptied_changed.emit(empty)
        return empty

    def _finish(self) -> None:
        """End a stroke; what was not told of it yet is told first."""
        self._down = False
        if self._say.isActive():
            self._tell()
        self.stroke_finished.emit()

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
            self._finish()

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
            if self._down:
                self._finish()
            else:
                self._down = True
                self._line(self._at)
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
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._image)
            painter.setPen(QPen(QColor(128, 128, 128), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            if self.hasFocus():
                scale, half = self.width() / SIDE, self.size_of_brush / 2
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawEllipse(self._at * scale, half * scale, half * scale)


class DrawingPanel(Form):
    """The canvas with its brush, what the network answers, and what the picture is said to be.

    Signals
    -------
    label_edited : int or None
        The class that somebody says the picture is of.
    """

    label_edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.canvas = Canvas()
        self.brush = CountBox(4, 60, self.tr("Size of the brush"))
        self.brush.setValue(BRUSH)
        self.brush.setToolTip(self.tr("Size of the brush"))  # there is no room for a label
        self.eraser = QCheckBox(self.tr("Eraser"))
        self.clear = QPushButton(self.tr("Clear"))
        self.note = quiet()
        self.answer = quiet()
        self.answer.setAccessibleName(self.tr("Answer of the network"))
        self.label = ChoiceBox([(NOBODY, "")], self.tr("Right answer"))
        self.label.setToolTip(self.tr("With it the loss and the way back through the network are told"))
        self._lay_out()
        self.brush.valueChanged.connect(self._set_brush)
        self.eraser.toggled.connect(self._set_eraser)
        self.clear.clicked.connect(self.canvas.clear)
        self.canvas.emptied_changed.connect(self._show_note)
        self.label.choice_edited.connect(self._say_label)
        self._show_note(True)
        self.hide()

    def show_answer(self, answer: Sequence[tuple[str, float]] | None) -> None:
        """Show the classes, the most likely first; with None that they are hidden from an audience."""
        if answer is None:
            self.answer.setText(self.tr("Hidden while the quiz is on."))
            return
        self.answer.setText("\n".join(f"{name}   {p:.1%}" for name, p in answer[:SHOWN]))

    def show_label(self, names: Sequence[str], label: int | None) -> None:
        """Show the classes to choose from, and which was said to be right; no names: it is not asked."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.label.replace_choices([(NOBODY, self.tr("not said")), *((name, name) for name in names)])
        self.label.show_choice(NOBODY if label is None or not names else names[label])
        self.right.setVisible(bool(names))

    def _lay_out(self) -> None:
        row, self.right = QHBoxLayout(), QWidget()
        for widget in (self.brush, self.eraser, self.clear):
            row.addWidget(widget)
        own = QHBoxLayout(self.right)
        own.setContentsMargins(0, 0, 0, 0)
        told = QLabel(self.tr("Right answer"))
        told.setBuddy(self.label)
        own.addWidget(told)
        own.addWidget(self.label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        layout.setSpacing(GAP)
        layout.addWidget(heading(self.tr("Draw")))
        layout.addWidget(self.canvas)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(heading(self.tr("The network says")))
        layout.addWidget(self.answer)
        layout.addWidget(self.right)

    def _show_note(self, empty: bool) -> None:
        self.note.setText(self.tr("Nothing is drawn: the input stays until you draw."))
        self.note.setVisible(empty)

    def _say_label(self, label: object) -> None:
        self.label_edited.emit(None if label == NOBODY else self._names.index(str(label)))

    def _set_brush(self, size: int) -> None:
        self.canvas.size_of_brush = size

    def _set_eraser(self, erases: bool) -> None:
        self.canvas.erases = erases
