"""Where panels stand: common readable cells, fair shares, nothing out of its area."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scene.layout import READABLE, Item, Place, Spacing, place_row
from cnnviz.scene.primitives import Box

AREA = Box(30, 100, 1220, 330)
SPACING = Spacing(46, 10, 60)


def test_small_maps_share_the_largest_whole_cell_that_fits() -> None:
    items = (Item("input", 1, 6, 6), Item("kernel", 1, 3, 3, kernel=True), Item("map", 1, 4, 4))
    places = place_row(items, AREA, SPACING)
    # 330 / 6 rows = 55, and 13 · 55 + 2 · 46 columns fit well into 1220.
    assert [p.cell for p in places] == [55, 55, 55]
    assert [p.box.w for p in places] == [330, 165, 220]
    assert {p.box.y for p in places} == {100}
    gaps = [b.box.x - a.box.right for a, b in pairwise(places)]
    assert gaps == [46, 46]
    assert places[0].box.x - AREA.x == AREA.right - places[-1].box.right


def test_the_width_of_titles_is_kept() -> None:
    wide, narrow = place_row((Item("a", 1, 2, 2, least=300), Item("b", 1, 2, 2)), AREA, SPACING)
    assert wide.box.w == 300
    assert wide.tiles[0].cx == wide.box.cx
    assert narrow.box.x == wide.box.right + SPACING.panel


def test_planes_stand_in_lines_that_fill_the_height() -> None:
    (place,) = place_row((Item("maps", 6, 8, 8),), Box(0, 0, 400, 330), Spacing(40, 10, 60))
    # Readable cells need at least 18 pixels: two planes of 144 in a line and three lines are 452 high, too much, and
    # three in a line 452 wide. Smaller ones: two in a line are limited by (330 − 20) / 24 = 12.9, three by
    # (400 − 20) / 24 = 15.8 across.
    assert place.cell == 15
    assert [(t.x, t.y) for t in place.tiles] == [(x, y) for y in (0, 130) for x in (10, 140, 270)]


def test_a_few_planes_stand_without_a_hole() -> None:
    (place,) = place_row((Item("rgb", 3, 5, 5),), Box(0, 0, 1000, 330), Spacing(40, 10, 30))
    lines = {t.y for t in place.tiles}
    assert len(lines) in (1, 3)


def test_large_maps_share_the_width_evenly() -> None:
    items = (Item("input", 1, 400, 400), Item("kernel", 1, 3, 3, kernel=True), Item("map", 1, 398, 398))
    input_, kernel, map_ = place_row(items, Box(0, 0, 1000, 900), SPACING)
    assert kernel.cell >= READABLE
    assert input_.box.w == pytest.approx(map_.box.w)
    assert input_.box.w + map_.box.w == pytest.approx(1000 - kernel.box.w - 2 * SPACING.panel)


def test_one_pixel_of_a_4k_picture_is_part_of_a_pixel() -> None:
    (place,) = place_row((Item("input", 1, 2160, 3840),), Box(0, 0, 1000, 900), SPACING)
    assert place.box.w == pytest.approx(1000)
    assert place.cell == pytest.approx(1000 / 3840)


ITEMS = st.lists(
    st.builds(
        Item, st.uuids().map(str), st.integers(1, 64), st.integers(1, 4000), st.integers(1, 4000),
        st.floats(0, 300), st.booleans(),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


@given(ITEMS, st.floats(700, 2600), st.floats(150, 1200))
def test_nothing_leaves_the_area_and_nothing_overlaps(items: list[Item], width: float, height: float) -> None:
    area = Box(20, 50, width, height)
    places = place_row(tuple(items), area, SPACING)
    for place in places:
        assert len(place.tiles) == next(i.planes for i in items if i.key == place.key)
        assert place.box.x >= area.x - 0.01
        assert place.box.right <= area.right + 0.01
    tiles = [t for place in places for t in _corners(place)]
    assert all(t.bottom <= area.bottom + 1 for t in tiles)
    assert all(a.box.right <= b.box.x for a, b in pairwise(places))


def _corners(place: Place) -> tuple[Box, Box]:
    return place.tiles[0], place.tiles[-1]
