"""Batch normalisation: the mean and variance of every channel, what is remembered of them, and the gradient."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, batch_norm, batch_norm_backward, naive_dense, running_statistics
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

shapes = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(lambda sizes: (sizes[0] + 1, *sizes[1:]))


def drawn(shape: tuple[int, ...], seed: int = 0) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Draw x, running mean and variance, weight, bias and dout."""
    random = np.random.default_rng(seed)
    x, dout = 3 * random.normal(size=shape) + 2, random.normal(size=shape)
    mean, weight, bias = random.normal(size=(3, shape[1]))
    return x, mean, random.uniform(0.5, 2, shape[1]), weight, bias, dout


def test_by_hand() -> None:
    # Channel 0: mean 4, variance (9 + 1 + 1 + 9) / 4 = 5. Channel 1 is the same everywhere.
    x = np.array([[[1, 3], [7, 7]], [[5, 7], [7, 7]]])
    out = batch_norm(x, None, None, weight=[10, 10], bias=[1, 2], training=True, eps=4)
    np.testing.assert_allclose(out, np.array([[[-9, 1 - 10 / 3], [2, 2]], [[1 + 10 / 3, 11], [2, 2]]]), 1e-14)
    out = batch_norm(x, [1, 7], [5, 0], eps=4)
    np.testing.assert_allclose(out, np.array([[[0, 2 / 3], [0, 0]], [[4 / 3, 2], [0, 0]]]), 1e-14)


def test_running_statistics_by_hand() -> None:
    x = np.array([[1.0], [3.0], [5.0]])  # mean 3, unbiased variance 4
    mean, var = np.array([1.0]), np.array([1.0])
    batch_norm(x, mean, var, training=True, momentum=0.25)
    assert (mean.tolist(), var.tolist()) == ([1.5], [1.75])
    fresh = running_statistics(x, [1.0], [1.0], momentum=0.25)
    assert [array.tolist() for array in fresh] == [[1.5], [1.75]]
    batch_norm(x, mean, var)
    batch_norm_backward(x, x, mean, var, training=True)
    running_statistics(x, mean, var)
    assert (mean.tolist(), var.tolist()) == ([1.5], [1.75])


@pytest.mark.parametrize("training", [False, True])
@given(shape=shapes, seed=st.integers(0, 99))
def test_agrees_with_the_loops(training: bool, shape: tuple[int, ...], seed: int) -> None:
    x, mean, var, weight, bias, dout = drawn(shape, seed)
    expected = naive_dense.batch_norm(x, mean, var, weight, bias, training)
    got = batch_norm(x, mean.copy(), var.copy(), weight, bias, training)
    np.testing.assert_allclose(got, expected, 1e-10, 1e-12)
    gradients = batch_norm_backward(dout, x, mean, var, weight, training)
    twins = naive_dense.batch_norm_backward(dout, x, mean, var, weight, training)
    for gradient, twin in zip(gradients, twins, strict=True):
        np.testing.assert_allclose(gradient, twin, 1e-9, 1e-10)


@pytest.mark.parametrize("training", [False, True])
def test_gradients_agree_with_central_differences(training: bool) -> None:
    x, mean, var, weight, bias, dout = drawn((4, 3, 5, 2))
    check_gradients(
        lambda x, weight, bias: batch_norm(x, mean.copy(), var.copy(), weight, bias, training),
        [x, weight, bias],
        batch_norm_backward(dout, x, mean, var, weight, training),
        dout,
    )


def test_without_scale_and_shift_they_are_one_and_zero() -> None:
    x, mean, var, _, _, dout = drawn((3, 2, 4))
    np.testing.assert_array_equal(batch_norm(x, mean, var), batch_norm(x, mean, var, np.ones(2), np.zeros(2)))
    for a, b in zip(
        batch_norm_backward(dout, x, mean, var),
        batch_norm_backward(dout, x, mean, var, np.ones(2)),
        strict=True,
    ):
        np.testing.assert_array_equal(a, b)


def test_float32_keeps_its_digits_far_from_zero() -> None:
    x = (np.random.default_rng(4).normal(size=(8, 2, 50, 50)) + 1000).astype(np.float32)
    out = batch_norm(x, None, None, training=True)
    exact = batch_norm(x.astype(np.float64), None, None, training=True)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, exact, atol=2e-4)


