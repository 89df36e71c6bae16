"""The thread that learns: it ends by itself, brings what is far, and rests while the window works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers import filler as module
from cnnviz.controllers.filler import Filler
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.progress import learners
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning, rates

LONG = 1_000_000


def descent(iterations: int, limit: int = 1 << 20) -> Descent:
    return Descent(learning(0.01, iterations).tracks[0], limit)


@pytest.fixture
def fillers() -> Iterator[list[Filler]]:
    made: list[Filler] = []
    yield made
    for each in made:
        each.stop()
        each.join()


def test_tracks_are_computed_in_turn_and_the_thread_ends(fillers: list[Filler]) -> None:
    timeline = make_timeline(rates(0.01, 0.1, iterations=40))
    fillers.append(Filler(learners(timeline)))
    fillers[0].start()
    fillers[0].join()
    assert [d.filled for d in learners(timeline)] == [40, 40]
    assert not fillers[0].alive


def test_what_is_far_is_brought_though_nothing_is_left_to_learn(fillers: list[Filler]) -> None:
    few = descent(100, 1)
    few.reach(99)
    few._cost.seconds = 1.0
    assert few.lacks(70)
    fillers.append(Filler())
    fillers[0].wanted = ((few, 70),)
    fillers[0].start()
    fillers[0].join()
    assert not few.lacks(70)


def test_what_is_far_is_brought_while_learning_is_paused(fillers: list[Filler], qtbot: QtBot) -> None:
    few = descent(LONG, 1)
    few.advance(100)
    few._cost.seconds = 1.0
    held = few.filled
    fillers.append(Filler((few,)))
    fillers[0].going.clear()
    fillers[0].wanted = ((few, 70),)
    fillers[0].start()
    qtbot.waitUntil(lambda: not few.lacks(70))
    assert few.filled == held
    assert fillers[0].alive


def test_of_a_heavy_network_it_finds_out_what_is_shown(
    fillers: list[Filler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnviz.timeline.descent.HEAVY", 0)
    heavy, asked = descent(100), []

    def prepare(one: Descent, iteration: int) -> None:
        asked.append((one, iteration))
        one.prepared = iteration

    heavy.advance(20)
    fillers.append(Filler((), prepare))
    fillers[0].wanted = ((heavy, 12), (heavy, 12))
    fillers[0].start()
    fillers[0].join()
    assert asked == [(heavy, 12)]
    assert not heavy.lacks(12)
    assert heavy.lacks(11)


def test_between_two_layers_it_rests_until_the_window_is_idle(
    fillers: list[Filler], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 3600.0)
    long = descent(LONG)
    fillers.append(Filler((long,)))
    fillers[0].idle.clear()
    fillers[0].start()
    fillers[0]._thread.join(0.05)
    assert long.filled == 0
    fillers[0].idle.set()
    qtbot.waitUntil(lambda: long.filled >= 5)


def test_a_window_that_is_never_idle_does_not_stop_it(fillers: list[Filler], qtbot: QtBot) -> None:
    long = descent(LONG)
    fillers.append(Filler((long,)))
    fillers[0].idle.clear()
    fillers[0].start()
    qtbot.waitUntil(lambda: long.filled >= 3)
    assert not fillers[0].idle.is_set()


class Clock:
    """Time that goes on only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_while_the_window_moves_there_is_a_frame_between_two_iterations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    filler = Filler()
    filler._pause()
    assert clock.slept == []
    filler.touched = clock.now
    filler._pause()
    clock.now += 0.010
    filler._pause()
    clock.now += 0.020
    filler._pause()
    assert clock.slept == [0.016, 0.006, 0.0]
    filler._took = 0.001
    filler._pause()
    assert clock.slept == [0.016, 0.006, 0.0, 0.02]
    clock.now += 0.05
    filler._pause()
    assert len(clock.slept) == 4
