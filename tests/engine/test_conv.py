"""Convolution against published examples, the named kernels' rows, and plain loops over random geometry."""

import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, PaddingArg, PaddingMode, conv2d, naive
from tests.engine.geometries import convolved

Array = npt.NDArray[Any]

EDGE = np.array([[10, 10, 10, 0, 0, 0]] * 6)
VERTICAL = np.array([[1, 0, -1]] * 3)


def plane(picture: npt.ArrayLike, kernel: npt.ArrayLike, **how: Any) -> Array:
    """Slide one kernel over one picture, both (H, W)."""
    out: Array = conv2d(np.asarray(picture)[np.newaxis], np.asarray(kernel)[np.newaxis, np.newaxis], **how)[0]
    return out


def test_the_vertical_edge() -> None:
    assert plane(EDGE, VERTICAL).tolist() == [[0, 30, 30, 0]] * 4


def test_true_convolution_turns_the_kernel() -> None:
    assert plane(EDGE, VERTICAL[::-1, ::-1]).tolist() == [[0, -30, -30, 0]] * 4


def test_the_other_polarity_answers_with_the_other_sign() -> None:
    assert plane(EDGE[:, ::-1], VERTICAL).tolist() == [[0, -30, -30, 0]] * 4


def test_same_padding_makes_a_false_edge() -> None:
    outer, middle = [-20, 0, 20, 20, 0, 0], [-30, 0, 30, 30, 0, 0]
    assert plane(EDGE, VERTICAL, padding="same").tolist() == [outer, *[middle] * 4, outer]


def test_replicated_borders_make_none() -> None:
    assert plane(EDGE, VERTICAL, padding=1, padding_mode="replicate").tolist() == [[0, 0, 30, 30, 0, 0]] * 6


SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
SCHARR = [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]
LOG_5 = [[0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -16, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]]


@pytest.mark.parametrize(
    ("kernel", "row"),
    [
        pytest.param([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [10, 10, 0, 0], id="identity"),
        pytest.param([[1, 0, -1]] * 3, [0, 30, 30, 0], id="vertical-edge"),
        pytest.param(np.transpose([[1, 0, -1]] * 3), [0, 0, 0, 0], id="horizontal-edge"),
        pytest.param([[-1, 0, 1]] * 3, [0, -30, -30, 0], id="prewitt-x"),
        pytest.param(np.transpose([[-1, 0, 1]] * 3), [0, 0, 0, 0], id="prewitt-y"),
        pytest.param(SOBEL, [0, -40, -40, 0], id="sobel-x"),
        pytest.param(np.transpose(SOBEL), [0, 0, 0, 0], id="sobel-y"),
        pytest.param(SCHARR, [0, -160, -160, 0], id="scharr-x"),
        pytest.param(np.transpose(SCHARR), [0, 0, 0, 0], id="scharr-y"),
        pytest.param([[0, 1, 0], [1, -4, 1], [0, 1, 0]], [0, -10, 10, 0], id="laplacian-4"),
        pytest.param([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], [0, 30, -30, 0], id="laplacian-8"),
        pytest.param([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], [10, 20, -10, 0], id="sharpen"),
        pytest.param([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]], [10, 40, -30, 0], id="sharpen-strong"),
        pytest.param(np.ones((3, 3)) / 9, [10, 20 / 3, 10 / 3, 0], id="box-3"),
        pytest.param(np.outer([1, 2, 1], [1, 2, 1]) / 16, [10, 7.5, 2.5, 0], id="gaussian-3"),
        pytest.param([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], [10, -20, -30, 0], id="emboss"),
        pytest.param([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]], [0, -20, -20, 0], id="emboss-relief"),
        pytest.param(LOG_5, [-50, 50], id="log-5"),
    ],
)
def test_named_kernels_on_the_edge(kernel: npt.ArrayLike, row: list[float]) -> None:
    np.testing.assert_allclose(plane(EDGE, kernel), [row] * len(row), rtol=0, atol=1e-12)


