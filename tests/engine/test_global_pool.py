"""Global pooling against loops, by hand, and against central differences."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    BadInput,
    avg_pool2d,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
    max_pool2d,
    naive_backward,
)
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

shapes = st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(1, 6), st.integers(1, 6))


def test_by_hand() -> None:
    x = np.array([[[1, 3, 2], [4, 0, 2]], [[-1, -1, -1], [-1, -7, -1]]])
    assert global_avg_pool2d(x).tolist() == [[[2]], [[-2]]]
    out, indices = global_max_pool2d(x)
    assert (out.tolist(), indices.tolist()) == ([[[4]], [[-1]]], [[[3]], [[0]]])
    assert global_avg_pool2d_backward([[[12]], [[-6]]], x.shape).tolist() == [[[2] * 3] * 2, [[-1] * 3] * 2]
    dx = global_max_pool2d_backward([[[5]], [[7]]], indices, x.shape)
    assert dx.tolist() == [[[0, 0, 0], [5, 0, 0]], [[7, 0, 0], [0, 0, 0]]]


@given(shapes, st.integers(0, 99), st.sampled_from(["float32", "float64", "int16"]))
def test_agrees_with_the_loops(shape: tuple[int, int, int, int], seed: int, dtype: str) -> None:
    x = np.random.default_rng(seed).integers(-3, 4, shape).astype(dtype)
    kept = np.dtype(np.float32 if dtype == "float32" else np.float64)
    average = global_avg_pool2d(x)
    np.testing.assert_allclose(average, naive_backward.global_avg_pool2d(x), rtol=1e-6, atol=1e-7)
    out, indices = global_max_pool2d(x)
    expected, places = naive_backward.global_max_pool2d(x)
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(indices, places)
    assert average.dtype == out.dtype == kept
    assert indices.dtype == np.int64
    shared = global_avg_pool2d_backward(average, shape)
    np.testing.assert_allclose(shared, naive_backward.global_avg_pool2d_backward(average, shape), rtol=1e-6)
    routed = global_max_pool2d_backward(out, indices, shape)
    np.testing.assert_array_equal(routed, naive_backward.max_pool2d_backward(out, indices, shape))
    assert shared.dtype == routed.dtype == kept


def test_it_is_pooling_with_a_window_as_large_as_the_picture() -> None:
    x = np.random.default_rng(0).integers(-3, 4, (2, 3, 5, 4)).astype(float)
    np.testing.assert_allclose(global_avg_pool2d(x), avg_pool2d(x, (5, 4)), rtol=1e-14, atol=1e-15)
    for mine, other in zip(global_max_pool2d(x), max_pool2d(x, (5, 4)), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_central_differences() -> None:
    x = np.random.default_rng(1).permutation(90).reshape(3, 2, 5, 3) * 1.0
    dout = np.random.default_rng(2).normal(size=(3, 2, 1, 1))
    check_gradients(global_avg_pool2d, [x], [global_avg_pool2d_backward(dout, x.shape)], dout)
    dx = global_max_pool2d_backward(dout, global_max_pool2d(x)[1], x.shape)
    check_gradients(lambda x: global_max_pool2d(x)[0], [x], [dx], dout)


def test_nan_and_infinity() -> None:
    x = np.array([[[1, np.nan, np.nan, 9.0]], [[1, np.inf, 2, 3]], [[-np.inf, -np.inf, -np.inf, -np.inf]]])
    out, indices = global_max_pool2d(x)
    np.testing.assert_array_equal(out.ravel(), [np.nan, np.inf, -np.inf])
    assert indices.ravel().tolist() == [2, 1, 0]
    np.testing.assert_array_equal(global_avg_pool2d(x).ravel(), [np.nan, np.inf, -np.inf])


def test_views_and_read_only_arrays() -> None:
    x = np.random.default_rng(3).normal(size=(4, 5, 3))
    x.setflags(write=False)
    view = x.transpose(2, 1, 0)[:, ::-1, ::2]
    np.testing.assert_allclose(global_avg_pool2d(view), global_avg_pool2d(view.copy()), rtol=1e-14)
    np.testing.assert_array_equal(global_max_pool2d(view)[1], global_max_pool2d(view.copy())[1])
    dx = global_avg_pool2d_backward(np.broadcast_to(2.0, (3, 1, 1)), (3, 1, 2))
    assert dx.tolist() == [[[1, 1]]] * 3
    dx[0] = 5  # a fresh array, no view of one number


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(BadInput, match=r"global_avg_pool2d: x has shape \(3, 3\)"):
        global_avg_pool2d(np.zeros((3, 3)))
    with pytest.raises(BadInput, match=r"global_max_pool2d: x has shape \(2, 0, 3\), a plane needs"):
        global_max_pool2d(np.zeros((2, 0, 3)))
    with pytest.raises(
        BadInput, match=r"global_avg_pool2d_backward: dout has shape \(2, 1\), it must be \(2, 1, 1\)"
    ):
        global_avg_pool2d_backward(np.zeros((2, 1)), (2, 3, 3))
    with pytest.raises(BadInput, match=r"global_max_pool2d_backward: dout has shape \(2, 2, 1\), it must be"):
        global_max_pool2d_backward(np.zeros((2, 2, 1)), np.zeros((2, 2, 1), int), (2, 3, 3))
    with pytest.raises(BadInput, match=r"global_avg_pool2d_backward: in_shape \(3, 3\) is no picture"):
        global_avg_pool2d_backward(np.zeros((1, 1, 1)), (3, 3))
    with pytest.raises(TypeError, match="x must hold real numbers"):
        global_avg_pool2d(np.zeros((1, 2, 2), complex))
