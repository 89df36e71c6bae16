"""Go to step: type a number."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cnnviz.views.dialogs import FormDialog
from cnnviz.views.forms import form_layout

LONGEST = 18


class GotoDialog(FormDialog):
    """A number from 1 to the count, as the counter of the transport shows it.

    Signals
    -------
    seek_requested : int
        0-based.
    """

    seek_requested = Signal(object)

    def __init__(self, index: int, count: int, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Go to step"), self.tr("&Go"), parent)
        self._count = count
        self.number = QLineEdit(str(index + 1))
        self.number.textEdited.connect(lambda _: self._check())
        form = form_layout()
        form.addRow(self.tr("&Step, 1 to {count}").format(count=count), self.number)
        self.content.addLayout(form)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Here, because showing the dialog moves the focus and lets go of what is selected.
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self.number.selectAll()

    def accept(self) -> None:
        self._check()
        if self.go.isEnabled():
            self.seek_requested.emit(int(self.number.text()) - 1)
            super().accept()

    def _check(self) -> None:
        text = self.number.text().strip()
        fits = text.isascii() and text.isdigit() and len(text) <= LONGEST and 1 <= int(text) <= self._count
        refusal = self.tr("Give a whole number from 1 to {count}.").format(count=self._count)
        self.show_error("" if fits else refusal)
