"""Wide rows: both forms against plain loops, wherever strips meet, and numbers that are not finite."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from cnnviz.engine import PADDING_MODES, conv2d, large, naive
from cnnviz.engine.checks import Array
from cnnviz.engine.large import correlate_wide, fits
from cnnviz.engine.strips import windows
from cnnviz.engine.threads import side_by_side


@pytest.fixture(autouse=True, params=[False, True], ids=["copying BLAS", "reading BLAS"])
def blas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the processor is, take the forms for either kind."""
    monkeypatch.setattr(large, "reads_in_place", lambda: request.param)


def whole(seed: int, *shape: int, dtype: npt.DTypeLike = np.float64) -> npt.NDArray[Any]:
    """Whole numbers, so that every sum is exact whatever its order."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(dtype)


def wide(
    x: Array, weight: Array, most: int = 700_000, turns: int = 1, mode: str = "zeros", **how: Any
) -> Array:
    """Compute with the forms for wide rows, however narrow the picture is."""
    given = {"stride": 1, "padding": 0, "dilation": 1} | how
    walk = windows(
        x.shape[2:], weight.shape[2:], given["stride"], given["padding"], given["dilation"], "test"
    )
    assert fits(walk)
    out = np.full((len(x), len(weight), *walk.out), np.nan, x.dtype)

    def work(turn: int) -> None:
        with np.errstate(invalid="ignore"):
            correlate_wide(x, weight, walk, mode, out, most, turn, turns)

    side_by_side(work, turns)
    return out


def at_windows(x: Array, weight: Array, pad: int) -> Array:
    """Sum the products of every window at once: more memory than the loops take, and less time."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    seen = sliding_window_view(padded, weight.shape[2:], (2, 3))[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        result: Array = (seen * weight[:, :, np.newaxis, np.newaxis]).sum((2, 5, 6))
    return result


@given(
    st.integers(0, 99),
    st.sampled_from([(3, 3), (1, 5), (5, 1), (2, 4), (4, 3), (7, 7), (8, 5), (6, 9)]),
    st.sampled_from([(9, 10), (14, 8), (10, 31)]),
    st.sampled_from(PADDING_MODES),
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5), st.integers(0, 2)),
    st.sampled_from([1, 50, 300, 700_000]),
    st.integers(1, 3),
    st.sampled_from([1, 1, 3]),
)
def test_one_kernel_equals_the_loops(
    seed: int,
    kernel: tuple[int, int],
    size: tuple[int, int],
    mode: Any,
    pads: tuple[int, int, int, int],
    most: int,
    turns: int,
    channels: int,
) -> None:
    x, weight = whole(seed, 2, channels, *size), whole(seed + 1, 1, channels, *kernel)
    if kernel[1] > size[1] + pads[2] + pads[3]:
        pads = (*pads[:2], 4, 4)
    expected = naive.conv2d(x, weight, padding=pads, padding_mode=mode)
    np.testing.assert_array_equal(wide(x, weight, most, turns, mode, padding=pads), expected)


@pytest.mark.parametrize("most", [1, 200, 700_000])
@pytest.mark.parametrize("how", [{}, {"stride": (2, 1)}, {"dilation": (1, 3)}, {"padding": "same"}])
def test_channels_and_kernels_equal_the_loops(most: int, how: dict[str, Any]) -> None:
    x, weight = whole(1, 2, 3, 9, 14), whole(2, 4, 3, 3, 3)
    np.testing.assert_array_equal(wide(x, weight, most, **how), naive.conv2d(x, weight, **how))


@pytest.mark.parametrize("at_once", [600, 2000])
@pytest.mark.parametrize("kernel", [(3, 4), (7, 7), (5, 9), (9, 4), (6, 21)])
def test_rows_cut_to_pieces_equal_all_windows_at_once(
    kernel: tuple[int, int], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "_AT_ONCE", at_once)
    monkeypatch.setattr(large, "_SHORTEST", 3)
    for channels, kernels in ((1, 1), (3, 1), (2, 3)):
        x, weight = whole(8, 1, channels, 14, 51), whole(9, kernels, channels, *kernel)
        np.testing.assert_array_equal(wide(x, weight, 900, padding=2), at_windows(x, weight, 2))


def test_a_row_of_4k_is_cut_in_two_for_a_kernel_of_eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    # 12 sums of 24 products each; 3850 columns of them are 1.1 million multiplications.
    monkeypatch.setattr(large, "reads_in_place", lambda: True)
    assert large._pieces(3840, 12 * 24, 10) == [slice(0, 1920), slice(1920, 3840)]
    monkeypatch.setattr(large, "reads_in_place", lambda: False)
    assert large._pieces(3840, 12 * 24, 10) == [slice(0, 3840)]


