"""One line for what was done or refused: shown for a while, never in the way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cnnviz.timeline.progress import Progress
from cnnviz.timeline.transport import clock
from cnnviz.views.telling import tell
from cnnviz.views.transport import grouped

SHOWN_MS = 8000
LATER_MS = 800


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
        self._untold = False
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
        """Show a line, an error in bold, and have it said."""
        self._show(" ".join(text.split()), error)
        self._untold = not tell(self, self._full, urgent=error)
        self._clock.start(SHOWN_MS)
        self.note_changed.emit()

    def clear_note(self) -> None:
        """Show what stands there without a note: mostly nothing."""
        if self._clock.isActive() or self._full != self._standing:
            self.note_changed.emit()
        self._clock.stop()
        self._show(self._standing, False)

    def show_progress(self, progress: Progress) -> None:
        """Say how far learning has come, wherever there is no note."""
        waiting = self._clock.isActive()
        self._standing = self._progress_text(progress)
        if not waiting:
            self.clear_note()

    def minimumSizeHint(self) -> QSize:
        # A long message must not widen the window.
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(0, super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and self._untold:
            self._untold = False
            # Behind what is said of the widget that gets the focus now, which would cut it short.
            QTimer.singleShot(LATER_MS, self, lambda: tell(self, self._full))
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show(self, text: str, bold: bool) -> None:
        self._full = text
        font = QFont(self.font())
        font.setBold(bold)
        self.setFont(font)
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self._fit()

    def _progress_text(self, progress: Progress) -> str:
        texts = {
            "running": self.tr("Learning: {filled} of {planned}"),
            "paused": self.tr("Learning paused: {filled} of {planned}"),
            "cancelled": self.tr("Learning cancelled: {filled} of {planned}"),
        }
        text = texts.get(progress.state, "")
        text = text.format(filled=grouped(progress.filled), planned=grouped(progress.planned))
        if progress.seconds_left is not None:
            text += self.tr(", {time} left").format(time=clock(progress.seconds_left))
        return text

    def _fit(self) -> None:
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, room))
