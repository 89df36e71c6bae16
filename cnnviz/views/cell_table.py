"""A table of numbers edited in place: Tab, Enter and arrows move, 1/9 is accepted, several cells are set at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cnnviz.files.numbers import parse_number
from cnnviz.lesson.lesson import BadInput
from cnnviz.views.fields import signed
from cnnviz.views.keys import is_clipboard_key, is_override

CELL_HEIGHT = 30
CELL_WIDTH = 40
CELL_GAP = 6
MOST_TEXT = 72
"""Longer numbers are shortened; their tooltip has them whole."""
STRETCHED = 5
"""Up to so many columns share the width; more of them scroll, unless their numbers are short."""
SHORT_STRETCHED, SHORT_WIDTH = 7, 30
"""Up to so many columns whose numbers need no more than this share the width too."""
MOST_ROWS_SEEN = 9


class _Lines(QStyledItemDelegate):
    """Cells with lines at their right and bottom.

    Fusion draws a table's own lines in the colour of the ground when that is dark, no palette role reaches them, and a
    style sheet would keep the colours of the theme that it was set under.
    """

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        box: QRect = option.rect
        palette: QPalette = option.palette
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(box.topRight(), box.bottomRight())
        painter.drawLine(box.bottomLeft(), box.bottomRight())


class CellTable(QTableWidget):
    """Cells as texts.

    Signals
    -------
    cells_edited : list of (row, column), float
        A number typed into the current cell counts for all selected ones.
    refused : str
        The text was no number; the old one stands again.
    pasted : str
    copy_requested
    """

    cells_edited = Signal(object, float)
    refused = Signal(str)
    pasted = Signal(str)
    copy_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: tuple[tuple[str, ...], ...] = ()
        self._typed = (0, 0)
        self._stays = False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setItemDelegate(_Lines(self))
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(CELL_HEIGHT)
        self.setTabKeyNavigation(False)
        self.itemChanged.connect(self._commit)

    def show_texts(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other texts; only those that differ are touched, selection and current cell stay."""
        shape = (len(rows), len(rows[0]) if rows else 0)
        if shape != (self.rowCount(), self.columnCount()):
            self._texts = ()
            self.setRowCount(shape[0])
            self.setColumnCount(shape[1])
            self.horizontalScrollBar().setValue(0)
            self.verticalScrollBar().setValue(0)
        old, self._texts = self._texts, tuple(tuple(map(signed, row)) for row in rows)
        with QSignalBlocker(self):
            for r, row in enumerate(self._texts):
                for c, text in enumerate(row):
                    if not old or old[r][c] != text:
                        self._put(r, c, text)
        self._share_width()
        if shape[0] and self.currentRow() < 0:
            self.setCurrentCell(0, 0, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.viewport().update()

    def typed_box(self) -> QRect:
        """Where the cell lies that was typed into last, in the pixels of the table."""
        index = self.model().index(*self._typed)
        return self.visualRect(index).translated(self.viewport().pos())

    def sizeHint(self) -> QSize:
        rows = max(1, min(self.rowCount(), MOST_ROWS_SEEN))
        bar = self.horizontalScrollBar().sizeHint().height() if not self._shares_width() else 0
        return QSize(super().sizeHint().width(), rows * CELL_HEIGHT + 2 * self.frameWidth() + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    # Keys

    def event(self, event: QEvent) -> bool:
        if is_override(event) and is_clipboard_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # While a cell is being edited the field has had the key already and ends the edit itself.
            if self.state() != QAbstractItemView.State.EditingState:
                self._move(1, 0)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from cell to cell, and out of the table behind the last one, so that it is no trap."""
        return self._go(1 if forward else -1) or super().focusNextPrevChild(forward)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        refused, self._stays = self._stays, False
        if refused and hint != hints.NoHint:
            return  # the cell waits for another number
        if hint == hints.EditNextItem:
            self._go(1)
        elif hint == hints.EditPreviousItem:
            self._go(-1)
        elif hint == hints.SubmitModelCache:
            self._move(1, 0)

    # Helpers

    def _go(self, by: int) -> bool:
        at = self.currentRow() * self.columnCount() + self.currentColumn() + by
        if not 0 <= at < self.rowCount() * self.columnCount():
            return False
        self.setCurrentCell(*divmod(at, self.columnCount()))
        return True

    def _move(self, rows: int, columns: int) -> None:
        row, column = self.currentRow() + rows, self.currentColumn() + columns
        if 0 <= row < self.rowCount() and 0 <= column < self.columnCount():
            self.setCurrentCell(row, column)

    def _put(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setItem(row, column, item)
        item.setText(text)
        item.setToolTip(text if len(text) > 4 else "")

    def _commit(self, item: QTableWidgetItem) -> None:
        row, column, typed = item.row(), item.column(), item.text()
        self._typed, self._stays = (row, column), False
        old = self._texts[row][column]
        with QSignalBlocker(self):
            item.setText(old)
        if typed.strip() == old:
            return
        try:
            value = parse_number(typed)
        except BadInput as error:
            self._stays = True
            self.refused.emit(str(error))
            return
        self.cells_edited.emit(self._chosen(row, column), value)

    def _chosen(self, row: int, column: int) -> list[tuple[int, int]]:
        cells = sorted((index.row(), index.column()) for index in self.selectedIndexes())
        return cells if (row, column) in cells else [(row, column)]

    def _share_width(self) -> None:
        header = self.horizontalHeader()
        few = self._shares_width()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch if few else QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        if not few:
            width = max(CELL_WIDTH, min(self._needed(), MOST_TEXT))
            for column in range(self.columnCount()):
                header.resizeSection(column, width)
        self.updateGeometry()

    def _shares_width(self) -> bool:
        columns = self.columnCount()
        return columns <= STRETCHED or (columns <= SHORT_STRETCHED and self._needed() <= SHORT_WIDTH)

    def _needed(self) -> int:
        """The width that the longest number needs, in pixels."""
        longest = max((text for row in self._texts for text in row), key=len, default="")
        return self.fontMetrics().horizontalAdvance(longest) + 2 * CELL_GAP
