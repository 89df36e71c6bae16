"""Add bookmark: type a name for the step that is shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnnviz.lesson.bookmarks import LONGEST
from cnnviz.views.dialogs import NameDialog


class BookmarkDialog(NameDialog):
    """One line, filled with a name that may do.

    Signals
    -------
    name_requested : str
    """

    name_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add bookmark"), self.tr("&Add"), name, LONGEST, parent)

    def accept(self) -> None:
        self.name_requested.emit(self.name.text())
        super().accept()
