"""Training without a clock: the same bits as the descent that is scrubbed, from whichever moment it goes on."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe_edits import set_random
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.fold import State
from cnnviz.timeline.training import Moment, first_moment, mean_loss, trained, training
from tests.lesson.learning import scores, two_weights


def bits(state: State) -> list[bytes]:
    """All numbers of a state."""
    both = [p for p in (*state.params, *state.velocity) if p is not None]
    return [p.weight.tobytes() + (b"" if p.bias is None else p.bias.tobytes()) for p in both]


def run(track: Track, start: Moment | None = None) -> list[Moment]:
    return list(training(track, start or first_moment(track)))


def test_the_closed_form_of_two_weights() -> None:
    # w ← w + 2η(y − ŷ)x, and the loss is multiplied by (1 − 2η‖x‖²)² with ‖x‖² = 5
    track = two_weights(rate=0.05, iterations=3).tracks[0]
    moments = run(track)
    assert [m.done for m in moments] == [1, 2, 3]
    first = moments[0].state.params[0]
    assert first is not None
    assert first.weight.ravel().tolist() == pytest.approx([3.1, 1.2], abs=1e-15)
    assert mean_loss(track, track.params) == 1
    for m in moments:
        assert mean_loss(track, m.state.params) == pytest.approx(0.25**m.done, rel=1e-12)


def test_it_is_the_descent_that_is_scrubbed() -> None:
    lesson = set_random(scores(iterations=12), (0,))
    descent = Descent(lesson.tracks[0])
    descent.advance(12)
    for moment in run(lesson.tracks[0])[:-1]:
        assert bits(moment.state) == bits(descent.state(moment.done))


def test_it_goes_on_from_any_moment_to_the_same_bits() -> None:
    track = scores(iterations=9).tracks[0]
    whole = run(track)
    for moment in whole:
        rest = run(track, moment)
        assert [m.done for m in rest] == list(range(moment.done + 1, 10))
        assert not rest or bits(rest[-1].state) == bits(whole[-1].state)


def test_a_descent_that_diverges_names_the_iteration_and_the_reason() -> None:
    with pytest.raises(
        BadInput, match=r"^diverged: the loss of iteration 1 is no finite number: 1e\+200 is too"
    ):
        run(two_weights(rate=1e200).tracks[0])


def test_the_mean_loss_is_over_all_examples() -> None:
    track = scores().tracks[0]
    flat = tuple(
        None if p is None else Params(np.zeros_like(p.weight), None if p.bias is None else p.bias * 0)
        for p in track.params
    )
    # all scores 0: −log ½ for either label
    assert mean_loss(track, flat) == pytest.approx(np.log(2), abs=1e-15)


def test_the_trained_lesson_holds_the_weights_and_no_layer_is_random() -> None:
    lesson = set_random(scores(), (0, 3))
    lesson = replace(lesson, tracks=(*lesson.tracks, replace(lesson.tracks[0], recipe=None)))
    last = run(lesson.tracks[0])[-1]
    done = trained(lesson, {0: last})
    assert done.tracks[0].params == last.state.params
    assert done.tracks[0].recipe == scores().tracks[0].recipe
    assert done.tracks[1] == lesson.tracks[1]
