"""Learning beside the window: computed by a thread, paused, cancelled, begun again after an edit."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers import training as module
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.filler import Filler
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.training import Training
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson, View
from cnnviz.lesson.recipe_edits import set_iterations, set_rate
from cnnviz.timeline import accuracy
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete
from cnnviz.timeline.plots import LossCurve
from cnnviz.timeline.progress import Progress, beside, computed, learners, patiently, prepare
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.learning_lessons import learning, rates, tiny, tiny_loss

LONG = 1_000_000
"""More iterations than any test waits for."""


class Desk:
    """A session with its training, and what it said."""

    def __init__(self, lesson: Lesson) -> None:
        self.session = Session(Moment(make_timeline(lesson)))
        self.editing = Editing(self.session)
        self.training = Training(self.session)
        self.said: list[Progress] = []
        self.lines: list[str] = []
        self.training.progress_changed.connect(self.said.append)
        self.training.diverged.connect(self.lines.append)

    @property
    def timeline(self) -> Timeline:
        return self.session.moment.timeline

    @property
    def state(self) -> str:
        return self.training.progress.state

    @property
    def filled(self) -> int:
        return self.training.progress.filled


@pytest.fixture
def desks(qtbot: QtBot) -> Iterator[list[Desk]]:
    made: list[Desk] = []
    yield made
    for desk in made:
        desk.training.close()


def begin(desks: list[Desk], lesson: Lesson) -> Desk:
    desk = Desk(lesson)
    desks.append(desk)
    desk.training.begin()
    return desk


def test_a_heavy_iteration_is_shown_once_the_thread_has_found_out_all_of_it(
    desks: list[Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnviz.timeline.descent.HEAVY", 0)
    threads: list[threading.Thread] = []

    def watched(timeline: Timeline, descent: Descent, iteration: int) -> None:
        threads.append(threading.current_thread())
        prepare(timeline, descent, iteration)

    monkeypatch.setattr(module, "prepare", watched)
    desk = begin(desks, learning(0.01, 3))
    with qtbot.waitSignal(desk.training.redraw_requested):
        assert not computed(desk.timeline, 0)
    assert computed(desk.timeline, 0)
    (descent,) = learners(desk.timeline)
    assert descent.prepared == 0
    desk.session.show(index=desk.timeline.index_at(2))
    qtbot.waitUntil(lambda: computed(desk.timeline, desk.session.moment.index))
    assert desk.timeline.iteration(0, 2).number == 2
    assert threading.main_thread() not in threads


def test_what_does_not_learn_starts_no_thread(desks: list[Desk]) -> None:
    desk = begin(desks, Lesson("Plain", (replace(tiny(), recipe=None),)))
    assert desk.state == "none"
    assert desk.said == []


def test_all_iterations_are_filled_and_the_end_is_said(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, learning(0.02, 300))
    assert desk.state == "running"
    qtbot.waitUntil(lambda: desk.said[-1].state == "done")
    assert (desk.said[-1].state, desk.said[-1].filled, desk.said[-1].seconds_left) == ("done", 300, None)
    losses = learners(desk.timeline)[0].losses()
    assert losses[100] == pytest.approx(tiny_loss(0.02, 100))


def test_beside_the_window_and_in_turn_give_the_same_bits(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, rates(0.03, 0.21, iterations=200))
    qtbot.waitUntil(lambda: desk.state == "done")
    alone = make_timeline(rates(0.03, 0.21, iterations=200))
    for ours, other in zip(learners(desk.timeline), learners(alone), strict=True):
        other.advance(200)
        assert ours.losses().tobytes() == other.losses().tobytes()


def test_pause_holds_and_resume_goes_on(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, learning(0.01, LONG))
    qtbot.waitUntil(lambda: desk.filled > 20)
    desk.training.toggle_pause()
    assert desk.state == "paused"
    held = desk.filled
    for _ in range(3):
        learners(desk.timeline)[0].state(held - 1)
    # One iteration may have been at hand.
    assert desk.filled <= held + 1
    desk.training.toggle_pause()
    qtbot.waitUntil(lambda: desk.filled > held + 20)
    assert desk.state == "running"


def test_cancel_keeps_what_there_is_and_brings_the_playhead_back(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, replace(learning(0.01, LONG), pace="iteration"))
    desk.session.show(index=LONG - 1)
    qtbot.waitUntil(lambda: desk.filled > 5)
    desk.training.cancel()
    desk.training.close()
    assert desk.state == "cancelled"
    assert 0 < desk.session.moment.index <= desk.filled - 1
    shown = desk.timeline.frame(desk.session.moment.index).lead.learning
    assert shown is not None
    assert not shown.pending
    before = desk.filled
    desk.training.toggle_pause()
    qtbot.waitUntil(lambda: desk.filled > before)


def test_a_pending_step_asks_to_be_drawn_when_it_is_there(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, replace(learning(0.01, 2000), pace="iteration"))
    desk.session.show(index=1999)
    first = desk.timeline.frame(1999).lead.learning
    assert first is not None
    assert first.pending
    drawn: list[tuple[int, bool]] = []

    def draw() -> None:
        shown = desk.timeline.frame(1999).lead.learning
        assert shown is not None
        drawn.append((shown.iteration, shown.pending))

    desk.training.redraw_requested.connect(draw)
    qtbot.waitUntil(lambda: bool(drawn) and drawn[-1] == (1999, False), timeout=20_000)


def test_an_edit_starts_again_and_undo_too(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, learning(0.01, 50))
    qtbot.waitUntil(lambda: desk.state == "done")
    assert desk.editing.apply("Rate", partial(set_rate, rate=0.05))
    assert desk.state == "running"
    qtbot.waitUntil(lambda: desk.state == "done")
    assert learners(desk.timeline)[0].losses()[3] == pytest.approx(tiny_loss(0.05, 3))
    assert desk.editing.stack.count() == 1
    desk.editing.stack.undo()
    qtbot.waitUntil(lambda: desk.state == "done")
    assert learners(desk.timeline)[0].losses()[3] == pytest.approx(tiny_loss(0.01, 3))


def test_words_and_views_do_not_start_it_again(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, learning(0.01, 50))
    descent = learners(desk.timeline)[0]
    desk.editing.apply("Title", lambda lesson: replace(lesson, title="Other"))
    assert learners(desk.timeline)[0] is descent
    qtbot.waitUntil(lambda: desk.state == "done")


def test_divergence_is_said_once_with_its_iteration(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, rates(0.01, 40.0, iterations=500))
    qtbot.waitUntil(lambda: bool(desk.lines))
    qtbot.waitUntil(lambda: desk.said[-1].state == "done")
    wild = learners(desk.timeline)[1]
    assert desk.lines == [f"η = 40.0: {wild.stopped}"]
    assert f"iteration {wild.filled}" in wild.stopped or f"iteration {wild.filled - 1}" in wild.stopped
    early = patiently(desk.timeline).frame(0).tracks[1].learning
    assert early is not None
    assert early.loss == 1.0


def test_time_left_comes_from_the_speed_so_far(qtbot: QtBot) -> None:
    clock = [100.0]
    session = Session(Moment(make_timeline(learning(0.01, LONG))))
    training = Training(session, now=lambda: clock[0])
    training.begin()
    qtbot.waitUntil(lambda: training.progress.filled > 50)
    training.close()
    clock[0] = 110.0
    filled = training.progress.filled
    assert training.progress.seconds_left == pytest.approx((LONG - filled) * 10 / (filled - 1))


def test_closing_ends_the_thread(qtbot: QtBot) -> None:
    desk = Desk(learning(0.01, LONG))
    desk.training.begin()
    qtbot.waitUntil(lambda: desk.filled > 3)
    desk.training.close()
    ended = desk.filled
    desk.editing.apply("Iterations", partial(set_iterations, iterations=5))
    desk.training.close()
    assert ended < LONG


def test_a_thread_that_is_told_to_stop_while_paused_ends() -> None:
    filler = Filler(learners(make_timeline(learning(0.01, LONG))))
    filler.going.clear()
    filler.start()
    filler.stop()
    filler.join()
    assert not filler.alive


def test_garbage_is_left_to_the_window_until_it_closes(qtbot: QtBot) -> None:
    desk = Desk(learning(0.01, LONG))
    assert not gc.isenabled()
    desk.training.begin()
    qtbot.waitUntil(lambda: desk.filled > 3)
    assert not gc.isenabled()
    desk.training.close()
    assert gc.isenabled()


def test_whoever_waits_for_an_iteration_comes_before_the_thread(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, replace(learning(0.01, LONG), pace="iteration"))
    far = desk.filled + 1000
    shown = patiently(desk.timeline).frame(far).lead.learning
    assert shown is not None
    assert (shown.iteration, shown.pending) == (far, False)
    assert desk.filled < LONG


def test_a_full_memory_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    descents = learners(make_timeline(learning(0.01, LONG)))

    def full(*_: object) -> int:
        raise MemoryError

    monkeypatch.setattr(descents[0], "advance", full)
    filler = Filler(descents)
    filler.start()
    filler.join()
    assert filler.failed.startswith("learning stopped: the memory is full")


def test_python_changes_threads_faster_while_a_lesson_learns_and_goes_on_so_after_an_edit(
    desks: list[Desk], qtbot: QtBot
) -> None:
    usual = sys.getswitchinterval()
    desk = begin(desks, learning(0.02, LONG))
    assert sys.getswitchinterval() < usual
    desk.editing.apply("Rate", partial(set_rate, rate=0.01))
    # The thread of the lesson before the edit ends when it comes to it, after the next one has begun.
    qtbot.waitUntil(lambda: sum(t.name == "cnnviz-training" for t in threading.enumerate()) == 1)
    assert sys.getswitchinterval() < usual
    desk.training.close()
    assert sys.getswitchinterval() == usual


def far_apart(timeline: Timeline, count: int) -> Timeline:
    """The same with a descent of few checkpoints, each step of which counts as a second's work."""
    few = Descent(timeline.lesson.tracks[0], 1)
    few.advance(count)
    few._cost.seconds = 1.0
    return replace(timeline, descents=(few,))


