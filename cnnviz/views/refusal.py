"""Why a value was refused, over the panel beside its field, wherever that stands on the screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from cnnviz.views.cell_table import CellTable
from cnnviz.views.telling import tell

SHOWN_MS = 15_000
"""So long the line stands, unless a value is taken before."""
WIDEST = 320
LINE = 2
PADDING = 8
GAP = 6
"""Between the line and its field, and the least to the edge of the window."""


class Refusal(QLabel):
    """One line for a form; it moves nothing, covers no field that it is about, and is gone with the next value.

    Parameters
    ----------
    form : QWidget
        Whose values are meant. The line stands in its window, so that a form that is scrolled or low cannot hide it.
    """

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self._form, self._field = form, form
        self._cell = QRect()
        self._clock = QTimer(self, interval=SHOWN_MS, singleShot=True)
        self._clock.timeout.connect(lambda: self.show_error(""))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFrameStyle(QFrame.Shape.Box.value | QFrame.Shadow.Plain.value)
        self.setLineWidth(LINE)
        self.setMargin(PADDING)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setForegroundRole(QPalette.ColorRole.Text)
        self.setAccessibleName(self.tr("Refused"))
        self.hide()

    def show_error(self, text: str, field: QWidget | None = None) -> None:
        """Show a line beside a field, of a table beside its cell, and have it said; nothing for ""."""
        if text != self.text():
            tell(self._form, text, urgent=True)
        self.setText(text)
        self.setAccessibleDescription(text)
        if text:
            self._take_place(self._form if field is None else field)
            self._clock.start()
        else:
            self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line goes where its field goes, and away with the form."""
        if event.type() == QEvent.Type.Hide and watched is self._form:
            self.show_error("")
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._settle()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click puts it away."""
        event.accept()
        self.show_error("")

    # Helpers

    def _take_place(self, field: QWidget) -> None:
        window = self._form.window()
        self._field, self._cell = field, _cell_of(field)
        if self.parentWidget() is not window:
            self.setParent(window)
        for watched in (self._form, window):
            watched.removeEventFilter(self)
            watched.installEventFilter(self)
        self._settle()
        self.show()
        self.raise_()

    def _leave(self) -> None:
        self._clock.stop()
        self.hide()
        for watched in (self._form, self._form.window()):
            watched.removeEventFilter(self)

    def _settle(self) -> None:
        """Under the field, or over it where there is no room, as far as it is seen."""
        window = self._form.window()
        room = window.rect().adjusted(GAP, GAP, -GAP, -GAP)
        frame = 2 * (LINE + PADDING)
        needed = self.fontMetrics().horizontalAdvance(self.text()) + frame + 1
        width = min(needed, WIDEST, room.width())
        height = self.heightForWidth(width)
        at = _seen(self._cell.translated(self._field.mapTo(window, QPoint())), _seen_part(self._form, window))
        below = at.bottom() + GAP
        top = below if below + height <= room.bottom() else at.top() - GAP - height
        left = min(max(at.right() - width, room.left()), room.right() - width)
        self.setGeometry(left, max(top, room.top()), width, height)


def _cell_of(field: QWidget) -> QRect:
    """What was typed into, in the field's own pixels: of a table the cell."""
    return field.typed_box() if isinstance(field, CellTable) else field.rect()


def _seen_part(form: QWidget, window: QWidget) -> QRect:
    """The part of a form that is not scrolled away, in the pixels of the window."""
    return form.visibleRegion().boundingRect().translated(form.mapTo(window, QPoint()))


def _seen(box: QRect, within: QRect) -> QRect:
    """A box moved to where it would be seen, as little as that takes."""
    if within.isEmpty():
        return box
    top = min(max(box.top(), within.top()), max(within.top(), within.bottom() - box.height()))
    return QRect(box.left(), top, box.width(), min(box.height(), within.height()))
