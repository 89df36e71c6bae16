"""A table of what is taken for what: a row for each true class, a column for each answer; a cell is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

LEAST = 24
"""Pixels of a row, and of a column at least."""

ROOM = (430, 420)
"""So wide and high it is at most; more classes are scrolled to."""

SMALLER = 2
"""So many pixels smaller than other text its numbers are."""

LONGEST = 12
"""Characters of a class in the heads; the whole name is told by the pointer."""


class ConfusionTable(QTableWidget):
    """Counts of answers; right ones stand on the diagonal.

    Signals
    -------
    cell_chosen : int, int
        True class and answer.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        font = self.font()
        font.setPixelSize(QFontInfo(font).pixelSize() - SMALLER)
        self.setFont(font)
        self.setAccessibleName(self.tr("True class by answer"))
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            head.setMinimumSectionSize(LEAST // 2)
        self.itemSelectionChanged.connect(self._tell)

    def show_counts(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show other counts; nothing is chosen."""
        self.blockSignals(True)
        self.clear()
        self.setRowCount(len(counts))
        self.setColumnCount(len(counts))
        short = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in classes]
        self.setVerticalHeaderLabels(short)
        self.setHorizontalHeaderLabels([name[:3] for name in short])
        for label, row in enumerate(counts):
            most = max(1, max((n for answer, n in enumerate(row) if answer != label), default=0))
            for answer, count in enumerate(row):
                self.setItem(label, answer, self._item(classes, label, answer, count, most))
        self.clearSelection()
        self.blockSignals(False)
        texts = [head[:3] for head in short] + [str(n) for row in counts for n in row]
        self._fit(max(self.fontMetrics().horizontalAdvance(text) for text in texts) + 10, len(counts))

    def _fit(self, side: int, count: int) -> None:
        """As large as its cells, where there are not too many; else they are scrolled."""
        side, frame = max(LEAST, side), 2 * self.frameWidth()
        self.horizontalHeader().setDefaultSectionSize(side)
        self.verticalHeader().setDefaultSectionSize(LEAST)
        wide = self.verticalHeader().sizeHint().width() + side * count + frame
        high = self.horizontalHeader().sizeHint().height() + LEAST * count + frame
        policy, bar = Qt.ScrollBarPolicy, self.verticalScrollBar().sizeHint().width()
        fits = wide <= ROOM[0] and high <= ROOM[1]
        for set_policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            set_policy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded)
        self.setFixedSize(min(wide + bar * (not fits), ROOM[0]), min(high + bar * (not fits), ROOM[1]))

    def _item(
        self, classes: Sequence[str], label: int, answer: int, count: int, most: int
    ) -> QTableWidgetItem:
        item = QTableWidgetItem(str(count) if count else "")
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        words = self.tr("{count} of class {label} were answered {answer}").format(
            count=f"{count:,}", label=classes[label], answer=classes[answer]
        )
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        right = label == answer
        if count:
            tint = self.palette().color(QPalette.ColorRole.Mid if right else QPalette.ColorRole.Highlight)
            color = QColor(tint)
            color.setAlphaF(0.35 if right else 0.12 + 0.33 * count / most)
            item.setBackground(color)
        return item

    def _tell(self) -> None:
        chosen = self.selectedIndexes()
        if chosen:
            self.cell_chosen.emit(chosen[0].row(), chosen[0].column())
