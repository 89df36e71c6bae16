"""Marks on what no window covers: where they lie, and that they stay in sight."""

import numpy as np
import pytest

from cnnviz.scene.primitives import Box, Grid, Link, Rect
from cnnviz.scene.remainder import LEAST, MOST_LINES, remainder_marks
from cnnviz.scene.theme import LIGHT
from cnnviz.timeline.remainder import Remainder


def grid(
    rows: int, columns: int, cell: float, box: Box | None = None, at: tuple[float, float] = (10, 20)
) -> Grid:
    image = np.zeros((rows, columns, 3), np.uint8)
    return Grid("g", box or Box(*at, columns * cell, rows * cell), at, cell, image, ("0/input", 0, 0, 0))


def test_the_strips_cover_the_last_rows_and_columns_once() -> None:
    marks = remainder_marks(grid(6, 6, 30), Remainder(1, 2), LIGHT)
    rows, columns = (m.box for m in marks if isinstance(m, Rect))
    assert rows == Box(10, 20 + 5 * 30, 180, 30)
    assert columns == Box(10 + 4 * 30, 20, 60, 150)
    assert rows.meets(columns).h == 0


def test_every_line_of_the_hatching_lies_in_its_strip() -> None:
    marks = remainder_marks(grid(6, 6, 30), Remainder(1, 1), LIGHT)
    lines = [m for m in marks if isinstance(m, Link)]
    assert len(lines) > 20
    for line in lines:
        strip = next(m.box for m in marks if isinstance(m, Rect) and line.key.startswith(m.key))
        for x, y in line.points:
            assert strip.x - 1e-9 <= x <= strip.right + 1e-9
            assert strip.y - 1e-9 <= y <= strip.bottom + 1e-9
        (left, low), (right, high) = line.points
        assert right - left == pytest.approx(low - high)


def test_nothing_is_marked_where_nothing_is_left_or_in_sight() -> None:
    assert remainder_marks(grid(6, 6, 30), Remainder(0, 0), LIGHT) == ()
    zoomed = grid(6, 6, 300, Box(10, 20, 180, 180))
    assert remainder_marks(zoomed, Remainder(1, 1), LIGHT) == ()


def test_a_thin_strip_on_a_large_picture_is_still_seen_with_few_lines() -> None:
    marks = remainder_marks(grid(2160, 3840, 0.4), Remainder(1, 1), LIGHT)
    strips = [m.box for m in marks if isinstance(m, Rect)]
    assert [strips[0].h, strips[1].w] == [LEAST, LEAST]
    assert len(marks) <= 2 * MOST_LINES + 4
