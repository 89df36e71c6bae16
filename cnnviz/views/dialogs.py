"""What the dialogs share: a column of content, a line for errors and the buttons below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from cnnviz.views.forms import GAP, ErrorLine, form_layout
from cnnviz.views.look import plain

EDGE = 20
FRAME = 40
"""What the title of a window takes of the screen's height."""


def resize_on_screen(dialog: QDialog, size: QSize) -> None:
    """Give a dialog a size, or as much of it as the screen has room for: its buttons stand at the bottom."""
    dialog.resize(size.boundedTo(dialog.screen().availableSize() - QSize(0, FRAME)))


class FormDialog(QDialog):
    """A dialog whose accepting button is off as long as an error stands."""

    def __init__(self, title: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.error = ErrorLine()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
        plain(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.content = QVBoxLayout()
        self.content.setSpacing(GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.setSpacing(GAP + 4)
        layout.addLayout(self.content, 1)
        layout.addWidget(self.error)
        layout.addWidget(self.buttons)
        # Only now does the dialog know its buttons; set earlier, Enter would cancel.
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.go.setDefault(True)

    def show_error(self, text: str) -> None:
        """Say what is wrong with the values, or with "" that nothing is."""
        self.error.show_error(text)
        self.go.setEnabled(not text)


class NameDialog(FormDialog):
    """One line for a name, filled and chosen whole when it opens."""

    def __init__(
        self, title: str, accept: str, name: str, longest: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, accept, parent)
        self.name = QLineEdit(name)
        self.name.setMaxLength(longest)
        form = form_layout()
        form.addRow(self.tr("&Name"), self.name)
        self.content.addLayout(form)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()


class SheetDialog(QDialog):
    """A dialog to read: one widget and a button to close it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        plain(buttons)
        buttons.rejected.connect(self.reject)
        self.content = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.addLayout(self.content, 1)
        layout.addWidget(buttons)
