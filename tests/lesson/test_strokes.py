"""What is drawn by hand, made small and centred."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Relu
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import Source
from cnnviz.lesson.strokes import SIDE, can_draw, drawn_picture


def track_of(data: str, side: int) -> Track:
    return Track(Source(np.zeros((1, side, side), np.uint8)), (Relu(),), (None,), data=data)


def square(top: int, left: int, rows: int, columns: int) -> bytes:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    canvas[top : top + rows, left : left + columns] = 255
    return canvas.tobytes()


def test_a_picture_of_mnist_fits_into_20_by_20_with_its_mass_in_the_middle() -> None:
    picture = drawn_picture(square(3, 100, 100, 50), track_of("mnist", 28)).array[0]
    rows, columns = np.nonzero(picture)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 9, 18)
    assert set(np.unique(picture)) == {0, 255}


def test_a_picture_of_the_digits_counts_a_bitmap() -> None:
    picture = drawn_picture(square(10, 10, 64, 32), track_of("digits", 8)).array[0]
    # 32 rows and 16 columns of the bitmap, from column 8 on: whole cells of 4×4.
    expected = np.zeros((8, 8))
    expected[:, 2:6] = 16
    np.testing.assert_array_equal(picture, expected)


def test_others_stay_where_they_are_drawn() -> None:
    picture = drawn_picture(square(0, 0, 8, 4), track_of("fashion", 28)).array[0]
    assert picture[0, 0] == 128
    assert picture.sum() == 128


def test_an_empty_drawing_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing in it"):
        drawn_picture(bytes(SIDE * SIDE), track_of("mnist", 28))
    with pytest.raises(BadInput, match="has 3 pixels"):
        drawn_picture(bytes(3), track_of("mnist", 28))


def test_only_small_inputs_of_known_sets_are_drawn() -> None:
    assert can_draw(track_of("mnist", 28))
    assert not can_draw(track_of("", 28))
    assert not can_draw(track_of("mnist", 65))
