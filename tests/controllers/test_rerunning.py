"""Runs computed again beside the window: shown while they come, paused, cancelled, and put away for the recording."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.beside import DEFAULT_SWITCH
from cnnviz.controllers.rerunning import Rerunning
from cnnviz.controllers.session import Moment, Session
from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import FIELDS, Recording, recording
from cnnviz.timeline.progress import Progress
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.twins import running
from tests.helpers.runs import runs_lesson, small_runs

LONG = 100_000


class Desk:
    """A session that shows runs, with who computes them again, and what it said."""

    def __init__(self, iterations: int) -> None:
        self.runs = small_runs(iterations)
        self.session = Session(Moment(runs_lesson(self.runs)))
        self.rerunning = Rerunning(self.session)
        self.said: list[Progress] = []
        self.rerunning.progress_changed.connect(self.said.append)

    @property
    def shown(self) -> Recording:
        runs = self.session.moment.timeline.runs
        assert runs is not None
        return runs

    @property
    def filled(self) -> int:
        return sum(run.done for run in self.shown.runs)


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    made: list[Desk] = []
    yield made
    for desk in made:
        desk.rerunning.close()


def begun(desks: list[Desk], iterations: int) -> Desk:
    desk = Desk(iterations)
    desks.append(desk)
    desk.rerunning.begin()
    return desk


def test_what_comes_is_what_the_recipe_gives_and_the_playhead_goes_with_it(
    desks: list[Desk], qtbot: QtBot
) -> None:
    desk = begun(desks, 25)
    assert desk.rerunning.state == "running"
    qtbot.waitUntil(lambda: desk.rerunning.state == "done", timeout=20_000)
    last = list(running(desk.runs))[-1]
    for one, other in zip(desk.shown.runs, last.runs, strict=True):
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    assert desk.shown.made == ""
    assert desk.session.moment.index == desk.session.moment.timeline.count - 1
    assert (desk.said[-1].state, desk.said[-1].filled, desk.said[-1].planned) == ("done", 50, 50)
    assert sys.getswitchinterval() == pytest.approx(DEFAULT_SWITCH)


def test_paused_it_stands_still_and_goes_on(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begun(desks, LONG)
    qtbot.waitUntil(lambda: desk.filled > 4, timeout=20_000)
    desk.rerunning.toggle_pause()
    assert desk.rerunning.state == desk.said[-1].state == "paused"
    ticks = len(desk.said)
    # After two more looks whatever was under way has been seen.
    qtbot.waitUntil(lambda: len(desk.said) > ticks + 2, timeout=20_000)
    filled, ticks = desk.filled, len(desk.said)
    qtbot.waitUntil(lambda: len(desk.said) > ticks + 2, timeout=20_000)
    assert desk.filled == filled
    desk.rerunning.toggle_pause()
    qtbot.waitUntil(lambda: desk.filled > filled, timeout=20_000)


def test_cancelled_it_keeps_what_there_is(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begun(desks, LONG)
    qtbot.waitUntil(lambda: desk.filled > 4, timeout=20_000)
    desk.rerunning.cancel()
    assert desk.rerunning.state == desk.said[-1].state == "cancelled"
    assert 4 < desk.filled < LONG
    desk.rerunning.toggle_pause()
    assert desk.rerunning.state == "cancelled"


def test_a_playhead_that_was_moved_stays(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begun(desks, LONG)
    desk.session.show(index=30)
    qtbot.waitUntil(lambda: desk.filled > 20, timeout=20_000)
    assert desk.session.moment.index == 30


def test_another_lesson_ends_it(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begun(desks, LONG)
    qtbot.waitUntil(lambda: desk.filled > 4, timeout=20_000)
    other = make_timeline(shipped_lesson("vertical-edge"))
    desk.session.show(timeline=other)
    assert desk.rerunning.state == desk.said[-1].state == "none"
    assert desk.session.moment.timeline is other
    desk.rerunning.begin()
    assert desk.rerunning.state == "none"


def test_the_recording_comes_back(qtbot: QtBot) -> None:
    session = Session(Moment(make_timeline(shipped_lesson("twins"))))
    rerunning = Rerunning(session)
    shipped = recording("twins")
    here = replace(shipped, made="")
    session.show(timeline=replace(session.moment.timeline, runs=here))
    rerunning.show_recorded()
    assert session.moment.timeline.runs is shipped
    assert rerunning.state == "none"
    rerunning.close()
