"""Curves with axes: ticks of nice numbers, places of points, logarithmic axes, and nothing that is no number."""

import math

import numpy as np
import pytest

from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.plot_numbers import brief, equals, tick_text, value_of
from cnnviz.scene.plots import (
    MOST_POINTS,
    Axes,
    Labels,
    clipped,
    curve_plot,
    decades,
    nice_ticks,
    segment,
    thinned,
    walk,
    y_span,
)
from cnnviz.scene.primitives import Box, Link, Primitive, Rect, Text
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from tests.lesson.learning import two_weights
from tests.scene.ink import ink

BOX = Box(40, 30, 400, 240)


def look(theme: Theme = LIGHT) -> Look:
    return Look(Viewpoint(), theme, Metrics.of(1280, 720), two_weights())


def plot(
    ys: list[float], point: tuple[float, float] | None = None, log: bool | None = None
) -> dict[str, Primitive]:
    labels = Labels("Loss", "iteration", "L")
    return {p.key: p for p in curve_plot("c", BOX, range(len(ys)), ys, point, look(), labels, log)}


def curve(found: dict[str, Primitive]) -> tuple[tuple[float, float], ...]:
    line = found["c/curve"]
    assert isinstance(line, Link)
    return line.points


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 1, 6, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0, 1, 3, (0, 0.5, 1)),
        (2.1, 4.3, 4, (2.5, 3, 3.5, 4)),
        (-7, 13, 5, (-5, 0, 5, 10)),
        (0, 3e-7, 4, (0, 1e-7, 2e-7, 3e-7)),
        (0, 250_000, 3, (0, 100_000, 200_000)),
        (1, 1, 5, ()),
    ],
)
def test_ticks_are_nice_numbers(low: float, high: float, most: int, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high, most) == pytest.approx(ticks)


def test_powers_of_ten_stand_equally_far_apart() -> None:
    assert decades(1e-3, 1e2, 6) == pytest.approx((1e-3, 1e-2, 1e-1, 1, 10, 100))
    assert decades(1e-12, 1, 4) == pytest.approx((1e-12, 1e-8, 1e-4, 1))


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0, 0.5, "0.0"),
        (-1, 1, "−1"),
        (0.25, 0.25, "0.25"),
        (1e5, 1e5, "10⁵"),
        (2e-4, 1e-4, "2·10⁻⁴"),
        (-3e6, 1e6, "−3·10⁶"),
    ],
)
def test_numbers_at_ticks(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.0656, "0.066"),
        (0.0012, "0.0012"),
        (3.2e-9, "3.2·10⁻⁹"),
        (1.5e80, "1.5·10⁸⁰"),
        (math.inf, "∞"),
    ],
)
def test_numbers_in_words_stay_short(value: float, text: str) -> None:
    assert brief(value) == text


@pytest.mark.parametrize("value", [0.0, 0.066, -3.5, 1e6, -2.5e-7, 123.25, 1e-12])
def test_what_is_written_is_read_again(value: float) -> None:
    assert value_of(brief(value)) == pytest.approx(value, rel=1e-12)


def test_digits_that_do_not_give_the_result_say_so() -> None:
    assert equals(2 * 0.5, "1") == "="
    assert equals(2 * 0.333, "0.667") == "≈"
    assert equals(1.0, "∞") == "≈"


def test_the_curve_keeps_its_values() -> None:
    found = plot([4.0, 2.0, 1.0, 0.5])
    points = curve(found)
    bottom = next(p for p in found.values() if p.key == "c/axes")
    assert isinstance(bottom, Link)
    (left, top), (_, foot), (right, _) = bottom.points
    assert points[0] == (left, top)  # the highest value, at the first iteration
    assert points[-1][0] == right
    heights = [(foot - y) / (foot - top) for _, y in points]
    assert heights == pytest.approx([1, 0.5, 0.25, 0.125])


def test_values_that_differ_much_are_drawn_by_their_logarithm() -> None:
    found = plot([100.0, 10.0, 1.0, 0.1])
    heights = [y for _, y in curve(found)]
    assert np.diff(heights) == pytest.approx([np.diff(heights)[0]] * 3)
    texts = [p.text for p in found.values() if isinstance(p, Text) and "tick/y" in p.key]
    assert texts == ["0.1", "1", "10", "100"]
    plain = [y for _, y in curve(plot([100.0, 10.0, 1.0, 0.1], log=False))]
    assert plain[1] - plain[0] == pytest.approx(10 * (plain[2] - plain[1]))


def test_a_loss_of_exactly_zero_lies_on_the_border_of_a_logarithmic_axis() -> None:
    points = curve(plot([1.0, 1e-3, 0.0]))
    assert points[2][1] == max(y for _, y in points)
    assert y_span(np.array([1.0, 1e-30]), True) == pytest.approx((1e-12, 1.0))


