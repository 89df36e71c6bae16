"""The loss as a curve: the parabola of one number, and losses at other weights by the real forward pass."""

import numpy as np
import pytest

from cnnviz.engine.layers import Params
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.loss_curve import has_parabola, loss_curve, loss_from, parabola, steady_reach, with_value
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights


def iteration(number: int = 0) -> Iteration:
    return make_timeline(two_weights()).iteration(0, number)


def test_the_parabola_of_the_tiny_network() -> None:
    facts = parabola(iteration())
    assert (facts.prediction, facts.target, facts.loss, facts.slope) == (5.0, 6.0, 1.0, -2.0)
    np.testing.assert_allclose(facts.y, (facts.x - 6.0) ** 2, atol=1e-12)
    assert (facts.x[0], facts.x[-1]) == (4.0, 8.0)
    assert facts.y.min() == 0.0  # the target is one of the samples


def test_the_mean_of_one_number_is_the_number() -> None:
    facts = parabola(make_timeline(two_weights(reduction="mean")).iteration(0, 0))
    assert (facts.loss, facts.slope) == (1.0, -2.0)


@pytest.mark.parametrize(
    ("distance", "reach"),
    [(1.0, 2.0), (0.7, 2.0), (0.6, 1.0), (4.0, 10.0), (7.0, 20.0), (0.0, 1.0), (float("nan"), 1.0)],
)
def test_the_width_stays_while_the_distance_shrinks(distance: float, reach: float) -> None:
    assert steady_reach(distance) == pytest.approx(reach)


def test_scores_have_no_parabola() -> None:
    assert has_parabola(iteration())
    assert not has_parabola(make_timeline(scores()).iteration(0, 0))


def test_the_losses_so_far_and_this_one() -> None:
    timeline = make_timeline(two_weights())
    learning = timeline.frame(timeline.index_at(2)).lead.learning
    assert learning is not None
    facts = loss_curve(learning)
    # L' = L (1 - 2 η |x|²)² with η = 0.01 and |x|² = 5: each loss is 0.81 of the one before.
    np.testing.assert_allclose(facts.losses, [1.0, 0.81, 0.6561], rtol=1e-12)
    assert (facts.planned, facts.means.size) == (5, 0)
    assert facts.iteration == 2
    assert facts.loss == pytest.approx(0.6561)


def test_a_loss_at_other_weights_is_that_of_a_forward_pass() -> None:
    it = iteration()
    params = it.track.params[0]
    assert params is not None
    other = with_value(params, "weight", (0, 0, 0, 1), 4.0)  # ŷ = 3 + 8 = 11
    assert loss_from(it, 0, other) == 25.0
    assert params.weight[0, 0, 0, 1] == 1.0


def test_one_bias_is_replaced_alone() -> None:
    changed = with_value(Params(np.ones((2, 1, 1, 1)), np.zeros(2)), "bias", (1,), 3.0)
    assert changed.bias is not None
    assert changed.bias.tolist() == [0.0, 3.0]
    assert changed.weight.ravel().tolist() == [1.0, 1.0]


def test_a_later_layer_starts_from_what_went_into_it() -> None:
    it = make_timeline(scores()).iteration(0, 0)
    for layer in (0, 3):
        assert loss_from(it, layer, it.track.params[layer]) == pytest.approx(it.back.loss, rel=1e-14)


def test_of_two_examples_in_turn_each_mean_is_of_two_losses() -> None:
    timeline = make_timeline(scores(iterations=9))
    learning = timeline.frame(timeline.index_at(6)).lead.learning
    assert learning is not None
    facts = loss_curve(learning)
    assert len(facts.losses) == 7
    np.testing.assert_allclose(facts.means, (facts.losses[1:] + facts.losses[:-1]) / 2, rtol=1e-12)
