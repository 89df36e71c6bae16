"""Several samples at once: each gets what it gets alone."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer, weight_shape
from cnnviz.engine.apply_batch import apply_batch
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import Add, AnyLayer, BatchNorm, Flatten, Linear, Normalise, Softmax, Tanh

KINDS: tuple[AnyLayer, ...] = (
    Conv(3, (3, 2), (2, 1), (1, 1)),
    Conv(4, (3, 3), padding="same", padding_mode="reflect", flipped=True),
    Conv(2, (2, 2), groups=2, dilation=(2, 1)),
    MaxPool((3, 2), (2, 2), (1, 0), ceil_mode=True),
    AvgPool((2, 2), (2, 2)),
    Normalise((3.0, -1.0), (2.0, 0.5)),
    Relu(),
    Tanh(),
    BatchNorm(),
    Softmax(),
    Flatten(),
    Linear(5),
)


@pytest.mark.parametrize("spec", KINDS, ids=lambda spec: spec.op)
def test_each_sample_gets_what_it_gets_alone(spec: AnyLayer) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(5, 2, 6, 7))
    x = x.reshape(5, 84, 1, 1) if isinstance(spec, Linear) else x
    shape = weight_shape(spec, x.shape[1:])
    params = Params(rng.normal(size=shape), rng.normal(size=shape[0])) if shape else None
    out = apply_batch(spec, params, x)
    assert len(out) == 5
    for one, own in zip(x, out, strict=True):
        assert np.allclose(own, apply_layer(spec, params, one), rtol=1e-13, atol=1e-13)


def test_an_addition_adds_the_sample_of_the_same_number() -> None:
    x, other = np.arange(8.0).reshape(4, 1, 1, 2), 10 * np.arange(8.0).reshape(4, 1, 1, 2)
    assert (apply_batch(Add(0), None, x, other) == 11 * x).all()
    assert apply_batch(Add(0, shortcut=False, scale=0.5), None, x)[3].ravel().tolist() == [3.0, 3.5]
