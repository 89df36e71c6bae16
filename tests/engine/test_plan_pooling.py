"""Pooling in plans: who gets the gradient where numbers are equal, infinite or no numbers at all."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine.layers import AvgPool, MaxPool, Relu
from cnnviz.engine.plan import Plan, contest, places
from cnnviz.engine.pool import max_pool2d
from cnnviz.engine.pool_backward import avg_pool2d_backward, max_pool2d_backward
from cnnviz.engine.specs import Layers

FORMS = [
    ((2, 2), (2, 2)),
    ((3, 3), (2, 2)),
    ((3, 3), (3, 3)),
    ((2, 2), (1, 1)),
    ((1, 2), (1, 2)),
    ((1, 1), (2, 2)),
]
TYPES = [np.float32, np.float64]


@pytest.fixture(params=[1, 1000], autouse=True, ids=["apart", "in order"])
def from_so_many_pictures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of windows stand apart always, or never."""
    monkeypatch.setattr(places, "_BATCH", request.param)
    monkeypatch.setattr(places, "_LINE", 1)


def same_as_plain(layer: MaxPool, x: npt.NDArray[Any]) -> None:
    """A plan's gradient of the input, bit for bit that of the operation called on arrays."""
    plan = Plan((layer,), x.shape[1:], len(x), x.dtype, input_gradient=True)
    dout = np.random.default_rng(7).normal(size=(len(x), *plan.out_shape)).astype(x.dtype)
    for _ in range(2):  # the second time scratch is not fresh any more
        plan.forward(x)
        plan.backward(dout)
        _, indices = max_pool2d(x, layer.kernel_size, layer.stride)
        wanted = max_pool2d_backward(dout, indices, x.shape)
        if layer.stride[0] >= layer.kernel_size[0]:
            assert np.array_equal(plan.input_gradient, wanted)
        else:  # sums, in another order
            assert np.allclose(plan.input_gradient, wanted, 1e-6, 1e-6)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("kernel", "stride"), FORMS)
@pytest.mark.parametrize("most", [1, 2, 5])
def test_ties_go_to_the_first_place_in_row_major_order(
    most: int, kernel: Any, stride: Any, dtype: Any
) -> None:
    x = np.random.default_rng(0).integers(0, most, (6, 3, 8, 10)).astype(dtype)
    same_as_plain(MaxPool(kernel, stride), x)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("kernel", "stride"), FORMS)
@pytest.mark.parametrize("odd", [[np.inf], [-np.inf], [np.inf, -np.inf], [np.nan], [np.nan, np.inf, -np.inf]])
def test_infinities_and_nan_pass_as_they_do_outside(
    odd: list[float], kernel: Any, stride: Any, dtype: Any
) -> None:
    random = np.random.default_rng(1)
    x = random.integers(-1, 2, (6, 3, 8, 10)).astype(dtype)
    for number in odd:
        x[random.random(x.shape) < 0.3] = number
    same_as_plain(MaxPool(kernel, stride), x)


def test_the_tie_across_a_diagonal() -> None:
    # Were rows to compete before columns, the bottom left would win.
    plan = Plan((MaxPool((2, 2), (2, 2)),), (1, 2, 2), 2, np.float64, input_gradient=True)
    plan.forward([[[[0, 7], [7, 0]]], [[[7, 0], [0, 7]]]])
    plan.backward([[[[3]]], [[[5]]]])
    assert plan.input_gradient.tolist() == [[[[0, 3], [0, 0]]], [[[5, 0], [0, 0]]]]