@given(st.integers(1, 9000), st.integers(0, 40), st.integers(2, 2000))
def test_a_piece_is_small_enough_to_be_read_where_it_lies(columns: int, more: int, size: int) -> None:
    pieces = large._pieces(columns, size, more)
    assert [column for piece in pieces for column in range(columns)[piece]] == list(range(columns))
    longest = max(piece.stop - piece.start for piece in pieces)
    assert len(pieces) == 1 or size * (longest + more) <= 950_000


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 2)])
def test_pictures_smaller_than_their_padding(size: tuple[int, int]) -> None:
    x = whole(3, 1, 1, *size)
    for kernel in ((5, 5), (7, 7)):
        weight = whole(4, 1, 1, *kernel)
        for mode in ("zeros", "replicate"):
            expected = naive.conv2d(x, weight, padding=(6, 5, 4, 7), padding_mode=mode)
            np.testing.assert_array_equal(wide(x, weight, mode=mode, padding=(6, 5, 4, 7)), expected)


@pytest.mark.parametrize("kernel", [3, 5, 7, 8])
def test_what_is_not_finite_stays_in_its_windows(kernel: int) -> None:
    x = np.ones((1, 1, 30, 80))
    x[0, 0, 14, 33], x[0, 0, 15, 60] = np.nan, -np.inf
    out = wide(x, np.ones((1, 1, kernel, kernel)))[0, 0]
    expected = np.full(out.shape, float(kernel**2))
    expected[15 - kernel + 1 : 16, 60 - kernel + 1 : 61] = -np.inf
    expected[14 - kernel + 1 : 15, 33 - kernel + 1 : 34] = np.nan
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("kernel", [(3, 3), (4, 3), (7, 7), (8, 5), (5, 8)])
@pytest.mark.parametrize("column", [0, 9, 22])
def test_one_number_that_is_not_finite_anywhere_in_its_group(kernel: tuple[int, int], column: int) -> None:
    weight = whole(12, 1, 2, *kernel)
    weight[0, :, 1, 1] = 0  # times infinity it is NaN
    for row, hole in itertools.product(range(15), (np.nan, np.inf, -np.inf)):
        x = whole(row, 1, 2, 15, 23)
        x[0, row % 2, row, column] = hole
        np.testing.assert_array_equal(wide(x, weight, 600, padding=1), at_windows(x, weight, 1))


@pytest.mark.parametrize("hole", [1.0, np.nan, np.inf])
@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_the_number_of_turns_and_strips_changes_no_byte(kernel: int, hole: float) -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=(1, 1, 61, 70)).astype(np.float32)
    x[0, 0, 21, 30] = hole
    weight = random.normal(size=(1, 1, kernel, kernel)).astype(np.float32)
    first = wide(x, weight, padding=2)
    for turns in (1, 2, 3):
        for most in (10_000, 700_000):
            assert wide(x, weight, most, turns, padding=2).tobytes() == first.tobytes()
    np.testing.assert_allclose(first, naive.conv2d(x, weight, padding=2), rtol=0, atol=2e-4)


@pytest.mark.parametrize("most", [2_000, 30_000, 700_000])
@pytest.mark.parametrize(("turns", "rows"), [(2, 61), (2, 200), (3, 200)])
@pytest.mark.parametrize("kernel", [3, 7])
def test_turns_share_the_rows_evenly(most: int, turns: int, rows: int, kernel: int) -> None:
    x, weight = whole(10, 1, 1, rows + kernel - 1, 90), whole(11, 1, 1, kernel, kernel)
    walk = windows(x.shape[2:], weight.shape[2:], 1, 0, 1, "test")
    for turn in range(turns):
        out = np.full((1, 1, *walk.out), np.nan)
        correlate_wide(x, weight, walk, "zeros", out, most, turn, turns)
        done = np.count_nonzero(~np.isnan(out[0, 0, :, 0]))
        assert abs(done - rows / turns) <= 0.1 * rows


def test_conv2d_takes_these_forms_for_wide_pictures() -> None:
    for channels, kernels in ((1, 1), (2, 3)):
        for kernel in (3, 7):
            x, weight = (
                whole(6, 1, channels, 13, 150, dtype=np.float32),
                whole(7, kernels, channels, kernel, kernel),
            )
            weight = weight.astype(np.float32)
            expected = naive.conv2d(x, weight, padding=1, padding_mode="reflect")
            np.testing.assert_array_equal(conv2d(x, weight, padding=1, padding_mode="reflect"), expected)
