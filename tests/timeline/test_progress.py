"""How far a lesson has learned."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.progress import (
    advance,
    beside,
    computed,
    far,
    is_pending,
    learners,
    patiently,
    progress_of,
    reach_of,
)
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import learning, rates


def test_a_lesson_that_does_not_learn_has_no_progress() -> None:
    plain = make_timeline(Lesson("Plain", (Track(Source(np.eye(3)[None]), (Relu(),), (None,)),)))
    assert beside(plain) is plain
    assert learners(plain) == ()
    assert progress_of(plain, "running").state == "none"
    assert not is_pending(plain, 0)


def test_the_window_never_waits_and_an_export_does() -> None:
    timeline = beside(make_timeline(learning(iterations=100, pace="iteration")))
    assert not timeline.patient
    assert beside(timeline) is timeline
    shown = timeline.frame(60).lead.learning
    assert shown is not None
    assert (shown.iteration, shown.pending) == (0, True)
    waited = patiently(timeline).frame(60).lead.learning
    assert waited is not None
    assert (waited.iteration, waited.pending) == (60, False)


def test_a_single_iteration_has_no_plots_beside_the_stage() -> None:
    one, two = (make_timeline(learning(iterations=n)) for n in (1, 2))
    assert progress_of(one, "running").on_stage
    assert not progress_of(two, "running").on_stage


def test_reach_is_the_last_step_of_what_is_computed() -> None:
    timeline = beside(make_timeline(learning(iterations=100, pace="iteration")))
    (descent,) = learners(timeline)
    assert reach_of(timeline) == 0
    assert [is_pending(timeline, index) for index in (0, 1)] == [False, True]
    descent.advance(30)
    assert reach_of(timeline) == 29
    assert [is_pending(timeline, index) for index in (29, 30)] == [False, True]
    descent.advance(70)
    assert (reach_of(timeline), progress_of(timeline, "running").state) == (99, "done")


def test_reach_counts_the_steps_of_whole_iterations() -> None:
    timeline = make_timeline(learning(iterations=4, pace="cell"))
    length = timeline.sections[0][-1].stop
    learners(timeline)[0].advance(2)
    assert reach_of(timeline) == 2 * length - 1


def test_the_slowest_track_sets_the_reach() -> None:
    timeline = make_timeline(replace(rates(0.01, 0.1, iterations=9), pace="iteration"))
    first, second = learners(timeline)
    first.advance(9)
    second.advance(4)
    told = progress_of(timeline, "running", 3.0)
    assert (told.filled, told.planned, told.reach, told.state) == (13, 18, 3, "running")
    assert told.seconds_left == 3.0


def test_a_stop_names_its_track_and_ends_what_is_planned() -> None:
    timeline = make_timeline(rates(0.01, 40.0, iterations=1000))
    calm, wild = learners(timeline)
    calm.advance(1000)
    wild.advance(1000)
    told = progress_of(timeline, "running")
    assert wild.filled < 1000
    assert (told.state, told.planned) == ("done", 1000 + wild.filled)
    assert told.stopped == (f"η = 40.0: {wild.stopped}",)
    assert "40.0 is too large a rate" in told.stopped[0]


@pytest.mark.parametrize("iterations", [1, 2])
def test_the_first_iteration_is_never_pending(iterations: int) -> None:
    timeline = beside(make_timeline(learning(iterations=iterations)))
    assert not is_pending(timeline, 0)


def test_a_step_is_computed_in_slices_between_other_work() -> None:
    timeline = beside(make_timeline(replace(rates(0.01, 0.1, iterations=50), pace="iteration")))
    assert not computed(timeline, 20)
    slices = 1
    while not advance(timeline, 20, 0.0):
        slices += 1
    # Each slice of no time does one iteration: 21 of each track, and the last one finds all there.
    assert slices == 43
    assert [d.filled for d in learners(timeline)] == [21, 21]
    assert computed(timeline, 20)
    assert not computed(timeline, 21)
    shown = timeline.frame(20).tracks[1].learning
    assert shown is not None
    assert (shown.iteration, shown.pending) == (20, False)


def test_with_time_enough_one_slice_does_it_all() -> None:
    timeline = beside(make_timeline(learning(iterations=30, pace="iteration")))
    assert advance(timeline, 29, 60.0)
    assert learners(timeline)[0].done
    plain = make_timeline(Lesson("Plain", (Track(Source(np.eye(3)[None]), (Relu(),), (None,)),)))
    assert advance(plain, 0, 0.0)
    assert computed(plain, 0)


def test_what_is_computed_but_far_can_be_brought() -> None:
    timeline = beside(make_timeline(learning(iterations=100, pace="iteration")))
    few = Descent(timeline.lesson.tracks[0], 1)
    timeline = replace(timeline, descents=(few,))
    assert far(timeline, 40) == ()
    few.advance(90)
    few._cost.seconds = 1.0
    assert far(timeline, 40) == ((few, 40),)
    assert is_pending(timeline, 40)
    assert far(timeline, 95) == ()
    assert is_pending(timeline, 95)
    assert not advance(timeline, 40, 0.0)
    assert advance(timeline, 40, 60.0)
    assert far(timeline, 40) == ()
