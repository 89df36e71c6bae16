"""The parabola of the loss: the point on it, the target at its foot, the tangent with the slope of the gradient."""

from dataclasses import replace

import pytest

from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.parabola import parabola_plot
from cnnviz.scene.primitives import Box, Link, Primitive, Rect, Text
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.loss_curve import parabola
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import two_weights


def parts(view: Viewpoint | None = None, iteration: int = 0) -> dict[str, Primitive]:
    lesson = two_weights(rate=0.2)
    look = Look(view or Viewpoint(), LIGHT, Metrics.of(1280, 720), lesson)
    facts = parabola(make_timeline(lesson).iteration(0, iteration))
    return {p.key: p for p in parabola_plot("p", Box(800, 100, 440, 300), facts, look)}


def points(found: dict[str, Primitive], key: str) -> tuple[tuple[float, float], ...]:
    line = found[key]
    assert isinstance(line, Link)
    return line.points


def test_the_point_lies_on_curve_and_tangent() -> None:
    found = parts()
    dot = found["p/point"]
    assert isinstance(dot, Rect)
    (x0, y0), (x1, y1) = points(found, "p/tangent")
    share = (dot.box.cx - x0) / (x1 - x0)
    assert dot.box.cy == pytest.approx(y0 + share * (y1 - y0))
    nearest = min(points(found, "p/curve"), key=lambda at: abs(at[0] - dot.box.cx))
    assert nearest == pytest.approx((dot.box.cx, dot.box.cy))


def test_the_tangent_falls_where_the_output_must_increase() -> None:
    (_, left), (_, right) = points(parts(), "p/tangent")
    assert right > left  # downwards: the slope is −2
    (_, left), (_, right) = points(parts(iteration=1), "p/tangent")
    assert right < left  # ŷ = 7 is beyond the target


def test_the_target_stands_at_the_foot_of_the_parabola() -> None:
    found = parts()
    (x, y), _ = points(found, "p/target")
    assert (x, y) == pytest.approx(max(points(found, "p/curve"), key=lambda at: at[1]))


def test_its_numbers() -> None:
    said = [p.text for p in parts().values() if isinstance(p, Text) and "/line" in p.key]
    assert said == ["ŷ = 5, L = 1", "slope 2(ŷ − y) = −2", "target y = 6"]
    hidden = parts(Viewpoint(hidden=frozenset({"total"})))
    assert "ŷ = 5, L = ?" in [p.text for p in hidden.values() if isinstance(p, Text)]


def test_a_prediction_that_is_no_number_has_no_tangent() -> None:
    lesson = two_weights()
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), lesson)
    facts = replace(parabola(make_timeline(lesson).iteration(0, 0)), loss=float("inf"))
    keys = {p.key for p in parabola_plot("p", Box(800, 100, 440, 300), facts, look)}
    assert "p/tangent" not in keys
    assert "p/point" not in keys
