"""The plans that a lesson keeps: choose one, keep the fields as one, rename, delete, read and write files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QWidget

from cnnviz.lesson.plans import Plan
from cnnviz.views.fields import ChoiceBox
from cnnviz.views.forms import GAP, name_choice
from cnnviz.views.plan_name_dialog import PlanNameDialog


class PlanBar(QWidget):
    """A list of names and a menu.

    Signals
    -------
    plan_requested : str
        Show the plan of that name.
    keep_requested : str
        Keep the fields under that name.
    rename_requested : str, str
        From the one name to the other.
    remove_requested : str
    load_requested, save_requested : str
        From, or to, the file of that name.
    """

    plan_requested = Signal(str)
    keep_requested = Signal(str)
    rename_requested = Signal(str, str)
    remove_requested = Signal(str)
    load_requested = Signal(str)
    save_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        tr = self.tr
        self.names = ChoiceBox([("", tr("Not kept"))], tr("Plan"))
        name_choice(self.names, tr("Plan"))  # its label leads to the whole bar
        self.names.setMinimumWidth(220)
        self.manage = QPushButton(tr("&Manage"))
        self.manage.setAutoDefault(False)
        menu = QMenu(self.manage)
        self.keep = menu.addAction(tr("&Keep in the lesson…"), self._ask_keep)
        self.rename = menu.addAction(tr("&Rename…"), self._ask_rename)
        self.remove = menu.addAction(tr("&Delete"), self._remove)
        menu.addSeparator()
        self.load = menu.addAction(tr("&Open plan file…"), self._ask_load)
        self.save = menu.addAction(tr("&Save plan file…"), self._ask_save)
        self.manage.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.names, 1)
        row.addWidget(self.manage)
        self.setFocusProxy(self.names)
        # A label leads only to a buddy with a policy, whatever its proxy has.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.names.choice_edited.connect(lambda name: self.plan_requested.emit(str(name)))
        self.show_plans((), "")

    @property
    def name(self) -> str:
        """The plan that is chosen; "" where it is none that the lesson keeps."""
        return str(self.names.choice)

    def show_plans(self, plans: Sequence[Plan], name: str) -> None:
        """Offer the plans of a lesson, and choose one."""
        known = [plan.name for plan in plans if plan.name]
        self.names.replace_choices([("", self.tr("Not kept")), *((n, n) for n in known)])
        self.show_name(name if name in known else "")

    def show_name(self, name: str) -> None:
        """Choose a plan without saying anything."""
        self.names.show_choice(name)
        for action in (self.rename, self.remove):
            action.setEnabled(bool(name))

    def _ask_keep(self) -> None:
        self._ask(self.name, self.keep_requested.emit)

    def _ask_rename(self) -> None:
        old = self.name
        self._ask(old, lambda new: self.rename_requested.emit(old, new))

    def _ask(self, name: str, said: object) -> None:
        dialog = PlanNameDialog(name, self.window())
        dialog.name_requested.connect(said)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self) -> None:
        self.remove_requested.emit(self.name)

    def _ask_load(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open plan"), "", self._filter())
        if path:
            self.load_requested.emit(path)

    def _ask_save(self) -> None:
        suggested = f"{self.name or 'plan'}.json"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save plan"), suggested, self._filter())
        if path:
            self.save_requested.emit(path)

    def _filter(self) -> str:
        return f"{self.tr('Plans')} (*.json)"
