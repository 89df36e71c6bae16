"""Pooling against published examples, windows worked out by hand, and plain loops over random geometry."""

import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, avg_pool2d, max_pool2d, naive, out_size
from cnnviz.engine.pool import window_maxima
from tests.engine.geometries import pooled

Array = npt.NDArray[Any]

# Dumoulin and Visin (2016), figures 1.5 and 1.6
PICTURE = np.array([[[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]])


def test_the_worked_examples_of_dumoulin_and_visin() -> None:
    assert max_pool2d(PICTURE, 3, stride=1)[0].tolist() == [[[3, 3, 3], [3, 3, 3], [3, 2, 3]]]
    average = avg_pool2d(PICTURE, 3, stride=1)
    assert average.round(1).tolist() == [[[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]]


def test_the_worked_examples_of_dive_into_deep_learning() -> None:
    x = np.arange(9).reshape(1, 3, 3)
    assert max_pool2d(x, 2, stride=1)[0].tolist() == [[[4, 5], [7, 8]]]
    assert avg_pool2d(x, 2, stride=1).tolist() == [[[2, 3], [5, 6]]]
    x = np.arange(16).reshape(1, 4, 4)
    assert max_pool2d(x, 3)[0].tolist() == [[[10]]]
    assert max_pool2d(x, 3, stride=2, padding=1)[0].tolist() == [[[5, 7], [13, 15]]]
    assert max_pool2d(x, (2, 3), stride=(2, 3), padding=(0, 1))[0].tolist() == [[[5, 7], [13, 15]]]


def test_the_vertical_edge_after_pooling() -> None:
    edge = np.array([[[0, 30, 30, 0]] * 4])
    out, indices = max_pool2d(edge, 2)
    assert out.tolist() == [[[30, 30]] * 2]
    assert indices.tolist() == [[[1, 2], [9, 10]]]
    assert avg_pool2d(edge, 2).tolist() == [[[15, 15]] * 2]


def test_of_equal_ones_the_first_in_row_major_order_is_told() -> None:
    x = np.array([[[1, 5, 5], [5, 5, 2], [0, 5, 5]]])
    assert max_pool2d(x, 3)[1].item() == 1
    assert max_pool2d(x, 2, stride=1)[1].tolist() == [[[1, 1], [3, 4]]]
    assert max_pool2d(np.zeros((1, 3, 3)), 3, stride=1, padding=1)[1].tolist() == [
        [[0, 0, 1], [0, 0, 1], [3, 3, 4]]
    ]


def test_padding_is_never_a_maximum() -> None:
    out, indices = max_pool2d(np.full((1, 2, 2), -7), 2, stride=1, padding=1)
    assert out.tolist() == [[[-7] * 3] * 3]
    assert indices.tolist() == [[[0, 0, 1], [0, 0, 1], [2, 2, 3]]]
    out, indices = max_pool2d(np.full((1, 1, 1), -np.inf), 2, padding=1)
    assert out.tolist() == [[[-np.inf]]]
    assert indices.tolist() == [[[0]]]


def test_a_nan_is_the_maximum_of_its_windows_and_the_last_is_told() -> None:
    x = np.array([[[9, np.nan, 1, 8], [np.nan, 2, np.inf, 3]]])
    out, indices = max_pool2d(x, 2)
    np.testing.assert_array_equal(out, [[[np.nan, np.inf]]])
    assert indices.tolist() == [[[4, 6]]]
    np.testing.assert_array_equal(avg_pool2d(x, 2), [[[np.nan, np.inf]]])
    assert np.isnan(avg_pool2d([[[np.inf, -np.inf]]], (1, 2))).all()


def test_dilation_jumps_over_neighbours() -> None:
    out, indices = max_pool2d([[[1, 9, 2, 9, 3]]], (1, 3), stride=1, dilation=(1, 2))
    assert (out.tolist(), indices.tolist()) == ([[[3]]], [[[4]]])


def test_ceil_mode_lets_the_last_window_hang_over() -> None:
    x = np.arange(1, 26).reshape(1, 5, 5)
    out, indices = max_pool2d(x, 2, ceil_mode=True)
    assert out.tolist() == [[[7, 9, 10], [17, 19, 20], [22, 24, 25]]]
    assert indices[0, 2].tolist() == [21, 23, 24]
    # What hangs over is not counted: the corner is the average of one pixel.
    assert avg_pool2d(x, 2, ceil_mode=True)[0, :, 2].tolist() == [(5 + 10) / 2, (15 + 20) / 2, 25]


def test_an_average_counts_the_padding_or_not() -> None:
    ones = np.ones((1, 2, 2))
    assert avg_pool2d(ones, 2, stride=1, padding=1).tolist() == [
        [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]
    ]
    assert avg_pool2d(ones, 2, stride=1, padding=1, count_include_pad=False).tolist() == [[[1] * 3] * 3]
    # The last window (3 columns from 2 on) lies on one pixel and one column of padding; the third hangs over.
    assert avg_pool2d([[[2, 4, 6]]], (1, 3), 3, padding=(0, 1), ceil_mode=True).tolist() == [[[2, 3]]]


class Case(NamedTuple):
    """A pooling of some picture."""

    x: Array
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int, int, int]
    ceil_mode: bool


@st.composite
def cases(draw: st.DrawFn) -> Case:
    size, kernel, pads = draw(pooled())
    random = np.random.default_rng(draw(st.integers(0, 999)))
    x = random.integers(-3, 4, (draw(st.integers(0, 3)), draw(st.integers(1, 3)), *size)).astype(np.float64)
    if draw(st.booleans()) and x.size:
        x.flat[random.integers(0, x.size, 3)] = draw(st.permutations([np.nan, np.inf, -np.inf]))
    return Case(x, kernel, (draw(st.integers(1, 4)), draw(st.integers(1, 4))), pads, draw(st.booleans()))


@given(cases(), st.integers(1, 2), st.sampled_from([1, 60, 700_000]))
def test_maxima_and_their_places_equal_the_loops(case: Case, dilation: int, strip: int) -> None:
    x, kernel, stride, pads, ceil_mode = case
    for n, f, s, before, after in zip(
        x.shape[2:], kernel, stride, (pads[0], pads[2]), (pads[1], pads[3]), strict=True
    ):
        places = out_size(n, f, s, before, after, dilation, ceil_mode)
        starts = [s * place - before for place in range(places)]
        assume(starts and all(any(0 <= start + dilation * p < n for p in range(f)) for start in starts))
    out, indices = max_pool2d(x, kernel, stride, pads, dilation, ceil_mode, _strip_numbers=strip)
    expected, places_expected = naive.max_pool2d(x, kernel, stride, pads, dilation, ceil_mode)
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(indices, places_expected)
    assert indices.dtype == np.int64
    alone = window_maxima(x, kernel, stride, pads, dilation, ceil_mode, _strip_numbers=strip)
    np.testing.assert_array_equal(alone, expected)


@given(cases(), st.booleans(), st.sampled_from([1, 60, 700_000]))
def test_averages_equal_the_loops(case: Case, count_include_pad: bool, strip: int) -> None:
    with np.errstate(invalid="ignore"):  # the loops meet inf - inf in the open
        expected = naive.avg_pool2d(*case, count_include_pad)
    np.testing.assert_array_equal(avg_pool2d(*case, count_include_pad, _strip_numbers=strip), expected)


def test_a_window_of_more_than_255_places_counts_them_all() -> None:
    x = np.zeros((1, 20, 20))
    x[0, 17, 18] = 1
    assert max_pool2d(x, 20)[1].item() == 17 * 20 + 18
    assert max_pool2d(-x, 20)[1].item() == 0
    assert avg_pool2d(x, 20).item() == 1 / 400


@pytest.mark.parametrize(
    ("given_type", "computed"),
    [
        ("float32", "float32"),
        ("float64", "float64"),
        ("float16", "float32"),
        ("uint8", "float64"),
        ("bool", "float64"),
    ],
)
def test_types(given_type: str, computed: str) -> None:
    x = np.ones((1, 2, 2), given_type)
    out, indices = max_pool2d(x, 2)
    assert [array.dtype.name for array in (out, indices, avg_pool2d(x, 2))] == [computed, "int64", computed]


def test_bytes_do_not_wrap_around() -> None:
    assert avg_pool2d(np.full((1, 2, 2), 255, np.uint8), 2).item() == 255


def test_inputs_may_be_read_only_turned_or_transposed() -> None:
    x = np.random.default_rng(4).integers(-9, 10, (6, 7, 3))
    x.setflags(write=False)
    turned = x.transpose(2, 0, 1)[:, ::-1, ::2]
    np.testing.assert_array_equal(max_pool2d(turned, 2)[1], max_pool2d(turned.copy(), 2)[1])
    np.testing.assert_array_equal(avg_pool2d(turned, 2), avg_pool2d(turned.copy(), 2))


def test_results_are_fresh_even_for_windows_of_one_pixel() -> None:
    x = np.ones((1, 1, 2, 2))
    for out in (max_pool2d(x, 1)[0], avg_pool2d(x, 1)):
        out[:] = 5
    assert x.max() == 1


def test_a_4k_picture_is_never_held_twice() -> None:
    x = np.ones((1, 1, 2160, 3840), np.float32)
    tracemalloc.start()
    kept = max_pool2d(x, 3, 2, 1), avg_pool2d(x, 3, 2, 1)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - now < 8e6
    assert kept[0][0].shape == kept[1].shape == (1, 1, 1080, 1920)


@pytest.mark.parametrize(
    ("x", "how", "message"),
    [
        ((6, 6), {"kernel_size": 2}, r"max_pool2d: x has shape \(6, 6\)"),
        ((0, 6, 6), {"kernel_size": 2}, "at least one channel"),
        ((1, 0, 6), {"kernel_size": 2, "padding": 1}, "the picture 0x6 is empty"),
        ((1, 6, 6), {"kernel_size": 7}, "max_pool2d: kernel 7x7 is larger than the picture 6x6"),
        ((1, 6, 6), {"kernel_size": 0}, "kernel size is 0"),
        ((1, 6, 6), {"kernel_size": 2, "stride": 0}, "stride is 0"),
        (
            (1, 6, 6),
            {"kernel_size": 2, "padding": 2},
            "padding of 2 rows is more than 1, so a window could hold no",
        ),
        ((1, 6, 6), {"kernel_size": 2, "padding": (0, 0, 0, 3)}, "padding of 3 columns is more than 1"),
        ((1, 1, 6), {"kernel_size": 2, "padding": 1, "dilation": 2}, "a window steps over the 1 rows"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(x: tuple[int, ...], how: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        max_pool2d(np.zeros(x), **how)
    assert "\n" not in str(caught.value)


def test_averages_name_themselves() -> None:
    with pytest.raises(BadInput, match="avg_pool2d: kernel 3x3"):
        avg_pool2d(np.zeros((1, 2, 2)), 3)
    with pytest.raises(TypeError, match="x must hold real numbers"):
        avg_pool2d("picture", 3)
