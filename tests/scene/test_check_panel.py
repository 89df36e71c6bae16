"""The gradient check on the stage: tangent, secant through both points, and the derivatives in numbers."""

import pytest

from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.check_panel import check_panel
from cnnviz.scene.primitives import Box, Link, Primitive, Rect, Text
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.gradient_check import Weight, check_of
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights
from tests.scene.ink import ELIDED, ink, width

BOX = Box(800, 100, 440, 320)


def tiny(view: Viewpoint | None = None) -> dict[str, Primitive]:
    look = Look(view or Viewpoint(), LIGHT, Metrics.of(1280, 720), two_weights())
    check = check_of(make_timeline(two_weights()).iteration(0, 0), Weight(0, "weight", (0, 0, 0, 1)))
    return {p.key: p for p in check_panel("k", BOX, check, look)}


def middle(primitive: Primitive) -> tuple[float, float]:
    assert isinstance(primitive, Rect)
    return (primitive.box.cx, primitive.box.cy)


def test_the_secant_joins_both_points_and_is_parallel_to_the_tangent_of_a_parabola() -> None:
    found = tiny()
    secant, tangent = found["k/secant"], found["k/tangent"]
    assert isinstance(secant, Link)
    assert isinstance(tangent, Link)
    assert secant.points[0] == pytest.approx(middle(found["k/below"]))
    assert secant.points[1] == pytest.approx(middle(found["k/above"]))
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in (secant.points, tangent.points)]
    assert slopes[0] == pytest.approx(slopes[1])
    assert middle(found["k/point"])[0] == pytest.approx((secant.points[0][0] + secant.points[1][0]) / 2)


def test_both_derivatives_are_printed() -> None:
    said = {p.key: p.text for p in tiny().values() if isinstance(p, Text)}
    assert said["k/title"] == "Gradient check of w₂"
    assert said["k/line0/name"] == "∂L/∂w₂ by the chain rule"
    assert [said[f"k/line{n}/value"] for n in range(3)] == ["−4.00000000"] * 3
    assert said["k/line2/name"] == "difference, h = 10⁻⁵"
    assert said["k/line3/value"].startswith(("10⁻", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"))


def test_the_answer_can_be_hidden() -> None:
    value = tiny(Viewpoint(hidden=frozenset({"total"})))["k/line0/value"]
    assert isinstance(value, Text)
    assert value.text == "?"


@pytest.mark.parametrize("box", [BOX, Box(920, 400, 330, 240)])
def test_a_weight_with_a_long_name_fits(box: Box) -> None:
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), scores())
    check = check_of(make_timeline(scores()).iteration(0, 0), Weight(0, "weight", (1, 0, 2, 1)))
    texts = [p for p in check_panel("k", box, check, look) if isinstance(p, Text)]
    assert "Gradient check of W[1, 0, 2, 1]" in [p.text for p in texts]
    for n, a in enumerate(texts):
        assert width(a) * ELIDED <= a.box.w + 0.51
        for b in texts[:n]:
            common = ink(a).meets(ink(b))
            assert min(common.w, common.h) <= 0.5