def test_the_worked_example_of_dumoulin_and_visin() -> None:
    picture = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    kernel = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert plane(picture, kernel).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    assert plane(picture, kernel, padding=1, stride=2).tolist() == [[6, 17, 3], [8, 17, 13], [6, 4, 4]]


def test_the_worked_examples_of_dive_into_deep_learning() -> None:
    x, k = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    assert plane(x, k).tolist() == [[19, 25], [37, 43]]
    assert plane(x, k, padding=1, stride=(3, 2)).tolist() == [[0, 8], [6, 8]]
    two, kernels = np.stack([x, x + 1]), np.stack([k, k + 1])
    many = conv2d(two, np.stack([kernels, kernels + 1, kernels + 2]))
    assert many.tolist() == [[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]]


def test_bias_is_added_once_per_channel() -> None:
    out = conv2d(np.ones((1, 2, 2)), np.ones((2, 1, 2, 2)), bias=[0.5, -4])
    assert out.tolist() == [[[4.5]], [[0.0]]]


def test_dilation_reads_every_second_pixel() -> None:
    assert plane(np.arange(25).reshape(5, 5), [[1, 0], [0, 100]], dilation=(2, 3)).tolist() == [
        [0 + 1300, 1 + 1400],
        [5 + 1800, 6 + 1900],
        [10 + 2300, 11 + 2400],
    ]


def test_groups_keep_channels_apart() -> None:
    x = np.arange(1, 5).reshape(4, 1, 1)
    weight = np.array([[1, 10], [2, 20], [3, 30], [4, 40]]).reshape(4, 2, 1, 1)
    assert conv2d(x, weight, groups=2).ravel().tolist() == [21, 42, 129, 172]
    assert conv2d(x, weight[:, :1], groups=4).ravel().tolist() == [1, 4, 9, 16]


def test_one_pixel_and_a_kernel_larger_than_the_picture() -> None:
    assert plane([[7]], [[3]]).tolist() == [[21]]
    kernel = np.arange(9).reshape(3, 3)
    assert plane([[7]], kernel, padding=1).tolist() == [[28]]
    assert plane([[1]], kernel, padding="full").tolist() == kernel[::-1, ::-1].tolist()
    assert plane([[2]], np.ones((5, 5)), padding=2, padding_mode="replicate").tolist() == [[50]]


class Case(NamedTuple):
    """A convolution that fits."""

    x: Array
    weight: Array
    bias: Array | None
    stride: tuple[int, int]
    padding: PaddingArg
    dilation: tuple[int, int]
    groups: int
    padding_mode: PaddingMode


@st.composite
def cases(draw: st.DrawFn) -> Case:
    small = st.integers(1, 3)
    size, kernel, padding, dilation, groups, mode = draw(convolved(7))
    stride = draw(small), draw(small)
    samples, channels, outs = draw(st.integers(0, 3)), draw(small), draw(st.sampled_from([1, 2, 13]))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    dtype = draw(st.sampled_from(["float32", "float64", "int16"]))

    def whole(*shape: int) -> Array:
        return random.integers(-9, 10, shape).astype(dtype)  # every sum is exact, also in float32

    return Case(
        whole(samples, groups * channels, *size),
        whole(groups * outs, channels, *kernel),
        whole(groups * outs) if draw(st.booleans()) else None,
        stride,
        padding,
        dilation,
        groups,
        mode,
    )


@given(cases(), st.sampled_from([1, 60, 700_000]))
def test_fast_equals_naive(case: Case, strip: int) -> None:
    got = conv2d(*case, _strip_numbers=strip)
    np.testing.assert_array_equal(got, naive.conv2d(*case))
    assert got.dtype == (np.float32 if case.x.dtype == np.float32 else np.float64)
    assert got.flags.c_contiguous
    assert got.flags.writeable


