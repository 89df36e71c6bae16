"""Gradients of convolution: by hand, against plain loops over random geometry, and against central differences."""

import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    PADDING_MODES,
    BadInput,
    PaddingArg,
    PaddingMode,
    conv2d,
    conv2d_backward,
    conv_backward,
    conv_out_size,
    naive_backward,
)
from tests.engine.geometries import convolved
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]


@pytest.fixture(autouse=True)
def used_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory may hold anything before it is written to: here what spoils every sum."""
    monkeypatch.setattr(conv_backward, "empty", lambda shape, dtype: np.full(shape, np.nan, dtype))


def test_the_tiny_network() -> None:
    # x = [1, 2], w = [3, 1], y = 6: the answer is 5, dL/dy = 2 (5 - 6) = -2, dL/dw = [-2, -4].
    dx, dweight, dbias = conv2d_backward([[[-2]]], [[[1, 2]]], [[[[3, 1]]]])
    assert (dx.tolist(), dweight.tolist(), dbias.tolist()) == ([[[-6, -2]]], [[[[-2, -4]]]], [-2])


def test_the_weight_meets_the_gradient_as_a_sliding_window() -> None:
    x = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    dout = np.array([[[1, 0], [0, 10]]])
    dx, dweight, dbias = conv2d_backward(dout, x, [[[[1, 2], [3, 4]]]])
    assert dweight.tolist() == [[[[1 + 50, 2 + 60], [4 + 80, 5 + 90]]]]
    assert dbias.tolist() == [11]
    assert dx.tolist() == [[[1, 2, 0], [3, 4 + 10, 20], [0, 30, 40]]]


def test_the_input_meets_the_turned_kernel_in_full() -> None:
    random = np.random.default_rng(0)
    dout, weight = random.integers(-9, 10, (2, 3, 4, 5)), random.integers(-9, 10, (3, 2, 3, 2))
    x = np.zeros((2, 2, 6, 6))
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    np.testing.assert_array_equal(conv2d_backward(dout, x, weight)[0], conv2d(dout, turned, padding="full"))


def test_use_counts_are_the_gradient_of_a_sum() -> None:
    counts = conv2d_backward(np.ones((1, 4, 4)), np.zeros((1, 6, 6)), np.ones((1, 1, 3, 3)))[0][0]
    assert counts[:3].tolist() == [[1, 2, 3, 3, 2, 1], [2, 4, 6, 6, 4, 2], [3, 6, 9, 9, 6, 3]]
    padded = conv2d_backward(np.ones((1, 6, 6)), np.zeros((1, 6, 6)), np.ones((1, 1, 3, 3)), padding=1)[0][0]
    assert [padded[0, 0], padded[0, 1], padded[1, 1]] == [4, 6, 9]
    strided = conv2d_backward(np.ones((1, 2, 2)), np.zeros((1, 6, 6)), np.ones((1, 1, 3, 3)), stride=2)[0][0]
    assert not strided[5].any()
    assert not strided[:, 5].any()


def test_one_pixel_and_a_kernel_larger_than_the_picture() -> None:
    kernel = np.arange(9).reshape(1, 1, 3, 3)
    dx, dweight, _ = conv2d_backward([[[10]]], [[[7]]], kernel, padding=1)
    assert dx.tolist() == [[[40]]]
    assert dweight[0, 0].tolist() == [[0, 0, 0], [0, 70, 0], [0, 0, 0]]
    dx, dweight, _ = conv2d_backward([[[10]]], [[[7]]], kernel, padding=1, padding_mode="replicate")
    assert dx.tolist() == [[[360]]]
    assert dweight[0, 0].tolist() == [[70] * 3] * 3


class Case(NamedTuple):
    """A convolution that fits."""

    x: Array
    weight: Array
    stride: tuple[int, int]
    padding: PaddingArg
    dilation: tuple[int, int]
    groups: int
    padding_mode: PaddingMode


@st.composite
def cases(draw: st.DrawFn) -> Case:
    size, kernel, padding, dilation, groups, mode = draw(convolved(6))
    stride = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    # Few input channels take all kernel columns in one product, many take one after the other.
    channels, outs = draw(st.sampled_from([(1, 1), (2, 3), (3, 2), (13, 1)]))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    dtype = draw(st.sampled_from(["float32", "float64", "int16"]))

    def whole(*shape: int) -> Array:
        return random.integers(-9, 10, shape).astype(dtype)  # every sum is exact, also in float32

    return Case(
        whole(draw(st.integers(0, 3)), groups * channels, *size),
        whole(groups * outs, channels, *kernel),
        stride,
        padding,
        dilation,
        groups,
        mode,
    )


def gradient_for(case: Case, seed: int = 7) -> Array:
    """Draw whole numbers in the shape of the output."""
    size = case.x.shape[2], case.x.shape[3]
    kernel = case.weight.shape[2], case.weight.shape[3]
    out = conv_out_size(size, kernel, case.stride, case.padding, case.dilation)
    shape = (len(case.x), len(case.weight), *out)
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(case.x.dtype)


@given(cases(), st.sampled_from([1, 60, 700_000]))
def test_fast_equals_naive(case: Case, strip: int) -> None:
    dout = gradient_for(case)
    got = conv2d_backward(dout, *case, _strip_numbers=strip)
    for mine, expected, like in zip(
        got,
        naive_backward.conv2d_backward(dout, *case),
        (case.x, case.weight, case.weight[:, 0, 0, 0]),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, expected)
        assert mine.shape == like.shape
        assert mine.dtype == (np.float32 if case.x.dtype == np.float32 else np.float64)
        assert mine.flags.c_contiguous
        assert mine.flags.writeable


@given(cases())
def test_central_differences(case: Case) -> None:
    x, weight = case.x / 9.0, case.weight / 9.0
    dout = gradient_for(case) / 9.0
    got = conv2d_backward(dout, x, weight, *case[2:])

    def forward(x: Array, weight: Array, bias: Array) -> Array:
        return conv2d(x, weight, bias, *case[2:])

    check_gradients(forward, [x, weight, np.zeros(len(weight))], got, dout)


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_a_batch_is_the_sum_of_its_samples(mode: PaddingMode) -> None:
    # The 41 samples lie side by side in six groups; what each gives must not depend on its neighbours.
    random = np.random.default_rng(1)
    x, weight = random.integers(-9, 10, (41, 2, 4, 100)), random.integers(-9, 10, (12, 2, 3, 3))
    dout = random.integers(-9, 10, (41, 12, 4, 100))
    dx, dweight, dbias = conv2d_backward(dout, x, weight, padding=1, padding_mode=mode)
    singles = [
        conv2d_backward(dout[[n]], x[[n]], weight, padding=1, padding_mode=mode) for n in range(len(x))
    ]
    np.testing.assert_array_equal(dx, np.concatenate([single[0] for single in singles]))
    np.testing.assert_array_equal(dweight, np.sum([single[1] for single in singles], axis=0))
    np.testing.assert_array_equal(dbias, np.sum([single[2] for single in singles], axis=0))


@pytest.mark.parametrize("channels", [2, 40])
@pytest.mark.parametrize("how", [{}, {"stride": 2}, {"dilation": 2}, {"stride": 3, "dilation": (2, 3)}])
def test_wide_pictures_agree_with_the_loops_to_the_last_digits(channels: int, how: dict[str, Any]) -> None:
    random = np.random.default_rng(2)
    x, weight = random.normal(size=(2, channels, 5, 140)), random.normal(size=(1, channels, 3, 3))
    dout = random.normal(size=conv2d(x, weight, None, **how).shape)
    expected = naive_backward.conv2d_backward(dout, x, weight, **how)
    for mine, right in zip(conv2d_backward(dout, x, weight, **how), expected, strict=True):
        np.testing.assert_allclose(mine, right, rtol=0, atol=1e-11)
    single = conv2d_backward(dout.astype("f4"), x.astype("f4"), weight.astype("f4"), **how)
    for mine, right in zip(single, expected, strict=True):
        np.testing.assert_allclose(mine, right, rtol=0, atol=1e-4 * np.abs(right).max())


def test_a_stride_larger_than_the_kernel_leaves_gaps() -> None:
    dx, _, _ = conv2d_backward([[[1, 2]]], np.ones((1, 1, 1002)), [[[[3, 4]]]], stride=(1, 1000))
    assert np.flatnonzero(dx).tolist() == [0, 1, 1000, 1001]
    assert dx[dx != 0].tolist() == [3, 4, 6, 8]


def test_a_picture_without_batch_and_an_empty_batch() -> None:
    random = np.random.default_rng(3)
    dout, x, weight = (
        random.normal(size=(2, 3, 4)),
        random.normal(size=(3, 5, 6)),
        random.normal(size=(2, 3, 3, 3)),
    )
    alone, batched = conv2d_backward(dout, x, weight), conv2d_backward(dout[None], x[None], weight)
    np.testing.assert_array_equal(alone[0], batched[0][0])
    np.testing.assert_array_equal(alone[1], batched[1])
    dx, dweight, dbias = conv2d_backward(np.zeros((0, 2, 3, 4)), np.zeros((0, 3, 5, 6)), weight)
    assert dx.shape == (0, 3, 5, 6)
    assert (dweight.tolist(), dbias.tolist()) == (np.zeros(weight.shape).tolist(), [0, 0])


def test_nan_stays_where_it_was_used() -> None:
    dout = np.zeros((1, 4, 4))
    dout[0, 0, 0] = np.nan
    dx, dweight, dbias = conv2d_backward(dout, np.zeros((1, 6, 6)), np.ones((1, 1, 3, 3)))
    assert np.argwhere(np.isnan(dx[0])).tolist() == [[i, j] for i in range(3) for j in range(3)]
    assert np.isnan(dweight).all()
    assert np.isnan(dbias).all()


def test_a_nan_pixel_reaches_only_the_weights_that_met_it() -> None:
    x = np.ones((2, 1, 6, 6))
    x[0, 0, 0, 0] = np.nan  # the corner is met by the first weight alone
    _, dweight, _ = conv2d_backward(np.ones((2, 1, 4, 4)), x, np.ones((1, 1, 3, 3)))
    assert np.argwhere(np.isnan(dweight[0, 0])).tolist() == [[0, 0]]


@pytest.mark.parametrize("stride", [1, 2])
def test_an_infinite_weight_meets_no_zero_that_is_not_there(stride: int) -> None:
    weight = np.ones((1, 1, 2, 2))
    weight[0, 0, 0, 0] = np.inf
    dout = np.ones(conv2d(np.ones((1, 4, 4)), weight, stride=stride).shape)
    dx = conv2d_backward(dout, np.zeros((1, 4, 4)), weight, stride=stride)[0]
    assert not np.isnan(dx).any()
    assert np.argwhere(np.isinf(dx[0])).tolist() == [
        [i, j] for i in range(0, 4 - stride % 2, stride) for j in range(0, 4 - stride % 2, stride)
    ]


@pytest.mark.parametrize("how", [{"padding": 1}, {"padding": 2, "padding_mode": "reflect", "groups": 2}])
def test_an_infinite_weight_sends_the_rest_as_ever(how: dict[str, Any]) -> None:
    random = np.random.default_rng(4)
    x, weight = (
        random.integers(-9, 10, (2, 4, 5, 5)),
        random.integers(1, 10, (2, 4 // how.get("groups", 1), 3, 3)),
    )
    out = conv2d(x, weight, None, 2, **how)
    dout = random.integers(1, 10, out.shape)
    finite = conv2d_backward(dout, x, weight, 2, **how)[0]
    infinite = weight.astype(float)
    infinite[0, 0, 1, 2] = np.inf
    got = conv2d_backward(dout, x, infinite, 2, **how)[0]
    hit = np.isinf(got)
    assert hit.any()
    np.testing.assert_array_equal(got[~hit], finite[~hit])


def test_float32_overflows_to_infinity_without_a_warning() -> None:
    big = np.full((1, 2, 2), 3e38, np.float32)
    for gradient in conv2d_backward(big, big, np.full((1, 1, 1, 1), 2, np.float32)):
        assert np.isposinf(gradient).all()


def test_inputs_may_be_read_only_turned_or_transposed_and_stay_as_they_are() -> None:
    random = np.random.default_rng(5)
    dout, x = random.integers(-9, 10, (2, 3, 2)), random.integers(-9, 10, (6, 7, 3))
    weight = random.integers(-9, 10, (3, 3, 3, 2))
    for array in (dout, x, weight):
        array.setflags(write=False)
    views = (
        np.broadcast_to(dout[..., :1], (2, 3, 2)).transpose(0, 2, 1)[:, :, ::-1].repeat(2, axis=1),
        x.transpose(2, 0, 1)[:, ::-1, ::2][:, :, :4],
        weight.transpose(3, 2, 0, 1)[:, :, ::-1, ::-1][..., :2],
    )
    copies = views[0].copy(), views[1].copy(), views[2].copy()
    for got, expected in zip(conv2d_backward(*views), conv2d_backward(*copies), strict=True):
        np.testing.assert_array_equal(got, expected)
    for view, copy in zip(views, copies, strict=True):
        np.testing.assert_array_equal(view, copy)


def test_the_same_input_gives_the_same_bytes() -> None:
    random = np.random.default_rng(6)
    given_arrays = (
        random.normal(size=(9, 8, 11, 12)),
        random.normal(size=(9, 3, 11, 12)),
        random.normal(size=(8, 3, 3, 3)),
    )
    first = [gradient.tobytes() for gradient in conv2d_backward(*given_arrays, padding=1)]
    assert [gradient.tobytes() for gradient in conv2d_backward(*given_arrays, padding=1)] == first


def test_a_4k_gradient_is_never_held_twice() -> None:
    x, weight = np.ones((1, 1, 2160, 3840), np.float32), np.ones((1, 1, 3, 3), np.float32)
    tracemalloc.start()
    dx, dweight, _ = conv2d_backward(x, x, weight, padding=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - dx.nbytes < 8e6
    assert dx[0, 0, 1:-1, 1:-1].min() == dx.max() == 9
    np.testing.assert_allclose(dweight[0, 0, 1], [2160 * 3839, 2160 * 3840, 2160 * 3839], rtol=1e-6)


@pytest.mark.parametrize(
    ("dout", "x", "weight", "how", "message"),
    [
        ((4, 4), (6, 6), (1, 1, 3, 3), {}, r"conv2d_backward: x has shape \(6, 6\), give"),
        ((1, 4, 4), (1, 6, 6), (3, 3), {}, r"conv2d_backward: weight has shape \(3, 3\), give"),
        ((1, 4, 4), (1, 6, 6), (8, 3, 3, 3), {}, "with groups 1 is for 3 input channels, but x .* has 1"),
        ((1, 4, 4), (4, 6, 6), (6, 1, 3, 3), {"groups": 4}, "groups 4 must divide both"),
        (
            (1, 1, 1),
            (1, 6, 6),
            (1, 1, 7, 7),
            {},
            "conv2d_backward: kernel 7x7 is larger than the picture 6x6",
        ),
        ((1, 6, 6), (1, 6, 6), (1, 1, 3, 3), {}, r"dout has shape \(1, 6, 6\), it must be \(1, 4, 4\)"),
        ((1, 1, 4, 4), (1, 6, 6), (1, 1, 3, 3), {}, r"dout has shape .* must be \(1, 4, 4\)"),
        ((1, 6, 6), (1, 6, 6), (1, 1, 3, 3), {"padding_mode": "wrap"}, "padding mode 'wrap' is unknown"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    dout: tuple[int, ...], x: tuple[int, ...], weight: tuple[int, ...], how: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        conv2d_backward(np.zeros(dout), np.zeros(x), np.zeros(weight), **how)
    assert "\n" not in str(caught.value)


def test_what_is_no_number_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="dout must hold real numbers, not complex128"):
        conv2d_backward(np.ones((1, 2, 2), complex), np.ones((1, 2, 2)), np.ones((1, 1, 1, 1)))
