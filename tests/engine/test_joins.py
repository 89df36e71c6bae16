"""Flattening, addition and concatenation: where every number goes, and that its gradient finds back."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    BadInput,
    add,
    add_backward,
    concat,
    concat_backward,
    flatten,
    flatten_backward,
    naive_dense,
)

sizes = st.integers(0, 3)


@given(st.tuples(sizes, sizes, sizes, sizes))
def test_flatten_agrees_with_the_loops_and_comes_back(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=shape)
    flat = flatten(x)
    np.testing.assert_array_equal(flat, naive_dense.flatten(x))
    np.testing.assert_array_equal(flatten_backward(flat, shape), x)


def test_flatten_some_axes() -> None:
    x = np.zeros((2, 3, 4, 5))
    assert flatten(x, 0).shape == (120,)
    assert flatten(x, 1, 2).shape == (2, 12, 5)
    assert flatten(x, -2).shape == (2, 3, 20)


def test_flatten_of_any_layout_is_a_fresh_float_array() -> None:
    x = np.arange(24, dtype=np.uint8).reshape(2, 3, 4).transpose(0, 2, 1)
    flat = flatten(x)
    assert flat.tolist()[0][:4] == [0, 4, 8, 1]
    assert flat.dtype == np.float64
    x32 = np.ones((2, 3), np.float32)
    assert not np.shares_memory(flatten(x32), x32)
    assert flatten(x32).dtype == np.float32
    assert not np.shares_memory(flatten_backward(x32, (2, 3)), x32)


def test_flatten_refuses_what_it_cannot_do() -> None:
    with pytest.raises(BadInput, match="flatten: axis 3 does not exist: x has 2 axes"):
        flatten([[1]], 3)
    with pytest.raises(BadInput, match="flatten: end_dim 0 comes before start_dim 1"):
        flatten([[1]], 1, 0)
    with pytest.raises(BadInput, match=r"dout \(1, 3\) does not hold as many numbers as \(1, 2, 2\)"):
        flatten_backward([[1, 2, 3]], (1, 2, 2))
    with pytest.raises(TypeError, match="in_shape must be a whole number"):
        flatten_backward([[1, 2, 3]], (1.5, 2))  # type: ignore[arg-type]  # the point of the test


def test_add_is_the_end_of_a_residual_body() -> None:
    random = np.random.default_rng(1)
    x, y = random.normal(size=(2, 2, 3, 4, 5))
    np.testing.assert_array_equal(add(x, y), naive_dense.add(x, y))
    dx, dy = add_backward(x, x.shape, y.shape)
    for gradient in (dx, dy):
        np.testing.assert_array_equal(gradient, x)
        assert not np.shares_memory(gradient, x)
    assert not np.shares_memory(dx, dy)


@pytest.mark.parametrize(
    ("x_shape", "y_shape", "dx", "dy"),
    [
        ((2, 2), (2,), [[1, 2], [3, 4]], [4, 6]),
        ((2, 2), (2, 1), [[1, 2], [3, 4]], [[3], [7]]),
        ((), (2, 2), 10, [[1, 2], [3, 4]]),
    ],
)
def test_what_was_broadcast_gets_the_sum(x_shape: Any, y_shape: Any, dx: Any, dy: Any) -> None:
    got = add_backward([[1, 2], [3, 4]], x_shape, y_shape)
    assert [gradient.tolist() for gradient in got] == [dx, dy]


def test_add_of_types_and_special_numbers() -> None:
    assert add(np.ones(1, np.float32), np.ones(1)).dtype == np.float64
    assert add(np.ones(1, np.float32), [1]).dtype == np.float32
    assert np.isnan(add([np.inf], [-np.inf])).all()


def test_add_refuses_shapes_that_do_not_fit() -> None:
    with pytest.raises(BadInput, match=r"add: shapes \(2,\) and \(3,\) cannot be added"):
        add([1, 2], [1, 2, 3])
    with pytest.raises(BadInput, match=r"add_backward: dout has shape \(3,\), it must be \(2,\)"):
        add_backward([1, 2, 3], (2,), (2,))


@given(st.lists(sizes, min_size=1, max_size=4), st.tuples(sizes, sizes, sizes))
def test_concat_agrees_with_the_loops_and_comes_apart(
    channels: list[int], rest: tuple[int, int, int]
) -> None:
    random = np.random.default_rng(2)
    parts = [random.normal(size=(rest[0], count, *rest[1:])) for count in channels]
    joined = concat(parts)
    np.testing.assert_array_equal(joined, naive_dense.concat(parts))
    apart = concat_backward(joined, channels)
    assert len(apart) == len(parts)
    for part, back in zip(parts, apart, strict=True):
        np.testing.assert_array_equal(part, back)
        assert not np.shares_memory(back, joined)


def test_concat_along_any_axis_in_the_widest_type() -> None:
    assert concat([[[1, 2]], [[3, 4]]], axis=0).tolist() == [[1, 2], [3, 4]]
    assert concat([np.ones((1, 1), np.float32), np.ones((1, 1))]).dtype == np.float64
    assert concat([np.ones((1, 1), np.float32), [[1]]], axis=-1).dtype == np.float32


def test_concat_refuses_what_does_not_fit() -> None:
    with pytest.raises(BadInput, match="concat: there are no arrays"):
        concat([])
    with pytest.raises(
        BadInput, match=r"arrays\[1\] has shape \(2, 1\) beside \(1, 2\): only axis 1 may differ"
    ):
        concat([[[1, 2]], [[3], [4]]])
    with pytest.raises(BadInput, match="concat: axis 1 does not exist"):
        concat([[1, 2], [3]])
    with pytest.raises(TypeError, match=r"arrays\[1\] must hold real numbers"):
        concat([[[1]], [[1j]]])
    with pytest.raises(BadInput, match=r"sizes \(1, 1\) add up to 2, dout \(1, 3\) has 3 along axis 1"):
        concat_backward([[1, 2, 3]], (1, 1))
