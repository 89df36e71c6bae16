"""The curves of learning: closed forms of the tiny network, what can be drawn, and the table."""

import csv
import io
import math

import numpy as np

from cnnviz.timeline.examining import examine
from cnnviz.timeline.learning_curves import LearningCurve, curves_csv, drawable, learning_curves, near, shown
from cnnviz.timeline.progress import learners
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.learning_lessons import rates, tiny_loss
from tests.lesson.learning import scores


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
    assert {len(learning_curves(timeline)[0].points(q)[1]) for q in ("loss", "gradient", "weights")} == {7}


def test_only_what_an_axis_can_hold_is_drawn() -> None:
    values = np.array([2.0, 0.0, np.nan, -1.0, np.inf, 1e300, 8.0])
    at = np.arange(7.0)
    x, y = drawable(at, values)
    assert (x.tolist(), y.tolist()) == ([0, 1, 3, 6], [2, 0, -1, 8])
    x, y = drawable(at, values, logarithmic=True)
    assert (x.tolist(), y.tolist()) == ([0, 6], [2, 8])


def test_the_table_gives_every_number_back() -> None:
    a = LearningCurve(
        "a, b",
        np.array([0.1, 1 / 3]),
        np.array([2.0, 3.0]),
        np.array([4.0, 5.0]),
        np.array([1.0]),
        np.array([0.75]),
    )
    b = LearningCurve("b", np.array([7.0]), np.array([8.0]), np.array([9.0]))
    rows = list(csv.reader(io.StringIO(curves_csv((a, b)).decode())))
    assert rows[0] == ["track", "iteration", "loss", "gradient_norm", "weight_norm", "accuracy"]
    assert [row[:2] for row in rows[1:]] == [["a, b", "0"], ["a, b", "1"], ["b", "0"]]
    assert [float(value) for value in rows[2][2:]] == [1 / 3, 3, 5, 0.75]
    assert [rows[1][5], rows[3][5]] == ["", ""]


def curve(name: str, *losses: float) -> LearningCurve:
    nothing = np.zeros(len(losses))
    return LearningCurve(name, np.array(losses), nothing, nothing)


def test_a_spot_is_near_the_line_between_two_points() -> None:
    steep = curve("steep", 8.0, 4.0, 2.0, 1.0)
    # Half-way between iterations 0 and 1 the line stands at 6.
    found = near((steep,), "loss", (0.4, 6.4), (0.1, 0.5))
    assert found == ("steep", 0, 8.0)
    assert near((steep,), "loss", (0.6, 5.6), (0.1, 0.5)) == ("steep", 1, 4.0)
    assert near((steep,), "loss", (0.5, 7.5), (0.1, 0.5)) is None
    assert near((steep,), "loss", (3.05, 1.0), (0.1, 0.5)) == ("steep", 3, 1.0)
    assert near((steep,), "loss", (4.0, 1.0), (0.1, 0.5)) is None


def test_the_nearer_of_two_curves_is_meant() -> None:
    curves = curve("low", 1.0, 1.0), curve("high", 2.0, 2.0)
    for y, name in ((1.1, "low"), (1.9, "high")):
        found = near(curves, "loss", (0.5, y), (1.0, 1.0))
        assert found is not None
        assert found.name == name


def test_on_a_logarithmic_axis_spots_are_powers_of_ten() -> None:
    wide = curve("wide", 1000.0, 10.0, 0.0)
    assert near((wide,), "loss", (0.5, 2.0), (0.2, 0.1), logarithmic=True) is not None
    assert near((wide,), "loss", (0.0, 3.0), (0.2, 0.1), logarithmic=True) == ("wide", 0, 1000.0)
    assert near((wide,), "loss", (2.0, 0.0), (0.2, 0.1), logarithmic=True) is None


def test_curves_without_points_are_near_nothing() -> None:
    assert near((curve("none"),), "loss", (0.0, 0.0), (1.0, 1.0)) is None
    assert near((curve("none"),), "accuracy", (0.0, 0.0), (1.0, 1.0)) is None


def test_accuracy_is_shown_where_it_is_defined() -> None:
    assert shown((curve("plain", 1.0),)) == ("loss", "gradient", "weights")
    timeline = make_timeline(scores(iterations=6))
    descent = learners(timeline)[0]
    descent.advance(6)
    while examine(descent):
        pass
    curves = learning_curves(timeline)
    assert shown(curves) == ("loss", "accuracy", "gradient", "weights")
    x, y = curves[0].points("accuracy")
    assert len(x) == len(y) > 0


def test_a_curve_goes_on_in_one_that_begins_with_it() -> None:
    one, two, three = np.array([3.0, 2.0]), np.array([3.0, 2.0, 1.0]), np.array([3.0, 2.5, 1.0])
    first, longer, other = (LearningCurve("η", loss, loss, loss) for loss in (one, two, three))
    assert first.goes_on(first)
    assert first.goes_on(longer)
    assert not longer.goes_on(first)
    assert not first.goes_on(other)
    assert not first.goes_on(LearningCurve("μ", two, two, two))
