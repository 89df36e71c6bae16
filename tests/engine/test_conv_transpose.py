"""Transposed convolution against published examples, loops, the convolution it turns round, central differences."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    BadInput,
    conv2d,
    conv_transpose2d,
    conv_transpose2d_backward,
    extent,
    naive_transpose,
)
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]


def test_the_worked_examples_of_dive_into_deep_learning() -> None:
    # Zhang, Lipton, Li and Smola, Dive into Deep Learning, section 14.10.
    x = np.array([[[0, 1], [2, 3]]])
    kernel = x[np.newaxis]
    assert conv_transpose2d(x, kernel).tolist() == [[[0, 0, 1], [0, 4, 6], [4, 12, 9]]]
    assert conv_transpose2d(x, kernel, stride=2).tolist() == [
        [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]]
    ]
    assert conv_transpose2d(x, kernel, padding=1).tolist() == [[[4]]]


def test_its_sizes_are_those_of_dumoulin_and_visin() -> None:
    def size(n: int, f: int, stride: int = 1, padding: int = 0, output_padding: int = 0) -> tuple[int, ...]:
        x, weight = np.ones((1, n, n)), np.ones((1, 1, f, f))
        return conv_transpose2d(x, weight, None, stride, padding, output_padding).shape[1:]

    assert size(2, 3) == (4, 4)  # figure 4.1: 3x3 over 4x4
    assert size(6, 4, padding=2) == (5, 5)  # figure 4.2: 4x4 over 5x5, p = 2
    assert size(5, 3, padding=1) == (5, 5)  # figure 4.3: half padding
    assert size(7, 3, padding=2) == (5, 5)  # figure 4.4: full padding
    assert size(2, 3, stride=2) == (5, 5)  # figure 4.5: 3x3 over 5x5, s = 2
    assert size(3, 3, stride=2, padding=1) == (5, 5)  # figure 4.6
    assert size(3, 3, stride=2, padding=1, output_padding=1) == (6, 6)  # figure 4.7


def test_the_row_that_output_padding_adds_is_no_padding() -> None:
    x, kernel = np.array([[[1, 2]]]), np.array([[[[1, 10, 100]]]])
    assert conv_transpose2d(x, kernel, None, (1, 2), (0, 1)).tolist() == [[[10, 102, 20]]]
    assert conv_transpose2d(x, kernel, None, (1, 2), (0, 1), (0, 1)).tolist() == [[[10, 102, 20, 200]]]
    assert conv_transpose2d(x, kernel, [0.5], (1, 4), 0, (0, 3))[0].tolist() == [
        [1.5, 10.5, 100.5, 0.5, 2.5, 20.5, 200.5, 0.5, 0.5, 0.5]
    ]


def test_groups_keep_channels_apart_and_bias_is_added_once() -> None:
    x = np.arange(1, 5).reshape(4, 1, 1)
    weight = np.array([[1, 10], [2, 20], [3, 30], [4, 40]]).reshape(4, 2, 1, 1)
    out = conv_transpose2d(x, weight, [0, 0, 0.5, -1], groups=2)
    assert out.ravel().tolist() == [1 + 4, 10 + 40, 9 + 16 + 0.5, 90 + 160 - 1]


class Case(NamedTuple):
    """A transposed convolution that fits."""

    x: Array
    weight: Array
    stride: tuple[int, int]
    padding: tuple[int, int]
    output_padding: tuple[int, int]
    groups: int
    dilation: tuple[int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    axes = []
    for _ in range(2):
        n, f, s, d = (draw(st.integers(1, most)) for most in (5, 4, 4, 3))
        extra = draw(st.integers(0, max(s, d) - 1))
        whole = (n - 1) * s + extent(f, d) + extra
        axes.append((n, f, s, d, extra, draw(st.integers(0, min((whole - 1) // 2, 4)))))
    sizes, kernel, stride, dilation, more, pad = (
        (rows, columns) for rows, columns in zip(*axes, strict=True)
    )
    groups, channels, outs = (draw(st.integers(1, 3)) for _ in range(3))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    dtype = draw(st.sampled_from(["float32", "float64", "int16"]))
    x = random.integers(-9, 10, (draw(st.integers(0, 3)), groups * channels, *sizes)).astype(dtype)
    weight = random.integers(-9, 10, (groups * channels, outs, *kernel)).astype(dtype)
    return Case(x, weight, stride, pad, more, groups, dilation)


def drawn(case: Case, seed: int) -> tuple[Array, Array]:
    """Draw a bias, and a gradient in the shape of the output, of whole numbers."""
    random = np.random.default_rng(seed)
    bias = random.integers(-9, 10, case.weight.shape[1] * case.groups).astype(case.x.dtype)
    out = naive_transpose.conv_transpose2d(case.x[:0], case.weight, None, *case[2:])
    return bias, random.integers(-9, 10, (len(case.x), *out.shape[1:])).astype(case.x.dtype)


@given(cases(), st.sampled_from([1, 60, 700_000]))
def test_fast_equals_naive(case: Case, strip: int) -> None:
    bias, dout = drawn(case, 1)
    x, weight, how = case.x, case.weight, case[2:]
    got = conv_transpose2d(x, weight, bias, *how, _strip_numbers=strip)
    np.testing.assert_array_equal(got, naive_transpose.conv_transpose2d(x, weight, bias, *how))
    kept = np.dtype(np.float32 if x.dtype == np.float32 else np.float64)
    assert got.dtype == kept
    gradients = conv_transpose2d_backward(dout, *case, _strip_numbers=strip)
    expected = naive_transpose.conv_transpose2d_backward(dout, *case)
    for mine, right, like in zip(gradients, expected, (x, weight, bias), strict=True):
        np.testing.assert_array_equal(mine, right)
        assert mine.shape == like.shape
        assert mine.dtype == kept
        assert mine.flags.c_contiguous


@given(cases())
def test_central_differences(case: Case) -> None:
    bias, dout = (array / 9.0 for array in drawn(case, 2))
    x, weight, how = case.x / 9.0, case.weight / 9.0, case[2:]
    gradients = conv_transpose2d_backward(dout, x, weight, *how)
    check_gradients(lambda x, w, b: conv_transpose2d(x, w, b, *how), [x, weight, bias], gradients, dout)


def test_it_turns_a_convolution_round() -> None:
    # <conv(u), v> = <u, transpose(v)> for every u and v, whatever stride left uncovered.
    random = np.random.default_rng(3)
    u, weight = random.normal(size=(2, 4, 11, 10)), random.normal(size=(6, 2, 3, 2))
    there = conv2d(u, weight, None, (3, 2), 1, (1, 2), 2)
    v = random.normal(size=there.shape)
    back = conv_transpose2d(v, weight, None, (3, 2), 1, (1, 1), 2, (1, 2))
    assert back.shape == u.shape
    np.testing.assert_allclose((there * v).sum(), (u * back).sum(), rtol=1e-12)


def test_four_amounts_of_padding() -> None:
    x, weight = np.arange(1, 7).reshape(1, 2, 3), np.arange(1, 10).reshape(1, 1, 3, 3)
    whole = conv_transpose2d(x, weight)
    cut = conv_transpose2d(x, weight, padding=(1, 0, 2, 1))
    np.testing.assert_array_equal(cut, whole[:, 1:, 2:-1])
    dx, dweight, dbias = conv_transpose2d_backward(np.ones_like(cut), x, weight, padding=(1, 0, 2, 1))
    dout = np.pad(np.ones_like(cut), ((0, 0), (1, 0), (2, 1)))
    expected = conv_transpose2d_backward(dout, x, weight)
    np.testing.assert_array_equal(dx, expected[0])
    np.testing.assert_array_equal(dweight, expected[1])
    assert dbias.tolist() == [cut.size]


def test_a_picture_without_batch_gives_one_without_batch() -> None:
    random = np.random.default_rng(4)
    x, weight = random.normal(size=(3, 4, 5)), random.normal(size=(3, 2, 3, 3))
    out = conv_transpose2d(x, weight)
    np.testing.assert_array_equal(out, conv_transpose2d(x[None], weight)[0])
    assert conv_transpose2d_backward(out, x, weight)[0].shape == x.shape


def test_nan_and_infinity_go_where_they_are_sent() -> None:
    x = np.array([[[np.nan, 1, 1]]])
    out = conv_transpose2d(x, np.ones((1, 1, 1, 2)))
    np.testing.assert_array_equal(out, [[[np.nan, np.nan, 2, 1]]])
    out = conv_transpose2d(np.ones((1, 1, 3)), np.array([[[[1, np.inf]]]]), stride=(1, 2))
    np.testing.assert_array_equal(out, [[[1, np.inf, 1, np.inf, 1, np.inf]]])


def test_inputs_may_be_read_only_and_turned() -> None:
    random = np.random.default_rng(5)
    x, weight = random.integers(-9, 10, (5, 4, 3)), random.integers(-9, 10, (3, 3, 2, 3))
    x.setflags(write=False)
    views = x.transpose(2, 1, 0)[:, ::-1, ::2], weight.transpose(3, 2, 1, 0)[..., ::-1]
    copies = views[0].copy(), views[1].copy()
    np.testing.assert_array_equal(conv_transpose2d(*views), conv_transpose2d(*copies))


@pytest.mark.parametrize(
    ("x", "weight", "how", "message"),
    [
        ((6, 6), (1, 1, 3, 3), {}, r"conv_transpose2d: x has shape \(6, 6\), give"),
        ((1, 0, 6), (1, 1, 3, 3), {}, "conv_transpose2d: x has no rows"),
        ((1, 6, 6), (1, 3, 3), {}, r"weight has shape \(1, 3, 3\), give \(channels, out channels / groups"),
        (
            (2, 6, 6),
            (1, 2, 3, 3),
            {},
            r"weight \(1, 2, 3, 3\) is for 1 input channels, but x \(1, 2, 6, 6\) has 2",
        ),
        ((4, 6, 6), (4, 2, 3, 3), {"groups": 3}, "groups 3 must divide the 4 input channels"),
        (
            (4, 6, 6),
            (4, 2, 3, 3),
            {"groups": 2, "bias": [1, 2]},
            r"bias has shape \(2,\), .* each of 4 output",
        ),
        (
            (1, 2, 2),
            (1, 1, 3, 3),
            {"padding": 2},
            "2 rows with kernel 3, stride 1 and padding 4 in all give 0 rows",
        ),
        ((1, 2, 2), (1, 1, 3, 3), {"padding": "same"}, "padding 'same' depends on the output"),
        (
            (1, 2, 2),
            (1, 1, 3, 3),
            {"stride": 2, "output_padding": 2},
            "output padding 2 must be less than the stride 2",
        ),
        ((1, 2, 2), (1, 1, 3, 3), {"stride": 0}, "stride is 0"),
        ((1, 2, 2), (1, 1, 3, 3), {"output_padding": -1}, "output padding is -1"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    x: tuple[int, ...], weight: tuple[int, ...], how: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        conv_transpose2d(np.zeros(x), np.zeros(weight), **how)
    assert "\n" not in str(caught.value)


def test_a_gradient_of_another_shape_is_told() -> None:
    with pytest.raises(
        BadInput, match=r"conv_transpose2d_backward: dout has shape \(1, 4, 4\), it must be \(1, 6, 6\)"
    ):
        conv_transpose2d_backward(np.zeros((1, 4, 4)), np.zeros((1, 4, 4)), np.zeros((1, 1, 3, 3)))
    with pytest.raises(TypeError, match="bias must hold real numbers"):
        conv_transpose2d(np.zeros((1, 4, 4)), np.zeros((1, 1, 3, 3)), ["1"])
