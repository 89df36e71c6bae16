"""Add bookmark: type a name for the step that is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cnnviz.lesson.bookmarks import LONGEST
from cnnviz.views.dialogs import FormDialog
from cnnviz.views.forms import form_layout


class BookmarkDialog(FormDialog):
    """One line, filled with a name that may do.

    Signals
    -------
    name_requested : str
    """

    name_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add bookmark"), self.tr("&Add"), parent)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST)
        form = form_layout()
        form.addRow(self.tr("&Name"), self.name)
        self.content.addLayout(form)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def accept(self) -> None:
        self.name_requested.emit(self.name.text())
        super().accept()
