"""Turned pictures: quarter turns are exact, others what a loop over the four neighbours gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.source import Noise, Rotate, Shift, Source, materialise, with_rotation
from cnnviz.lesson.turning import turned
from tests.lesson.examples import vertical_edge


def naive(plane: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    rows, columns = plane.shape
    out = np.empty(plane.shape)
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    for i in range(rows):
        for j in range(columns):
            y, x = i - (rows - 1) / 2, j - (columns - 1) / 2
            row = min(max(x * sine + y * cosine + (rows - 1) / 2, 0.0), rows - 1.0)
            column = min(max(x * cosine - y * sine + (columns - 1) / 2, 0.0), columns - 1.0)
            total = 0.0
            for r in range(rows):
                for c in range(columns):
                    total += plane[r, c] * max(0.0, 1 - abs(row - r)) * max(0.0, 1 - abs(column - c))
            out[i, j] = total
    return out


@pytest.mark.parametrize("quarters", [-1, 1, 2, 4])
def test_a_quarter_turn_is_that_of_numpy(quarters: int) -> None:
    array = np.arange(50.0).reshape(2, 5, 5) / 3
    np.testing.assert_array_equal(turned(array, 90.0 * quarters), np.rot90(array, quarters, (1, 2)))


@given(st.integers(1, 5), st.integers(1, 5), st.floats(-360, 360))
def test_any_turn_is_bilinear(rows: int, columns: int, degrees: float) -> None:
    array = np.random.default_rng(rows * 7 + columns).normal(size=(1, rows, columns))
    np.testing.assert_allclose(turned(array, degrees)[0], naive(array[0], degrees), atol=1e-7)


def test_a_large_picture_is_turned_in_strips_to_the_same() -> None:
    array = np.random.default_rng(0).integers(0, 256, (1, 300, 700)).astype(np.uint8)
    there_and_back = turned(turned(array, 180.0), 180.0)
    np.testing.assert_array_equal(there_and_back, array)


def test_brightnesses_stay_whole_and_small_inputs_get_few_digits() -> None:
    picture = Source(np.arange(25, dtype=np.uint8).reshape(1, 5, 5), "p", (Rotate(30.0),))
    values = materialise(picture)
    np.testing.assert_array_equal(values[0], np.rint(naive(np.arange(25.0).reshape(5, 5), 30.0)))
    small = materialise(Source(np.arange(9.0).reshape(1, 3, 3), "s", (Rotate(30.0),)))
    np.testing.assert_array_equal(small, np.round(small, 2))


def test_a_rotation_stands_before_shift_and_noise_and_is_set_by_its_field() -> None:
    both = with_rotation((Shift(1, 0), Noise(2.0)), 15.0)
    assert both == (Rotate(15.0), Shift(1, 0), Noise(2.0))
    assert with_rotation(both, -5.0) == (Rotate(-5.0), Shift(1, 0), Noise(2.0))
    assert with_rotation(both, 0.0) == (Shift(1, 0), Noise(2.0))
    assert set_field(vertical_edge(), "source.rotate", "22.5").tracks[0].source.transforms == (Rotate(22.5),)


@pytest.mark.parametrize("degrees", [361.0, -400.0, float("nan"), float("inf")])
def test_a_rotation_that_cannot_be_is_refused(degrees: float) -> None:
    with pytest.raises(BadInput, match="give degrees from -360 to 360"):
        Rotate(degrees)