@pytest.mark.parametrize("strip", [1, 100, 1000, 10_000])
@pytest.mark.parametrize("how", [{}, {"stride": 2}, {"dilation": 2}, {"padding": (3, 0, 1, 2)}])
def test_where_strips_meet_nothing_shows(strip: int, how: dict[str, Any]) -> None:
    random = np.random.default_rng(1)
    x, weight = random.integers(-9, 10, (3, 2, 17, 19)), random.integers(-9, 10, (4, 2, 3, 3))
    np.testing.assert_array_equal(conv2d(x, weight, **how, _strip_numbers=strip), conv2d(x, weight, **how))


def test_fractions_agree_with_the_loops_to_the_last_digits() -> None:
    random = np.random.default_rng(2)
    x, weight, bias = (
        random.normal(size=(2, 6, 9, 8)),
        random.normal(size=(8, 3, 3, 2)),
        random.normal(size=8),
    )
    expected = naive.conv2d(x, weight, bias, (2, 1), 1, 1, 2)
    np.testing.assert_allclose(conv2d(x, weight, bias, (2, 1), 1, 1, 2), expected, rtol=0, atol=1e-13)
    single = conv2d(x.astype("f4"), weight.astype("f4"), bias.astype("f4"), (2, 1), 1, 1, 2)
    np.testing.assert_allclose(single, expected, rtol=0, atol=1e-5)


def test_a_picture_without_batch_gives_a_map_without_batch() -> None:
    random = np.random.default_rng(3)
    x, weight = random.normal(size=(3, 5, 6)), random.normal(size=(2, 3, 3, 3))
    np.testing.assert_array_equal(conv2d(x, weight), conv2d(x[np.newaxis], weight)[0])


@pytest.mark.parametrize(
    ("x", "weight", "bias", "computed"),
    [
        ("float32", "float32", None, "float32"),
        ("float64", "float64", "float64", "float64"),
        ("float32", "float64", None, "float64"),
        ("float32", "float32", "float64", "float64"),
        ("uint8", "float32", None, "float32"),
        ("uint8", "float32", "int64", "float32"),
        ("uint8", "int64", None, "float64"),
        ("bool", "bool", "bool", "float64"),
        ("float16", "float16", None, "float32"),
    ],
)
def test_types(x: str, weight: str, bias: str | None, computed: str) -> None:
    out = conv2d(
        np.ones((1, 3, 3), x), np.ones((1, 1, 3, 3), weight), None if bias is None else np.ones(1, bias)
    )
    assert out.dtype == computed
    assert out.item() == (9 if bias is None else 10)


def test_bytes_do_not_wrap_around() -> None:
    assert plane(np.full((3, 3), 255, np.uint8), np.full((3, 3), 127, np.int8)).item() == 9 * 255 * 127


def test_nan_and_infinity_stay_in_their_windows() -> None:
    x = np.zeros((6, 6))
    x[0, 0], x[5, 5] = np.nan, np.inf
    out = plane(x, np.ones((3, 3)))
    assert np.argwhere(np.isnan(out)).tolist() == [[0, 0]]
    assert np.argwhere(np.isinf(out)).tolist() == [[3, 3]]
    assert np.isnan(plane([[np.inf]], [[0]])).all()
    assert np.isnan(plane([[np.inf, 1]], [[1, -np.inf]])).all()


def test_an_infinite_weight_on_the_padding_is_nan_as_everywhere() -> None:
    assert np.isnan(plane([[1.0]], [[np.inf, 1]], padding=(0, 0, 1, 0))).all()


def test_float32_overflows_to_infinity_without_a_warning() -> None:
    assert np.isposinf(plane(np.full((2, 2), 3e38, np.float32), np.ones((2, 2), np.float32))).all()


def test_inputs_may_be_read_only_turned_or_transposed_and_stay_as_they_are() -> None:
    random = np.random.default_rng(4)
    x, weight = random.integers(-9, 10, (6, 7, 3)), random.integers(-9, 10, (3, 3, 3, 2))
    for array in (x, weight):
        array.setflags(write=False)
    turned, kernel = x.transpose(2, 0, 1)[:, ::-1, ::2], weight.transpose(3, 2, 0, 1)[:, :, ::-1, ::-1]
    copies = turned.copy(), kernel.copy()
    np.testing.assert_array_equal(conv2d(turned, kernel), conv2d(*copies))
    np.testing.assert_array_equal(turned, copies[0])


