"""The named kernels as a list with a search field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cnnviz.lesson.kernels import search
from cnnviz.views.search_field import search_field

ID = Qt.ItemDataRole.UserRole


class Presets(QWidget):
    """Typing narrows the list; a click or Enter chooses.

    Signals
    -------
    plane_requested : str
        The id of a named kernel.
    """

    plane_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.words = search_field(self.tr("Search kernels"), glass=False)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Named kernels"))
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(96)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.words)
        layout.addWidget(self.list, 1)
        self.words.textChanged.connect(self._narrow)
        self.words.returnPressed.connect(self._take_first)
        self.words.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take_by_key)
        self._narrow("")

    def show_name(self, name: str) -> None:
        """Mark the kernel with this name, or none."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.text() == name:
                self.list.setCurrentItem(item)
                return
        self.list.clearSelection()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search field into the list."""
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if pressed and event.key() == Qt.Key.Key_Down and self.list.count():  # type: ignore[attr-defined]  # a key event
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.setCurrentRow(max(0, self.list.currentRow()))
            return True
        return super().eventFilter(watched, event)

    def _narrow(self, words: str) -> None:
        self.list.clear()
        for kernel in search(words):
            item = QListWidgetItem(kernel.name, self.list)
            item.setData(ID, kernel.id)

    def _take(self, item: QListWidgetItem) -> None:
        self.plane_requested.emit(item.data(ID))

    def _take_by_key(self, item: QListWidgetItem) -> None:
        # A double click activates too, but its first click has chosen already.
        if self.list.hasFocus():
            self.plane_requested.emit(item.data(ID))

    def _take_first(self) -> None:
        if self.list.count():
            self._take(self.list.item(0))
