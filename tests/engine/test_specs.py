"""Shapes of the further layers, and what is told where they do not fit."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.layers import Conv, Shape
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

HALF = Conv(16, (3, 3), (2, 2), 1)


@pytest.mark.parametrize(
    ("layer", "before", "after"),
    [
        (LeakyRelu(), (3, 4, 5), (3, 4, 5)),
        (Elu(), (3, 4, 5), (3, 4, 5)),
        (Gelu(), (3, 4, 5), (3, 4, 5)),
        (Normalise((0.5,), (0.2,)), (3, 4, 5), (3, 4, 5)),
        (Normalise((0.5, 0.4, 0.3), (0.2,)), (3, 4, 5), (3, 4, 5)),
        (Sigmoid(), (3, 4, 5), (3, 4, 5)),
        (Tanh(), (3, 4, 5), (3, 4, 5)),
        (Softmax(), (10, 1, 1), (10, 1, 1)),
        (Dropout(), (3, 4, 5), (3, 4, 5)),
        (BatchNorm(), (3, 4, 5), (3, 4, 5)),
        (Flatten(), (3, 4, 5), (60, 1, 1)),
        (GlobalAvgPool(), (3, 4, 5), (3, 1, 1)),
        (GlobalMaxPool(), (3, 4, 5), (3, 1, 1)),
        (Linear(10), (60, 1, 1), (10, 1, 1)),
        # Dumoulin and Visin (2016), figures 4.1, 4.5 and 4.6
        (ConvTranspose(1, (3, 3)), (1, 2, 2), (1, 4, 4)),
        (ConvTranspose(1, (3, 3), (2, 2)), (1, 2, 2), (1, 5, 5)),
        (ConvTranspose(1, (3, 3), (2, 2), (1, 1)), (1, 3, 3), (1, 5, 5)),
        (ConvTranspose(1, (3, 3), (2, 2), (1, 1), (1, 1)), (1, 3, 3), (1, 6, 6)),
        (Residual((HALF,), "projection"), (8, 7, 8), (16, 4, 4)),
        (Residual((HALF,), "zero-padding"), (8, 7, 8), (16, 4, 4)),
        (Residual((HALF,), "none"), (8, 7, 8), (16, 4, 4)),
        (Residual(()), (8, 7, 8), (8, 7, 8)),
    ],
)
def test_shapes(layer: AnyLayer, before: Shape, after: Shape) -> None:
    assert out_shape(layer, before) == after


@pytest.mark.parametrize(
    ("layer", "before", "message"),
    [
        (Normalise((0.5, 0.4), (0.2,)), (3, 4, 5), "normalise: mean has 2 numbers for 3 channels"),
        (Normalise((0.5,), (0.2, 0.1)), (3, 4, 5), "normalise: std has 2 numbers for 3 channels"),
        (Linear(10), (3, 4, 5), "linear: its input (3, 4, 5) is not flat"),
        (Linear(0), (3, 1, 1), "linear: 0 outputs"),
        (ConvTranspose(1, (3, 3), (2, 2), output_padding=(2, 0)), (1, 3, 3), "output padding 2"),
        (ConvTranspose(1, (1, 1), padding=(2, 2)), (1, 3, 3), "leaves nothing"),
        (ConvTranspose(3, (1, 1), groups=2), (4, 3, 3), "groups 2 must divide"),
        (Residual((HALF,)), (8, 8, 8), "the body makes (16, 4, 4) of (8, 8, 8)"),
        (Residual((Conv(4, (1, 1)),), "zero-padding"), (8, 8, 8), "cannot make 4 channels of 8"),
        (Residual((Conv(8, (3, 3)),), "projection"), (8, 8, 8), "no stride makes 6 of 8 pixels"),
        (Residual((HALF, Linear(3)), "none"), (8, 8, 8), "layer 1: linear: its input (16, 4, 4) is not flat"),
    ],
)
def test_what_does_not_fit_is_told(layer: AnyLayer, before: Shape, message: str) -> None:
    with pytest.raises(BadInput, match=re.escape(message)):
        out_shape(layer, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normalise((0.5,), (0.0,)), "normalise: std is [0.0]: every number must be above 0"),
        (lambda: Normalise((float("nan"),), (1.0,)), "normalise: mean is [nan]: every number must be finite"),
        (lambda: Normalise((), (1.0,)), "normalise: mean has shape (0,)"),
        (lambda: Elu(float("inf")), "elu: alpha is inf: it must be finite"),
        (lambda: LeakyRelu(float("nan")), "leaky_relu: negative_slope is nan: it must be finite"),
        (lambda: Gelu("erf"), "gelu: approximate 'erf' is unknown: give none or tanh"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: Dropout(1.0), "dropout: p is 1.0"),
    ],
)
def test_numbers_that_no_layer_can_have_are_refused(make: Callable[[], AnyLayer], message: str) -> None:
    with pytest.raises(BadInput, match=re.escape(message)):
        make()


def test_a_layer_made_from_lists_equals_one_made_from_tuples() -> None:
    made = Normalise([1, 2], np.array([3.0, 4.0]))  # type: ignore[arg-type]  # as a file may bring it
    assert made == Normalise((1.0, 2.0), (3.0, 4.0))
    assert hash(made) == hash(Normalise((1.0, 2.0), (3.0, 4.0)))


def test_the_stride_of_a_shortcut() -> None:
    assert Residual((HALF,), "projection").step((8, 7, 8)) == (2, 2)
    assert Residual((Conv(8, (1, 3), (1, 3), (0, 1)),), "projection").step((8, 5, 9)) == (1, 3)


def test_a_chain_names_the_layer_that_does_not_fit() -> None:
    assert chain_shapes((), (1, 2, 3)) == [(1, 2, 3)]
    with pytest.raises(BadInput, match=r"^layer 1: conv2d: kernel 3x3 is larger than the picture 2x2"):
        chain_shapes((Conv(1, (3, 3)), Conv(1, (3, 3))), (1, 4, 4))
