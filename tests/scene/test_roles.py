"""Marks of a lesson: edges where neighbours differ, and what the columns and rows of a kernel do."""

import numpy as np
import pytest

from cnnviz.scene.primitives import Box, Grid, Link, Text
from cnnviz.scene.roles import MOST_CELLS, edge_marks, role_marks
from cnnviz.scene.theme import LIGHT


def grid(values: object, cell: float = 20.0) -> Grid:
    array = np.array(values, dtype=np.float64)
    box = Box(100, 50, array.shape[1] * cell, array.shape[0] * cell)
    image = np.zeros((*array.shape, 3), np.uint8)
    return Grid("g", box, (100.0, 50.0), cell, image, ("0/x", 0, 0, 0), array)


def lines(values: object) -> set[tuple[tuple[float, float], ...]]:
    marks = edge_marks(grid(values), LIGHT, 2.0)
    assert all(isinstance(mark, Link) for mark in marks)
    assert len({mark.key for mark in marks}) == len(marks)
    return {mark.points for mark in marks if isinstance(mark, Link)}


def test_the_edge_of_the_6x6_picture_runs_down_its_middle() -> None:
    # Between columns 2 and 3, 3·20 from the left, one piece for each row.
    assert lines([[10, 10, 10, 0, 0, 0]] * 6) == {
        ((160.0, 50.0 + 20 * r), (160.0, 70.0 + 20 * r)) for r in range(6)
    }


def test_an_edge_between_rows_and_none_where_the_step_is_at_most_half_of_the_range() -> None:
    assert lines([[0, 0], [9, 9]]) == {((100.0, 70.0), (120.0, 70.0)), ((120.0, 70.0), (140.0, 70.0))}
    assert lines([[0, 5, 10]]) == set()
    assert lines([[0, 6, 10]]) == {((120.0, 50.0), (120.0, 70.0))}
    assert lines([[7, 7], [7, 7]]) == set()


def test_the_padding_of_a_maximum_is_no_edge() -> None:
    low = -np.inf
    assert lines([[low, low, low], [low, 3, 3], [low, low, low]]) == set()
    assert lines([[low, low, low], [low, 3, 9], [low, low, low]]) >= {((140.0, 70.0), (140.0, 90.0))}


def test_a_picture_of_many_pixels_has_too_many_edges() -> None:
    side = int(MOST_CELLS**0.5)
    board = np.indices((side, side)).sum(axis=0) % 2
    assert len(edge_marks(grid(board), LIGHT, 2.0)) == 2 * side * (side - 1)
    assert edge_marks(grid(np.indices((side, side + 1)).sum(axis=0) % 2), LIGHT, 2.0) == []


def told(values: object) -> list[str]:
    return [mark.text for mark in role_marks(grid(values, 40.0), LIGHT, 12.0) if isinstance(mark, Text)]


@pytest.mark.parametrize(
    ("kernel", "texts"),
    [
        ([[1, 0, -1]] * 3, ["+1", "0", "−1"]),
        ([[1] * 3, [0] * 3, [-1] * 3], ["+1 adds", "0 skips", "−1 subtracts"]),
        ([[0.5, -0.5]], ["+0.5", "−0.5"]),
        ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], []),
        ([[3]], []),
    ],
)
def test_what_columns_and_rows_of_a_kernel_do(kernel: object, texts: list[str]) -> None:
    assert told(kernel) == texts


def test_columns_are_named_below_them_and_rows_at_their_right() -> None:
    below = role_marks(grid([[1, 0, -1]] * 3), LIGHT, 12.0)
    assert [(m.box.x, m.box.w) for m in below if isinstance(m, Text)] == [(100, 20), (120, 20), (140, 20)]
    assert all(m.box.y >= 110 for m in below if isinstance(m, Text))
    beside = role_marks(grid([[1] * 3, [0] * 3, [-1] * 3]), LIGHT, 12.0)
    assert [(m.box.y, m.box.h) for m in beside if isinstance(m, Text)] == [(50, 20), (70, 20), (90, 20)]
    assert all(m.box.x >= 160 for m in beside if isinstance(m, Text))


def test_nothing_is_said_where_there_is_no_room() -> None:
    kernel = grid([[1, 0, -1]] * 3)
    assert role_marks(kernel, LIGHT, 12.0, (kernel.box, Box(200, 50, 99, 60)))
    assert role_marks(kernel, LIGHT, 12.0, (Box(100, 115, 60, 60),)) == []  # another plane below
    assert role_marks(grid([[1, 0, -1]] * 3, 12.0), LIGHT, 12.0) == []  # narrower than its words
    turned = grid([[1] * 3, [0] * 3, [-1] * 3])
    assert role_marks(turned, LIGHT, 12.0, (Box(190, 50, 99, 60),)) == []
    assert len(role_marks(turned, LIGHT, 12.0, (Box(300, 50, 99, 60),))) == 3
