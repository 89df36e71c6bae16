"""Where tracks stand: rows or columns, whichever shows them larger; equal cells, aligned lines, nothing overlapping."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scene.arrange import THUMB_CELL, Heads, TrackPlaces, arrange
from cnnviz.scene.layout import READABLE, Item, Spacing
from cnnviz.scene.primitives import Box

AREA = Box(30, 100, 1220, 330)
SPACING = Spacing(46, 10, 60)
HEADS = Heads(40, 24, 12, 20, 90)


def items(*sizes: tuple[int, int], waits: tuple[int, ...] = ()) -> tuple[Item, ...]:
    return tuple(
        Item(f"m{n}", 1, rows, columns, least=60, waits=n in waits, short=30)
        for n, (rows, columns) in enumerate(sizes)
    )


def placed(*tracks: tuple[Item, ...], area: Box = AREA) -> tuple[TrackPlaces, ...]:
    return arrange(tracks, tracks, area, SPACING, HEADS)


def test_one_track_stands_in_a_row_below_its_titles() -> None:
    (track,) = placed(items((6, 6), (3, 3), (4, 4)))
    assert len(track.lines) == 1
    assert len({p.cell for p in track.places}) == 1
    assert {p.box.y for p in track.places} == {track.lines[0].row.y}
    assert track.lines[0].row.y >= AREA.y + HEADS.above
    assert track.thumbs == (False,) * 3
    assert track.name.h == 0


def test_what_waits_becomes_a_thumbnail_where_the_rest_grows_by_it() -> None:
    chain = items((28, 28), (26, 26), (13, 13), (11, 11), waits=(0, 1))
    (track,) = placed(chain)
    assert track.thumbs == (True, True, False, False)
    waiting, working = track.places[:2], track.places[2:]
    assert all(p.cell <= max(THUMB_CELL * SPACING.largest_cell, 6) for p in waiting)
    assert min(p.cell for p in working) >= READABLE
    lefts = [p.box.x for p in track.places]
    assert lefts == sorted(lefts)
    (still,) = placed(items((6, 6), (4, 4), (2, 2), waits=(0,)))  # all can be read: nothing needs to wait
    assert still.thumbs == (False,) * 3


def test_long_flat_tracks_stand_one_under_another() -> None:
    tracks = placed(items((1, 40)), items((1, 38)))
    assert all(track.compact for track in tracks)
    first, second = (track.places[0].box for track in tracks)
    assert first.bottom < second.y
    assert tracks[0].name.right <= first.x


def test_tall_tracks_stand_side_by_side_in_lines_at_like_heights() -> None:
    area = Box(30, 100, 1220, 600)
    tracks = placed(items((6, 6), (4, 4)), items((6, 6), (3, 3)), items((6, 6), (2, 2)), area=area)
    assert not any(track.compact for track in tracks)
    assert [track.area.x for track in tracks] == sorted(track.area.x for track in tracks)
    assert len({len(track.lines) for track in tracks}) == 1
    for lines in zip(*(track.lines for track in tracks), strict=True):
        assert len({line.row.y for line in lines}) == 1
    assert len({p.cell for track in tracks for p in track.places}) == 1


ITEM = st.builds(
    Item,
    st.uuids().map(str),
    st.integers(1, 6),
    st.integers(1, 40),
    st.integers(1, 40),
    st.floats(10, 120),
    st.booleans(),
    st.just(0.0),
    st.booleans(),
    st.floats(5, 40),
)


@given(
    tracks=st.lists(st.lists(ITEM, min_size=1, max_size=5).map(tuple), min_size=1, max_size=4).map(tuple),
    width=st.floats(900, 2600),
    height=st.floats(260, 1200),
)
def test_nothing_overlaps_and_every_item_has_its_place(
    tracks: tuple[tuple[Item, ...], ...], width: float, height: float
) -> None:
    area = Box(20, 50, width, height)
    # The map of the layer at work never waits.
    tracks = tuple((replace(own[0], waits=False), *own[1:]) for own in tracks)
    found = arrange(tracks, tracks, area, SPACING, HEADS)
    assert [[p.key for p in track.places] for track in found] == [[i.key for i in own] for own in tracks]
    assert len({track.compact for track in found}) == 1
    for track, own in zip(found, tracks, strict=True):
        assert len(track.thumbs) == len(own)
        assert not any(thumb and not item.waits for thumb, item in zip(track.thumbs, own, strict=True))
        for place, item in zip(track.places, own, strict=True):
            assert len(place.tiles) == item.planes
            assert all(t.w == pytest.approx(item.columns * place.cell) for t in place.tiles)
            assert all(t.x >= area.x - 1.5 and t.right <= area.right + 1.5 for t in place.tiles)
    tiles = [t for track in found for p in track.places for t in p.tiles]
    for a, b in combinations(tiles, 2):
        common = a.meets(b)
        assert min(common.w, common.h) <= 1.01


def test_thumbnails_stand_closer_before_what_is_at_work_becomes_too_small_to_be_read() -> None:
    sizes = ((6, 6), (3, 3), *((4, 4),) * 12)
    cells = {}
    for wide in (1220, 1000, 900):
        (track,) = placed(items(*sizes, waits=tuple(range(2, 14))), area=Box(30, 100, wide, 330))
        assert track.thumbs == (False,) * 2 + (True,) * 12
        boxes = [p.box for p in track.places]
        assert all(one.right <= other.x + 0.5 for one, other in pairwise(boxes))
        assert boxes[0].x >= 30 - 0.5
        assert boxes[-1].right <= 30 + wide + 0.5
        cells[wide] = min(p.cell for p in track.places[:2])
    assert min(cells.values()) >= READABLE
