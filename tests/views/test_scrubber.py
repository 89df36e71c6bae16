"""The scrubber for any number of steps."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from cnnviz.paint.fonts import font
from cnnviz.timeline.starts import Rounds
from cnnviz.timeline.transport import TransportState
from cnnviz.views.scrubber import EDGE, NAME_PX, Scrubber
from tests.views.signals import heard, turn_wheel

LEFT = Qt.MouseButton.LeftButton
HUGE = 3_600_000_001
"""More than fits into 32 bits."""


@pytest.fixture
def bar(qtbot: QtBot) -> Scrubber:
    """101 steps on 200 pixels between the edges: two pixels a step."""
    widget = Scrubber()
    qtbot.addWidget(widget)
    widget.resize(200 + 2 * EDGE, 36)
    widget.show_state(TransportState(10, 101, sections=((0, "Convolution"), (60, "ReLU"))))
    widget.show()
    return widget


def test_a_click_jumps(bar: Scrubber, qtbot: QtBot) -> None:
    said = heard(bar.seek_requested)
    qtbot.mouseClick(bar, LEFT, pos=QPoint(EDGE + 100, 20))
    assert said == [(50,)]


def test_a_drag_seeks_all_along_and_stops_at_the_ends(bar: Scrubber, qtbot: QtBot) -> None:
    bar.seek_requested.connect(lambda i: bar.show_state(TransportState(i, 101)))
    said = heard(bar.seek_requested)
    qtbot.mousePress(bar, LEFT, pos=QPoint(EDGE + 40, 20))
    qtbot.mouseMove(bar, QPoint(EDGE + 80, 20))
    qtbot.mouseMove(bar, QPoint(EDGE + 500, 20))
    qtbot.mouseRelease(bar, LEFT, pos=QPoint(EDGE + 500, 20))
    assert [i for (i,) in said] == [20, 40, 100]


def test_the_wheel_steps_down_is_on(bar: Scrubber) -> None:
    said = heard(bar.seek_requested)
    turn_wheel(bar, -1)
    turn_wheel(bar, 3)
    assert said == [(11,), (7,)]


@pytest.mark.parametrize(
    ("key", "index"),
    [
        (Qt.Key.Key_Left, 9),
        (Qt.Key.Key_Right, 11),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Down, 20),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 100),
    ],
)
def test_keys_move(bar: Scrubber, qtbot: QtBot, key: Qt.Key, index: int) -> None:
    said = heard(bar.seek_requested)
    qtbot.keyClick(bar, key)
    assert said == [(index,)]


def test_where_it_stands_is_not_said_again(bar: Scrubber, qtbot: QtBot) -> None:
    bar.show_state(TransportState(100, 101))
    said = heard(bar.seek_requested)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert said == []


def test_counts_beyond_32_bits_travel_whole(bar: Scrubber, qtbot: QtBot) -> None:
    bar.show_state(TransportState(HUGE - 2, HUGE))
    said = heard(bar.seek_requested)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    qtbot.mouseClick(bar, LEFT, pos=QPoint(EDGE + 100, 20))
    assert said == [(HUGE - 1,), (1_800_000_000,)]


def test_a_single_step_has_nowhere_to_go(bar: Scrubber, qtbot: QtBot) -> None:
    bar.show_state(TransportState(0, 1))
    said = heard(bar.seek_requested)
    qtbot.mouseClick(bar, LEFT, pos=QPoint(EDGE + 100, 20))
    bar.grab()
    assert said == []


def test_a_screen_reader_hears_step_and_section(bar: Scrubber) -> None:
    assert bar.accessibleDescription() == "11 of 101, Convolution"
    bar.show_state(TransportState(60, 101, sections=((0, "Convolution"), (60, "ReLU"))))
    assert bar.accessibleDescription() == "61 of 101, ReLU"


def test_the_part_done_is_painted_in_the_accent(bar: Scrubber) -> None:
    bar.show_state(TransportState(50, 101))
    image = bar.grab().toImage()
    accent = bar.palette().highlight().color()
    y = bar.height() - 14
    assert image.pixelColor(EDGE + 50, y) == accent
    assert image.pixelColor(EDGE + 150, y) != accent


def test_marks_stand_under_the_steps_between_them(bar: Scrubber) -> None:
    state = TransportState(10, 101, sections=((0, "Convolution"),))
    bar.show_state(state)
    before = bar.grab().toImage()
    bar.show_state(replace(state, marks=range(20, 41)))
    after = bar.grab().toImage()
    ratio = bar.devicePixelRatioF()
    changed = [
        x / ratio for x in range(after.width())
        if any(before.pixel(x, y) != after.pixel(x, y) for y in range(after.height()))
    ]  # fmt: skip
    assert abs(min(changed) - bar.x_of(20)) <= 2
    assert abs(max(changed) - bar.x_of(40)) <= 2
    assert bar.accessibleDescription() == "11 of 101, Convolution, marked from 21 to 41"
    assert replace(state, marks=range(20, 41)).total_seconds == pytest.approx(21 * 0.95)


def test_the_section_at_the_playhead_is_always_named(bar: Scrubber) -> None:
    metrics = QFontMetrics(font(NAME_PX))
    sections = ((0, "Convolution"), (80, "ReLU"), (81, "Max pooling"), (100, "Update of the weights"))

    def names(index: int) -> list[str]:
        bar.show_state(TransportState(index, 101, sections=sections))
        return [name for _, name, _ in sorted(bar.names(metrics))]

    assert names(0) == ["Convolution"]
    assert names(80) == ["Convolution", "ReLU"]
    assert names(81) == ["Convolution", "Max pooling"]
    last = bar.width() - metrics.horizontalAdvance("Update of the weights")
    assert names(100)[-1] == "Update of the weights"
    assert max(bar.names(metrics))[0] == last  # not cut at the end


def test_names_keep_apart(bar: Scrubber) -> None:
    metrics = QFontMetrics(font(NAME_PX))
    sections = tuple((n * 20, f"Convolution {n}") for n in range(5))
    for index in range(101):
        bar.show_state(TransportState(index, 101, sections=sections))
        placed = sorted(bar.names(metrics))
        for (left, name, _), (right, _, _) in pairwise(placed):
            assert left + metrics.horizontalAdvance(name) <= right


def test_ticks_that_would_hide_the_bar_are_left_out(bar: Scrubber) -> None:
    def ticks(count: int) -> int:
        sections = tuple((n, str(n)) for n in range(count))
        bar.show_state(TransportState(0, 101, sections=sections))
        return len(bar.ticks())

    assert ticks(40) == 39
    assert ticks(60) == 0


def rounds(times: int) -> TransportState:
    """Iterations of ten steps each: six forward, four for the update."""
    sections = Rounds(((0, "Forward"), (6, "Update")), 10, times)
    return TransportState(0, 10 * times, sections=sections, iterations=range(0, 10 * times, 10))


def test_later_iterations_are_named_too(bar: Scrubber) -> None:
    metrics = QFontMetrics(font(NAME_PX))
    for times in (3, 30, 10**6):  # all have ticks, iterations alone, none
        for index, name in (
            (0, "Forward, iteration 1"),
            (16, "Update, iteration 2"),
            (29, "Update, iteration 3"),
        ):
            bar.show_state(replace(rounds(times), index=index))
            assert bar.accessibleDescription() == f"{index + 1} of {10 * times}, {name}"
            (here,) = [told for _, told, own in bar.names(metrics) if own]
            assert here == name


def test_ticks_stand_at_sections_or_else_at_iterations(bar: Scrubber) -> None:
    bar.show_state(rounds(3))
    assert bar.ticks() == [6, 10, 16, 20, 26]
    assert bar.iteration_ticks() == [10, 20]
    bar.show_state(rounds(30))
    assert bar.ticks() == list(range(10, 300, 10))
    bar.show_state(rounds(10**6))
    assert bar.ticks() == []
    bar.grab()


def test_a_single_iteration_needs_no_number(bar: Scrubber) -> None:
    sections = ((0, "Forward"), (6, "Update"), (10, "Iterations"))
    bar.show_state(TransportState(7, 60, sections=sections, iterations=range(0, 10, 10)))
    assert bar.accessibleDescription() == "8 of 60, Update"
