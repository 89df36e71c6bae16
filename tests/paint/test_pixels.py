"""Cells tile the device's pixels without gaps, at every scale."""

import numpy as np
import pytest
from PySide6.QtCore import QRect

from cnnviz.paint.pixels import axis, grid_axes, pixel_rect, px, written_parts
from cnnviz.scene.primitives import Box
from tests.paint.scenes import colors, grid


def test_rounds_to_the_nearest_boundary() -> None:
    assert [px(v, 1) for v in (0.4, 0.5, 1.49, -0.6)] == [0, 1, 1, -1]
    assert px(3, 1.25) == 4  # 3.75


@pytest.mark.parametrize("dpr", [1, 1.25, 1.5, 2, 3])
def test_a_box_round_cells_ends_where_the_cells_end(dpr: float) -> None:
    columns = axis(40.3, 17.7, 30, 0, 1000, dpr)
    for first in range(27):
        box = Box(40.3 + first * 17.7, 0, 3 * 17.7, 10)
        rect = pixel_rect(box, dpr)
        assert (rect.left(), rect.left() + rect.width()) == (columns.edge(first), columns.edge(first + 3))


def test_finds_the_cells_seen_of_a_large_map() -> None:
    # Cells of 10 from -25: cell 2 is the first that shows (-5 to 5), cell 12 the last (95 to 105).
    part = axis(-25, 10, 4000, 0, 100, 1)
    assert part.cells.start <= 2
    assert part.cells.stop >= 13
    assert part.cells.stop - part.cells.start < 20
    assert (part.start, part.stop) == (0, 100)
    owners = part.first + part.cell_of_pixel()
    assert owners.tolist() == [(x + 25) // 10 for x in range(100)]


def test_a_grid_outside_its_box_shows_nothing() -> None:
    assert axis(200, 10, 5, 0, 100, 1).length == 0
    assert axis(-200, 10, 5, 0, 100, 1).length == 0


def test_written_and_blank_parts_cover_the_grid_once() -> None:
    image = colors(np.zeros((4, 5)))
    for written in range(21):
        some = grid(image, 10, (3, 7), written=written)
        rows, columns = grid_axes(some, 1)
        done, left = written_parts(some, rows, columns)
        assert sum(r.width() * r.height() for r in done) == written * 100
        assert sum(r.width() * r.height() for r in left) == (20 - written) * 100


def test_the_written_part_is_whole_rows_and_a_piece() -> None:
    some = grid(colors(np.zeros((4, 5))), 10, (0, 0), written=7)
    done, left = written_parts(some, *grid_axes(some, 1))
    assert done == [QRect(0, 0, 50, 10), QRect(0, 10, 20, 10)]
    assert left == [QRect(20, 10, 30, 10), QRect(0, 20, 50, 20)]


def test_the_written_part_of_a_map_seen_in_part() -> None:
    # Rows 2 and 3 and columns 1 to 3 are seen; 12 cells are rows 0 and 1 and two cells of row 2.
    some = grid(colors(np.zeros((4, 5))), 10, (-10, -20), box=Box(0, 0, 30, 20), written=12)
    done, left = written_parts(some, *grid_axes(some, 1))
    assert done == [QRect(0, 0, 10, 10)]
    assert left == [QRect(10, 0, 20, 10), QRect(0, 10, 30, 10)]
