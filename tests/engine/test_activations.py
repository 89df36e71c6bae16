"""Activations: what they keep, what they cut, what they let through, and how the gradient comes back."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz import engine
from cnnviz.engine import BadInput, naive, naive_activations, relu
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]
Forward = Callable[..., Array]

# Each activation with arguments that are not the default ones too.
CASES: list[tuple[str, dict[str, Any]]] = [
    ("relu", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": -0.5}),
    ("leaky_relu", {"negative_slope": 0}),
    ("elu", {}),
    ("elu", {"alpha": 2.5}),
    ("elu", {"alpha": -1.5}),
    ("sigmoid", {}),
    ("tanh", {}),
    ("gelu", {}),
    ("gelu", {"approximate": "tanh"}),
]
each_activation = pytest.mark.parametrize(("name", "options"), CASES, ids=str)
numbers = hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=st.floats(-30, 30))


def pair_of(name: str) -> tuple[Forward, Forward]:
    """Find an activation and its backward function."""
    return getattr(engine, name), getattr(engine, f"{name}_backward")


def twin_of(name: str) -> Forward:
    """Find the loops of an activation."""
    twin: Forward = getattr(naive, name, None) or getattr(naive_activations, name)
    return twin


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


def test_worked_numbers() -> None:
    assert engine.leaky_relu([-10, 0, 10]).tolist() == [-0.1, 0, 10]
    assert engine.sigmoid([np.log(3), -np.log(3)]).round(15).tolist() == [0.75, 0.25]
    assert engine.tanh(np.log(2)).round(15) == 0.6  # (2 - 1/2) / (2 + 1/2)
    assert engine.elu(-np.log(2), alpha=4).round(15) == -2  # 4 (1/2 - 1)
    assert engine.gelu(1.0).round(12) == 0.841344746069  # Phi(1), from any table
    assert engine.gelu(1.0, approximate="tanh").round(12) == 0.841191990608


@each_activation
@given(x=numbers)
def test_an_activation_agrees_with_the_loops(name: str, options: dict[str, Any], x: Array) -> None:
    np.testing.assert_allclose(pair_of(name)[0](x, **options), twin_of(name)(x, **options), 1e-13, 1e-13)


@each_activation
@given(x=numbers, seed=st.integers(0, 99))
def test_a_gradient_agrees_with_the_loops(name: str, options: dict[str, Any], x: Array, seed: int) -> None:
    dout = np.random.default_rng(seed).normal(size=x.shape)
    got = pair_of(name)[1](dout, x, **options)
    np.testing.assert_allclose(got, twin_of(f"{name}_backward")(dout, x, **options), 1e-12, 1e-12)


@each_activation
def test_a_gradient_agrees_with_central_differences(name: str, options: dict[str, Any]) -> None:
    forward, backward = pair_of(name)
    random = np.random.default_rng(1)
    x, dout = random.normal(size=(2, 3, 4, 5)), random.normal(size=(2, 3, 4, 5))
    x[np.abs(x) < 0.01] = 0.5  # a step must not cross the corner
    check_gradients(lambda x: forward(x, **options), [x], [backward(dout, x, **options)], dout)


@each_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_layout_type_and_size(name: str, options: dict[str, Any], dtype: str) -> None:
    forward, backward = pair_of(name)
    x = np.linspace(-3, 3, 24, dtype=dtype).reshape(2, 3, 4).T[::2]
    x.setflags(write=False)
    for got in (forward(x, **options), backward(x, x, **options)):
        assert got.dtype == dtype
        assert got.shape == x.shape
        assert not np.shares_memory(got, x)
    np.testing.assert_array_equal(forward(x.copy(), **options), forward(x, **options))
    np.testing.assert_array_equal(backward(x.copy(), x.copy(), **options), backward(x, x, **options))
    for shape in ((), (0, 3), (1, 1, 1, 1)):
        assert forward(np.ones(shape), **options).shape == shape
        assert backward(np.ones(shape), np.ones(shape), **options).shape == shape


# What PyTorch 2.13 gives for these inputs, and for a gradient of 2.
SPECIAL = [-np.inf, np.inf, np.nan, 0.0, 1e200, -1e200]
NAN = np.nan


@pytest.mark.parametrize(
    ("name", "options", "out", "dx"),
    [
        ("relu", {}, [0, np.inf, NAN, 0, 1e200, 0], [0, 2, 2, 0, 2, 0]),
        (
            "leaky_relu",
            {},
            [-np.inf, np.inf, NAN, 0, 1e200, -1e200 * 0.01],
            [0.02, 2, 0.02, 0.02, 2, 0.02],
        ),
        ("elu", {}, [-1, np.inf, NAN, 0, 1e200, -1], [0, 2, 2, 2, 2, 0]),
        ("sigmoid", {}, [0, 1, NAN, 0.5, 1, 0], [0, 0, NAN, 0.5, 0, 0]),
        ("tanh", {}, [-1, 1, NAN, 0, 1, -1], [0, 0, NAN, 2, 0, 0]),
        ("gelu", {}, [NAN, np.inf, NAN, 0, 1e200, 0], [NAN, NAN, NAN, 1, 2, 0]),
        (
            "gelu",
            {"approximate": "tanh"},
            [NAN, np.inf, NAN, 0, 1e200, 0],
            [NAN, NAN, NAN, 1, NAN, NAN],
        ),
    ],
    ids=str,
)
def test_special_numbers_as_in_pytorch(
    name: str, options: dict[str, Any], out: list[float], dx: list[float]
) -> None:
    forward, backward = pair_of(name)
    np.testing.assert_array_equal(forward(SPECIAL, **options), out)
    np.testing.assert_array_equal(backward([2] * 6, SPECIAL, **options), dx)


def test_relu_stops_even_an_infinite_gradient() -> None:
    assert engine.relu_backward([np.inf, np.inf, -np.inf], [-1, 0, 1]).tolist() == [0, 0, -np.inf]


def test_whole_numbers_are_computed_in_floating_point() -> None:
    assert engine.sigmoid(np.zeros(2, np.int8)).tolist() == [0.5, 0.5]
    assert engine.relu_backward(np.ones(2, np.float32), np.array([1, -1])).dtype == np.float32
    assert engine.relu_backward([True, True], [1, -1]).tolist() == [1.0, 0.0]


@each_activation
def test_what_is_wrong_is_named(name: str, options: dict[str, Any]) -> None:
    forward, backward = pair_of(name)
    with pytest.raises(TypeError, match="x must hold real numbers, not complex"):
        forward([1j], **options)
    with pytest.raises(TypeError, match="dout must hold real numbers"):
        backward(["a"], [1], **options)
    with pytest.raises(BadInput, match=rf"{name}_backward: dout has shape \(2,\), it must be \(3,\)"):
        backward([1, 2], [1, 2, 3], **options)


@pytest.mark.parametrize("value", [np.inf, np.nan, [1, 2]])
def test_a_parameter_is_one_finite_number(value: Any) -> None:
    with pytest.raises(BadInput, match="negative_slope"):
        engine.leaky_relu([1.0], value)
    with pytest.raises(BadInput, match="alpha"):
        engine.elu_backward([1.0], [-1.0], value)


def test_a_word_that_is_no_approximation_is_refused() -> None:
    with pytest.raises(BadInput, match="approximate 'erf' is unknown: give none or tanh"):
        engine.gelu([1.0], "erf")  # type: ignore[arg-type]  # the point of the test
