"""Plans against the composition of plain operations, which PyTorch's answers hold; and against central differences."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnviz.engine import BadInput, dropout
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, Shape
from cnnviz.engine.naive_network import run
from cnnviz.engine.network import parameter_shapes
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
)
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

CONV = Conv(4, (3, 3), padding=1)
BODY = (CONV, BatchNorm(), Relu(), CONV, BatchNorm())
SMALLER = (Conv(8, (3, 3), (2, 2), 1), BatchNorm(), Relu(), Conv(8, (3, 3), padding=1), BatchNorm())

NETWORKS: dict[str, tuple[Layers, Shape]] = {
    "one convolution": ((CONV,), (2, 6, 5)),
    "lenet": (
        (Conv(3, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)), Conv(4, (2, 2)), Relu(), Flatten(), Linear(5)),
        (1, 8, 9),
    ),
    "one pixel": ((CONV, Relu(), Flatten(), Linear(2)), (1, 1, 1)),
    "kernel larger than the picture": ((Conv(2, (5, 5), padding=3),), (1, 2, 3)),
    "stride larger than the kernel": ((Conv(2, (2, 2), (3, 4)), Relu()), (2, 8, 10)),
    "groups and dilated rows": ((Conv(4, (2, 3), (1, 2), (2, 0, 1, 3), (2, 1), 2),), (2, 9, 8)),
    "dilated columns": ((Conv(4, (2, 3), (3, 2), (0, 2, 1, 0), (1, 2)),), (2, 9, 8)),
    "reflect": ((Conv(4, (3, 3), (1, 2), 2, padding_mode="reflect"), Relu()), (2, 7, 8)),
    "replicate": ((Conv(4, (3, 3), padding=(3, 0, 1, 2), padding_mode="replicate"), Tanh()), (2, 4, 4)),
    "circular": ((BatchNorm(), Conv(4, (3, 3), padding=1, groups=2, padding_mode="circular")), (2, 4, 4)),
    "transposed": (
        (ConvTranspose(4, (3, 2), (2, 3), (1, 0), (1, 1), groups=2), Relu(), ConvTranspose(1, (2, 2))),
        (2, 4, 5),
    ),
    "transposed before a norm": (
        (CONV, ConvTranspose(3, (3, 3), (2, 2), dilation=(2, 1)), BatchNorm(), Sigmoid()),
        (1, 3, 4),
    ),
    "overlapping windows": (
        (CONV, Relu(), MaxPool((3, 3), (2, 2), (1, 1)), Tanh(), AvgPool((3, 2), (1, 2), (1, 0), True, False)),
        (2, 9, 7),
    ),
    "windows apart": (
        (CONV, AvgPool((1, 2), (2, 3)), LeakyRelu(0.1), MaxPool((2, 1), (3, 1), ceil_mode=True)),
        (2, 9, 8),
    ),
    "probabilities": ((CONV, LeakyRelu(-0.5), GlobalAvgPool(), Linear(3), Softmax()), (3, 4, 4)),
    "smooth units": (
        (CONV, Elu(0.7), CONV, Gelu(), CONV, BatchNorm(), Gelu("tanh"), Residual((Elu(-1.5), CONV, Gelu()))),
        (2, 4, 5),
    ),
    "units that come first": ((Elu(), Gelu(), Elu(2.0)), (2, 4, 5)),
    "fixed numbers": (
        (
            Normalise((0.5, -1, 2), (0.25, 2, 4)),
            CONV,
            Normalise((0.1,), (3,)),
            Relu(),
            Normalise((0,), (0.5,)),
        ),
        (3, 4, 5),
    ),
    "the largest": ((CONV, Elu(), GlobalMaxPool(), Linear(3)), (2, 5, 4)),
    "the largest in a block": (
        (GlobalMaxPool(), Residual((GlobalMaxPool(), Linear(2), Gelu())), Normalise((1,), (2,))),
        (2, 3, 4),
    ),
    "dropout": ((CONV, Dropout(0.3, seed=9), Relu(), Flatten(), Dropout(0.5), Linear(3)), (2, 4, 3)),
    "identity": ((CONV, Residual(BODY), Relu(), Residual(BODY), Relu()), (1, 6, 7)),
    "plain": ((CONV, Residual(BODY, "none"), Relu(), Residual((), "none")), (1, 6, 7)),
    "zero padding": ((CONV, Relu(), Residual(SMALLER, "zero-padding"), Relu()), (1, 7, 6)),
    "projection": ((CONV, Relu(), Residual(SMALLER, "projection"), Relu()), (1, 7, 6)),
    "projection without norm": ((Residual((Conv(3, (1, 1), (2, 1)),), "projection"), Tanh()), (2, 5, 3)),
    "projection to fewer": ((Residual((Conv(2, (1, 1), (1, 2)),), "projection"), Tanh()), (3, 2, 5)),
    "projection to one": ((Residual((Conv(1, (3, 3), padding=1),), "projection"), Tanh()), (3, 4, 5)),
    "scaled": ((CONV, Residual(BODY, scale=0.5), Relu(), Residual((Relu(),), scale=-2.0), CONV), (1, 6, 7)),
    "scaled to nothing": ((CONV, Residual(BODY, scale=0.0), Relu()), (1, 6, 7)),
    "scaled projection": ((CONV, Relu(), Residual(SMALLER, "projection", 0.25), Relu()), (1, 7, 6)),
    "scaled and plain": ((CONV, Residual(BODY, "none", 0.5), Residual((), "none", 3.0), CONV), (1, 6, 7)),
    "blocks in blocks": (
        (Residual(()), Residual((Relu(),)), Residual((Residual((Tanh(),)),)), Residual((BatchNorm(), CONV))),
        (4, 3, 3),
    ),
}


def drawn(layers: Layers, shape: Shape, seed: int = 0) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    return {
        name: random.normal(size=size) * 0.5 + (len(size) == 1)
        for name, size in parameter_shapes(layers, shape).items()
    }


def compare(layers: Layers, shape: Shape, batch: int, seed: int = 0, dtype: type = np.float64) -> None:
    """A plan's output and gradients, and those of plain operations in float64."""
    random, parameters = np.random.default_rng(seed), drawn(layers, shape, seed)
    plan = Plan(layers, shape, batch, dtype, parameters=parameters, input_gradient=True)
    x = random.normal(size=(batch, *shape))
    gradients: dict[str, Array] = {}
    out, back = run(layers, x, parameters, gradients)
    dout = random.normal(size=out.shape)
    exact = 1e-10 if dtype is np.float64 else 1e-4
    for _ in range(2):  # the second time scratch is not fresh any more
        assert plan.forward(x.astype(dtype)).dtype == dtype
        close(plan.forward(x.astype(dtype)), out, exact)
        plan.backward(dout.astype(dtype))
        close(plan.input_gradient, back(dout), exact)
        assert plan.gradients.keys() == gradients.keys()
        for name, gradient in gradients.items():
            close(plan.gradients[name], gradient, exact)


