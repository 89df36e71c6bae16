"""Curves of activations: points of the function itself, with 0 among them."""

import math

import numpy as np
import pytest

from cnnviz.engine.layers import MaxPool, Relu
from cnnviz.engine.specs import AnyLayer, Elu, Gelu, LeakyRelu, Sigmoid, Softmax, Tanh
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Source
from cnnviz.timeline.curves import curve_of, has_curve
from cnnviz.timeline.timeline import make_timeline


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (Relu(), lambda x: max(x, 0.0)),
        (LeakyRelu(0.1), lambda x: x if x > 0 else 0.1 * x),
        (Elu(2.0), lambda x: x if x > 0 else 2 * (math.exp(x) - 1)),
        (Gelu(), lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
        (Sigmoid(), lambda x: 1 / (1 + math.exp(-x))),
        (Tanh(), math.tanh),
    ],
    ids=lambda spec: getattr(spec, "op", ""),
)
def test_every_point_lies_on_the_function(spec: AnyLayer, value: object) -> None:
    curve = curve_of(spec, 3.0)
    assert (curve.x[0], curve.x[-1], curve.x[curve.x.size // 2]) == (-3, 3, 0)
    assert (np.diff(curve.x) > 0).all()
    want = [value(float(x)) for x in curve.x]  # type: ignore[operator]  # each is a function
    np.testing.assert_allclose(curve.y, want, atol=1e-12)
    assert not curve.x.flags.writeable
    assert not curve.y.flags.writeable


def test_which_layers_have_a_curve() -> None:
    assert has_curve(Gelu())
    assert not has_curve(Softmax())
    assert not has_curve(MaxPool((2, 2), (2, 2)))


def test_the_curve_reaches_as_far_as_what_goes_in() -> None:
    x = np.array([[[-4.0, 1], [2, 3]]])
    track = Track(Source(x), (Tanh(), MaxPool((2, 2), (2, 2))), (None, None))
    timeline = make_timeline(Lesson("Curve", (track,), view=View(curves=True)))
    curve = timeline.frame(0).lead.curve
    assert curve is not None
    assert (curve.x[0], curve.x[-1]) == (-4, 4)
    assert timeline.frame(4).lead.curve is None  # the pool is at work
    assert make_timeline(Lesson("Curve", (track,))).frame(0).lead.curve is None
    flat = Track(Source(np.zeros((1, 1, 2))), (Relu(),), (None,))
    shown = make_timeline(Lesson("Flat", (flat,), view=View(curves=True))).frame(0).lead.curve
    assert shown is not None
    assert shown.x[-1] == 1
