"""Gradient descent: the numbers of the tiny network, the same bits in any order, and an end when it diverges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.fold import Backward, Breathe, State
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_cases import learning_draft, track_of
from tests.helpers.learning_twin import LearningTwin


def two_weights(rate: float, iterations: int = 10, lesson: str = "tiny-network") -> Track:
    track = shipped_lesson(lesson).tracks[0]
    assert track.recipe is not None
    return replace(track, recipe=replace(track.recipe, rate=rate, iterations=iterations))


def filled(track: Track, limit: int = 64 << 20) -> Descent:
    descent = Descent(track, limit)
    descent.reach(10**9)
    return descent


def weights(state: State) -> list[float]:
    params = state.params[0]
    assert params is not None
    values: list[float] = params.weight.ravel().tolist()
    return values


def predictions(descent: Descent) -> list[float]:
    """What w makes of x = [1, 2] in each iteration."""
    states = (weights(descent.state(n)) for n in range(descent.filled))
    return [w[0] + 2 * w[1] for w in states]


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        (0.01, [5, 5.1, 5.19, 5.271, 5.3439, 5.40951]),
        (0.1, [5, 6, 6, 6, 6, 6]),
        (0.2, [5, 7, 5, 7, 5, 7]),
        (0.21, [5, 7.1, 4.79, 7.331, 4.5359, 7.61051]),
    ],
)
def test_the_published_predictions_of_two_weights(rate: float, wanted: list[float]) -> None:
    descent = filled(two_weights(rate, 6))
    np.testing.assert_allclose(predictions(descent), wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        descent.losses(), (np.array(predictions(descent)) - 6) ** 2, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.2, 0.21])
def test_each_loss_is_the_last_one_times_the_closed_factor(rate: float) -> None:
    losses = filled(two_weights(rate, 40)).losses()
    factor = (1 - 2 * rate * 5) ** 2
    np.testing.assert_allclose(losses[1:], losses[:-1] * factor, rtol=1e-9, atol=1e-20)
    assert losses[0] == 1


def test_the_first_weights_and_their_first_update() -> None:
    descent = filled(two_weights(0.01))
    assert weights(descent.state(0)) == [3, 1]
    np.testing.assert_allclose(weights(descent.state(1)), [3.02, 1.04], rtol=0, atol=1e-15)
    # The norm of the gradient [−2, −4] and of the weights [3, 1].
    np.testing.assert_allclose(descent.norms()[0], [np.sqrt(20), np.sqrt(10)], rtol=1e-12)


def test_the_second_preset_jumps_to_7_6() -> None:
    descent = filled(two_weights(0.1, 3, "chain-rule"))
    w = weights(descent.state(1))
    assert 2 * w[0] + 3 * w[1] == pytest.approx(7.6)
    np.testing.assert_allclose(descent.losses(), [1, 2.56, 2.56**2], rtol=1e-12)


def test_momentum_adds_a_share_of_the_last_step() -> None:
    track = two_weights(0.01, 3)
    assert track.recipe is not None
    descent = filled(replace(track, recipe=replace(track.recipe, momentum=0.5)))
    # v₁ = [−2, −4]; ŷ = 5.1, so g₂ = −1.8·[1, 2], v₂ = [−1, −2] + [−1.8, −3.6] = [−2.8, −5.6].
    np.testing.assert_allclose(weights(descent.state(2)), [3.02 + 0.028, 1.04 + 0.056], rtol=1e-12)


@pytest.mark.parametrize("name", ["learn-edge-labels", "backward-convolution", "learn-blur"])
@pytest.mark.parametrize("limit", [64 << 20, 60_000, 1])
def test_any_order_and_any_number_of_checkpoints_gives_the_same_bytes(name: str, limit: int) -> None:
    track = shipped_lesson(name).tracks[0]
    one_by_one, descent = Descent(track), filled(track, limit)
    states = []
    count = min(70, descent.filled)
    for number in range(count):
        one_by_one.reach(number)
        states.append(digests(one_by_one.state(number)))
    order = np.random.default_rng(0).permutation(count)
    assert [digests(descent.state(int(n))) for n in order] == [states[n] for n in order]
    assert descent.losses()[:count].tobytes() == one_by_one.losses()[:count].tobytes()


def digests(state: State) -> list[bytes]:
    parts = [p for pair in (state.params, state.velocity) for p in pair if p is not None]
    return [a.tobytes() for p in parts for a in ((p.weight,) if p.bias is None else (p.weight, p.bias))]


def test_checkpoints_stay_within_their_limit() -> None:
    track = shipped_lesson("learn-edge-labels").tracks[0]
    descent = filled(track, 100_000)
    kept = descent._kept.kept
    assert 2 <= len(kept) <= 100_000 / (3 * 800)
    assert list(kept) == list(range(0, descent.filled + 1, kept[1]))


def test_a_descent_that_diverges_stops_with_the_iteration_and_the_reason() -> None:
    descent = filled(two_weights(100.0, 10_000))
    assert descent.done
    assert 50 < descent.filled < 200
    wanted = f"the loss of iteration {descent.filled} is no finite number: 100.0 is too large a rate"
    assert descent.stopped == wanted
    assert np.isfinite(descent.losses()).all()
    # What came before stays as it was.
    assert weights(descent.state(1)) == [203, 401]
    assert descent.reach(5000) == descent.filled - 1
    assert descent.advance(10) == descent.filled


def test_a_frame_beyond_the_end_stands_at_the_last_iteration() -> None:
    lesson = shipped_lesson("tiny-network")
    timeline = make_timeline(replace(lesson, tracks=(two_weights(100.0, 1000),)))
    assert timeline.count == 7000
    first = timeline.frame(5).lead.focus.terms.total
    learning = timeline.frame(6999).lead.learning
    assert learning is not None
    assert (learning.iteration, learning.pending) == (learning.filled - 1, False)
    assert "too large a rate" in learning.stopped
    assert timeline.frame(5).lead.focus.terms.total == first == pytest.approx(203)


def test_without_patience_the_nearest_iteration_is_shown_as_pending() -> None:
    timeline = replace(make_timeline(shipped_lesson("tiny-network")), patient=False)
    descent = timeline.descents[0]
    assert descent is not None
    learning = timeline.frame(400).lead.learning
    assert learning is not None
    assert (learning.iteration, learning.filled, learning.pending) == (0, 1, True)
    descent.advance(57)
    learning = timeline.frame(400).lead.learning
    assert learning is not None
    assert (learning.iteration, learning.filled, learning.pending) == (57, 58, False)


def test_random_chains_learn_as_their_naive_twins_do() -> None:
    random = np.random.default_rng(11)
    for _ in range(40):
        track = track_of(learning_draft(random), rate=0.003, iterations=4, momentum=0.5)
        descent, twin = filled(track), LearningTwin(track)
        turns = [twin.turn(n) for n in range(4)]
        np.testing.assert_allclose(descent.losses(), [t.loss for t in turns], rtol=1e-9, atol=1e-12)
        for number, turn in enumerate(turns):
            for params, weight, bias in zip(
                descent.state(number).params, turn.weights, turn.biases, strict=True
            ):
                assert (params is None) == (weight is None)
                if params is not None and weight is not None:
                    np.testing.assert_allclose(params.weight, weight[0], rtol=1e-9, atol=1e-10)
                if params is not None and params.bias is not None and bias is not None:
                    np.testing.assert_allclose(params.bias, bias[0], rtol=1e-9, atol=1e-10)


def test_what_plays_goes_on_from_the_last_state(monkeypatch: pytest.MonkeyPatch) -> None:
    descent = filled(shipped_lesson("learn-blur").tracks[0], limit=1)
    stepped: list[int] = []
    step = Descent._stepped

    def counted(self: Descent, state: State, iteration: int, breathe: Breathe) -> tuple[State, Backward]:
        stepped.append(iteration)
        return step(self, state, iteration, breathe)

    monkeypatch.setattr(Descent, "_stepped", counted)
    wanted = digests(descent.state(60))
    assert stepped == list(range(60))
    stepped.clear()
    for number in (61, 62, 62, 63):
        descent.state(number)
    assert stepped == [60, 61, 62]
    assert digests(descent.state(60)) == wanted


def dear(limit: int = 1) -> Descent:
    """A descent of 100 iterations with few checkpoints, each step of which counts as a second's work."""
    descent = filled(two_weights(0.01, 100), limit)
    descent._cost.seconds = 1.0
    return descent