def test_types_layouts_and_read_only_input() -> None:
    x, mean, var, weight, bias, dout = drawn((4, 3, 5))
    x32 = x.astype(np.float32).transpose(2, 1, 0)
    for array in (x32, mean, var, weight, bias, dout):
        array.setflags(write=False)
    out = batch_norm(x32, mean, var, np.ones(3, np.float32))
    assert out.dtype == np.float32  # statistics in float64 do not change the type
    np.testing.assert_array_equal(out, batch_norm(x32.copy(), mean, var, np.ones(3, np.float32)))
    assert batch_norm(x32, mean, var, weight).dtype == np.float64
    assert {d.dtype for d in batch_norm_backward(x32, x32, None, None, training=True)} == {x32.dtype}
    assert batch_norm(np.ones((2, 3), int), mean, var).dtype == np.float64


def test_an_empty_batch_moves_nothing() -> None:
    mean, var = np.zeros(2), np.ones(2)
    assert batch_norm(np.ones((0, 2, 3, 3)), mean, var, training=True).shape == (0, 2, 3, 3)
    assert (mean.tolist(), var.tolist()) == ([0, 0], [1, 1])
    dx, dw, db = batch_norm_backward(np.ones((0, 2)), np.ones((0, 2)), None, None, training=True)
    assert (dx.shape, dw.tolist(), db.tolist()) == ((0, 2), [0, 0], [0, 0])


def test_nan_spoils_its_own_channel_only() -> None:
    x = np.array([[np.nan, 1], [0, 3]])
    out = batch_norm(x, None, None, training=True, eps=0)
    np.testing.assert_array_equal(out, [[np.nan, -1], [np.nan, 1]])
    mean, var = running_statistics(x, [0, 0], [1, 1])
    np.testing.assert_array_equal(np.isnan([mean, var]), [[True, False]] * 2)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"x": [1, 2]}, r"x has shape \(2,\), give \(N, C, \.\.\.\)"),
        ({"weight": [1]}, r"weight has shape \(1,\), give one number for each of 2 channels"),
        ({"bias": [1, 2, 3]}, r"bias has shape \(3,\)"),
        ({"running_mean": [1]}, r"running_mean has shape \(1,\)"),
        ({"running_var": None}, "evaluation needs running_mean and running_var"),
        ({"eps": np.nan}, "eps is nan"),
        ({"x": [[1, 2]], "training": True}, "a single number for each channel"),
        ({"training": True}, "training updates running_mean in place"),
        ({"training": True, "running_mean": None, "running_var": [1, 1]}, "training updates running_var"),
        (
            {"training": True, "running_mean": None, "running_var": np.ones(3)},
            r"running_var has shape \(3,\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(arguments: dict[str, Any], line: str) -> None:
    given_arguments: dict[str, Any] = {"x": [[1, 2], [3, 4]], "running_mean": [0, 0], "running_var": [1, 1]}
    with pytest.raises(BadInput, match=line):
        batch_norm(**(given_arguments | arguments))


def test_read_only_statistics_are_not_trained_on() -> None:
    frozen = np.zeros(1)
    frozen.setflags(write=False)
    with pytest.raises(BadInput, match="give a writeable floating-point array"):
        batch_norm([[1], [2]], frozen, np.ones(1), training=True)
    with pytest.raises(TypeError, match="weight must hold real numbers"):
        batch_norm([[1], [2]], [0], [1], weight=[1j])


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(BadInput, match=r"dout has shape \(1, 2\), it must be \(2, 1\)"):
        batch_norm_backward([[1, 2]], [[1], [2]], [0], [1])


def test_a_negative_eps_is_refused() -> None:
    for call in (
        lambda: batch_norm(np.ones((2, 1)), [0.0], [1.0], eps=-1e-5),
        lambda: batch_norm_backward(np.ones((2, 1)), np.ones((2, 1)), [0.0], [1.0], eps=-1e-5),
    ):
        with pytest.raises(BadInput, match="batch_norm: eps is -1e-05: it must be at least 0"):
            call()
