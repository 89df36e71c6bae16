"""Gradients of pooling: by hand, against plain loops over random geometry, and against central differences."""

import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    BadInput,
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    naive,
    naive_backward,
)
from tests.engine.geometries import pooled
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]


def test_the_maximum_gets_all() -> None:
    _, indices = max_pool2d([[[1, 3, 2, 2], [4, 0, 2, 1]]], 2)
    assert max_pool2d_backward([[[5, 7]]], indices, (1, 2, 4)).tolist() == [[[0, 0, 7, 0], [5, 0, 0, 0]]]


def test_a_pixel_that_wins_several_windows_gets_the_sum() -> None:
    x = np.array([[[0, 0, 0], [0, 9, 0], [0, 0, 0]]])
    _, indices = max_pool2d(x, 2, stride=1)
    dx = max_pool2d_backward([[[1, 10], [100, 1000]]], indices, x.shape)
    assert dx.tolist() == [[[0, 0, 0], [0, 1111, 0], [0, 0, 0]]]


def test_of_equal_ones_the_first_gets_it() -> None:
    _, indices = max_pool2d(np.zeros((1, 2, 4)), 2)
    assert max_pool2d_backward([[[5, 7]]], indices, (1, 2, 4)).tolist() == [[[5, 0, 7, 0], [0, 0, 0, 0]]]


def test_an_average_is_shared_out() -> None:
    assert avg_pool2d_backward([[[4, 8]]], (1, 2, 4), 2).tolist() == [[[1, 1, 2, 2], [1, 1, 2, 2]]]
    overlapping = avg_pool2d_backward([[[2, 20, 200]]], (1, 1, 4), (1, 2), 1)
    assert overlapping.tolist() == [[[1, 1 + 10, 10 + 100, 100]]]
    gaps = avg_pool2d_backward([[[2, 4]]], (1, 1, 6), (1, 2), 3)
    assert gaps.tolist() == [[[1, 1, 0, 2, 2, 0]]]


def test_padding_takes_its_share_or_not() -> None:
    dout = np.array([[[4, 8, 12]]])  # windows of 2 x 2 on one row: their other row is padding
    assert avg_pool2d_backward(dout, (1, 1, 4), 2, 2, (0, 1, 1, 1)).tolist() == [[[1, 2, 2, 3]]]
    without = avg_pool2d_backward(dout, (1, 1, 4), 2, 2, (0, 1, 1, 1), count_include_pad=False)
    assert without.tolist() == [[[4, 4, 4, 12]]]


def test_what_hangs_over_in_ceil_mode_takes_nothing() -> None:
    assert avg_pool2d_backward([[[2, 4, 6]]], (1, 1, 5), (1, 2), ceil_mode=True).tolist() == [
        [[1, 1, 2, 2, 6]]
    ]


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
    shape = draw(st.integers(0, 3)), draw(st.integers(1, 3)), *size
    x = random.permutation(int(np.prod(shape))).reshape(shape)  # all different: a maximum stays where it is
    dtype = draw(st.sampled_from(["float32", "float64"]))
    return Case(
        x.astype(dtype), kernel, (draw(st.integers(1, 5)), draw(st.integers(1, 5))), pads, draw(st.booleans())
    )


@given(cases(), st.sampled_from([1, 7, 700_000]))
def test_routes_equal_the_loops(case: Case, strip: int) -> None:
    out, indices = max_pool2d(case.x, *case[1:4], ceil_mode=case.ceil_mode)
    dout = np.random.default_rng(3).integers(-9, 10, out.shape).astype(case.x.dtype)
    got = max_pool2d_backward(dout, indices, case.x.shape, _strip_numbers=strip)
    np.testing.assert_array_equal(got, naive_backward.max_pool2d_backward(dout, indices, case.x.shape))
    assert got.dtype == case.x.dtype


@given(cases(), st.booleans(), st.sampled_from([1, 7, 700_000]))
def test_shares_equal_the_loops(case: Case, count_include_pad: bool, strip: int) -> None:
    how = (*case[1:], count_include_pad)
    dout = (
        np.random.default_rng(4).integers(-9, 10, naive.avg_pool2d(case.x, *how).shape).astype(case.x.dtype)
    )
    got = avg_pool2d_backward(dout, case.x.shape, *how, _strip_numbers=strip)
    expected = naive_backward.avg_pool2d_backward(dout, case.x.shape, *how)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12 if case.x.dtype == np.float64 else 1e-5)
    assert got.dtype == case.x.dtype


@given(cases())
def test_central_differences(case: Case) -> None:
    x = case.x.astype(np.float64)
    out, indices = max_pool2d(x, *case[1:4], ceil_mode=case.ceil_mode)
    dout = np.random.default_rng(5).normal(size=out.shape)
    maxima = max_pool2d_backward(dout, indices, x.shape)
    check_gradients(lambda x: max_pool2d(x, *case[1:4], ceil_mode=case.ceil_mode)[0], [x], [maxima], dout)
    for count in (True, False):
        averages = avg_pool2d_backward(dout, x.shape, *case[1:], count)
        check_gradients(lambda x, count=count: avg_pool2d(x, *case[1:], count), [x], [averages], dout)


