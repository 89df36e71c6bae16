"""A grid and its cells in words: only what stands there, as it is written there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.scene.grid_words import cell_words, grid_words, grids_of, told_cells
from cnnviz.scene.primitives import Box, Grid
from tests.scene.scenes import scene_of


def grid_of(rows: int = 2, columns: int = 3, **other: object) -> Grid:
    values = np.arange(rows * columns, dtype=float).reshape(rows, columns) - 2.5
    box = Box(0, 0, 10.0 * columns, 10.0 * rows)
    image = np.zeros((rows, columns), np.uint8)
    plain = Grid("g", box, (0, 0), 10.0, image, ("0/conv1", 0, 0, 0), values, 1, 8.0)
    return replace(plain, **other)  # type: ignore[arg-type]  # whichever field a test is about


@pytest.mark.parametrize(
    ("index", "base", "told"),
    [(0, 0, "row 0, column 0: −2.5"), (5, 0, "row 1, column 2: 2.5"), (5, 1, "row 2, column 3: 2.5")],
)
def test_a_cell_is_told_by_row_and_column_with_its_number(index: int, base: int, told: str) -> None:
    assert cell_words(grid_of(), index, base) == told


def test_a_grid_is_told_by_shape_state_and_range() -> None:
    assert grid_words(grid_of(), "Input") == "Input: 2×3, from −2.5 to 2.5"
    # Only of what is written: an answer that is hidden is not told.
    assert grid_words(grid_of(written=4), "Map") == "Map: 2×3, 4 of 6 cells written, from −2.5 to 0.5"
    assert grid_words(grid_of(written=0), "Map") == "Map: 2×3, 0 of 6 cells written"
    assert grid_words(grid_of(values=None), "Map") == "Map: 2×3"
    assert grid_words(grid_of(values=np.full((2, 3), 2.5), comma=True), "Map") == "Map: 2×3, all 2,5"
    assert (
        grid_words(grid_of(values=np.array([[np.nan, 1, 2]] * 2), decimals=0), "Map")
        == "Map: 2×3, from 1 to 2"
    )


def test_padding_lies_before_row_0() -> None:
    padded = grid_of(ref=("0/input", 0, 1, 1))
    assert cell_words(padded, 0) == "row −1, column −1: −2.5"
    assert cell_words(padded, 4) == "row 0, column 0: 1.5"


def test_numbers_in_a_line_are_counted() -> None:
    assert cell_words(grid_of(across=3), 4) == "number 4: 1.5"


def test_what_is_not_written_is_not_told() -> None:
    begun = grid_of(written=4)
    assert cell_words(begun, 3) == "row 1, column 0: 0.5"
    assert cell_words(begun, 4) == "row 1, column 1: not written yet"


def test_decimals_follow_the_grid() -> None:
    assert cell_words(grid_of(comma=True), 0) == "row 0, column 0: −2,5"
    assert cell_words(grid_of(values=None), 0) == "row 0, column 0"


def test_only_cells_that_can_be_read_are_told_one_by_one() -> None:
    assert told_cells(grid_of()) == 6
    assert told_cells(grid_of(text_size=0.0)) == told_cells(grid_of(values=None)) == 0
    assert (told_cells(grid_of(32, 32)), told_cells(grid_of(33, 32))) == (1024, 0)


def test_the_grids_of_a_scene_are_called_as_on_the_stage() -> None:
    names = [name for name, _ in grids_of(scene_of("6x6", 3))]
    assert names == ["Input", "Feature map", "ReLU", "Max pool", "Kernel", "window", "kernel", "products"]


def test_planes_of_a_panel_are_numbered() -> None:
    names = [name for name, _ in grids_of(scene_of("rgb", 0))]
    assert names[:3] == ["Input 0", "Input 1", "Input 2"]
