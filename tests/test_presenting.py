"""A presentation, led by the keys that people and remote controls press."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnviz.controllers.opening import start_with
from cnnviz.controllers.presenting import LARGE, WITH_FORMULAS
from cnnviz.present_command import presentation
from cnnviz.scene.primitives import Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.views.present_window import PresentWindow
from tests.helpers.looks import COMPOSITIONS
from tests.helpers.stand import open_window

Key = Qt.Key


class Hall:
    """A window on the 6×6 example that presents, and whoever stands before the audience."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.desk = open_window(qtbot, *start_with(()))
        self.key(Key.Key_F5, on=self.desk.window)

    @property
    def audience(self) -> PresentWindow:
        found = presentation(self.desk)
        assert found is not None
        return found

    @property
    def index(self) -> int:
        return self.desk.session.moment.index

    def key(self, key: Qt.Key, *, on: QWidget | None = None) -> None:
        self.qtbot.keyClick(on or self.audience, key)

    def color(self, x: int, y: int) -> QColor:
        return self.audience.grab().toImage().pixelColor(x, y)


@pytest.fixture
def hall(qtbot: QtBot) -> Hall:
    hall = Hall(qtbot)
    qtbot.addWidget(hall.desk.window, before_close_func=lambda w: hall.desk.editing.stack.setClean())
    return hall


def _size(scene: Scene, key: str) -> float:
    return next(p.size for p in scene.primitives() if isinstance(p, Text) and p.key == key)


def test_the_stage_fills_the_screen_in_larger_type_and_without_a_pointer(hall: Hall) -> None:
    audience = hall.audience
    assert audience.isFullScreen()
    assert audience.cursor().shape() is Qt.CursorShape.BlankCursor
    hall.qtbot.waitUntil(lambda: audience.accessibleDescription() != "")
    seen = audience.scene_value
    assert seen is not None
    assert [round(length) for length in seen.size] == [audience.width(), audience.height()]
    moment = hall.desk.session.moment
    usual = build_scene(moment.timeline, moment.index, moment.viewpoint, seen.size, LIGHT)
    assert _size(seen, "caption") >= 1.15 * _size(usual, "caption")


def test_formulas_come_when_they_are_asked_for(hall: Hall) -> None:
    def shown() -> bool:
        scene = hall.audience.scene_value
        assert scene is not None
        return any(panel.key == "formula" for panel in scene.panels)

    hall.audience.resize(1280, 720)
    assert not shown()
    hall.key(Key.Key_F)
    assert shown()
    hall.key(Key.Key_F)
    assert not shown()


def test_the_hall_is_composed_as_it_is_tested() -> None:
    assert COMPOSITIONS["hall"] == LARGE
    assert COMPOSITIONS["hall with formulas"] == WITH_FORMULAS


def test_arrows_step_and_a_remote_goes_from_key_step_to_key_step(hall: Hall) -> None:
    for key, index in (
        (Key.Key_Right, 1), (Key.Key_Right, 2), (Key.Key_Left, 1), (Key.Key_Down, 11), (Key.Key_Up, 1),
        # Sixteen cells in rows of four, 0 30 30 0 each: the first edge and the ends of the rows are worth a slide.
        (Key.Key_PageDown, 3), (Key.Key_PageDown, 7), (Key.Key_PageUp, 3), (Key.Key_PageUp, 1), (Key.Key_PageUp, 0),
        (Key.Key_PageUp, 0), (Key.Key_PageDown, 1),
        (Key.Key_End, 35), (Key.Key_PageDown, 35), (Key.Key_Home, 0),
    ):  # fmt: skip
        hall.key(key)
        assert hall.index == index, key


def test_space_plays_and_pauses(hall: Hall) -> None:
    hall.key(Key.Key_Space)
    assert hall.desk.player.playing
    hall.key(Key.Key_Space)
    assert not hall.desk.player.playing


def test_a_number_and_enter_go_to_that_step(hall: Hall) -> None:
    for key in (Key.Key_1, Key.Key_8, Key.Key_Backspace, Key.Key_7, Key.Key_Return):
        hall.key(key)
    assert hall.index == 16
    hall.key(Key.Key_Return)
    assert hall.index == 19  # without a number: the next key step
    for key in (Key.Key_9, Key.Key_9, Key.Key_9, Key.Key_Return):
        hall.key(key)
    assert hall.index == 35


def test_curtains_cover_everything_until_the_lesson_goes_on(hall: Hall) -> None:
    hall.key(Key.Key_B)
    assert hall.color(5, 5) == QColor("black")
    hall.key(Key.Key_W)
    assert hall.color(hall.audience.width() // 2, hall.audience.height() // 2) == QColor("white")
    hall.key(Key.Key_W)
    assert hall.color(5, 5) == QColor(hall.desk.staging.theme.background)
    hall.key(Key.Key_B)
    hall.key(Key.Key_PageDown)
    assert hall.color(5, 5) == QColor(hall.desk.staging.theme.background)


def test_escape_ends_what_is_under_way_and_then_the_presentation(hall: Hall) -> None:
    hall.key(Key.Key_Space)
    hall.key(Key.Key_B)
    hall.key(Key.Key_4)
    hall.key(Key.Key_Escape)
    hall.key(Key.Key_Return)
    assert hall.index == 1  # the number was taken back, and the curtain went with the step
    hall.key(Key.Key_B)
    hall.key(Key.Key_Escape)
    assert presentation(hall.desk) is not None
    hall.key(Key.Key_Escape)
    assert presentation(hall.desk) is None
    hall.qtbot.waitUntil(hall.desk.window.isActiveWindow)
    hall.key(Key.Key_F5, on=hall.desk.window)
    hall.key(Key.Key_F5)
    assert presentation(hall.desk) is None


def test_the_mouse_turns_pages(hall: Hall) -> None:
    hall.qtbot.mouseClick(hall.audience, Qt.MouseButton.LeftButton)
    assert hall.index == 1
    hall.qtbot.mouseClick(hall.audience, Qt.MouseButton.RightButton)
    assert hall.index == 0


def test_the_window_with_the_controls_turns_the_same_pages(hall: Hall) -> None:
    hall.desk.actions["play.next-section"].trigger()
    assert hall.index == 1
    hall.key(Key.Key_Escape)
    hall.desk.actions["play.next-section"].trigger()
    assert hall.index == 16  # sections again


def test_answers_hide_from_the_audience(hall: Hall) -> None:
    hall.key(Key.Key_H)
    assert hall.desk.session.moment.viewpoint.hidden == {"total"}
    assert hall.desk.actions["stage.hide-total"].isChecked()
    hall.key(Key.Key_H)
    assert hall.desk.session.moment.viewpoint.hidden == set()
