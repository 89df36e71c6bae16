"""Fields for words: what is typed is said at once, and taking it back is left to the history of the lesson."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from cnnviz.views.keys import is_override

_HISTORY = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_PADDING = 12
"""Room of a text field around its lines, in pixels."""


def is_history_key(event: QEvent) -> bool:
    """Whether Qt asks if the widget wants undo or redo for itself."""
    return is_override(event) and any(event.matches(key) for key in _HISTORY)


class LineField(QLineEdit):
    """One line of words.

    Signals
    -------
    words_edited : str
        With every letter.
    finished
        The field was left.
    """

    words_edited = Signal(str)
    finished = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.textEdited.connect(self.words_edited)
        self.editingFinished.connect(self.finished)

    def show_text(self, text: str) -> None:
        """Show words; the cursor stays where it was."""
        if text != self.text():
            at = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(at if self.hasFocus() else 0)

    def event(self, event: QEvent) -> bool:
        if is_history_key(event):
            event.ignore()
            return True
        return super().event(event)


class TextField(QPlainTextEdit):
    """Words over several lines.

    Parameters
    ----------
    lines : int
        Height in lines of text.
    paragraphs : bool
        Whether Enter begins another paragraph.

    Signals
    -------
    words_edited : str
        With every letter.
    finished
        The field was left.
    """

    words_edited = Signal(str)
    finished = Signal()

    def __init__(
        self, name: str, lines: int, paragraphs: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._paragraphs = paragraphs
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.textChanged.connect(lambda: self.words_edited.emit(self.toPlainText()))

    def show_text(self, text: str) -> None:
        """Show words; the cursor stays where it was."""
        if text == self.toPlainText():
            return
        at = self.textCursor().position()
        with QSignalBlocker(self):
            self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        return QSize(160, self._lines * self.fontMetrics().lineSpacing() + _PADDING)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 2 * self.fontMetrics().lineSpacing() + _PADDING)

    def event(self, event: QEvent) -> bool:
        if is_history_key(event):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._paragraphs and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finished.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finished.emit()
