"""Dialogs that several files of tests open."""

from pytestqt.qtbot import QtBot

from cnnviz.lesson.plans import Plan
from cnnviz.views.export_dialog import ExportDialog

PNG = Plan(format="png")


def export_dialog(qtbot: QtBot, plan: Plan = PNG, marks: range | None = None) -> ExportDialog:
    """The dialog of an export of 36 steps, on the screen."""
    dialog = ExportDialog(plan, 36, "/home/me/frames", marks=marks)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.resize(dialog.sizeHint())  # also where the screen of the tests is smaller
    return dialog
