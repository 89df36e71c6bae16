"""One line for what was done or refused: shown for a while, never in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

SHOWN_MS = 8000


class NoteLine(QLabel):
    """A right-aligned line that shortens a long text in the middle and shows all of it as its tooltip.

    Signals
    -------
    note_changed
        Another note stands there, or none.
    """

    note_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self._standing = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setContentsMargins(12, 0, 8, 0)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(self.tr("Message"))
        self._clock = QTimer(self, interval=SHOWN_MS, singleShot=True)
        self._clock.timeout.connect(self.clear_note)

    def keep(self, milliseconds: int) -> None:
        """Let the note that is shown stand so long from now."""
        self._clock.start(milliseconds)

    @property
    def note(self) -> str:
        """The whole text shown now."""
        return self._full

    def show_note(self, text: str, error: bool = False) -> None:
        """Show a line; an error in bold."""
        self._full = " ".join(text.split())
        font = QFont(self.font())
        font.setBold(error)
        self.setFont(font)
        self.setToolTip(self._full)
        self.setAccessibleDescription(self._full)
        self._fit()
        self._clock.start(SHOWN_MS)
        self.note_changed.emit()

    def clear_note(self) -> None:
        """Show what stands there without a note: mostly nothing."""
        if self._clock.isActive() or self._full != self._standing:
            self.note_changed.emit()
        self._clock.stop()
        self._full = self._standing
        font = QFont(self.font())
        font.setBold(False)
        self.setFont(font)
        self.setToolTip(self._full)
        self.setAccessibleDescription(self._full)
        self._fit()

    def set_standing(self, text: str) -> None:
        """What stands there while there is no note: how far something has come that takes long."""
        waiting = self._clock.isActive()
        self._standing = text
        if not waiting:
            self.clear_note()

    def minimumSizeHint(self) -> QSize:
        # A long message must not widen the window.
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(0, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, room))
