"""A card over the stage that says what is being worked at, with Cancel where that is possible."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cnnviz.views.telling import tell

PATIENCE_MS = 200
"""What is done sooner shows no card: it would only flicker."""
TOP = 4
"""Of the card, below the top of the stage: over the margin, as far as that goes, and not over the title."""
BAR = (120, 10)
LONGEST = 420
"""Of the words, in pixels."""


class BusyCard(QFrame):
    """Hidden until something takes longer than anybody waits without asking.

    Signals
    -------
    cancel_requested
    """

    cancel_requested = Signal()

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage, self._text = stage, ""
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)  # nobody knows how long it will be
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(*BAR)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self.cancel_requested)
        self.setFrameStyle(QFrame.Shape.Box.value | QFrame.Shadow.Plain.value)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(16)
        for widget in (self.words, self.bar, self.cancel):
            row.addWidget(widget)
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._appear)
        stage.installEventFilter(self)
        self.hide()

    def show_work(self, text: str, may_cancel: bool = False) -> None:
        """Say what is being done; nothing with ""."""
        self._text = text
        self.cancel.setVisible(may_cancel)
        if not text:
            self._patience.stop()
            self.hide()
        elif self.isVisible():
            self._appear()
        else:
            self._patience.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def _appear(self) -> None:
        elided = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, LONGEST)
        self.words.setText(elided)
        self._settle()
        self.show()
        self.raise_()
        tell(self, self._text)

    def _settle(self) -> None:
        self.adjustSize()
        self.move(max(0, (self._stage.width() - self.width()) // 2), TOP)
