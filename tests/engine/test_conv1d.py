"""Convolution of lines against published examples, numpy.correlate, loops and central differences."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, conv1d, conv1d_backward, extent, naive_transpose
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]


def test_the_worked_examples_of_dive_into_deep_learning() -> None:
    # Zhang, Lipton, Li and Smola, Dive into Deep Learning, section 16.3.
    assert conv1d([[0, 1, 2, 3, 4, 5, 6]], [[[1, 2]]]).tolist() == [[2, 5, 8, 11, 14, 17]]
    lines = np.array([[0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7], [2, 3, 4, 5, 6, 7, 8]])
    kernel = np.array([[[1, 2], [3, 4], [-1, -3]]])
    assert conv1d(lines, kernel).tolist() == [[2, 8, 14, 20, 26, 32]]


def test_an_edge_in_a_line() -> None:
    assert conv1d([[10, 10, 10, 0, 0, 0]], [[[1, 0, -1]]]).tolist() == [[0, 10, 10, 0]]
    assert conv1d([[10, 10, 10, 0, 0, 0]], [[[1, 0, -1]]], padding="same").tolist() == [
        [-10, 0, 10, 10, 0, 0]
    ]
    assert conv1d([[1, 2, 3]], [[[1, 10]]], padding=(2, 0), padding_mode="circular").tolist() == [
        [32, 13, 21, 32]
    ]


def test_it_is_numpys_correlation() -> None:
    random = np.random.default_rng(0)
    line, kernel = random.integers(-9, 10, 40), random.integers(-9, 10, 7)
    np.testing.assert_array_equal(conv1d(line[None], kernel[None, None])[0], np.correlate(line, kernel))
    full = conv1d(line[None], kernel[None, None], padding="full")[0]
    np.testing.assert_array_equal(full, np.correlate(line, kernel, "full"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Array, Array, Array, int, int, int]:
    samples, channels, outs, size, stride, dilation, padding = (
        draw(st.integers(least, 3)) for least in (0, 1, 1, 1, 1, 1, 0)
    )
    length = max(draw(st.integers(1, 9)), extent(size, dilation) - 2 * padding)
    random = np.random.default_rng(draw(st.integers(0, 999)))
    shapes = (samples, channels, length), (outs, channels, size), (outs,)
    x, weight, bias = (random.integers(-9, 10, shape).astype(float) for shape in shapes)
    return x, weight, bias, stride, padding, dilation


@given(cases())
def test_fast_equals_naive(case: tuple[Array, Array, Array, int, int, int]) -> None:
    x, weight, how = case[0], case[1], case[3:]
    out = conv1d(*case)
    np.testing.assert_array_equal(out, naive_transpose.conv1d(*case))
    dout = np.random.default_rng(1).integers(-9, 10, out.shape)
    expected = naive_transpose.conv1d_backward(dout, x, weight, *how)
    for mine, right in zip(conv1d_backward(dout, x, weight, *how), expected, strict=True):
        np.testing.assert_array_equal(mine, right)


@given(cases())
def test_central_differences(case: tuple[Array, Array, Array, int, int, int]) -> None:
    x, weight, bias, how = *case[:3], case[3:]
    dout = np.random.default_rng(2).normal(size=conv1d(*case).shape)
    gradients = conv1d_backward(dout, x, weight, *how)
    check_gradients(lambda x, w, b: conv1d(x, w, b, *how), [x, weight, bias], gradients, dout)


def test_groups_and_padding_modes_go_through() -> None:
    x, weight = np.array([[1, 2, 3], [10, 20, 30]]), np.array([[[1, 1]], [[1, -1]]])
    out = conv1d(x, weight, None, 1, (1, 0), 1, 2, "replicate")
    assert out.tolist() == [[2, 3, 5], [0, -10, -10]]
    dx, dweight, dbias = conv1d_backward([[1, 1, 1], [1, 0, 0]], x, weight, 1, (1, 0), 1, 2, "replicate")
    assert dx.tolist() == [[1 + 1 + 1, 2, 1], [1 - 1, 0, 0]]
    assert dweight.tolist() == [[[1 + 1 + 2, 1 + 2 + 3]], [[10, 10]]]
    assert dbias.tolist() == [3, 1]


def test_types_are_kept() -> None:
    x, weight = np.ones((2, 5), np.float32), np.ones((1, 2, 3), np.float32)
    out = conv1d(x, weight)
    assert out.dtype == np.float32
    assert {gradient.dtype for gradient in conv1d_backward(out, x, weight)} == {np.dtype(np.float32)}
    assert conv1d(x, weight.astype(float)).dtype == np.float64


@pytest.mark.parametrize(
    ("x", "weight", "how", "message"),
    [
        ((6,), (1, 1, 3), {}, r"conv1d: x has shape \(6,\), give \(N, C, L\) or \(C, L\)"),
        ((1, 6), (1, 3), {}, r"conv1d: weight has shape \(1, 3\), give"),
        (
            (1, 6),
            (2, 3, 3),
            {},
            r"conv1d: weight \(2, 3, 3\) with groups 1 is for 3 input channels, but x \(1, 6\)",
        ),
        ((4, 6), (6, 1, 3), {"groups": 4}, "conv1d: groups 4 must divide both the 4 .* the 6 output"),
        ((1, 6), (2, 1, 3), {"bias": [1]}, r"conv1d: bias has shape \(1,\), give one number for each of 2"),
        ((1, 6), (1, 1, 7), {}, "conv1d: kernel 1x7 is larger than the picture 1x6"),
        ((1, 6), (1, 1, 3), {"stride": 0}, "stride is 0"),
        ((1, 6), (1, 1, 3), {"padding": (1, 2, 3)}, "has 3 amounts: give one, or two"),
        ((1, 6), (1, 1, 3), {"padding": -1}, "padding is -1"),
        ((1, 6), (1, 1, 3), {"padding": "some"}, "padding 'some' is unknown"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    x: tuple[int, ...], weight: tuple[int, ...], how: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        conv1d(np.zeros(x), np.zeros(weight), **how)
    assert "\n" not in str(caught.value)


def test_a_gradient_of_another_shape_is_told() -> None:
    with pytest.raises(BadInput, match=r"conv1d_backward: dout has shape \(1, 6\), it must be \(1, 4\)"):
        conv1d_backward(np.zeros((1, 6)), np.zeros((1, 6)), np.zeros((1, 1, 3)))
    with pytest.raises(TypeError, match="stride must be a whole number"):
        conv1d(np.zeros((1, 6)), np.zeros((1, 1, 3)), stride=1.0)  # type: ignore[arg-type]  # the point of the test
