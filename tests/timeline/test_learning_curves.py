"""The curves of learning: closed forms of the tiny network, what can be drawn, and the table."""

import csv
import io
import math

import numpy as np

from cnnviz.timeline.learning_curves import LearningCurve, curves_csv, drawable, learning_curves
from cnnviz.timeline.progress import learners
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import rates, tiny_loss


def test_losses_and_norms_of_the_tiny_network() -> None:
    timeline = make_timeline(rates(0.01, 0.1, iterations=5))
    for descent in learners(timeline):
        descent.advance(5)
    slow, exact = learning_curves(timeline)
    assert (slow.name, exact.name) == ("η = 0.01", "η = 0.1")
    np.testing.assert_allclose(slow.loss, [tiny_loss(0.01, n) for n in range(5)], rtol=1e-12)
    np.testing.assert_allclose(exact.loss, [1, 0, 0, 0, 0], atol=1e-25)
    # ∂L/∂w = 2(ŷ − y)·x = −2·(1, 2) before the first update
    assert math.isclose(slow.gradient[0], 2 * math.sqrt(5))
    assert math.isclose(slow.weights[0], math.sqrt(10))


def test_curves_go_as_far_as_they_are_computed() -> None:
    timeline = make_timeline(rates(0.01, iterations=100))
    assert len(learning_curves(timeline)[0].loss) == 0
    learners(timeline)[0].advance(7)
    assert {len(learning_curves(timeline)[0].values(q)) for q in ("loss", "gradient", "weights")} == {7}


def test_only_what_an_axis_can_hold_is_drawn() -> None:
    values = np.array([2.0, 0.0, np.nan, -1.0, np.inf, 1e300, 8.0])
    x, y = drawable(values)
    assert (x.tolist(), y.tolist()) == ([0, 1, 3, 6], [2, 0, -1, 8])
    x, y = drawable(values, logarithmic=True)
    assert (x.tolist(), y.tolist()) == ([0, 6], [2, 8])


def test_the_table_gives_every_number_back() -> None:
    a = LearningCurve("a, b", np.array([0.1, 1 / 3]), np.array([2.0, 3.0]), np.array([4.0, 5.0]))
    b = LearningCurve("b", np.array([7.0]), np.array([8.0]), np.array([9.0]))
    rows = list(csv.reader(io.StringIO(curves_csv((a, b)).decode())))
    assert rows[0] == ["track", "iteration", "loss", "gradient_norm", "weight_norm"]
    assert [row[:2] for row in rows[1:]] == [["a, b", "0"], ["a, b", "1"], ["b", "0"]]
    assert [float(value) for value in rows[2][2:]] == [1 / 3, 3, 5]
