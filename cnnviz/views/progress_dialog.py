"""Progress of an export: frames done, how fast, how long still, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from cnnviz.export.job import Progress
from cnnviz.export.reporting import progress_words
from cnnviz.views.dialogs import EDGE
from cnnviz.views.look import plain

PARTS = 1000
"""Of the bar, whatever the number of frames."""


class ProgressDialog(QDialog):
    """Stands beside the window, which goes on working, until the export has ended.

    Signals
    -------
    cancel_requested
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Exporting"))
        self._stopping = False
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.words = QLabel(self.tr("Starting…"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        plain(buttons)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        for widget in (self.words, self.bar, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(380)

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        if not self._stopping:
            self.bar.setValue(progress.done * PARTS // max(progress.total, 1))
            self.words.setText(progress_words(progress))
            self.bar.setAccessibleDescription(self.words.text())

    def reject(self) -> None:
        """Esc, the button and the window's cross all ask to cancel; whoever exports closes the dialog."""
        self._stopping = True
        self.words.setText(self.tr("Stopping…"))
        self.cancel_requested.emit()

    def finish(self) -> None:
        """Close without cancelling."""
        super().accept()