def test_dilated_maxima_find_their_way_back() -> None:
    x = np.random.default_rng(6).permutation(7 * 9).reshape(1, 1, 7, 9)
    out, indices = max_pool2d(x, 3, 2, (2, 0, 1, 3), (2, 3))
    dout = np.arange(1, out.size + 1).reshape(out.shape)
    expected = naive_backward.max_pool2d_backward(dout, indices, x.shape)
    np.testing.assert_array_equal(max_pool2d_backward(dout, indices, x.shape), expected)
    assert expected.sum() == dout.sum()


def test_a_picture_without_batch_gives_one_without_batch() -> None:
    dout = np.random.default_rng(7).normal(size=(2, 3, 4))
    indices = np.arange(24).reshape(2, 3, 4)
    alone = max_pool2d_backward(dout, indices, (2, 6, 8))
    np.testing.assert_array_equal(alone, max_pool2d_backward(dout[None], indices[None], (1, 2, 6, 8))[0])
    alone = avg_pool2d_backward(dout, (2, 6, 8), 2)
    np.testing.assert_array_equal(alone, avg_pool2d_backward(dout[None], (1, 2, 6, 8), 2)[0])


def test_nan_and_infinity_stay_in_their_windows() -> None:
    dout = np.array([[[np.nan, 1], [np.inf, 2]]])
    np.testing.assert_array_equal(
        avg_pool2d_backward(dout, (1, 4, 2), (2, 1)), [[[np.nan, 0.5]] * 2 + [[np.inf, 1]] * 2]
    )
    dx = max_pool2d_backward(dout, [[[0, 0], [3, 3]]], (1, 2, 2))
    np.testing.assert_array_equal(dx, [[[np.nan, 0], [0, np.inf]]])


def test_gradients_may_be_read_only_and_turned_and_indices_of_any_whole_type() -> None:
    dout = np.arange(12.0).reshape(1, 4, 3)
    dout.setflags(write=False)
    turned = dout.transpose(0, 2, 1)[:, ::-1]
    for kind in ("uint8", "uint64", "int32"):
        indices = np.arange(12, dtype=kind).reshape(1, 3, 4)
        assert max_pool2d_backward(turned, indices, (1, 3, 4)).tolist() == turned.tolist()
    assert avg_pool2d_backward(turned, (1, 3, 4), 1).tolist() == turned.tolist()


def test_4k_gradients_need_little_beside_themselves() -> None:
    dout = np.ones((1, 1, 1080, 1920), np.float32)
    indices = (np.arange(1080)[:, None] * 2 * 3840 + np.arange(1920) * 2)[None, None]
    tracemalloc.start()
    maxima = max_pool2d_backward(dout, indices, (1, 1, 2160, 3840))
    after_maxima = tracemalloc.get_traced_memory()[1] - maxima.nbytes
    averages = avg_pool2d_backward(dout, (1, 1, 2160, 3840), 2)
    after_averages = tracemalloc.get_traced_memory()[1] - maxima.nbytes - averages.nbytes
    tracemalloc.stop()
    assert max(after_maxima, after_averages) < 8e6
    assert maxima.sum() == dout.sum()
    assert averages.min() == averages.max() == 0.25


@pytest.mark.parametrize(
    ("indices", "in_shape", "message"),
    [
        ((1, 2, 3), (1, 4, 4), r"indices has shape \(1, 2, 3\), it must be \(1, 2, 2\)"),
        ((1, 2, 2), (4, 4), r"in_shape \(4, 4\) is no picture"),
        ((1, 2, 2), (1, 0, 4), r"in_shape \(1, 0, 4\) is no picture"),
        ((1, 2, 2), (2, 4, 4), r"dout has shape \(1, 2, 2\), which does not belong to .* \(2, 4, 4\)"),
        ((1, 2, 2), (1, 1, 4, 4), "which does not belong to"),
        ((1, 2, 2), (1, -1, 4), "in_shape is -1"),
    ],
)
def test_shapes_that_do_not_fit(indices: tuple[int, ...], in_shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        max_pool2d_backward(np.zeros((1, 2, 2)), np.zeros(indices, int), in_shape)
    assert "\n" not in str(caught.value)


def test_places_outside_the_plane_are_told() -> None:
    with pytest.raises(BadInput, match="indices run from 0 to 4, but a plane 2x2 has the places 0 to 3"):
        max_pool2d_backward([[[1, 2]]], [[[0, 4]]], (1, 2, 2))
    with pytest.raises(BadInput, match="indices run from -1 to 0"):
        max_pool2d_backward([[[1, 2]]], [[[0, -1]]], (1, 2, 2))
    with pytest.raises(TypeError, match="indices must hold whole numbers, not float64"):
        max_pool2d_backward([[[1, 2]]], [[[0.0, 1.0]]], (1, 2, 2))


def test_averages_that_do_not_fit() -> None:
    with pytest.raises(
        BadInput, match=r"avg_pool2d_backward: dout has shape \(1, 3, 3\), it must be \(1, 2, 2\)"
    ):
        avg_pool2d_backward(np.zeros((1, 3, 3)), (1, 4, 4), 2)
    with pytest.raises(BadInput, match="avg_pool2d_backward: kernel 3x3 is larger"):
        avg_pool2d_backward(np.zeros((1, 1, 1)), (1, 2, 2), 3)
    with pytest.raises(BadInput, match="avg_pool2d_backward: padding of 2 rows"):
        avg_pool2d_backward(np.zeros((1, 1, 1)), (1, 2, 2), 2, padding=2)
