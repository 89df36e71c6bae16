"""The border's gradient by hand, against plain loops, and as the transpose of padding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, PaddingMode, Pads, naive_backward, pad2d, pad2d_backward
from tests.helpers.derivatives import check_gradients


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("zeros", [30, 40, 50]),
        ("reflect", [30 + 7, 40 + 2 + 6, 50 + 1]),
        ("replicate", [30 + 1 + 2, 40, 50 + 6 + 7]),
        ("circular", [30 + 6, 40 + 1 + 7, 50 + 2]),
    ],
)
def test_a_row_and_a_column_by_hand(mode: PaddingMode, expected: list[int]) -> None:
    row = np.array([[1, 2, 30, 40, 50, 6, 7]])
    assert pad2d_backward(row, (0, 0, 2, 2), mode).tolist() == [expected]
    assert pad2d_backward(row.T, (2, 2, 0, 0), mode)[:, 0].tolist() == expected


def test_corners_by_hand() -> None:
    grid = np.arange(1, 17).reshape(4, 4)
    assert pad2d_backward(grid, 1, "replicate").tolist() == [
        [1 + 2 + 5 + 6, 3 + 4 + 7 + 8],
        [9 + 10 + 13 + 14, 54],
    ]
    assert pad2d_backward(grid, 1, "circular").tolist() == [
        [6 + 8 + 14 + 16, 5 + 7 + 13 + 15],
        [2 + 4 + 10 + 12, 1 + 3 + 9 + 11],
    ]


@st.composite
def pictures(draw: st.DrawFn) -> tuple[tuple[int, int], Pads, PaddingMode]:
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    modes: list[PaddingMode] = ["zeros", "reflect", "replicate", "circular"]
    mode = draw(st.sampled_from(modes))
    most = {"reflect": (height - 1, width - 1), "circular": (height, width)}.get(mode, (9, 9))
    rows, columns = st.integers(0, most[0]), st.integers(0, most[1])
    return (height, width), Pads(draw(rows), draw(rows), draw(columns), draw(columns)), mode


@given(pictures(), st.sampled_from(["float32", "float64", "int8"]))
def test_every_mode_agrees_with_the_loops(
    case: tuple[tuple[int, int], Pads, PaddingMode], dtype: str
) -> None:
    (height, width), pads, mode = case
    shape = (2, pads.top + height + pads.bottom, pads.left + width + pads.right)
    dout = np.random.default_rng(0).integers(-9, 10, shape).astype(dtype)
    got = pad2d_backward(dout, pads, mode)
    np.testing.assert_array_equal(got, naive_backward.pad2d_backward(dout, pads, mode))
    assert got.dtype == ("float32" if dtype == "float32" else "float64")
    assert not np.shares_memory(got, dout)


@given(pictures())
def test_central_differences(case: tuple[tuple[int, int], Pads, PaddingMode]) -> None:
    size, pads, mode = case
    x = np.random.default_rng(1).normal(size=(2, *size))
    dout = np.random.default_rng(2).normal(size=pad2d(x, pads, mode).shape)
    check_gradients(lambda x: pad2d(x, pads, mode), [x], [pad2d_backward(dout, pads, mode)], dout)


def test_nan_goes_where_it_was_taken_from() -> None:
    dout = np.array([[np.nan, 1, 2, 3]])
    np.testing.assert_array_equal(pad2d_backward(dout, (0, 0, 1, 0), "zeros"), [[1, 2, 3]])
    np.testing.assert_array_equal(pad2d_backward(dout, (0, 0, 1, 0), "reflect"), [[1, np.nan, 3]])


def test_what_does_not_fit_is_told_in_one_line() -> None:
    with pytest.raises(BadInput, match=r"pad2d_backward: dout \(2, 3\) is smaller than its own padding"):
        pad2d_backward(np.zeros((2, 3)), 2)
    with pytest.raises(BadInput, match=r"pad2d_backward: dout has shape \(3,\)"):
        pad2d_backward([1, 2, 3], 0)
    with pytest.raises(BadInput, match="padding mode reflect with 2 columns needs at most 0"):
        pad2d_backward(np.zeros((1, 5)), (0, 2), "reflect")
    with pytest.raises(BadInput, match="depends on a kernel"):
        pad2d_backward(np.zeros((3, 3)), "same")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(TypeError, match="dout must hold real numbers"):
        pad2d_backward(np.zeros((3, 3), complex), 1)
