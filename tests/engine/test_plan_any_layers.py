"""Plans of layers in any order, and of blocks of them with any shortcut, against plain operations."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine import BadInput, leaky_relu
from cnnviz.engine.checks import Array
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Pair, Relu, Shape
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import (
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    Dropout,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    LeakyRelu,
    Linear,
    Normalise,
    Residual,
    Sigmoid,
    Softmax,
    Tanh,
    chain_shapes,
    out_shape,
)
from tests.engine.test_plan import compare, drawn

MOST = 400
"""Numbers of an array that the loops go over."""


class Dice:
    """Layers by chance, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def below(self, most: int, least: int = 0) -> int:
        return int(self.random.integers(least, most))

    def pair(self, least: int, most: int) -> Pair:
        return self.below(most + 1, least), self.below(most + 1, least)

    def layer(self, channels: int) -> AnyLayer:
        """Any layer but a block."""
        groups = channels if self.below(4) == 0 else 1
        out = groups * self.below(4, 1)
        choices: list[Callable[[], AnyLayer]] = [
            lambda: Conv(out, self.pair(1, 3), self.pair(1, 2), self.pair(0, 2), self.pair(1, 2), groups),
            lambda: ConvTranspose(out, self.pair(1, 3), self.pair(1, 2), self.pair(0, 1), groups=groups),
            lambda: MaxPool(self.pair(2, 3), self.pair(1, 3), self.pair(0, 1), self.below(2) == 1),
            lambda: AvgPool(self.pair(2, 3), self.pair(1, 3), self.pair(0, 1), self.below(2) == 1),
            lambda: Normalise(tuple(self.random.normal(size=channels)), (2.0,)),
            *(Relu, BatchNorm, Tanh, Sigmoid, Softmax, Elu, Gelu, LeakyRelu),
        ]
        return choices[self.below(len(choices))]()

    def chain(self, shape: Shape, count: int, blocks: bool) -> Layers:
        """So many layers of those drawn that fit behind each other and stay small."""
        layers: list[AnyLayer] = []
        for _ in range(count):
            drawn = self.block(shape) if blocks and self.below(3) == 0 else self.layer(shape[0])
            try:
                after = out_shape(drawn, shape)
            except BadInput:
                continue
            if math.prod(after) <= MOST:
                layers.append(drawn)
                shape = after
        return tuple(layers)

    def block(self, shape: Shape) -> Residual:
        body = self.chain(shape, self.below(4), blocks=False)
        scale = (1.0, 0.5, -2.0)[self.below(3)]
        if chain_shapes(body, shape)[-1] == shape and self.below(2):
            return Residual(body, "identity", scale)
        return Residual(body, ("projection", "zero-padding", "none")[self.below(3)], scale)


@pytest.mark.parametrize("batch", [3, 16])  # with as many the places of pooling windows are apart
@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_layers_in_any_order(batch: int, seed: int) -> None:
    dice = Dice(seed)
    shape = (dice.below(4, 1), *dice.pair(1, 6))
    layers = (*dice.chain(shape, 5, blocks=True), GlobalAvgPool(), Linear(2))
    compare(layers, shape, batch, seed)


@pytest.mark.parametrize(
    "first",
    [
        *(Relu(), LeakyRelu(0.3), Elu(0.7), Gelu(), Sigmoid(), Tanh(), Softmax(), Dropout(0.5), Flatten()),
        *(Normalise((1,), (2,)), GlobalAvgPool(), GlobalMaxPool(), AvgPool((2, 2), (2, 2), (1, 1), True)),
        *(MaxPool((2, 2), (2, 2)), Residual((Elu(), Tanh())), Residual((Gelu(),), "none", 0.5)),
    ],
)
def test_what_comes_before_all_that_learns_needs_no_gradient(first: AnyLayer) -> None:
    layers, shape = (first, GlobalAvgPool(), Linear(2)), (2, 4, 5)
    parameters, x = drawn(layers, shape), np.random.default_rng(1).normal(size=(3, *shape))
    outs, gradients = [], []
    for wanted in (True, False):
        plan = Plan(layers, shape, 3, np.float64, parameters=parameters, input_gradient=wanted)
        outs.append(plan.forward(x).tobytes())
        plan.backward(np.ones((3, 2, 1, 1)))
        gradients.append({name: gradient.tobytes() for name, gradient in plan.gradients.items()})
    assert outs[0] == outs[1]
    assert gradients[0] == gradients[1]
    # And where nothing learns at all.
    assert np.isfinite(Plan((first,), shape, 3, np.float64).forward(x)).all()


@pytest.mark.parametrize("slope", [0.3, 0.01, -0.7, 1.0, 3.7, 1e20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_leaky_unit_leaves_what_is_positive_as_it_is(slope: float, dtype: type) -> None:
    x: Array = np.random.default_rng(2).normal(size=(2, 3, 4, 5)).astype(dtype)
    out = Plan((LeakyRelu(slope),), (3, 4, 5), 2, dtype).forward(x)
    np.testing.assert_array_equal(out, leaky_relu(x, slope))
    np.testing.assert_array_equal(out[x > 0], x[x > 0])
