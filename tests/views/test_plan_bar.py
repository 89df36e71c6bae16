"""Plans in the dialog of an export: offered, kept, renamed, and shown where they belong to another lesson."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnviz.lesson.plans import Plan
from cnnviz.views.export_dialog import ExportDialog
from cnnviz.views.plan_name_dialog import PlanNameDialog
from tests.views.dialogs import export_dialog
from tests.views.signals import heard

ENTER = Qt.Key.Key_Return


@pytest.fixture
def export(qtbot: QtBot) -> ExportDialog:
    return export_dialog(qtbot)


def test_the_plans_of_the_lesson_are_offered(export: ExportDialog, qtbot: QtBot) -> None:
    bar = export.plans
    chosen, removed = heard(bar.plan_requested), heard(bar.remove_requested)
    assert not bar.remove.isEnabled()
    export.show_plans((Plan("a"), Plan("b")), "")
    qtbot.keyClick(bar.names, Qt.Key.Key_End)
    assert chosen == [("b",)]
    export.show_plans((Plan("a"), Plan("b")), "b")
    assert export.plan().name == "b"
    bar.remove.trigger()
    assert removed == [("b",)]


def test_a_plan_is_kept_and_renamed_by_a_name(export: ExportDialog, qtbot: QtBot) -> None:
    bar = export.plans
    export.show_plans((Plan("a"),), "a")
    kept, renamed = heard(bar.keep_requested), heard(bar.rename_requested)
    for action, name in ((bar.keep, "deck"), (bar.rename, "talk")):
        action.trigger()
        dialog = next(d for d in export.findChildren(PlanNameDialog) if d.isVisible())
        assert dialog.name.text() == "a"
        dialog.name.selectAll()
        qtbot.keyClicks(dialog.name, name)
        qtbot.keyClick(dialog.name, ENTER)
        assert not dialog.isVisible()
    assert (kept, renamed) == ([("deck",)], [("a", "talk")])


def test_a_plan_needs_a_name(qtbot: QtBot) -> None:
    dialog = PlanNameDialog("")
    qtbot.addWidget(dialog)
    dialog.show()
    said = heard(dialog.name_requested)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.name, " ")
    assert "empty" in dialog.error.text()
    dialog.accept()
    assert said == []


def test_a_plan_of_another_lesson_shows_all_steps_and_moves_the_place(export: ExportDialog) -> None:
    export.show_plan(Plan("far", "gif", "900:950"))
    assert export.plan().frames == ":"
    assert export.place() == "/home/me/frames.gif"