def close(got: Array, wanted: Array, exact: float) -> None:
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max(initial=0) <= exact * max(1.0, np.abs(wanted).max(initial=0))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_plan_computes_what_plain_operations_do(name: str) -> None:
    compare(*NETWORKS[name], batch=3)


@pytest.mark.parametrize(
    "name",
    [
        "lenet",
        "identity",
        "zero padding",
        "projection",
        "overlapping windows",
        "smooth units",
        "fixed numbers",
        "the largest",
    ],
)
def test_float32_is_kept_and_agrees(name: str) -> None:
    compare(*NETWORKS[name], batch=5, dtype=np.float32)


@pytest.mark.parametrize("batch", [1, 64, 100])
def test_any_batch_size(batch: int) -> None:
    compare((Conv(8, (3, 3), padding=1), Relu(), Conv(16, (3, 3), (2, 2))), (8, 8, 8), batch)


def test_products_cut_into_pieces_agree() -> None:
    compare((Conv(32, (3, 3), padding=1), Relu(), Conv(24, (3, 3), padding=1)), (32, 6, 8), 64)


@given(
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(*[st.integers(0, 4)] * 4),
    size=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    groups=st.integers(1, 2),
    mode=st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
)
@settings(max_examples=60, deadline=None)
def test_convolutions_of_any_geometry(
    kernel: Any, stride: Any, dilation: Any, padding: Any, size: Any, groups: int, mode: Any
) -> None:
    layers = (Conv(2 * groups, kernel, stride, padding, dilation, groups, mode),)
    try:
        compare(layers, (groups, *size), 2)
    except BadInput:
        assume(False)


