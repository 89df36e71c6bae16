"""Normalising by fixed numbers: by hand, against loops, against central differences, and what is refused."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, naive_dense, normalise, normalise_backward
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]


def test_by_hand() -> None:
    # 0.485 and 0.229 are the mean and spread of red in ImageNet: white is (1 - 0.485) / 0.229 = 2.2489.
    assert normalise([[[0, 1]]], 0.485, 0.229).round(4).tolist() == [[[-2.1179, 2.2489]]]
    two = normalise(np.array([[[[1, 5]], [[1, 5]]]]), (1, 3), (2, 4))
    assert two.tolist() == [[[[0, 2]], [[-0.5, 0.5]]]]
    assert normalise_backward([[[6]], [[6]]], 3).tolist() == [[[2]], [[2]]]


@given(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 4), st.integers(1, 4)),
    st.integers(0, 99),
    st.sampled_from(["float32", "float64", "uint8", "bool"]),
    st.booleans(),
    st.booleans(),
)
def test_agrees_with_the_loops(
    shape: tuple[int, int, int, int], seed: int, dtype: str, one_mean: bool, one_std: bool
) -> None:
    random = np.random.default_rng(seed)
    x, dout = random.integers(0, 9, shape).astype(dtype), random.normal(size=shape).astype(dtype)
    mean = random.normal(size=1 if one_mean else shape[1])
    std = random.uniform(0.1, 3, 1 if one_std else shape[1])
    means, stds = (np.broadcast_to(line, shape[1]).tolist() for line in (mean, std))
    out, dx = normalise(x, mean, std), normalise_backward(dout, std)
    rtol = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(out, naive_dense.normalise(x, means, stds), rtol, rtol)
    np.testing.assert_allclose(dx, naive_dense.normalise_backward(dout, stds), rtol, rtol)
    assert out.dtype == dx.dtype == np.dtype("float32" if dtype == "float32" else "float64")
    if shape[0]:
        np.testing.assert_array_equal(normalise(x[0], mean, std), out[0])


def test_central_differences() -> None:
    random = np.random.default_rng(1)
    x, dout = random.normal(size=(2, 3, 4, 5)), random.normal(size=(2, 3, 4, 5))
    mean, std = (1.0, -2.0, 3.0), (0.5, 2.0, 7.0)
    check_gradients(lambda x: normalise(x, mean, std), [x], [normalise_backward(dout, std)], dout)


def test_nan_and_infinity_propagate() -> None:
    x = np.array([[[np.nan, np.inf, -np.inf, 1.0]]])
    np.testing.assert_array_equal(normalise(x, 1, 2), [[[np.nan, np.inf, -np.inf, 0]]])
    np.testing.assert_array_equal(normalise_backward(x, 2), [[[np.nan, np.inf, -np.inf, 0.5]]])


def test_views_and_read_only_arrays() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    x.setflags(write=False)
    view = x.transpose(2, 1, 0)[::-1, :, ::2]
    np.testing.assert_array_equal(normalise(view, range(4), 2), normalise(view.copy(), range(4), 2))
    assert normalise(x, 0, 1).flags.writeable


@pytest.mark.parametrize(
    ("x", "mean", "std", "message"),
    [
        (np.zeros((3, 4)), 0, 1, "normalise: x has shape (3, 4), give (N, C, H, W) or (C, H, W)"),
        (np.zeros((2, 0, 3, 3)), 0, 1, "at least one channel"),
        (np.zeros((3, 2, 2)), (0, 0), 1, "normalise: mean has 2 numbers for 3 channels"),
        (np.zeros((3, 2, 2)), 0, (1, 1, 1, 1), "normalise: std has 4 numbers for 3 channels"),
        (
            np.zeros((3, 2, 2)),
            0,
            (1, 0, 1),
            "normalise: std is [1.0, 0.0, 1.0]: every number must be above 0",
        ),
        (np.zeros((3, 2, 2)), 0, -1, "std is [-1.0]"),
        (np.zeros((3, 2, 2)), 0, np.nan, "normalise: std is [nan]: every number must be finite"),
        (np.zeros((3, 2, 2)), np.inf, 1, "normalise: mean is [inf]: every number must be finite"),
        (np.zeros((3, 2, 2)), (), 1, "normalise: mean has shape (0,)"),
        (np.zeros((3, 2, 2)), 0, [[1]], "normalise: std has shape (1, 1)"),
    ],
)
def test_what_does_not_fit_is_told(x: Array, mean: Any, std: Any, message: str) -> None:
    with pytest.raises(BadInput, match=re.escape(message)):
        normalise(x, mean, std)


def test_what_is_no_number_is_told() -> None:
    for arguments in (
        ([[["a"]]], 0, 1),
        ([[[1]]], "a", 1),
        ([[[1]]], 0, 1j),
        (np.zeros((1, 1, 1), complex), 0, 1),
    ):
        with pytest.raises(TypeError, match="must hold real numbers"):
            normalise(*arguments)
    with pytest.raises(TypeError, match="dout must hold real numbers"):
        normalise_backward([[["a"]]], 1)
    with pytest.raises(BadInput, match=r"normalise_backward: dout has shape \(2,\)"):
        normalise_backward([1, 2], 1)