def test_what_lies_far_from_every_checkpoint_is_not_at_hand() -> None:
    descent = dear()
    assert descent._kept.kept == (0, 64)
    assert [n for n in range(100) if descent.at_hand(n)] == [0, 64]
    assert [descent.nearest(n) for n in (5, 31, 33, 64, 99, 5000)] == [0, 0, 64, 64, 64, 64]
    assert [descent.lacks(n) for n in (0, 5, 64, 99)] == [False, True, False, True]
    descent._cost.seconds = 0.001
    assert [n for n in range(60, 80) if descent.at_hand(n)] == list(range(64, 73))


def test_it_is_approached_step_by_step_and_stays_at_hand() -> None:
    descent = dear()
    wanted = digests(filled(two_weights(0.01, 100)).state(70))
    assert [descent.approach(70) for _ in range(6)] == [False] * 5 + [True]
    assert not descent.lacks(70)
    assert descent.nearest(70) == 70
    assert digests(descent.state(70)) == wanted


def test_approaching_what_is_not_computed_computes_it() -> None:
    descent = Descent(two_weights(0.01, 100))
    assert descent.lacks(3)
    turns = 1
    while not descent.approach(3):
        turns += 1
    assert (turns, descent.filled) == (5, 4)
    assert not descent.lacks(3)


def test_a_step_that_another_thread_has_done_meanwhile_is_dropped() -> None:
    track = two_weights(0.01, 10)
    descent = Descent(track)
    between: list[int] = []

    def breathe() -> None:
        if not between:
            between.append(descent.advance(5))

    assert descent.advance(1, breathe) == 5
    assert descent.losses().tobytes() == filled(track).losses()[:5].tobytes()
    assert digests(descent.state(4)) == digests(filled(track).state(4))


def test_a_frame_far_from_checkpoints_is_the_nearest_one_as_pending() -> None:
    lesson = shipped_lesson("tiny-network")
    timeline = replace(
        make_timeline(replace(lesson, tracks=(two_weights(0.01, 100),), pace="iteration")), patient=False
    )
    timeline = replace(timeline, descents=(dear(),))
    learning = timeline.frame(40).lead.learning
    assert learning is not None
    assert (learning.iteration, learning.filled, learning.pending) == (64, 100, True)
    waited = replace(timeline, patient=True).frame(40).lead.learning
    assert waited is not None
    assert (waited.iteration, waited.pending) == (40, False)
