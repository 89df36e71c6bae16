"""Softmax and its logarithm: shares that add up, scores of any size, and gradients."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.engine import (
    BadInput,
    log_softmax,
    log_softmax_backward,
    naive_activations,
    softmax,
    softmax_backward,
)
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

FORWARD = {"softmax": softmax, "log_softmax": log_softmax}
BACKWARD = {"softmax": softmax_backward, "log_softmax": log_softmax_backward}
both = pytest.mark.parametrize("name", FORWARD)


@st.composite
def scores(draw: st.DrawFn) -> tuple[Array, int]:
    x = draw(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=st.floats(-50, 50)))
    return x, draw(st.integers(-x.ndim, x.ndim - 1))


def test_worked_numbers() -> None:
    assert softmax(np.log([1, 2, 5])).round(15).tolist() == [0.125, 0.25, 0.625]
    assert log_softmax([0, 0, 0, 0]).tolist() == [-np.log(4)] * 4


@both
@given(case=scores())
def test_agrees_with_the_loops(name: str, case: tuple[Array, int]) -> None:
    x, axis = case
    twin = getattr(naive_activations, name)
    np.testing.assert_allclose(FORWARD[name](x, axis), twin(x, axis), 1e-13, 1e-14)


@both
@given(case=scores(), seed=st.integers(0, 99))
def test_gradient_agrees_with_the_loops(name: str, case: tuple[Array, int], seed: int) -> None:
    x, axis = case
    dout = np.random.default_rng(seed).normal(size=x.shape)
    twin = getattr(naive_activations, f"{name}_backward")
    np.testing.assert_allclose(BACKWARD[name](dout, x, axis), twin(dout, x, axis), 1e-12, 1e-14)


@both
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_gradient_agrees_with_central_differences(name: str, axis: int) -> None:
    random = np.random.default_rng(2)
    x, dout = random.normal(size=(3, 4, 5)), random.normal(size=(3, 4, 5))
    check_gradients(lambda x: FORWARD[name](x, axis), [x], [BACKWARD[name](dout, x, axis)], dout)


def test_large_scores_do_not_overflow() -> None:
    assert softmax([1e308, -1e308, 1e308]).tolist() == [0.5, 0, 0.5]
    assert softmax(np.full(2, -1e38, np.float32)).tolist() == [0.5, 0.5]
    assert log_softmax([0.0, 1e5]).tolist() == [-1e5, 0]
    assert softmax(np.array([-np.inf, 0, 0])).tolist() == [0, 0.5, 0.5]


def test_nan_and_infinity_as_in_pytorch() -> None:
    for bad in (float("nan"), float("inf")):
        assert np.isnan(softmax([bad, 0])).all()
        assert np.isnan(softmax_backward([1, 0], [bad, 0])).all()
        assert np.isnan(log_softmax([bad, 0])).all()
    assert np.isnan(softmax([-np.inf, -np.inf])).all()
    got = softmax(np.array([[np.nan, 0], [0, 0]]))
    np.testing.assert_array_equal(got, [[np.nan, np.nan], [0.5, 0.5]])


@both
def test_any_layout_type_and_size(name: str) -> None:
    forward, backward = FORWARD[name], BACKWARD[name]
    x = np.linspace(-3, 3, 24, dtype=np.float32).reshape(2, 3, 4).T[::2]
    x.setflags(write=False)
    assert forward(x).dtype == backward(x, x).dtype == np.float32
    np.testing.assert_array_equal(forward(x, 1), forward(x.copy(), 1))
    assert forward(7).tolist() == {"softmax": 1.0, "log_softmax": 0.0}[name]
    assert backward(5, 7).tolist() == 0.0
    for shape in ((0, 3), (3, 0), (2, 1)):
        assert forward(np.ones(shape)).shape == shape
        assert backward(np.ones(shape), np.ones(shape), 0).shape == shape


@both
def test_what_is_wrong_is_named(name: str) -> None:
    with pytest.raises(BadInput, match=f"{name}: axis 2 does not exist: x has 2 axes, give -2 to 1"):
        FORWARD[name]([[1, 2]], 2)
    with pytest.raises(BadInput, match=rf"{name}_backward: dout has shape \(1,\), it must be \(1, 2\)"):
        BACKWARD[name]([1], [[1, 2]])
    with pytest.raises(TypeError, match="x must hold real numbers"):
        FORWARD[name]([1j])
