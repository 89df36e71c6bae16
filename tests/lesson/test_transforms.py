"""Noise and shifts: the same from the same seed, within the range of the picture, and where they stand among others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.source import (
    Grey,
    Noise,
    Resize,
    Shift,
    Source,
    Transform,
    materialise,
    override,
    transformed,
    with_noise,
    with_shift,
)
from tests.lesson.examples import vertical_edge


def made(array: np.ndarray, *transforms: Transform) -> np.ndarray:
    return np.asarray(materialise(transformed(Source(array), transforms)))


@given(
    sigma=st.floats(0, 500),
    seed=st.integers(0, 10**6),
    dtype=st.sampled_from(["uint8", "uint16", "float64"]),
    shape=st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6)),
)
def test_noise_is_the_same_from_its_seed_and_keeps_range_shape_and_kind(
    sigma: float, seed: int, dtype: str, shape: tuple[int, int, int]
) -> None:
    array = np.random.default_rng(1).integers(0, 256, shape).astype(dtype)
    first, again = (made(array, Noise(sigma, seed)) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert first.shape == shape
    assert first.dtype == np.float64
    if dtype != "float64":
        white = {"uint8": 255, "uint16": 65535}[dtype]
        assert ((first >= 0) & (first <= white) & (first == np.rint(first))).all()
    else:
        np.testing.assert_allclose(first, np.round(first, 2), atol=1e-12)


def test_noise_has_the_spread_that_was_asked_for() -> None:
    array = np.full((1, 200, 200), 128, dtype=np.uint8)
    noisy = made(array, Noise(10, 3))
    # 40,000 draws: the mean is within 4·10/200 and the spread within 2 percent.
    assert abs(noisy.mean() - 128) < 0.2
    assert abs(noisy.std() - 10) < 0.2
    assert made(array, Noise(10, 4)).tobytes() != noisy.tobytes()
    assert (made(array, Noise(0, 3)) == 128).all()


def test_much_noise_is_cut_at_black_and_white() -> None:
    noisy = made(np.full((1, 50, 50), 128, dtype=np.uint8), Noise(1_000_000))
    assert sorted(set(noisy.ravel().tolist())) == [0, 255]


@pytest.mark.parametrize("sigma", [-1.0, float("nan"), float("inf"), 1e7])
def test_noise_that_cannot_be_is_refused_before_it_is_drawn(sigma: float) -> None:
    with pytest.raises(BadInput, match="give a standard deviation from 0 to 1,000,000"):
        Noise(sigma)
    with pytest.raises(BadInput, match="standard deviation"):
        with_noise((), sigma)


@pytest.mark.parametrize(
    ("shift", "rows"),
    [
        ((0, 1), [[1, 1, 2], [4, 4, 5]]),
        ((0, -1), [[2, 3, 3], [5, 6, 6]]),
        ((1, 0), [[1, 2, 3], [1, 2, 3]]),
        ((-1, 2), [[4, 4, 4], [4, 4, 4]]),
        ((0, -2), [[3, 3, 3], [6, 6, 6]]),
        ((1_000_000, -1_000_000), [[3, 3, 3], [3, 3, 3]]),
    ],
)
def test_a_shift_moves_down_and_right_and_repeats_the_border(
    shift: tuple[int, int], rows: list[list[int]]
) -> None:
    assert made(np.array([[[1, 2, 3], [4, 5, 6]]], dtype=np.uint8), Shift(*shift)).tolist() == [rows]


@given(rows=st.integers(-7, 7), columns=st.integers(-7, 7))
def test_each_pixel_of_a_shifted_picture_is_the_nearest_of_where_it_came_from(
    rows: int, columns: int
) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    found = made(array, Shift(rows, columns))
    for c, i, j in np.ndindex(array.shape):
        came_from = (c, min(max(i - rows, 0), 2), min(max(j - columns, 0), 3))
        assert found[c, i, j] == array[came_from]


def test_a_shift_stands_before_noise_and_noise_after_all() -> None:
    both = with_shift(with_noise((Grey(), Resize(4, 4)), 5.0, 2), 1, 0)
    assert both == (Grey(), Resize(4, 4), Shift(1, 0), Noise(5.0, 2))
    assert with_noise(both, 7.0) == (Grey(), Resize(4, 4), Shift(1, 0), Noise(7.0, 0))
    assert with_shift(both, 0, 2) == (Grey(), Resize(4, 4), Shift(0, 2), Noise(5.0, 2))
    assert with_noise(both, 0.0) == (Grey(), Resize(4, 4), Shift(1, 0))
    assert with_shift(both, 0, 0) == (Grey(), Resize(4, 4), Noise(5.0, 2))
    assert with_noise((), 0.0) == with_shift((), 0, 0) == ()


def test_typed_cells_stand_over_noise() -> None:
    source = override(Source(np.zeros((1, 2, 2))), {(0, 0, 1): 5.0})
    noisy = transformed(source, with_noise((), 3.0, 1))
    assert materialise(noisy)[0, 0, 1] == 5
    assert (materialise(noisy)[0, 1] != 0).all()


def test_noise_and_shift_by_their_fields() -> None:
    noisy = set_field(vertical_edge(), "source.noise", "20,7")
    assert noisy.tracks[0].source.transforms == (Noise(20.0, 7),)
    both = set_field(noisy, "source.shift", "0,-1")
    assert both.tracks[0].source.transforms == (Shift(0, -1), Noise(20.0, 7))
    assert set_field(both, "source.noise", "0").tracks[0].source.transforms == (Shift(0, -1),)
    assert set_field(noisy, "source.noise", "1.5").tracks[0].source.transforms == (Noise(1.5, 0),)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("source.noise", "-5", "noise -5.0: give a standard deviation from 0 to 1,000,000"),
        ("source.noise", "much", "source.noise: is 'much'; give a number"),
        ("source.noise", "5,1.5", "source.noise: is 1.5; give whole numbers"),
        ("source.noise", "5,-1", "source.noise: seed is -1: it must be at least 0"),
        ("source.noise", "1,2,3", "source.noise: is [1, 2, 3]; give a number"),
        ("source.shift", "1", "source.shift: is '1'; give ROWS,COLUMNS"),
        ("source.shift", "1,2,3", "source.shift: is '1,2,3'; give ROWS,COLUMNS"),
        ("source.shift", "0.5,1", "source.shift: is 0.5; give a whole number from -1000000 to 1000000"),
    ],
)
def test_what_is_wrong_with_a_transform_is_named(path: str, text: str, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        set_field(vertical_edge(), path, text)
    assert str(caught.value) == line
