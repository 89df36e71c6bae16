"""Recorded runs in the whole window: shown at once, run again by key, paused, cancelled, and put back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cnnviz.desk import begin
from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Recording, recording
from cnnviz.present_command import presentation
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Rect, Text
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Recorded(Stand):
    """A window on a lesson that ships, and what a person does to it."""

    def __init__(self, qtbot: QtBot, lesson: str) -> None:
        super().__init__(qtbot, make_timeline(shipped_lesson(lesson)))

    @property
    def runs(self) -> Recording:
        runs = self.desk.session.moment.timeline.runs
        assert runs is not None
        return runs

    @property
    def filled(self) -> int:
        return sum(run.done for run in self.runs.runs)

    def enabled(self, name: str) -> bool:
        return self.desk.actions[f"learn.{name}"].isEnabled()

    def origin(self) -> str:
        """The first word under the bars."""
        scene = self.desk.staging.scene
        assert scene is not None
        line = next(p for p in scene.primitives() if isinstance(p, Text) and p.key == "recipe/line")
        return line.runs[0].text.strip()

    def said(self) -> str:
        """The line under the stage."""
        scene = self.desk.staging.scene
        assert scene is not None
        return scene.caption


def test_the_recording_is_there_at_once_and_comes_back_after_a_run(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    note = stand.window.note
    assert stand.origin() == "Recorded"
    assert [stand.enabled(name) for name in ("run-again", "recorded", "pause", "cancel")] == [
        True, True, False, False,
    ]  # fmt: skip
    stand.key(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(lambda: stand.runs is not recording("twins") and stand.filled > 0, timeout=60_000)
    qtbot.waitUntil(lambda: stand.origin() == "Computed here", timeout=60_000)
    assert note.note.startswith("Learning: ")
    stand.key(Key.Key_T, CTRL)
    assert note.note.startswith("Learning paused: ")
    stand.key(Key.Key_T, CTRL)
    assert note.note.startswith("Learning: ")
    stand.key(Key.Key_T, CTRL | SHIFT)
    assert note.note.startswith("Learning cancelled: ")
    assert 0 < stand.filled < 8 * 2000
    assert not stand.enabled("cancel")
    stand.desk.actions["learn.recorded"].trigger()
    assert stand.runs is recording("twins")
    qtbot.waitUntil(lambda: stand.origin() == "Recorded")
    stand.close()


def test_other_lessons_have_nothing_to_run_again(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "vertical-edge")
    assert not stand.enabled("run-again")
    stand.desk.actions["learn.run-again"].trigger()
    begin(stand.desk, make_timeline(shipped_lesson("twins")), "")
    assert stand.enabled("run-again")
    assert stand.window.panels.words.isVisible()
    assert not any(stand.dock(name).isVisible() for name in ("kernel", "layer", "input"))
    stand.window.reset_docks()
    assert not stand.dock("kernel").toggleViewAction().isEnabled()
    assert not stand.dock("kernel").isVisible()
    begin(stand.desk, make_timeline(shipped_lesson("vertical-edge")), "")
    assert not stand.enabled("run-again")
    assert all(stand.dock(name).toggleViewAction().isChecked() for name in ("kernel", "layer", "input"))
    qtbot.waitUntil(stand.window.panels.kernel.isVisible)
    stand.close()


def test_runs_are_looked_at_from_one_distance(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    moment = stand.desk.session.moment
    levels = stand.desk.levels
    levels.show("network")
    levels.choose(1, 0)
    assert not levels.up()
    assert not levels.down()
    assert stand.desk.session.moment is moment
    assert stand.desk.actions["view.level-cell"].isChecked()
    stand.close()


def test_a_key_shows_losses_in_place_of_errors_and_back(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    alt = Qt.KeyboardModifier.AltModifier

    def curves() -> set[str]:
        scene = stand.desk.staging.scene
        assert scene is not None
        return {panel.key for panel in scene.panels} & {"errors", "losses"}

    assert curves() == {"errors"}
    stand.key(Key.Key_0, alt)
    qtbot.waitUntil(lambda: curves() == {"losses"})
    stand.key(Key.Key_9, alt)
    qtbot.waitUntil(lambda: curves() == {"errors"})
    stand.close()


def test_a_key_of_a_presentation_shows_losses_and_errors_again(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.key(Key.Key_F5)

    def curves() -> set[str]:
        shown = presentation(stand.desk)
        scene = None if shown is None else shown.scene_value
        return set() if scene is None else {panel.key for panel in scene.panels} & {"errors", "losses"}

    qtbot.waitUntil(lambda: curves() == {"errors"})
    audience = presentation(stand.desk)
    assert audience is not None
    qtbot.keyClick(audience, Key.Key_P)
    qtbot.waitUntil(lambda: curves() == {"losses"})
    qtbot.keyClick(audience, Key.Key_P)
    qtbot.waitUntil(lambda: curves() == {"errors"})
    qtbot.keyClick(audience, Key.Key_F5)
    stand.close()


def test_keys_go_by_one_iteration_by_ten_and_by_growing_strides(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    plain = Qt.KeyboardModifier.NoModifier
    told = []
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Down, Key.Key_PageDown, Key.Key_Left, Key.Key_PageUp):
        stand.key(key, plain)
        told.append(stand.desk.session.moment.index)
    assert told == [1, 11, 21, 25, 24, 20]
    stand.close()


def test_pointing_at_a_bar_tells_its_numbers_and_a_click_does_no_harm(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    moment, stage, scene = stand.desk.session.moment, stand.window.stage, stand.desk.staging.scene
    assert scene is not None
    bar = next(p for p in scene.primitives() if p.key == "bars/norm/gradients/plain-18/bar3")
    assert isinstance(bar, Rect)
    ref = cell_at(scene, bar.box.cx, bar.box.bottom - 1)
    stage.hover_changed.emit(ref)
    qtbot.waitUntil(lambda: stand.said().startswith("Layer 4 of plain 18 with batch norm: "))
    stage.cell_clicked.emit(ref)
    stage.cell_double_clicked.emit(ref)
    assert stand.desk.session.moment is moment
    stage.hover_changed.emit(None)
    qtbot.waitUntil(lambda: stand.said().startswith("Gradients of plain 34, layers 1 and 34: "))
    stand.close()


def test_a_window_that_is_closed_while_it_runs_ends_it(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.key(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(lambda: stand.window.note.note.startswith("Learning: "), timeout=60_000)
    stand.close()