@pytest.mark.parametrize("gives_second", [True, False])
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("kernel", [(2, 2), (3, 3), (1, 2)])
def test_zeros_of_either_sign_are_equal(
    kernel: Any, dtype: Any, gives_second: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not gives_second:  # as on processors whose maximum of 0 and -0 is not always the second one
        monkeypatch.setattr(contest, "_GIVES_SECOND", False)
        monkeypatch.setattr(np, "maximum", lambda a, b, out: np.fmax(a + 0, b + 0, out=out))
    numbers = np.array([-0.0, 0.0, -1.0, 1e-45, 1.0], dtype)
    if kernel == (2, 2):
        x = np.array(list(itertools.product(numbers, repeat=4))).reshape(-1, 1, 2, 2)
    else:
        x = np.random.default_rng(8).choice(numbers[:3], (500, 1, *kernel))
    same_as_plain(MaxPool(kernel, kernel), x)


def test_the_smallest_difference_decides() -> None:
    tiny = np.float32(1e-45)
    plan = Plan((MaxPool((2, 2), (2, 2)),), (1, 2, 4), 1, np.float32, input_gradient=True)
    plan.forward(np.array([[[[0, tiny, 1, 1], [0, 0, np.nextafter(np.float32(1), np.float32(2)), 1]]]]))
    plan.backward([[[[3, 5]]]])
    assert plan.input_gradient[0, 0].tolist() == [[0, 3, 0, 0], [0, 0, 5, 0]]


@pytest.mark.parametrize("rows", [2, 4, 14, 30])
def test_blocks_of_rows_of_large_batches_agree(rows: int) -> None:
    random = np.random.default_rng(2)
    same_as_plain(MaxPool((2, 2), (2, 2)), random.normal(size=(64, 16, rows, 14)).astype(np.float32))
    same_as_plain(MaxPool((2, 2), (2, 2)), random.integers(0, 9, (64, 16, rows, 14)).astype(np.float32))


def test_infinite_gradients_reach_the_maximum_only() -> None:
    plan = Plan((MaxPool((2, 2), (2, 2)),), (1, 2, 2), 1, np.float64, input_gradient=True)
    plan.forward([[[[1, 2], [4, 3]]]])
    plan.backward([[[[-np.inf]]]])
    assert plan.input_gradient[0, 0].tolist() == [[0, 0], [-np.inf, 0]]


def test_gradients_of_layers_that_share_memory_do_not_meet() -> None:
    # The second pooling notes its winners where its gradient will stand, while others compute theirs.
    layers: Layers = (
        MaxPool((2, 2), (2, 2)),
        Relu(),
        MaxPool((2, 2), (2, 2)),
        Relu(),
        MaxPool((2, 2), (2, 2)),
    )
    x = np.random.default_rng(3).normal(size=(4, 2, 16, 16))
    plan = Plan(layers, (2, 16, 16), 4, np.float64, input_gradient=True)
    for _ in range(2):
        out = plan.forward(x)
        plan.backward(np.ones_like(out))
    windows = x.reshape(4, 2, 2, 8, 2, 8).transpose(0, 1, 2, 4, 3, 5).reshape(4, 2, 2, 2, 64)
    wanted = (windows == windows.max(axis=-1, keepdims=True)) & (windows > 0)
    got = plan.input_gradient.reshape(4, 2, 2, 8, 2, 8).transpose(0, 1, 2, 4, 3, 5).reshape(4, 2, 2, 2, 64)
    assert np.array_equal(got, wanted.astype(np.float64))


@pytest.mark.parametrize(("kernel", "stride"), FORMS)
def test_averages_share_what_arrives(kernel: Any, stride: Any) -> None:
    x = np.random.default_rng(4).normal(size=(3, 2, 7, 9))
    plan = Plan((AvgPool(kernel, stride),), (2, 7, 9), 3, np.float64, input_gradient=True)
    dout = np.random.default_rng(5).normal(size=(3, *plan.out_shape))
    plan.forward(x)
    plan.backward(dout)
    assert np.allclose(plan.input_gradient, avg_pool2d_backward(dout, x.shape, kernel, stride), 1e-12, 1e-12)


def test_without_training_nothing_is_kept_for_gradients() -> None:
    layers: Layers = (MaxPool((2, 2), (2, 2)), MaxPool((3, 3), (2, 2)))
    x = np.random.default_rng(6).normal(size=(8, 4, 16, 16))
    plans = [Plan(layers, (4, 16, 16), 8, np.float64, training=training) for training in (True, False)]
    outs = [plan.forward(x, training=False) for plan in plans]
    assert np.array_equal(outs[0], outs[1])
    assert plans[1].arena.nbytes < plans[0].arena.nbytes
