"""ReLU: what it keeps, what it cuts, and what it lets through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.engine import naive, relu


def test_relu_keeps_the_positive_and_cuts_the_negative() -> None:
    assert relu([[0, -30, -30, 0], [0, 30, 30, 0]]).tolist() == [[0, 0, 0, 0], [0, 30, 30, 0]]


def test_relu_lets_nan_and_infinity_through_without_a_warning() -> None:
    got = relu(np.array([np.nan, np.inf, -np.inf]))
    assert np.isnan(got[0])
    assert got[1:].tolist() == [np.inf, 0.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("length", [1, 7, 64, 65])
def test_relu_gives_no_negative_zero(dtype: str, length: int) -> None:
    assert not np.signbit(relu(np.full(length, -0.0, dtype))).any()


@pytest.mark.parametrize(
    ("given_type", "computed"),
    [
        ("float32", "float32"),
        ("float64", "float64"),
        ("float16", "float32"),
        ("int8", "float64"),
        ("bool", "float64"),
    ],
)
def test_relu_types(given_type: str, computed: str) -> None:
    assert relu(np.ones(3, given_type)).dtype == computed


def test_relu_leaves_its_input_alone() -> None:
    x = np.array([-1.0, 2.0])
    x.setflags(write=False)
    got = relu(x)
    got[:] = 7
    assert x.tolist() == [-1, 2]


def test_relu_of_one_number_and_of_nothing() -> None:
    assert relu(-3).shape == ()
    assert relu(np.empty((0, 4))).shape == (0, 4)


@pytest.mark.parametrize("x", ["text", [1j], [None], np.array(["2020-01-01"], "datetime64[D]")])
def test_relu_refuses_what_is_no_real_number(x: object) -> None:
    with pytest.raises(TypeError, match="x must hold real numbers"):
        relu(x)  # type: ignore[arg-type]  # the point of the test


@given(hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(max_dims=4)))
def test_relu_agrees_with_the_loops(x: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    np.testing.assert_array_equal(relu(x), naive.relu(x))