def test_a_step_far_from_checkpoints_comes_though_all_is_learned(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, replace(learning(0.01, 100), pace="iteration"))
    qtbot.waitUntil(lambda: desk.state == "done")
    desk.session.show(timeline=far_apart(desk.timeline, 100))
    assert desk.state == "done"
    with qtbot.waitSignal(desk.training.redraw_requested):
        desk.session.show(index=40)
        first = desk.timeline.frame(40).lead.learning
        assert first is not None
    qtbot.waitUntil(lambda: computed(desk.timeline, 40))
    shown = desk.timeline.frame(40).lead.learning
    assert shown is not None
    assert (shown.iteration, shown.pending) == (40, False)
    # Another one after that thread has ended.
    qtbot.waitUntil(lambda: not any(filler.alive for filler in desk.training._beside.begun))
    with qtbot.waitSignal(desk.training.redraw_requested):
        desk.session.show(index=60)


def test_a_step_far_from_checkpoints_comes_though_learning_is_cancelled(
    desks: list[Desk], qtbot: QtBot
) -> None:
    desk = begin(desks, replace(learning(0.01, LONG), pace="iteration"))
    desk.session.show(timeline=far_apart(desk.timeline, 100))
    desk.training.cancel()
    held = desk.filled
    with qtbot.waitSignal(desk.training.redraw_requested):
        desk.session.show(index=40)
    assert computed(desk.timeline, 40)
    assert desk.state == "cancelled"
    assert desk.filled <= held + 1


