"""The dialogs, by keys and buttons."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from cnnviz.controllers.actions import ACTIONS
from cnnviz.export.job import Progress
from cnnviz.views.about_dialog import AboutDialog
from cnnviz.views.dialogs import resize_on_screen
from cnnviz.views.goto_dialog import GotoDialog
from cnnviz.views.help_dialog import HelpDialog
from cnnviz.views.new_input_dialog import NewInputDialog
from cnnviz.views.preferences_dialog import PreferencesDialog
from cnnviz.views.progress_dialog import ProgressDialog
from cnnviz.views.shortcuts_dialog import ShortcutsDialog
from tests.views.signals import heard

ENTER = Qt.Key.Key_Return


def test_new_input_gives_what_was_chosen(qtbot: QtBot) -> None:
    dialog = NewInputDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.extent.rows.setValue(8)
    dialog.extent.link.click()
    dialog.extent.columns.setValue(5)
    dialog.channels.setValue(3)
    dialog.pattern.setFocus()
    qtbot.keyClick(dialog.pattern, Qt.Key.Key_End)
    dialog.high.setFocus()
    dialog.high.selectAll()
    qtbot.keyClicks(dialog.high, "1/2")
    qtbot.keyClick(dialog.high, Qt.Key.Key_Tab)
    dialog.seed.setValue(7)
    asked = heard(dialog.input_requested)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert asked == [("noise", (3, 8, 5), 0.0, 0.5, 7)]


def test_the_preview_of_a_new_input_is_black_and_white(qtbot: QtBot) -> None:
    dialog = NewInputDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    picture = dialog.preview.pixmap().toImage()
    assert picture.pixelColor(5, 88) == QColor("#000000")
    assert picture.pixelColor(88, 88) == QColor("#ffffff")  # the bar stands in the middle third


def test_goto_counts_from_one(qtbot: QtBot) -> None:
    dialog = GotoDialog(11, 36)
    qtbot.addWidget(dialog)
    dialog.show()
    asked = heard(dialog.seek_requested)
    assert dialog.number.text() == "12"
    for wrong in ("0", "37", "a", "-1"):
        dialog.number.selectAll()
        qtbot.keyClicks(dialog.number, wrong)
        qtbot.keyClick(dialog.number, ENTER)
    assert asked == []
    assert dialog.error.isVisible()
    dialog.number.selectAll()
    qtbot.keyClicks(dialog.number, "36")
    qtbot.keyClick(dialog.number, ENTER)
    assert asked == [(35,)]


def test_progress_shows_rate_and_time_left_and_asks_to_cancel(qtbot: QtBot) -> None:
    dialog = ProgressDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_progress(Progress(12, 36, 1.5, 1000))
    assert dialog.words.text() == "Frame 12 of 36 · 8.0 a second · 0:03 left"
    assert dialog.bar.value() == 333
    dialog.show_progress(Progress(0, 36, 0.0, 0))
    assert dialog.words.text() == "Frame 0 of 36"
    asked = heard(dialog.cancel_requested)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(asked) == 1
    assert dialog.isVisible()
    dialog.finish()
    assert not dialog.isVisible()
    assert len(asked) == 1


def test_the_sheet_lists_every_shortcut_and_finds_it(qtbot: QtBot) -> None:
    rows = [(spec.group, spec.plain, ", ".join(spec.shortcuts)) for spec in ACTIONS]
    dialog = ShortcutsDialog(rows)
    qtbot.addWidget(dialog)
    dialog.show()
    items = [
        group.child(row)
        for at in range(dialog.tree.topLevelItemCount())
        if (group := dialog.tree.topLevelItem(at)) is not None
        for row in range(group.childCount())
    ]
    assert len(items) == sum(bool(spec.shortcuts) for spec in ACTIONS)
    dialog.words.setText("ctrl+z undo")
    assert [item.text(0) for item in items if item is not None and not item.isHidden()] == ["Undo"]


def test_about_names_versions_and_licences(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    text = dialog.parts.toPlainText()
    for word in ("NumPy", "Qt", "pyqtgraph", "Pillow", "Inter", "SIL OPEN FONT LICENSE"):
        assert word in text


def test_preferences_take_effect_at_once(qtbot: QtBot) -> None:
    dialog = PreferencesDialog("dark", True, "white")
    qtbot.addWidget(dialog)
    dialog.show()
    themes, motion = heard(dialog.theme_requested), heard(dialog.motion_requested)
    qtbot.keyClick(dialog.theme, Qt.Key.Key_Home)
    dialog.motion.click()
    grounds = heard(dialog.background_requested)
    qtbot.keyClick(dialog.background, Qt.Key.Key_End)
    assert (themes, motion, grounds) == ([("system",)], [(False,)], [("black",)])


def test_the_tour_names_the_first_keys(qtbot: QtBot) -> None:
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    assert "Space plays and pauses" in dialog.tour.toPlainText()


def test_a_dialog_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    room = QGuiApplication.primaryScreen().availableSize()
    dialog = QDialog()
    qtbot.addWidget(dialog)
    resize_on_screen(dialog, QSize(520, room.height() + 100))
    assert (dialog.width(), dialog.height() < room.height()) == (520, True)
    resize_on_screen(dialog, QSize(300, 200))
    assert dialog.size() == QSize(300, 200)
