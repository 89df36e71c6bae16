"""Learning in the whole window: computed while one plays, edited by mouse and key, kept in bookmarks, closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cnnviz.timeline.progress import learners
from cnnviz.views.bookmark_dialog import BookmarkDialog
from tests.helpers.learning_lessons import learning, rates
from tests.helpers.school import School

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
LONG = 1_000_000


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[School]:
    made = School(qtbot, rates(0.01, 0.1, iterations=60))
    yield made
    made.close()


# Beside the window


def test_a_step_that_is_not_computed_comes_by_itself(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(0.01, 3000, "iteration"))
    stand.key(Key.Key_End)
    assert stand.index == 2999
    stand.finish()
    shown = stand.desk.session.moment.timeline.frame(2999).lead.learning
    assert shown is not None
    assert (shown.iteration, shown.pending) == (2999, False)
    stand.close()


def test_pause_and_cancel_by_key_show_how_far_it_is(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(0.01, LONG, "iteration"))
    note = stand.window.note
    qtbot.waitUntil(lambda: note.note.startswith("Learning: ") and note.note.endswith(" left"))
    stand.key(Key.Key_T, CTRL)
    assert note.note.startswith("Learning paused: ")
    stand.key(Key.Key_T, CTRL)
    assert stand.state == "running"
    before = stand.window.transport.scrubber.grab().toImage()
    stand.key(Key.Key_T, CTRL | SHIFT)
    assert stand.state == "cancelled"
    assert not stand.desk.actions["learn.cancel"].isEnabled()
    assert stand.desk.actions["learn.pause"].isEnabled()
    stand.window.transport.scrubber.show_reach(LONG // 2)
    assert stand.window.transport.scrubber.grab().toImage() != before
    stand.close()


def test_closing_during_learning_ends_the_thread(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(0.01, LONG))
    descent = learners(stand.desk.session.moment.timeline)[0]
    qtbot.waitUntil(lambda: descent.filled > 3)
    with qtbot.waitSignal(stand.window.left):
        stand.window.close()
    ended = descent.filled
    descent.state(ended - 1)
    assert descent.filled == ended < LONG
    stand.window.deleteLater()


def test_playing_starts_at_once(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(0.01, LONG, "iteration"))
    stand.key(Key.Key_Space)
    qtbot.waitUntil(lambda: stand.index >= 1)
    assert stand.desk.player.playing
    assert stand.state == "running"
    stand.close()


def test_divergence_is_noted_and_earlier_frames_stay(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(40.0, 500, "iteration"))
    qtbot.waitUntil(lambda: "40.0 is too large a rate" in stand.window.note.note)
    assert "iteration" in stand.window.note.note
    stand.key(Key.Key_Home)
    shown = stand.desk.session.moment.timeline.frame(0).lead.learning
    assert shown is not None
    assert shown.loss == 1.0
    stand.close()


def test_iterations_are_walked_by_key(stand: School) -> None:
    timeline = stand.desk.session.moment.timeline
    stand.key(Key.Key_Right, CTRL)
    assert stand.index == timeline.index_at(1)
    stand.key(Key.Key_Right, CTRL)
    stand.key(Key.Key_Left, CTRL)
    assert timeline.step(stand.index).iteration == 1
    stand.key(Key.Key_Left, CTRL)
    stand.key(Key.Key_Left, CTRL)
    assert stand.index == 0


# The panels


def test_panels_and_commands_are_there_only_for_lessons_that_learn(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(0.01, 20))
    assert stand.dock("learning").toggleViewAction().isEnabled()
    assert stand.dock("plots").isVisible()
    assert stand.desk.actions["learn.export-plots"].isEnabled()
    stand.desk.editing.stack.setClean()
    stand.key(Key.Key_N, CTRL)
    assert not stand.dock("learning").toggleViewAction().isEnabled()
    assert not stand.dock("plots").isVisible()
    assert not any(a.isEnabled() for name, a in stand.desk.actions.items() if name.startswith("learn."))
    assert stand.state == "none"
    stand.close()


def test_the_stage_keeps_its_share_while_learning(stand: School) -> None:
    QApplication.processEvents()
    share = stand.window.stage.width() * stand.window.stage.height()
    assert share / (stand.window.width() * stand.window.height()) >= 0.70


def test_the_rate_is_slid_and_typed_and_learned_anew(stand: School, qtbot: QtBot) -> None:
    panel = stand.window.panels.learning
    stand.window.show_panel("learning")
    qtbot.keyClick(panel.rate_slider, Key.Key_Right)
    assert stand.recipe().rate == 0.01  # 101 hundredths of a power of ten, to two digits
    qtbot.keyClick(panel.rate_slider, Key.Key_PageUp)
    assert stand.recipe().rate == 0.02
    panel.rate.setFocus()
    panel.rate.selectAll()
    qtbot.keyClicks(panel.rate, "0.05")
    qtbot.keyClick(panel.rate, Key.Key_Return)
    assert (stand.recipe().rate, stand.recipe(1).rate) == (0.05, 0.1)
    stand.finish()
    assert learners(stand.desk.session.moment.timeline)[0].losses()[1] == pytest.approx(0.25)
    stand.window.stage.setFocus()
    stand.key(Key.Key_Z, CTRL)
    assert stand.recipe().rate == 0.02
    assert panel.rate.text() == "0.02"


def test_a_rate_of_zero_is_refused_in_one_line(stand: School, qtbot: QtBot) -> None:
    field = stand.window.panels.learning.rate
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0")
    qtbot.keyClick(field, Key.Key_Return)
    assert "rate 0.0: give a number above 0" in stand.window.note.note
    assert field.text() == "0.01"


def test_seed_target_and_random_start_by_mouse_and_key(stand: School, qtbot: QtBot) -> None:
    panel = stand.window.panels.learning
    qtbot.mouseClick(panel.die, LEFT)
    assert stand.recipe().seed == 1
    panel.targets.setFocus()
    panel.targets.setCurrentCell(0, 0)
    qtbot.keyClick(panel.targets, "9")
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.waitUntil(lambda: stand.recipe().examples[0].target.tolist() == [[[9.0]]])
    qtbot.mouseClick(panel.random[0], LEFT, pos=QPoint(8, panel.random[0].height() // 2))
    assert stand.recipe().random == (0,)
    assert stand.desk.editing.stack.undoText() == "Start from random weights"


def test_another_track_is_chosen(stand: School) -> None:
    panel = stand.window.panels.learning
    panel.track.setCurrentIndex(1)
    panel.track.activated.emit(1)
    assert panel.rate.text() == "0.1"


# Bookmarks


def test_a_bookmark_is_named_listed_and_gone_to(stand: School, qtbot: QtBot) -> None:
    stand.key(Key.Key_Right)
    stand.key(Key.Key_B, CTRL)
    dialogs = stand.window.findChildren(BookmarkDialog)
    qtbot.waitUntil(lambda: dialogs[0].isVisible())
    qtbot.keyClicks(dialogs[0].name, "Here & there")
    qtbot.keyClick(dialogs[0].name, Key.Key_Return)
    assert [(b.index, b.name) for b in stand.desk.bookmarks.bookmarks] == [(1, "Here & there")]
    menu = stand.window.bookmarks
    stand.desk.player.to_end()
    assert not by_text(menu, "&Remove this one").isEnabled()
    menu.actions()[0].trigger()
    assert stand.index == 1
    assert by_text(menu, "&Remove this one").isEnabled()
    by_text(menu, "Re&name this one…").trigger()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in stand.window.findChildren(BookmarkDialog)))
    again = next(d for d in stand.window.findChildren(BookmarkDialog) if d.isVisible())
    assert again.name.text() == "Here & there"
    qtbot.keyClicks(again.name, "There")
    qtbot.keyClick(again.name, Key.Key_Return)
    assert menu.actions()[0].text() == "&1  There\t2"
    by_text(menu, "&Remove this one").trigger()
    assert not menu.isEnabled()
    stand.desk.actions["edit.undo"].trigger()
    assert [b.name for b in stand.desk.bookmarks.bookmarks] == ["There"]
    stand.desk.editing.stack.setClean()
    stand.desk.actions["file.new"].trigger()
    assert not menu.isEnabled()


def by_text(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)
