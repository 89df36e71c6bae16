"""The loss over two weights: every value is the real loss, and the path holds the weights of each iteration."""

from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import Sigmoid
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.plots import Surface
from cnnviz.timeline.surface import MOST_PLACES, has_surface, surface_of
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights


def surface(lesson: Lesson, iteration: int = 0) -> Surface:
    timeline = make_timeline(lesson)
    descent = timeline.descents[0]
    assert descent is not None
    return surface_of(descent, timeline.iteration(0, iteration))


def test_every_value_is_the_loss_at_its_weights() -> None:
    facts = surface(two_weights())
    first, second = np.meshgrid(facts.x, facts.y)
    np.testing.assert_allclose(facts.values, (first + 2 * second - 6.0) ** 2, atol=1e-12)


def test_start_and_valley_lie_on_it() -> None:
    facts = surface(two_weights())
    # The gradient (−2, −4) at (3, 1) points across the valley to (3.2, 1.4), where the loss is 0.
    np.testing.assert_allclose((facts.x[0] + facts.x[-1]) / 2, 3.2)
    np.testing.assert_allclose((facts.y[0] + facts.y[-1]) / 2, 1.4)
    assert facts.x[0] < 3.0 < facts.x[-1]
    assert facts.y[0] < 1.0 < facts.y[-1]
    assert (facts.gradient, facts.loss, facts.names) == ((-2.0, -4.0), 1.0, ("w₁", "w₂"))


def test_the_path_is_walked_so_far() -> None:
    facts = surface(two_weights(rate=0.2), 3)
    np.testing.assert_allclose(facts.path, np.array([[3.0, 1.0], [3.4, 1.8]] * 2), atol=1e-12)
    assert facts.point == (facts.path[-1, 0], facts.path[-1, 1])


def test_the_ground_stays_whatever_the_rate_and_the_iteration() -> None:
    slow, fast = surface(two_weights(), 4), surface(two_weights(rate=0.21), 1)
    assert np.array_equal(slow.x, fast.x)
    assert np.array_equal(slow.values, fast.values)


def test_a_long_path_is_thinned_out_but_for_its_ends() -> None:
    facts = surface(two_weights(rate=0.001, iterations=1000), 999)
    assert len(facts.path) == MOST_PLACES
    assert facts.path[0].tolist() == [3.0, 1.0]
    later = surface(two_weights(rate=0.001, iterations=1000), 998)
    assert facts.point != later.point


def test_a_weight_and_a_bias_make_a_surface() -> None:
    track = two_weights().tracks[0]
    layers = (Conv(1, (1, 2)), Sigmoid())
    one = replace(
        track, layers=(Conv(1, (1, 1), (1, 2)),), params=(Params(np.full((1, 1, 1, 1), 2.0), np.zeros(1)),)
    )
    facts = surface(Lesson("Bias", (one,)))
    first, second = np.meshgrid(facts.x, facts.y)
    np.testing.assert_allclose(facts.values, (first + second - 6.0) ** 2, atol=1e-12)
    assert facts.names == ("w₁", "b")
    bent = surface(Lesson("Bent", (replace(track, layers=layers, params=(track.params[0], None)),)))
    first, second = np.meshgrid(bent.x, bent.y)
    np.testing.assert_allclose(bent.values, (1 / (1 + np.exp(-first - 2 * second)) - 6.0) ** 2, rtol=1e-9)


def test_a_start_at_the_floor_has_ground_around_it() -> None:
    track = two_weights().tracks[0]
    done = replace(track, params=(Params(np.array([[[[2.0, 2.0]]]])),))
    facts = surface(Lesson("Done", (done,)))
    assert facts.loss == 0.0
    assert (facts.x[0], facts.x[-1]) == (0.0, 4.0)


def test_only_two_numbers_make_a_surface() -> None:
    assert has_surface(two_weights().tracks[0])
    assert not has_surface(scores().tracks[0])
    assert not has_surface(replace(two_weights().tracks[0], recipe=None))
