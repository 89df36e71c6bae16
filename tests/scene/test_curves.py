"""Activations as curves: equal units on both axes, the function's points, and the number at work on it."""

import math

import numpy as np
import pytest

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import AnyLayer, Elu, LeakyRelu, Sigmoid, Tanh
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Source
from cnnviz.scene.curves import curve_panel
from cnnviz.scene.primitives import Box, Link, Primitive, Ring, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import Focus
from cnnviz.timeline.timeline import make_timeline
from tests.scene.scenes import texts

BOX = Box(100, 50, 200, 160)  # 160 pixels for −4 … 4: 20 pixels a unit, 0 at (200, 130)


def focus_at(spec: AnyLayer, x: float) -> Focus:
    track = Track(Source(np.full((1, 1, 1), x)), (spec,), (None,))
    return make_timeline(Lesson("One", (track,))).focus(0, 0, (0, 0, 0))


def parts(spec: AnyLayer, x: float | None = None) -> dict[str, Primitive]:
    focus = None if x is None else focus_at(spec, x)
    return {p.key: p for p in curve_panel("c", BOX, spec, 4.0, focus, LIGHT, 12.0, 2.0)}


@pytest.mark.parametrize(
    ("spec", "value"),
    [(Relu(), lambda x: max(x, 0)), (Tanh(), math.tanh), (LeakyRelu(0.5), lambda x: x if x > 0 else x / 2)],
)
def test_the_points_of_the_curve(spec: AnyLayer, value: object) -> None:
    curve = parts(spec)["c/curve"]
    assert isinstance(curve, Link)
    for x, y in curve.points:
        number = (x - 200) / 20
        assert -4 <= number <= 4
        assert (130 - y) / 20 == pytest.approx(value(number))  # type: ignore[operator]  # each is a function


def test_axes_through_zero_with_their_reach() -> None:
    found = parts(Relu())
    across, up = found["c/axis/x"], found["c/axis/y"]
    assert isinstance(across, Link)
    assert isinstance(up, Link)
    assert list(across.points) == [(120, 130), (280, 130)]
    assert list(up.points) == [(200, 210), (200, 50)]
    assert [p.text for p in found.values() if isinstance(p, Text)] == ["4", "4"]
    assert "c/point" not in found


@pytest.mark.parametrize(
    ("spec", "x", "at"), [(Relu(), 3.0, (260, 70)), (Relu(), -2.0, (160, 130)), (Sigmoid(), 0.0, (200, 120))]
)
def test_the_number_at_work(spec: AnyLayer, x: float, at: tuple[float, float]) -> None:
    point = parts(spec, x)["c/point"]
    assert isinstance(point, Ring)
    assert (point.box.cx, point.box.cy) == pytest.approx(at)


def test_what_lies_beyond_the_reach_stays_in_the_box() -> None:
    for spec, x in ((Relu(), 100.0), (Elu(50.0), -100.0)):
        point = parts(spec, x)["c/point"]
        assert isinstance(point, Ring)
        assert BOX.holds(point.box.cx, min(point.box.cy, BOX.bottom - 1e-6))
        curve = parts(spec)["c/curve"]
        assert isinstance(curve, Link)
        assert all(50 <= y <= 210 for _, y in curve.points)


def test_a_curve_stands_on_the_stage_where_the_view_wants_it() -> None:
    track = Track(Source(np.array([[[-3.0, 2]]])), (Tanh(),), (None,))
    for wanted in (True, False):
        timeline = make_timeline(Lesson("Tanh", (track,), view=View(curves=wanted)))
        scene = build_scene(timeline, 1, Viewpoint(), (1280, 720), LIGHT)
        assert ("0/tanh1.curve/title" in texts(scene)) == wanted
        assert any(p.key == "0/tanh1.curve/point" for p in scene.primitives()) == wanted