def test_the_same_input_gives_the_same_bytes_wherever_it_lies() -> None:
    random = np.random.default_rng(5)
    x, weight = random.normal(size=(1, 3, 40, 41)), random.normal(size=(5, 3, 5, 5))
    odd = np.empty(x.size + 1)[1:].reshape(x.shape)  # eight bytes off any boundary of the cache
    odd[:] = x
    first = conv2d(x, weight, padding=2).tobytes()
    assert conv2d(odd, weight, padding=2).tobytes() == first
    assert conv2d(x, weight, padding=2).tobytes() == first


def test_a_4k_picture_is_never_held_twice() -> None:
    x, weight = np.ones((1, 1, 2160, 3840), np.float32), np.ones((1, 1, 3, 3), np.float32)
    tracemalloc.start()
    out = conv2d(x, weight, padding=1, padding_mode="reflect")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - out.nbytes < 8e6
    assert out.min() == out.max() == 9


@pytest.mark.parametrize(
    ("x", "weight", "how", "message"),
    [
        ((6, 6), (1, 1, 3, 3), {}, r"conv2d: x has shape \(6, 6\), give \(N, C, H, W\) or \(C, H, W\)"),
        ((1, 0, 6, 6), (1, 1, 3, 3), {}, "at least one channel"),
        ((1, 6, 6), (3, 3), {}, r"conv2d: weight has shape \(3, 3\), give"),
        ((1, 6, 6), (0, 1, 3, 3), {}, r"weight has shape \(0, 1, 3, 3\)"),
        ((1, 6, 6), (8, 3, 3, 3), {}, "with groups 1 is for 3 input channels, but x .* has 1"),
        ((4, 6, 6), (6, 1, 3, 3), {"groups": 4}, "groups 4 must divide both the 4 input .* the 6 output"),
        ((4, 6, 6), (4, 1, 3, 3), {"groups": 0}, "groups is 0"),
        ((1, 6, 6), (2, 1, 3, 3), {"bias": [1]}, r"bias has shape \(1,\), give one number for each of 2"),
        ((1, 6, 6), (1, 1, 7, 7), {}, "kernel 7x7 is larger than the picture 6x6"),
        ((1, 6, 6), (1, 1, 3, 3), {"stride": 0}, "stride is 0"),
        ((1, 6, 6), (1, 1, 3, 3), {"dilation": -1}, "dilation is -1"),
        ((1, 0, 6), (1, 1, 1, 1), {}, "the picture 0x6 is empty"),
        (
            (1, 6, 6),
            (1, 1, 3, 3),
            {"padding": 6, "padding_mode": "reflect"},
            "reflect with 6 rows needs at most 5",
        ),
        ((1, 6, 6), (1, 1, 3, 3), {"padding_mode": "wrap"}, "padding mode 'wrap' is unknown"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    x: tuple[int, ...], weight: tuple[int, ...], how: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        conv2d(np.zeros(x), np.zeros(weight), **how)
    assert "\n" not in str(caught.value)


def test_what_is_no_number_is_a_type_error() -> None:
    weight = np.ones((1, 1, 1, 1))
    with pytest.raises(TypeError, match="x must hold real numbers, not complex128"):
        conv2d(np.ones((1, 2, 2), complex), weight)
    with pytest.raises(TypeError, match="weight must hold real numbers, not object"):
        conv2d(np.ones((1, 2, 2)), np.array(None))
    with pytest.raises(TypeError, match="bias must hold real numbers"):
        conv2d(np.ones((1, 2, 2)), weight, bias=["1"])
    with pytest.raises(TypeError, match="groups must be a whole number"):
        conv2d(np.ones((1, 2, 2)), weight, groups=1.0)  # type: ignore[arg-type]  # the point of the test


def test_a_ragged_picture_is_named() -> None:
    with pytest.raises(BadInput, match="x is ragged"):
        conv2d([[[1, 2], [3]]], [[[[1]]]])
