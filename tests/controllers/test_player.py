"""Playing by a clock that the test turns: steps, drops, loops, ends."""

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.player import Player
from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.transport import TransportState
from tests.controllers.lessons import timeline_of
from tests.helpers.runs import runs_lesson, small_runs


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Stand:
    """A player over the 36 steps of the 6×6 example, without waiting."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.session = Session(Moment(timeline_of()))
        self.player = Player(self.session, self.clock)
        self.states: list[TransportState] = []
        self.player.transport_changed.connect(self.states.append)

    def wait(self, seconds: float) -> int:
        """Let so much time pass and the timer fire once."""
        self.clock.seconds += seconds
        self.player._timer.timeout.emit()
        return self.session.moment.index


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand()


def test_plays_a_step_each_950_milliseconds(stand: Stand) -> None:
    stand.player.play()
    assert [stand.wait(0.95) for _ in range(4)] == [1, 2, 3, 4]
    assert stand.player.playing


def test_a_late_timer_drops_steps_instead_of_queueing_them(stand: Stand) -> None:
    stand.player.play()
    assert stand.wait(0.95 * 7.4) == 7
    assert stand.wait(0.95 * 0.3) == 7
    assert stand.wait(0.95 * 0.4) == 8


def test_double_speed_takes_half_the_time(stand: Stand) -> None:
    stand.player.set_speed(2.0)
    stand.player.play()
    assert stand.wait(0.475) == 1
    stand.player.set_speed(8.0)
    assert stand.wait(0.95) == 9


def test_stops_at_the_end_and_starts_over_when_played_again(stand: Stand) -> None:
    stand.player.play()
    assert stand.wait(60) == 35
    assert not stand.player.playing
    stand.player.play()
    assert stand.session.moment.index == 0
    assert stand.player.playing


def test_backwards_from_the_start_begins_at_the_end(stand: Stand) -> None:
    stand.player.toggle_backwards()
    assert stand.session.moment.index == 35
    assert stand.wait(0.95) == 34
    assert stand.player.transport_state().backwards
    stand.player.toggle_backwards()
    assert not stand.player.playing


def test_loop_and_ping_pong_go_on(stand: Stand) -> None:
    stand.player.seek(34)
    stand.player.set_loop("loop")
    stand.player.play()
    assert [stand.wait(0.95) for _ in range(3)] == [35, 0, 1]
    stand.player.seek(34)
    stand.player.set_loop("ping-pong")
    assert [stand.wait(0.95) for _ in range(3)] == [35, 34, 33]


def test_a_seek_while_playing_goes_on_from_there(stand: Stand) -> None:
    stand.player.play()
    stand.wait(0.95)
    stand.clock.seconds += 0.5
    stand.player.seek(20)
    assert stand.wait(0.5) == 20
    assert stand.wait(0.45) == 21


@pytest.fixture
def runs(stand: Stand) -> Stand:
    """A player over runs of 100 iterations, of which playing shows 0 to 20, 25 to 50 and every tenth."""
    stand.session.show(timeline=runs_lesson(small_runs(100)), index=0)
    return stand


def test_runs_are_played_at_growing_distances(runs: Stand) -> None:
    assert runs.player.transport_state().stops == 21 + 6 + 5
    runs.player.seek(19)
    runs.player.play()
    assert [runs.wait(0.95) for _ in range(8)] == [20, 25, 30, 35, 40, 45, 50, 60]
    runs.player.seek(97)
    assert (runs.wait(0.95), runs.player.playing) == (99, False)


def test_runs_are_played_on_from_between_two_stops_both_ways(runs: Stand) -> None:
    runs.player.seek(63)
    runs.player.play()
    assert [runs.wait(0.95) for _ in range(2)] == [70, 80]
    runs.player.seek(63)
    runs.player.toggle_backwards()
    assert [runs.wait(0.95) for _ in range(2)] == [60, 50]


def test_runs_are_played_between_marks(runs: Stand) -> None:
    runs.player.seek(33)
    runs.player.mark_in()
    runs.player.seek(42)
    runs.player.mark_out()
    runs.player.play()
    assert runs.session.moment.index == 33
    assert [runs.wait(0.95) for _ in range(3)] == [35, 40, 42]
    assert runs.player.transport_state().stops == 4


def test_runs_go_one_iteration_by_a_step_and_to_the_next_stop_by_a_page(runs: Stand) -> None:
    runs.player.seek(61)
    runs.player.step(1)
    assert runs.session.moment.index == 62
    runs.player.next_section()
    assert runs.session.moment.index == 70
    runs.player.previous_section()
    assert runs.session.moment.index == 60


def test_a_step_pauses(stand: Stand) -> None:
    stand.player.play()
    stand.player.step(10)
    assert (stand.session.moment.index, stand.player.playing) == (10, False)
    stand.player.step(-11)
    assert stand.session.moment.index == 0


def test_steps_go_around_when_looping(stand: Stand) -> None:
    stand.player.set_loop("loop")
    stand.player.step(-1)
    assert stand.session.moment.index == 35


def test_sections(stand: Stand) -> None:
    jumps = []
    for _ in range(3):
        stand.player.next_section()
        jumps.append(stand.session.moment.index)
    assert jumps == [16, 32, 35]
    back = []
    for _ in range(4):
        stand.player.previous_section()
        back.append(stand.session.moment.index)
    assert back == [32, 16, 0, 0]


def test_speeds_stop_at_both_ends(stand: Stand) -> None:
    for _ in range(20):
        stand.player.faster()
    assert stand.player.speed == 8.0
    stand.player.slower()
    assert stand.player.speed == 6.0
    for _ in range(20):
        stand.player.slower()
    assert stand.player.speed == 0.25


def test_state_names_the_section_and_the_total_time(stand: Stand) -> None:
    stand.player.seek(20)
    state = stand.states[-1]
    assert (state.index, state.count, state.words) == (20, 36, "ReLU")
    assert state.sections == ((0, "Convolution"), (16, "ReLU"), (32, "Max pooling"))
    assert state.total_seconds == pytest.approx(34.2)


def test_the_real_timer_plays(stand: Stand, qtbot: QtBot) -> None:
    session = Session(Moment(timeline_of()))
    player = Player(session)
    player.set_speed(8.0)
    with qtbot.waitSignal(session.moment_changed, timeout=5000):
        player.play()
    player.pause()
    assert session.moment.index >= 1


# Marks


def test_marks_bound_what_is_played(stand: Stand) -> None:
    stand.session.show(index=4)
    stand.player.mark_in()
    stand.session.show(index=7)
    stand.player.mark_out()
    assert stand.player.marked() == range(4, 8) == stand.states[-1].marks
    stand.player.play()  # at the last one: from the first
    assert stand.session.moment.index == 4
    assert [stand.wait(0.95) for _ in range(3)] == [5, 6, 7]
    assert not stand.player.playing
    stand.session.show(index=30)
    stand.player.play(backwards=True)
    assert stand.session.moment.index == 7
    stand.player.restart()
    assert stand.session.moment.index == 4


def test_looping_goes_round_between_the_marks(stand: Stand) -> None:
    stand.session.show(index=10)
    stand.player.mark_in()
    stand.session.show(index=12)
    stand.player.mark_out()
    stand.player.set_loop("loop")
    stand.session.show(index=11)
    stand.player.play()
    assert [stand.wait(0.95) for _ in range(4)] == [12, 10, 11, 12]


def test_a_step_sought_outside_the_marks_plays_on(stand: Stand) -> None:
    stand.session.show(index=5)
    stand.player.mark_out()
    stand.player.restart()
    stand.player.seek(20)
    assert [stand.wait(0.95) for _ in range(2)] == [21, 22]


def test_a_mark_behind_the_other_takes_its_place(stand: Stand) -> None:
    stand.session.show(index=9)
    stand.player.mark_out()
    assert stand.player.marked() == range(10)
    stand.session.show(index=20)
    stand.player.mark_in()
    assert stand.player.marked() == range(20, 36)
    stand.player.clear_marks()
    assert stand.player.marked() is None


def test_marks_end_where_a_shorter_lesson_does(stand: Stand) -> None:
    stand.session.show(index=30)
    stand.player.mark_in()
    stand.session.show(timeline=timeline_of(pooled=False, size=4))
    assert stand.player.marked() == range(7, 8)
