"""Sources: the original is kept, transforms apply in their order, cells can be typed over."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.source import SMALL, Grey, Resize, Source, materialise, override, transformed


def test_pictures_keep_their_integers_and_everything_else_becomes_float64() -> None:
    ones = np.ones((1, 2, 2))
    assert Source(ones.astype(np.uint8)).array.dtype == np.uint8
    assert Source(ones.astype(np.uint16)).array.dtype == np.uint16
    assert Source(ones.astype(np.int64)).array.dtype == np.float64
    assert Source(ones.astype(np.float32)).array.dtype == np.float64
    assert Source(np.ones((1, 2, 2), dtype=np.uint16)).white == 65535
    assert Source(np.ones((1, 2, 2), dtype=np.uint8)).picture
    assert not Source(np.ones((1, 2, 2))).picture


def test_the_array_is_read_only_and_not_tied_to_the_caller() -> None:
    given = np.zeros((1, 2, 2))
    source = Source(given)
    given[0, 0, 0] = 9
    assert source.array[0, 0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        source.array[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        materialise(source)[0, 0, 0] = 1


@pytest.mark.parametrize("shape", [(2, 2), (0, 2, 2), (1, 0, 2), (1, 2, 2, 2)])
def test_an_input_needs_channels_rows_and_columns(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="needs channels, rows and columns"):
        Source(np.zeros(shape))


@pytest.mark.parametrize(
    ("pixel", "grey"),
    [
        ((255, 0, 0), 76),
        ((0, 255, 0), 150),
        ((0, 0, 255), 29),
        ((255, 255, 255), 255),
        ((1, 2, 3), 2),
        ((0, 0, 0), 0),
    ],
)
def test_grey_is_the_luma_of_bt_601(pixel: tuple[int, int, int], grey: int) -> None:
    # 76.245, 149.685, 29.07, 255, 1.815, 0
    picture = np.array(pixel, dtype=np.uint8).reshape(3, 1, 1)
    source = transformed(Source(picture), (Grey(),))
    assert source.shape == (1, 1, 1)
    assert materialise(source).tolist() == [[[grey]]]


def test_a_smaller_working_size_averages_areas() -> None:
    picture = np.array([[[0, 4, 10, 20], [8, 12, 30, 40]]], dtype=np.uint8)
    half = transformed(Source(picture), (Resize(1, 2),))
    assert half.shape == (1, 1, 2)
    assert materialise(half).tolist() == [[[6, 25]]]


def test_a_larger_working_size_repeats_pixels() -> None:
    picture = np.array([[[1, 2], [3, 4]]], dtype=np.uint8)
    double = transformed(Source(picture), (Resize(4, 4),))
    assert materialise(double).tolist() == [[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]


def test_transforms_apply_to_the_original_in_their_order() -> None:
    picture = np.zeros((3, 4, 4), dtype=np.uint8)
    picture[0] = 255
    source = transformed(Source(picture), (Grey(), Resize(2, 2)))
    assert materialise(source).tolist() == [[[76, 76], [76, 76]]]
    assert materialise(transformed(source, ())).tolist() == picture.tolist()


def test_small_inputs_are_float64_and_large_ones_float32() -> None:
    assert materialise(Source(np.zeros((1, 1, SMALL), dtype=np.uint8))).dtype == np.float64
    assert materialise(Source(np.zeros((1, 1, SMALL + 1), dtype=np.uint8))).dtype == np.float32


def test_cells_typed_over_come_last_and_the_later_one_wins() -> None:
    source = override(Source(np.zeros((2, 2, 2))), {(1, 0, 1): 5.5, (0, 0, 0): 1.0})
    source = override(source, {(1, 0, 1): 7.0})
    assert source.overrides == ((0, 1.0), (5, 7.0))
    assert materialise(source).tolist() == [[[1, 0], [0, 0]], [[0, 7], [0, 0]]]
    assert source.array.sum() == 0


@pytest.mark.parametrize("cell", [(0, 0, 2), (0, -1, 0), (1, 0, 0)])
def test_a_cell_outside_is_refused(cell: tuple[int, int, int]) -> None:
    with pytest.raises(BadInput, match="outside the input 1×2×2"):
        override(Source(np.zeros((1, 2, 2))), {cell: 1.0})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(BadInput, match="not a finite number"):
        override(Source(np.zeros((1, 2, 2))), {(0, 0, 0): value})


def test_typed_cells_stay_where_the_shape_stays_and_go_where_it_changes() -> None:
    source = override(Source(np.zeros((1, 4, 4), dtype=np.uint8)), {(0, 0, 0): 9.0})
    assert transformed(source, (Grey(),)).overrides == ((0, 9.0),)
    assert transformed(source, (Resize(2, 2),)).overrides == ()


def test_equality_is_by_content() -> None:
    a, b = Source(np.zeros((1, 2, 2)), "a"), Source(np.zeros((1, 2, 2)), "a")
    assert a == b
    assert hash(a) == hash(b)
    assert a != Source(np.zeros((1, 2, 2)), "b")
    assert a != override(a, {(0, 0, 0): 1.0})
    assert a != Source(np.zeros((1, 2, 2), dtype=np.uint8), "a")
