"""The fully connected layer: worked numbers, loops, central differences, and what does not fit."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, linear, linear_backward, naive_dense
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

sizes = st.tuples(st.lists(st.integers(0, 3), max_size=3), st.integers(1, 4), st.integers(1, 4))


def drawn(size: tuple[list[int], int, int], seed: int) -> list[Array]:
    """Draw x, weight, bias and dout."""
    samples, inputs, outputs = size
    random = np.random.default_rng(seed)
    shapes = (*samples, inputs), (outputs, inputs), (outputs,), (*samples, outputs)
    return [random.normal(size=shape) for shape in shapes]


def test_the_tiny_network() -> None:
    assert linear([1, 2], [[3, 1]]).tolist() == [5]
    dx, dw, db = linear_backward([-2], [1, 2], [[3, 1]])  # dL/dy = 2 (5 - 6)
    assert (dx.tolist(), dw.tolist(), db.tolist()) == ([-6, -2], [[-2, -4]], [-2])


@given(sizes, st.integers(0, 99))
def test_agrees_with_the_loops(size: tuple[list[int], int, int], seed: int) -> None:
    x, weight, bias, dout = drawn(size, seed)
    np.testing.assert_allclose(linear(x, weight, bias), naive_dense.linear(x, weight, bias), 1e-12, 1e-13)
    np.testing.assert_allclose(linear(x, weight), naive_dense.linear(x, weight), 1e-12, 1e-13)
    for got, expected in zip(
        linear_backward(dout, x, weight), naive_dense.linear_backward(dout, x, weight), strict=True
    ):
        np.testing.assert_allclose(got, expected, 1e-12, 1e-13)


@pytest.mark.parametrize("samples", [[], [1], [5], [2, 3]])
def test_gradients_agree_with_central_differences(samples: list[int]) -> None:
    x, weight, bias, dout = drawn((samples, 6, 4), 3)
    check_gradients(linear, [x, weight, bias], linear_backward(dout, x, weight), dout)


def test_nothing_in_gives_the_bias_and_nobody_in_gives_nobody() -> None:
    assert linear(np.ones((2, 0)), np.ones((3, 0)), [1, 2, 3]).tolist() == [[1, 2, 3]] * 2
    dx, dw, db = linear_backward(np.ones((0, 3)), np.ones((0, 2)), np.ones((3, 2)))
    assert (dx.shape, dw.tolist(), db.tolist()) == ((0, 2), [[0, 0]] * 3, [0] * 3)


def test_types_layouts_and_read_only_input() -> None:
    x = np.arange(12, dtype=np.float32).reshape(3, 4).T
    weight = np.arange(6, dtype=np.float32).reshape(3, 2).T
    for array in (x, weight):
        array.setflags(write=False)
    out = linear(x, weight, [1, 2])
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, linear(x.copy(), weight.copy(), [1, 2]))
    assert linear(x, weight.astype(np.float64)).dtype == np.float64
    assert {d.dtype for d in linear_backward(out, x, weight)} == {np.dtype(np.float32)}


def test_nan_and_infinity_are_answers() -> None:
    np.testing.assert_array_equal(linear([[np.inf, 1]], [[1, 1], [0, 1]]), [[np.inf, np.nan]])
    dx, dw, db = linear_backward([[np.inf]], [[0.0, 1.0]], [[1.0, 0.0]])
    np.testing.assert_array_equal(dx, [[np.inf, np.nan]])
    np.testing.assert_array_equal(dw, [[np.nan, np.inf]])
    assert db.tolist() == [np.inf]


@pytest.mark.parametrize(
    ("x", "weight", "bias", "line"),
    [
        ([[1, 2]], [[1, 2, 3]], None, r"x has shape \(1, 2\), weight \(1, 3\) needs \(\.\.\., 3\)"),
        ([[1, 2]], [1, 2], None, r"weight has shape \(2,\), give \(outputs, inputs\)"),
        ([[1, 2]], [[1, 2]], [1, 2], r"bias has shape \(2,\), give one number for each of 1 outputs"),
        (1, [[1]], None, r"x has shape \(\)"),
    ],
)
def test_shapes_that_do_not_fit(x: Any, weight: Any, bias: Any, line: str) -> None:
    with pytest.raises(BadInput, match=f"linear: {line}"):
        linear(x, weight, bias)


def test_gradients_that_do_not_fit() -> None:
    with pytest.raises(BadInput, match=r"linear_backward: dout has shape \(2,\), it must be \(1, 1\)"):
        linear_backward([1, 2], [[1, 2]], [[1, 2]])
    with pytest.raises(TypeError, match="weight must hold real numbers"):
        linear_backward([[1]], [[1, 2]], [[1j, 2]])
