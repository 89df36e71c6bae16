"""Padding against numpy.pad, which nobody here wrote, and against rows computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import BadInput, PaddingMode, Pads, pad2d
from cnnviz.engine.padding import copy_padded

NUMPY_NAMES: dict[PaddingMode, str] = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("zeros", [0, 0, 1, 2, 3, 0, 0]),
        ("reflect", [3, 2, 1, 2, 3, 2, 1]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1, 2]),
    ],
)
def test_a_row_and_a_column_by_hand(mode: PaddingMode, expected: list[int]) -> None:
    row = np.array([[1, 2, 3]])
    assert pad2d(row, (0, 0, 2, 2), mode).tolist() == [expected]
    assert pad2d(row.T, (2, 2, 0, 0), mode)[:, 0].tolist() == expected


def test_corners_by_hand() -> None:
    assert pad2d([[1, 2], [3, 4]], 1, "reflect").tolist() == [
        [4, 3, 4, 3],
        [2, 1, 2, 1],
        [4, 3, 4, 3],
        [2, 1, 2, 1],
    ]
    assert pad2d([[1, 2], [3, 4]], 1, value=9)[0].tolist() == [9, 9, 9, 9]


@st.composite
def picture_and_pads(draw: st.DrawFn) -> tuple[tuple[int, int], Pads, PaddingMode]:
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    mode = draw(st.sampled_from(sorted(NUMPY_NAMES)))
    most = {"reflect": (height - 1, width - 1), "circular": (height, width)}.get(mode, (9, 9))
    rows, columns = st.integers(0, most[0]), st.integers(0, most[1])
    return (height, width), Pads(draw(rows), draw(rows), draw(columns), draw(columns)), mode


@given(picture_and_pads(), st.sampled_from(["float32", "float64", "uint8", "bool"]))
def test_every_mode_agrees_with_numpy(case: tuple[tuple[int, int], Pads, PaddingMode], dtype: str) -> None:
    size, pads, mode = case
    x = np.arange(2 * size[0] * size[1]).reshape(2, *size).astype(dtype)
    expected = np.pad(x, ((0, 0), pads[:2], pads[2:]), NUMPY_NAMES[mode])  # type: ignore[call-overload]  # its modes are literals
    got = pad2d(x, pads, mode)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == x.dtype


@given(picture_and_pads(), st.data())
def test_any_part_of_the_padded_picture_can_be_made_alone(
    case: tuple[tuple[int, int], Pads, PaddingMode], data: st.DataObject
) -> None:
    size, pads, mode = case
    x = np.arange(1.0, size[0] * size[1] + 1).reshape(size)
    whole = pad2d(x, pads, mode)
    first = data.draw(st.integers(0, len(whole) - 1))
    rows = data.draw(st.integers(1, len(whole) - first))
    columns = data.draw(st.integers(1, whole.shape[1]))
    part = np.full((rows, columns), np.nan)
    copy_padded(x, part, first, pads, mode)
    np.testing.assert_array_equal(part, whole[first : first + rows, :columns])


def test_what_lies_behind_the_padding_is_filled_like_it() -> None:
    part = np.full((3, 4), np.nan)
    copy_padded(np.ones((1, 2)), part, 0, Pads(0, 1, 0, 1), "zeros", -np.inf)
    assert part[0].tolist() == [1, 1, -np.inf, -np.inf]
    assert np.isneginf(part[1:]).all()


def test_no_padding_gives_a_fresh_copy() -> None:
    x = np.ones((2, 2))
    got = pad2d(x, 0)
    got[:] = 5
    assert x.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("mode", "pads", "message"),
    [
        ("reflect", (3, 0, 0, 0), "reflect with 3 rows needs at most 2: the picture has 3 rows"),
        ("reflect", (0, 0, 0, 4), "reflect with 4 columns needs at most 3"),
        ("circular", (0, 4, 0, 0), "circular with 4 rows needs at most 3"),
        (
            "mirror",
            (0, 0, 0, 0),
            "padding mode 'mirror' is unknown: give zeros, reflect, replicate, circular",
        ),
        ("zeros", (0, 0, -1, 0), "padding is -1"),
        ("zeros", (0, 0, 1), "3 amounts"),
        ("zeros", "same", "depends on a kernel"),
    ],
)
def test_what_a_picture_cannot_lend_is_refused(
    mode: PaddingMode, pads: tuple[int, int], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        pad2d(np.zeros((3, 4)), pads, mode)


def test_an_empty_picture_takes_zeros_only() -> None:
    assert pad2d(np.empty((0, 2)), 1).tolist() == [[0.0] * 4] * 2
    with pytest.raises(BadInput, match="needs a picture that has rows"):
        pad2d(np.empty((0, 2)), 1, "replicate")


@pytest.mark.parametrize(("dtype", "value"), [("uint8", 0.5), ("uint8", 256), ("int8", np.nan), ("bool", 2)])
def test_a_value_that_the_type_cannot_hold_is_refused(dtype: str, value: float) -> None:
    with pytest.raises(BadInput, match=f"cannot be held by x, whose type is {dtype}"):
        pad2d(np.zeros((1, 1), dtype), 1, value=value)


def test_one_axis_is_no_picture() -> None:
    with pytest.raises(BadInput, match=r"x has shape \(3,\)"):
        pad2d([1, 2, 3], 1)
