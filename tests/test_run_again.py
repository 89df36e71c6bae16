"""Recorded runs in the whole window: shown at once, run again by key, paused, cancelled, and put back."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from cnnviz.desk import begin
from cnnviz.export.shots import Shot
from cnnviz.export.task import scenes_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.plans import Plan
from cnnviz.present_command import presentation
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Link, Rect, Text
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.stand import Stand
from tests.views.signals import heard

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

    @property
    def chosen(self) -> str:
        """What is chosen by a key or a click."""
        pinned = self.desk.session.moment.viewpoint.pinned
        return "" if pinned is None else pinned.tensor

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
    stand.window.docks.reset()
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


def test_pointing_at_a_bar_tells_its_numbers_and_a_click_chooses_it(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stage, scene = stand.window.stage, stand.desk.staging.scene
    assert scene is not None
    bar = next(p for p in scene.primitives() if p.key == "bars/norm/gradients/plain-18/bar3")
    assert isinstance(bar, Rect)
    ref = cell_at(scene, bar.box.cx, bar.box.bottom - 1)
    stage.hover_changed.emit(ref)
    qtbot.waitUntil(lambda: stand.said().startswith("Layer 4 of plain 18 with batch norm: "))
    stage.hover_changed.emit(None)
    qtbot.waitUntil(lambda: stand.said().startswith("Gradients of plain 34, layers 1 and 34: "))
    stage.cell_clicked.emit(ref)
    stage.cell_double_clicked.emit(ref)
    assert (stand.index, stand.chosen) == (0, "bars/norm/gradients/plain-18")
    qtbot.waitUntil(lambda: stand.said().startswith("Layer 4 of plain 18 with batch norm: "))
    stand.key(Key.Key_Escape)
    assert stand.chosen == ""
    qtbot.waitUntil(lambda: stand.said().startswith("Gradients of plain 34, layers 1 and 34: "))
    stand.close()


def test_a_curve_that_is_pointed_at_tells_its_point_and_a_click_goes_there(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.desk.session.show(index=1500)
    curve = next(p for p in stand.scene.primitives() if p.key == "errors/norm/plain-34/test")
    assert isinstance(curve, Link)
    spot = QPointF(*curve.points[7]).toPoint()  # after 700 updates
    viewport = stand.window.stage.viewport()
    qtbot.mouseMove(viewport, spot)
    assert viewport.cursor().shape() is Qt.CursorShape.PointingHandCursor
    # Of 480 pictures 244 and 216, as recorded.
    qtbot.waitUntil(lambda: stand.said() == (
        "Plain 34 with batch norm, iteration 700, after 700 updates: test error 50.8 %, training error 45.0 %."
    ))  # fmt: skip
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot)
    assert (stand.index, stand.chosen) == (699, "")
    table = {p.key: p.text for p in stand.scene.primitives() if isinstance(p, Text)}
    assert table["table/norm/plain-34/test"] == "50.8"
    # Behind the playhead there is nothing so far: a click there goes on.
    right = QPoint(spot.x() + 40, spot.y())
    qtbot.mouseMove(viewport, right)
    qtbot.waitUntil(lambda: ": a click goes to iteration " in stand.said())
    goal = int(stand.said().split()[-1].rstrip(".").replace(",", ""))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=right)
    assert stand.index == goal - 1 > 1000  # people count from 1
    stand.close()


def test_the_name_of_a_run_brings_it_forward_and_a_click_keeps_it_there(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.desk.session.show(index=999)
    name = next(p for p in stand.scene.primitives() if p.key == "bars/bare/residual-18")
    assert isinstance(name, Text)
    spot, viewport = QPointF(name.box.cx, name.box.cy).toPoint(), stand.window.stage.viewport()

    def clear() -> set[str]:
        """The runs whose bars do not step back."""
        found = (
            (re.fullmatch(r"bars/(\w+)/gradients/([\w-]+)/bar\d+", p.key), p.fill)
            for p in stand.scene.primitives()
            if isinstance(p, Rect)
        )
        return {f"{bar[2]}/{bar[1]}" for bar, fill in found if bar is not None and len(fill) == 7}

    assert len(clear()) == 7  # one has diverged
    qtbot.mouseMove(viewport, spot)
    assert clear() == {"residual-18/bare"}
    assert stand.said().startswith("Residual 18 without batch norm, after 1,000 updates: test error ")
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseMove(viewport, QPoint(2, 2))
    assert clear() == {"residual-18/bare"}
    assert stand.chosen == "names/bare/residual-18"
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseMove(viewport, QPoint(2, 2))
    assert len(clear()) == 7
    stand.close()


def test_curves_and_bars_are_chosen_by_keys_and_stay_so_while_the_playhead_moves(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.key(Key.Key_Right, SHIFT)
    assert stand.chosen == "curves/norm/plain-18/bold"
    stand.key(Key.Key_Right, SHIFT)
    stand.key(Key.Key_Down, SHIFT)
    assert stand.chosen == "curves/norm/plain-34/fine"
    stand.key(Key.Key_End)
    assert stand.scene.caption == (
        "Plain 34 with batch norm, after 2,000 updates: training error 14.8 %, test error 22.9 %."
    )
    # What is chosen is exported with the frame, what is pointed at is not.
    moment = stand.desk.session.moment
    stand.desk.staging.set_hover(CellRef(0, "curves/bare/plain-18/bold", 300, 0, 0))
    assert stand.scene.caption.startswith("Plain 18 without batch norm, iteration 300, ")
    shot = scenes_of(moment.timeline, moment.viewpoint, Plan())(Shot(moment.index))
    assert shot.caption.startswith("Plain 34 with batch norm, after 2,000 updates: training error 14.8 %")
    stand.desk.staging.set_hover(None)
    stand.key(Key.Key_Home)
    assert stand.scene.caption.startswith("Plain 34 with batch norm, before any update: training error ")
    for _ in range(2):
        stand.key(Key.Key_Up, SHIFT)
    stand.key(Key.Key_Left, SHIFT)
    assert stand.chosen == "bars/norm/spreads/plain-18"
    assert stand.scene.caption.startswith("Layer 18 of plain 18 with batch norm: ")
    stand.key(Key.Key_Escape)
    assert stand.chosen == ""
    assert stand.scene.caption.startswith("Gradients of plain 34, layers 1 and 34: ")
    stand.close()


def test_a_matrix_is_copied_though_a_curve_is_pointed_at(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.desk.staging.set_hover(CellRef(0, "curves/norm/plain-18/bold", 3, 0, 0))
    failed = heard(stand.desk.copying.failed)
    noted = heard(stand.desk.copying.noted)
    stand.desk.copying.copy_matrix()
    assert (failed, noted) == ([], [("Copied the matrix",)])
    stand.close()


def test_a_window_that_is_closed_while_it_runs_ends_it(qtbot: QtBot) -> None:
    stand = Recorded(qtbot, "twins")
    stand.key(Key.Key_R, CTRL | SHIFT)
    qtbot.waitUntil(lambda: stand.window.note.note.startswith("Learning: "), timeout=60_000)
    stand.close()
