"""The row of the player."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from cnnviz.timeline.transport import TransportState
from cnnviz.views.transport import Transport, grouped
from tests.views.signals import all_actions, heard


@pytest.fixture
def transport(qtbot: QtBot) -> Transport:
    widget = Transport(all_actions())
    qtbot.addWidget(widget)
    widget.show_state(TransportState(36, 225, sections=((0, "Convolution"),)))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_it_shows_step_count_speed_and_time(transport: Transport) -> None:
    transport.show_state(TransportState(36, 225, speed=2.0))
    assert (transport.counter.edit.text(), transport.counter.total.text()) == ("37", "/ 225")
    assert transport.speed.currentText() == "2×"
    assert transport.time.text() == "1:47"  # 225 · 0.95 s / 2 = 106.9 s


def test_showing_says_nothing(transport: Transport) -> None:
    said = [heard(s) for s in (transport.seek_requested, transport.speed_requested, transport.loop_requested)]
    transport.show_state(TransportState(5, 9, speed=8.0, loop="loop"))
    assert said == [[], [], []]


def test_a_number_typed_into_the_counter_is_gone_to(transport: Transport, qtbot: QtBot) -> None:
    said = heard(transport.seek_requested)
    edit = transport.counter.edit
    for typed, index in (("100", 99), ("0", 0), ("9999", 224), ("9" * 5000, 224)):
        edit.selectAll()
        qtbot.keyClicks(edit, typed) if len(typed) < 9 else edit.insert(typed)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert said[-1] == (index,)


def test_letters_in_the_counter_leave_it_as_it_was(transport: Transport, qtbot: QtBot) -> None:
    said = heard(transport.seek_requested)
    transport.counter.edit.selectAll()
    qtbot.keyClicks(transport.counter.edit, "abc")
    qtbot.keyClick(transport.counter.edit, Qt.Key.Key_Return)
    assert said == []
    assert transport.counter.edit.text() == "37"


def test_a_step_does_not_disturb_what_is_being_typed(transport: Transport, qtbot: QtBot) -> None:
    edit = transport.counter.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "12")
    transport.show_state(TransportState(40, 225))
    assert edit.text() == "12"


def test_play_shows_pause_while_it_runs_and_triggers_the_action(qtbot: QtBot) -> None:
    actions = all_actions()
    widget = Transport(actions)
    qtbot.addWidget(widget)
    widget.show_state(TransportState(0, 9, playing=True))
    assert widget.play.accessibleName() == "Pause"
    with qtbot.waitSignal(actions["play.toggle"].triggered):
        qtbot.mouseClick(widget.play, Qt.MouseButton.LeftButton)
    widget.show_state(TransportState(0, 9))
    assert widget.play.accessibleName() == "Play"


def test_loop_goes_round_and_shows_only_what_it_is_told(transport: Transport, qtbot: QtBot) -> None:
    said = heard(transport.loop_requested)
    for state, following in (("off", "loop"), ("loop", "ping-pong"), ("ping-pong", "off")):
        transport.show_state(TransportState(0, 9, loop=state))  # type: ignore[arg-type]  # the three words
        qtbot.mouseClick(transport.loop, Qt.MouseButton.LeftButton)
        assert said[-1] == (following,)
        assert transport.loop.isChecked() == (state != "off")


def test_speed_is_said_when_it_is_chosen(transport: Transport, qtbot: QtBot) -> None:
    said = heard(transport.speed_requested)
    transport.speed.setFocus()
    qtbot.keyClick(transport.speed, Qt.Key.Key_Down)
    assert said == [(1.5,)]


def test_tab_reaches_every_button_and_a_click_leaves_the_focus_alone(
    transport: Transport, qtbot: QtBot
) -> None:
    transport.scrubber.setFocus()
    buttons = transport.findChildren(QToolButton)
    assert len(buttons) == 8
    assert all(b.focusPolicy() == Qt.FocusPolicy.TabFocus for b in buttons)
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert transport.scrubber.hasFocus()


def test_large_counts_are_grouped() -> None:
    assert [grouped(n) for n in (225, 9999, 8_294_400)] == ["225", "9999", "8\u00a0294\u00a0400"]