def test_the_thread_does_less_while_the_window_moves_but_not_where_it_is_waited_for(
    desks: list[Desk],
) -> None:
    desk = begin(desks, replace(learning(0.01, LONG), pace="iteration"))
    filler = desk.training._beside.filler
    assert filler is not None
    desk.training.hold()
    moved = filler.touched
    assert moved > 0
    desk.session.show(index=LONG - 1)
    moved = filler.touched
    desk.training.hold()
    assert filler.touched == moved


def test_only_the_track_that_was_changed_learns_anew(desks: list[Desk], qtbot: QtBot) -> None:
    desk = begin(desks, rates(0.01, 0.1, iterations=50))
    qtbot.waitUntil(lambda: desk.state == "done")
    before = learners(desk.timeline)
    desk.editing.apply("Rate", partial(set_rate, rate=0.05, track=1))
    after = learners(desk.timeline)
    assert after[0] is before[0]
    assert after[0].done
    qtbot.waitUntil(lambda: desk.state == "done")
    assert after[1].losses()[3] == pytest.approx(tiny_loss(0.05, 3))


def test_the_end_is_told_also_when_it_comes_while_progress_is_told(qtbot: QtBot, desks: list[Desk]) -> None:
    desk = Desk(learning(0.01, 1500))
    desks.append(desk)
    told: list[int] = []

    def wait_for_the_end(progress: Progress) -> None:
        told.append(progress.filled)
        if progress.state == "running" and len(told) > 1:  # the first says that it begins
            for filler in desk.training._beside.begun:
                filler.idle.set()
                filler.join()

    desk.training.progress_changed.connect(wait_for_the_end)
    desk.training.begin()
    qtbot.waitUntil(lambda: bool(desk.said) and desk.said[-1].state == "done", timeout=30_000)
    assert told[-1] == 1500