def test_a_curve_that_grows_without_end_is_not_cut_where_it_begins() -> None:
    losses = [2.857 * 10.0 ** (2 * n) for n in range(20)]
    assert y_span(np.array(losses), True) == pytest.approx((1.0, 1e39))
    rises = np.diff([y for _, y in curve(plot(losses))])
    assert rises == pytest.approx([rises[0]] * 19)
    assert rises[0] < 0


def test_what_is_no_number_is_left_out() -> None:
    points = curve(plot([1.0, math.nan, 4.0, math.inf, 2.0]))
    assert len(points) == 3
    assert "c/point" not in plot([1.0, 2.0], (1.0, math.nan))
    assert "c/curve" not in plot([math.nan, math.inf])


def test_the_point_is_a_dot_on_the_curve() -> None:
    found = plot([4.0, 2.0, 1.0], (1.0, 2.0))
    dot = found["c/point"]
    assert isinstance(dot, Rect)
    assert (dot.box.cx, dot.box.cy) == pytest.approx(curve(found)[1])
    assert dot.radius == dot.box.w / 2 == dot.box.h / 2
    assert dot.fill == LIGHT.accent


def test_one_iteration_alone_has_no_curve_but_a_point() -> None:
    found = plot([1.0], (0.0, 1.0))
    assert "c/curve" not in found
    assert "c/point" in found
    assert [p.text for p in found.values() if isinstance(p, Text) and "tick/x" in p.key] == ["0"]


@pytest.mark.parametrize("box", [BOX, Box(900, 400, 330, 90), Box(10, 10, 700, 420)])
@pytest.mark.parametrize("values", [[1.0, 0.5], [1e9, 1.0], [-3e-5, 2e-5], [0.0, 0.0]])
def test_texts_stay_inside_and_apart(box: Box, values: list[float]) -> None:
    parts = curve_plot(
        "c", box, [0, 1], values, (1.0, values[1]), look(), Labels("Loss", "iteration", "L = 1")
    )
    inks = [ink(p) for p in parts if isinstance(p, Text)]
    for n, a in enumerate(inks):
        assert a.x >= box.x - 0.5
        assert a.right <= box.right + 0.5
        assert a.bottom <= box.bottom + 0.5
        for b in inks[:n]:
            common = a.meets(b)
            assert min(common.w, common.h) <= 0.5


def test_a_long_curve_keeps_its_ends_and_its_extremes() -> None:
    y = np.zeros(10_000)
    y[1234], y[9876] = 5.0, -5.0
    x, kept = thinned(np.arange(10_000.0), y, MOST_POINTS)
    assert len(x) <= MOST_POINTS
    assert (x[0], x[-1]) == (0, 9999)
    assert (kept[x == 1234], kept[x == 9876]) == (5.0, -5.0)


def test_a_tangent_ends_at_the_border() -> None:
    axes = Axes(Box(0, 0, 100, 100), (0.0, 10.0), (0.0, 10.0))
    assert segment(axes, (5.0, 5.0), 1.0) == ((0.0, 100.0), (100.0, 0.0))
    assert segment(axes, (5.0, 5.0), -5.0) == ((40.0, 0.0), (60.0, 100.0))
    assert segment(axes, (5.0, 5.0), 0.0) == ((0.0, 50.0), (100.0, 50.0))
    assert segment(axes, (5.0, 50.0), 0.0) is None
    assert segment(axes, (5.0, 50.0), 1.0) is None
    assert segment(axes, (5.0, 5.0), math.inf) is None


def test_a_way_is_cut_where_it_leaves() -> None:
    axes = Axes(Box(0, 0, 100, 100), (0.0, 10.0), (0.0, 10.0))
    assert clipped(axes, (5.0, 5.0), (15.0, 5.0)) == (0.0, 0.5)
    assert clipped(axes, (-5.0, 5.0), (15.0, 5.0)) == (0.25, 0.75)
    assert clipped(axes, (-5.0, 5.0), (-5.0, 8.0)) is None
    pieces = walk("w", axes, [(5, 5), (5, 15), (8, 15), (8, 5), (2, 5)], "#000000", 1.0)
    assert [p.points for p in pieces if isinstance(p, Link)] == [
        ((50, 50), (50, 0)),
        ((80, 0), (80, 50), (20, 50)),
    ]


def test_colours_follow_the_theme() -> None:
    parts = curve_plot("c", BOX, [0, 1], [1.0, 2.0], (0.0, 1.0), look(DARK), Labels())
    line = next(p for p in parts if p.key == "c/curve")
    assert isinstance(line, Link)
    assert line.stroke == DARK.text


@pytest.mark.parametrize("log", [False, True])
def test_many_points_stand_where_each_of_them_does(log: bool) -> None:
    axes = Axes(Box(10.0, 20.0, 300.0, 70.0), (0.0, 7.0), (0.1, 90.0), log)
    random = np.random.default_rng(4)
    x, y = random.uniform(-1, 9, 300), 10 ** random.uniform(-3, 3, 300)
    assert axes.places(x, y) == tuple(axes.at(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True))