@given(
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    size=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    ceil=st.booleans(),
    counted=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_pooling_of_any_geometry(
    kernel: Any, stride: Any, padding: Any, size: Any, ceil: bool, counted: bool
) -> None:
    assume(padding[0] < kernel[0] and padding[1] < kernel[1])
    for pool in (MaxPool(kernel, stride, padding, ceil), AvgPool(kernel, stride, padding, ceil, counted)):
        try:
            compare((pool,), (2, *size), 2)
        except BadInput:
            assume(False)


@pytest.mark.parametrize("kernel", [(2, 2), (3, 3), (1, 3), (3, 1)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 3)])
def test_of_equal_maxima_the_first_gets_the_gradient(kernel: Any, stride: Any) -> None:
    layers: Layers = (MaxPool(kernel, stride, (kernel[0] // 2, kernel[1] // 2)),)
    x = np.random.default_rng(0).integers(0, 2, (4, 3, 7, 8)).astype(np.float64)
    plan = Plan(layers, (3, 7, 8), 4, np.float64, input_gradient=True)
    out, back = run(layers, x, {}, {})
    np.testing.assert_array_equal(plan.forward(x), out)
    dout = np.arange(1.0, out.size + 1).reshape(out.shape)
    plan.backward(dout)
    np.testing.assert_array_equal(plan.input_gradient, back(dout))


@pytest.mark.parametrize(
    "name",
    [
        "lenet",
        "transposed",
        "projection",
        "zero padding",
        "circular",
        "smooth units",
        "fixed numbers",
        "the largest",
    ],
)
def test_gradients_agree_with_central_differences(name: str) -> None:
    layers, shape = NETWORKS[name]
    parameters = drawn(layers, shape, 1)
    plan = Plan(layers, shape, 3, np.float64, parameters=parameters, input_gradient=True)
    random = np.random.default_rng(2)
    x, dout = random.normal(size=(3, *shape)), random.normal(size=(3, *plan.out_shape))

    def forward(x: Array, *weights: Array) -> Array:
        plan.store.load({**plan.statistics, **dict(zip(parameters, weights, strict=True))})
        return plan.forward(x).copy()

    forward(x, *parameters.values())
    plan.backward(dout)
    gradients = [plan.input_gradient.copy(), *(plan.gradients[name].copy() for name in parameters)]
    check_gradients(forward, [x, *parameters.values()], gradients, dout)


def test_relu_before_and_behind_max_pooling_are_one() -> None:
    pool, x = MaxPool((2, 2), (2, 2)), np.random.default_rng(0).integers(-2, 3, (3, 2, 6, 6))
    orders: list[Layers] = [(Relu(), pool), (pool, Relu())]
    got = []
    for layers in orders:
        plan = Plan(layers, (2, 6, 6), 3, np.float64, input_gradient=True)
        out = plan.forward(x).copy()
        plan.backward(np.ones(out.shape))
        got.append((out, plan.input_gradient.copy()))
    np.testing.assert_array_equal(got[0][0], got[1][0])
    np.testing.assert_array_equal(got[0][1], got[1][1])


def test_nan_and_infinity_propagate() -> None:
    x = np.array([[[[1.0, np.nan], [np.inf, -1.0]]]])
    plan = Plan((Conv(1, (1, 1)), Relu()), (1, 2, 2), 1, np.float64)
    plan.parameters["0.weight"].fill(1)
    np.testing.assert_array_equal(plan.forward(x), [[[[1, np.nan], [np.inf, 0]]]])


@pytest.mark.parametrize(
    "layer",
    [
        Relu(), LeakyRelu(0.5), Elu(0.5), Gelu(), Gelu("tanh"), Sigmoid(), Tanh(), Normalise((1,), (2,)),
        GlobalMaxPool(), GlobalAvgPool(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [(), (Normalise((0,), (1,)),)])
def test_nan_and_infinity_go_both_ways_as_through_plain_operations(layer: AnyLayer, first: Layers) -> None:
    odd = [np.nan, np.inf, -np.inf, 0.0, -0.0, 2.0, 2.0, -3.0, 750.0, -750.0]
    x = np.random.default_rng(0).choice(odd, (40, 2, 2, 3))
    layers = (*first, layer)  # behind another it may write over its input
    plan = Plan(layers, (2, 2, 3), 40, np.float64, input_gradient=True)
    with np.errstate(all="ignore"):
        out, back = run(layers, x, {}, {})
        dout = np.random.default_rng(1).choice([1.0, -2.0, np.inf, np.nan], out.shape)
        dx = back(dout)
    np.testing.assert_allclose(plan.forward(x), out, 1e-12, 1e-300)
    plan.backward(dout)
    np.testing.assert_allclose(plan.input_gradient, dx, 1e-12, 1e-15)


def test_of_equal_maxima_of_a_channel_the_first_gets_the_gradient() -> None:
    x = np.random.default_rng(0).integers(0, 3, (5, 3, 4, 3)).astype(np.float64)
    plan = Plan((GlobalMaxPool(),), (3, 4, 3), 5, np.float64, input_gradient=True)
    out, back = run(plan.layers, x, {}, {})
    np.testing.assert_array_equal(plan.forward(x), out)
    dout = np.arange(1.0, 16).reshape(out.shape)
    plan.backward(dout)
    np.testing.assert_array_equal(plan.input_gradient, back(dout))


def test_inputs_may_be_read_only_strided_and_whole() -> None:
    x = np.arange(48).reshape(2, 6, 4, 1)[:, ::2].transpose(0, 3, 1, 2)
    x.setflags(write=False)
    plan = Plan((Conv(1, (2, 2)),), (1, 3, 4), 2, np.float64)
    plan.parameters["0.weight"].fill(1)
    assert plan.forward(x).tolist() == [[[[18, 22, 26], [50, 54, 58]]], [[[114, 118, 122], [146, 150, 154]]]]


def test_dropout_draws_by_its_seed_and_the_number_of_the_pass() -> None:
    plan = Plan((Dropout(0.25, seed=5),), (1, 100, 90), 2, np.float64, input_gradient=True)
    x = np.ones((2, 1, 100, 90))
    out = plan.forward(x, draw=3).copy()
    np.testing.assert_array_equal(out, dropout(x, 0.25, seed=3 * 2**32 + 5))
    assert abs((out == 0).mean() - 0.25) < 0.02
    plan.backward(x)
    np.testing.assert_array_equal(plan.input_gradient, out)
    assert (plan.forward(x, draw=4) != out).any()
    np.testing.assert_array_equal(plan.forward(x, draw=3), out)
    np.testing.assert_array_equal(plan.forward(x, training=False), x)


def test_dropouts_of_neighbouring_seeds_have_nothing_in_common() -> None:
    x = np.ones((1, 1, 100, 100))
    one, other = (Plan((Dropout(0.5, seed=seed),), (1, 100, 100), 1, np.float64) for seed in (0, 1))
    both = (one.forward(x, draw=1) > 0) & (other.forward(x, draw=0) > 0)
    assert (
        abs(both.mean() - 0.25) < 0.02
    )  # a quarter where they are independent, half where they are the same
