"""Where sections begin in every iteration that is told step by step: the same as a list of them all would say."""

from dataclasses import replace

from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.starts import Rounds, iterations_of, starts_of
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights


def test_each_start_is_the_first_step_of_its_section() -> None:
    for lesson in (two_weights(iterations=4), scores(iterations=3), replace(scores(), pace="auto")):
        timeline = make_timeline(lesson)
        starts = starts_of(timeline)
        found = [(0, timeline.step(0))]
        for index in range(1, timeline.repeats(0).fine * timeline.sections[0][-1].stop):
            step, before = timeline.step(index), found[-1][1]
            if (step.iteration, step.section) != (before.iteration, before.section):
                found.append((index, step))
        told = [(index, step.section.name) for index, step in found]
        assert list(starts[: len(told)]) == told
        assert [name for _, name in starts[len(told) :]] in ([], ["Iterations"])


def test_iterations_begin_where_they_do() -> None:
    timeline = make_timeline(two_weights(iterations=4))
    assert list(iterations_of(timeline)) == [timeline.index_at(n) for n in range(4)]
    assert list(iterations_of(make_timeline(replace(two_weights(), pace="iteration")))) == []


def test_what_does_not_learn_has_its_sections_once() -> None:
    timeline = make_timeline(Lesson("Still", (replace(two_weights().tracks[0], recipe=None),)))
    assert starts_of(timeline) == ((0, "Convolution"),)
    assert len(iterations_of(timeline)) == 0


def test_millions_of_sections_are_there_at_once() -> None:
    rounds = Rounds(((0, "a"), (2, "b")), 10, 10**9, ((10**10, "c"),))
    assert len(rounds) == 2 * 10**9 + 1
    assert rounds[10**9 + 1] == (5 * 10**9 + 2, "b")
    assert rounds[-1] == (10**10, "c")
