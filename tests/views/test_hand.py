"""The mouse on the stage: what presses, moves and releases mean together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cnnviz.views.hand import Hand
from tests.views.signals import heard

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
A, B, C = QPointF(10, 10), QPointF(40, 12), QPointF(45, 30)


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_press_and_its_release_at_one_place_are_a_click(stage: QWidget) -> None:
    hand = Hand(stage)
    clicks = heard(hand.clicked)
    hand.press(A, LEFT)
    hand.move(A + QPointF(2, 1))
    hand.release(A + QPointF(2, 1))
    hand.press(A, LEFT)
    hand.move(B)
    hand.release(B)
    hand.press(A, RIGHT)
    hand.release(A)
    assert clicks == [(A + QPointF(2, 1),)]


def test_the_middle_button_pans_by_what_the_pointer_moved(stage: QWidget) -> None:
    hand = Hand(stage)
    pans, clicks = heard(hand.pan_requested), heard(hand.clicked)
    hand.move(B)  # no button is down
    hand.press(A, MIDDLE)
    assert hand.cursor() == Qt.CursorShape.ClosedHandCursor
    hand.move(B)
    hand.move(C)
    hand.release(C)
    hand.move(A)
    assert pans == [(30.0, 2.0), (5.0, 18.0)]
    assert clicks == []
    assert hand.cursor() is None


def test_space_makes_the_left_button_pan_and_is_no_tap_then(stage: QWidget, qtbot: QtBot) -> None:
    hand = Hand(stage)
    pans, taps = heard(hand.pan_requested), heard(hand.tapped)
    qtbot.keyPress(stage, Qt.Key.Key_Space)
    assert not hand.free
    assert hand.cursor() == Qt.CursorShape.OpenHandCursor
    hand.press(A, LEFT)
    hand.move(B)
    hand.release(B)
    qtbot.keyRelease(stage, Qt.Key.Key_Space)
    assert pans == [(30.0, 2.0)]
    assert taps == []
    qtbot.keyClick(stage, Qt.Key.Key_Space)
    assert taps == [()]
    assert hand.free


def test_the_brush_strokes_from_the_press_on_without_a_gap(stage: QWidget) -> None:
    hand = Hand(stage)
    strokes, ends, clicks = heard(hand.stroked), heard(hand.stroke_finished), heard(hand.clicked)
    hand.take_brush(True)
    assert hand.cursor() == Qt.CursorShape.CrossCursor
    hand.press(A, LEFT)
    hand.move(B)
    hand.move(C)
    hand.take_brush(False)  # put away in the middle of a stroke: that ends all the same
    hand.release(C)
    assert strokes == [(A, A), (A, B), (B, C)]
    assert (ends, clicks) == ([()], [])
