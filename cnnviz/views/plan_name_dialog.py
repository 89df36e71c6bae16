"""Keep plan: type the name under which the lesson keeps it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plan_edits import MOST_CHARACTERS, plan_name
from cnnviz.views.dialogs import NameDialog


class PlanNameDialog(NameDialog):
    """One line; a name that is taken replaces that plan.

    Signals
    -------
    name_requested : str
    """

    name_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keep plan"), self.tr("&Keep"), name, MOST_CHARACTERS, parent)
        self.name.setMinimumWidth(260)
        self.name.textEdited.connect(lambda _text: self._check())
        self.go.setEnabled(bool(name.strip()))

    def accept(self) -> None:
        self._check()
        if self.go.isEnabled():
            self.name_requested.emit(plan_name(self.name.text()))
            super().accept()

    def _check(self) -> None:
        try:
            plan_name(self.name.text())
        except BadInput as error:
            self.show_error(str(error))
        else:
            self.show_error("")
