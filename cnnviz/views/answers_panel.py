"""What a network answers to the pictures to test on: how many are right, and what is taken for what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cnnviz.timeline.samples import Report
from cnnviz.views.confusion import ConfusionTable


class AnswersPanel(QWidget):
    """The score, the table of counts, and the way back to all mistakes.

    Signals
    -------
    cell_chosen : int, int
        True class and answer.
    mistakes_requested
    """

    cell_chosen = Signal(int, int)
    mistakes_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score, self.table = QLabel(), ConfusionTable()
        self.all = QPushButton(self.tr("&All mistakes"))
        self.all.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.score, self.table, self.all):
            column.addWidget(widget)
        column.addStretch(1)
        self.setFocusProxy(self.table)
        self.table.cell_chosen.connect(self.cell_chosen)
        self.all.clicked.connect(self.table.clearSelection)
        self.all.clicked.connect(self.mistakes_requested)

    def show_report(self, report: Report, classes: Sequence[str]) -> None:
        """Show other answers."""
        count, right = len(report.samples), report.right
        words = self.tr(
            "{share} % of {count} right, {wrong} wrong\nRows: the class; columns: the answer"
        ).format(share=f"{100 * right / count:.1f}", count=f"{count:,}", wrong=f"{count - right:,}")
        if report.after is not None:
            words = self.tr("After {updates} updates: ").format(updates=f"{report.after:,}") + words
        self.score.setText(words)
        self.table.show_counts(classes, report.counts)
