"""A heavy network shows its forward pass before its gradients are there, and the same numbers when they are."""

import numpy as np
import pytest

from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline import descent as module
from cnnviz.timeline.progress import beside, is_pending, patiently, prepare
from cnnviz.timeline.sections import Phase
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.learning_lessons import small


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> Timeline:
    monkeypatch.setattr(module, "HEAVY", 0)
    lesson: Lesson = small()
    return beside(make_timeline(lesson))


def last_forward(timeline: Timeline) -> int:
    return [s for s in timeline.sections[0] if s.phase is Phase.FORWARD][-1].stop - 1


def test_the_forward_pass_is_shown_at_once_and_nothing_is_learned_for_it(heavy: Timeline) -> None:
    (descent,) = heavy.descents
    assert descent is not None
    index = last_forward(heavy)
    early = heavy.frame(index).tracks[0]
    assert descent.filled == 0
    assert early.learning is not None
    assert not early.learning.pending
    assert is_pending(heavy, index)  # so that it is drawn again when the gradients are there
    exact = patiently(heavy).frame(index).tracks[0]
    assert descent.filled > 0
    assert early.focus.terms.total == exact.focus.terms.total
    assert early.learning.loss == pytest.approx(exact.learning.loss if exact.learning else None, rel=1e-15)
    for one, other in zip(early.tensors, exact.tensors, strict=True):
        assert (one.name, one.written) == (other.name, other.written)
        if one.kind in ("input", "map", "weight", "target"):
            np.testing.assert_array_equal(one.values, other.values)


def test_a_step_of_the_way_back_waits_at_the_end_of_the_forward_pass(heavy: Timeline) -> None:
    wanted = last_forward(heavy) + 4
    early = heavy.frame(wanted).tracks[0]
    assert early.learning is not None
    assert early.learning.pending
    assert early.step.section.phase is Phase.FORWARD
    assert early.step.index == wanted
    (descent,) = heavy.descents
    assert descent is not None
    descent.advance()
    assert is_pending(heavy, wanted)  # the window would look through all gradients
    prepare(heavy, descent, 0)
    late = heavy.frame(wanted).tracks[0]
    assert late.learning is not None
    assert not late.learning.pending
    assert late.step.section.phase is not Phase.FORWARD
    assert not is_pending(heavy, wanted)


def test_the_window_finds_all_made_that_was_prepared(
    heavy: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    (descent,) = heavy.descents
    assert descent is not None
    descent.advance(2)
    prepare(heavy, descent, 1)
    last = heavy.sections[0][-1].stop - 1
    at = heavy.index_at(1, last)
    exact = patiently(heavy).frame(at).tracks[0]

    def refuse(*_any: object) -> None:
        raise AssertionError("made once more")

    for name in ("moved_by", "both_ways", "params_span", "iteration_of"):
        monkeypatch.setattr(
            f"cnnviz.timeline.{'timeline' if name == 'iteration_of' else 'iteration'}.{name}", refuse
        )
    shown = heavy.frame(at).tracks[0]
    assert not is_pending(heavy, at)
    assert shown.step.iteration == 1
    assert [t.name for t in shown.tensors] == [t.name for t in exact.tensors]


def test_an_iteration_that_is_not_prepared_shows_the_one_that_is(heavy: Timeline) -> None:
    (descent,) = heavy.descents
    assert descent is not None
    descent.advance(2)
    prepare(heavy, descent, 0)
    at = heavy.index_at(1, 3)
    shown = heavy.frame(at).tracks[0]
    assert is_pending(heavy, at)
    assert shown.step.iteration == 0
    assert shown.learning is not None
    assert shown.learning.pending


def test_a_small_network_is_waited_for() -> None:
    timeline = beside(make_timeline(small()))
    timeline.frame(0)
    (descent,) = timeline.descents
    assert descent is not None
    assert not descent.heavy
    assert descent.filled == 1
