"""The gradient check: differences of real forward passes agree with the chain rule for every weight and bias."""

import numpy as np
import pytest

from cnnviz.lesson.recipe import Example
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.gradient_check import Weight, check_of, weight_at, weight_name
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.learning import scores, two_weights


def section(timeline: Timeline, kind: str, layer: int) -> Section:
    return next(s for s in timeline.sections[0] if s.kind == kind and s.layer == layer)


def test_the_tiny_network_by_hand() -> None:
    it = make_timeline(two_weights()).iteration(0, 0)
    check = check_of(it, Weight(0, "weight", (0, 0, 0, 1)))
    assert (check.name, check.tensor, check.index) == ("w₂", "conv1.weight", (0, 0, 0, 1))
    assert (check.weight, check.loss, check.analytic) == (1.0, 1.0, -4.0)
    # L(w₂) = (3 + 2 w₂ − 6)²; of a parabola a difference of any width is the derivative.
    np.testing.assert_allclose(check.y, (2 * check.x - 3) ** 2, atol=1e-12)
    h = check.drawn.h
    assert (check.drawn.below, check.drawn.above) == ((2 * (1 - h) - 3) ** 2, (2 * (1 + h) - 3) ** 2)
    assert check.drawn.value == pytest.approx(-4.0, abs=1e-12)
    assert check.fine.h == 1e-5
    assert check.relative < 1e-9


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_every_weight_and_bias_agrees_with_its_difference(loss: str) -> None:
    lesson = scores()
    if loss == "squared_error":
        lesson = scores(loss=loss, examples=(Example(np.array([[[1.0]], [[0.0]]])),))
    it = make_timeline(lesson).iteration(0, 2)
    for layer in (0, 3):
        params = it.track.params[layer]
        assert params is not None
        assert params.bias is not None
        weights = [Weight(layer, "weight", place) for place in np.ndindex(params.weight.shape)]
        weights += [Weight(layer, "bias", (n,)) for n in range(params.bias.size)]
        for weight in weights:
            check = check_of(it, weight)
            assert abs(check.analytic - check.fine.value) <= 1e-6 * max(abs(check.analytic), 1e-2)


def test_the_weight_at_work() -> None:
    timeline = make_timeline(scores())
    it = timeline.iteration(0, 0)
    assert weight_at(it, section(timeline, "weight", 0), (1, 2, 0)) == Weight(0, "weight", (1, 0, 2, 0))
    assert weight_at(it, section(timeline, "update", 3), (0, 1, 5)) == Weight(3, "weight", (1, 5))
    assert weight_at(it, section(timeline, "bias", 0), (1, 0, 0)) == Weight(0, "bias", (1,))
    assert weight_at(it, section(timeline, "forward", 3), (0, 0, 0)) == Weight(3, "weight", (0, 0))
    assert weight_at(it, section(timeline, "forward", 1), (0, 0, 0)) == Weight(0, "weight", (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("ref", "weight"),
    [
        (CellRef(0, "conv1.weight", 1, 0, 2), Weight(0, "weight", (1, 0, 0, 2))),
        (CellRef(0, "conv1.weight.grad", 0, 1, 1), Weight(0, "weight", (0, 0, 1, 1))),
        (CellRef(0, "linear1.weight", 0, 1, 7), Weight(3, "weight", (1, 7))),
        (CellRef(0, "conv1.bias.grad", 1, 0, 0), Weight(0, "bias", (1,))),
    ],
)
def test_a_weight_that_is_pointed_at_comes_first(ref: CellRef, weight: Weight) -> None:
    timeline = make_timeline(scores())
    assert weight_at(timeline.iteration(0, 0), section(timeline, "weight", 0), (0, 0, 0), ref) == weight


@pytest.mark.parametrize("tensor", ["input", "conv1", "conv9.weight", "linear1.weight"])
def test_what_is_no_weight_is_passed_over(tensor: str) -> None:
    timeline = make_timeline(scores())
    at = weight_at(
        timeline.iteration(0, 0), section(timeline, "weight", 0), (1, 2, 0), CellRef(0, tensor, 0, 9, 9)
    )
    assert at == Weight(0, "weight", (1, 0, 2, 0))


def test_names_of_few_and_of_many_weights() -> None:
    assert weight_name(two_weights().tracks[0], Weight(0, "weight", (0, 0, 0, 0))) == "w₁"
    assert weight_name(scores().tracks[0], Weight(0, "weight", (1, 0, 2, 1))) == "W[1, 0, 2, 1]"
    assert weight_name(scores().tracks[0], Weight(3, "bias", (1,))) == "b[1]"