def test_a_step_that_is_looked_at_is_tested_first_and_drawn_again_also_while_it_pauses(
    desks: list[Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "EASY", 0)
    monkeypatch.setattr(module, "REST_SECONDS", 0.0)
    desk = begin(desks, shipped_lesson("learn-digits"))
    (descent,) = learners(desk.timeline)
    qtbot.waitUntil(lambda: desk.filled > 40)
    desk.training.toggle_pause()
    with qtbot.waitSignal(desk.training.redraw_requested):
        desk.session.show(index=37)
        assert not descent.accuracy.known(37)
        qtbot.waitUntil(lambda: descent.accuracy.known(37))
    assert not descent.accuracy.known(36)
    assert desk.state == "paused"


def test_once_all_is_learned_the_tests_in_between_are_made(
    desks: list[Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "EASY", 0)
    desk = begin(desks, shipped_lesson("learn-digits"))
    desk.editing.apply("80", partial(set_iterations, iterations=80))
    (descent,) = learners(desk.timeline)
    qtbot.waitUntil(lambda: complete(descent))
    assert desk.state == "done"
    assert descent.accuracy.curve()[0].tolist() == list(range(80))


def test_the_stage_is_drawn_again_once_the_axis_of_the_whole_run_is_known(
    desks: list[Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "cnnviz.timeline.outlook.MOST", 1_500
    )  # more than are computed before the window looks
    timeline = beside(make_timeline(replace(learning(0.01, 1_600), view=View(plots="loss"))))
    desk = begin(desks, timeline.lesson)
    desk.session.show(timeline=timeline)
    drawn: list[int] = []

    def draw() -> None:
        (plot,) = desk.timeline.frame(0).lead.plots
        assert isinstance(plot, LossCurve)
        drawn.append(plot.ahead.size)

    desk.training.redraw_requested.connect(draw)
    qtbot.waitUntil(lambda: desk.state == "done" and bool(drawn))
    assert drawn == [1_500]
    desk.session.show(index=5)  # now nothing is left to be known
    qtbot.waitUntil(lambda: not any(filler.alive for filler in desk.training._beside.begun))
    assert drawn == [1_500]
