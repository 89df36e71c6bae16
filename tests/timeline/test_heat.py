"""Heat-maps: use counts by hand, fields by counting every way through a chain, fan-out against every window."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, GlobalAvgPool, Linear, Softmax
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.source import Source
from cnnviz.timeline.frame import HeatMap
from cnnviz.timeline.heat import fan_out_of, field_of, heat_of, middle, uses
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.random_chains import SPATIAL, chains, weights_for
from tests.helpers.taps import taps


def chain(shape: tuple[int, int, int], *layers: AnyLayer) -> Track:
    params: list[Params | None] = []
    track = Track(Source(np.ones(shape)), (), ())
    for spec in layers:
        before = track.shapes()[-1]
        params.append(weights_for(spec, before, 0, bias=False))
        track = Track(track.source, (*track.layers, spec), tuple(params))
    return track


def field(track: Track, cell: tuple[int, int, int], layer: int | None = None) -> HeatMap:
    timeline = make_timeline(Lesson("Field", (track,)))
    number = len(track.layers) - 1 if layer is None else layer
    return field_of(track, timeline.focus(0, number, cell))


def test_use_counts_of_the_6x6_picture() -> None:
    heat = uses(Conv(1, (3, 3)), (1, 6, 6), (1, 4, 4))
    assert heat.counts[:3].tolist() == [[1, 2, 3, 3, 2, 1], [2, 4, 6, 6, 4, 2], [3, 6, 9, 9, 6, 3]]
    assert heat.counts[3:].tolist() == heat.counts[2::-1].tolist()
    assert (heat.kind, heat.tensor, heat.pixel) == ("uses", "input", None)
    ring = uses(Conv(1, (3, 3), padding=1), (1, 6, 6), (1, 6, 6)).counts
    assert ring[0].tolist() == [4, 6, 6, 6, 6, 4]
    assert ring[1].tolist() == [6, 9, 9, 9, 9, 6]


def test_a_stride_of_2_leaves_out_the_last_row_and_column() -> None:
    counts = uses(Conv(1, (3, 3), (2, 2)), (1, 6, 6), (1, 2, 2)).counts
    assert counts[5].tolist() == counts[:, 5].tolist() == [0] * 6
    assert counts[2].tolist() == [2, 2, 4, 2, 2, 0]


@pytest.mark.parametrize(("depth", "side"), [(1, 3), (2, 5), (3, 7)])
def test_layers_of_3x3_see_3_5_and_7(depth: int, side: int) -> None:
    track = chain((1, 9, 9), *[Conv(1, (3, 3)) for _ in range(depth)])
    heat = field(track, (0, 0, 0))
    assert heat.bounds == (0, 0, side, side)
    # Ways along one axis are those of adding up 0, 1 or 2 so many times: 1 1 1; 1 2 3 2 1; 1 3 6 7 6 3 1.
    ways = {1: [1, 1, 1], 2: [1, 2, 3, 2, 1], 3: [1, 3, 6, 7, 6, 3, 1]}[depth]
    assert heat.counts[:side, :side].tolist() == np.outer(ways, ways).tolist()
    assert heat.counts.sum() == 9**depth


@given(data=st.data())
def test_a_field_counts_every_way_through_the_chain(data: st.DataObject) -> None:
    track = data.draw(chains(SPATIAL, most=4))
    shapes = track.shapes()
    layer = data.draw(st.integers(0, len(track.layers) - 1))
    cell = tuple(data.draw(st.integers(0, n - 1)) for n in shapes[layer + 1])

    @cache
    def ways(number: int, row: int, column: int) -> np.ndarray:
        """Pixels that lead to a place of tensor ``number``, one walk for each pair of taps."""
        if number == 0:
            one = np.zeros(shapes[0][1:], np.int64)
            one[row, column] = 1
            return one
        spec, before = track.layers[number - 1], shapes[number - 1]
        total = np.zeros(shapes[0][1:], np.int64)
        for r in taps(spec, before, 0, row):
            for c in taps(spec, before, 1, column):
                if r is not None and c is not None:
                    total = total + ways(number - 1, r, c)
        return total

    heat = field(track, (int(cell[0]), int(cell[1]), int(cell[2])), layer)
    assert heat.counts.tolist() == ways(layer + 1, int(cell[1]), int(cell[2])).tolist()
    rows, columns = (np.flatnonzero(heat.counts.any(axis=a)) for a in (1, 0))
    if rows.size:
        ends = [int(n) for n in (rows[0], columns[0], rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0])]
        assert list(heat.bounds) == ends
    else:
        assert heat.bounds == (0, 0, 0, 0)


def test_one_number_of_a_line_sees_its_own_pixel_and_a_share_all_of_them() -> None:
    line = chain((2, 2, 3), Flatten())
    assert np.argwhere(field(line, (8, 0, 0)).counts).tolist() == [[0, 2]]  # 6 + 0·3 + 2
    kept = chain((2, 2, 3), Flatten(), Relu())
    assert np.argwhere(field(kept, (4, 0, 0)).counts).tolist() == [[1, 1]]
    for mixing in (Softmax(), Linear(12), Linear(3), Conv(12, (1, 1))):
        mixed = chain((2, 2, 3), Flatten(), mixing)
        assert field(mixed, (1, 0, 0)).counts.tolist() == [[1, 1, 1]] * 2
    apart = chain((2, 2, 3), Flatten(), Conv(12, (1, 1), groups=12))
    assert np.argwhere(field(apart, (7, 0, 0)).counts).tolist() == [[0, 1]]


def test_a_mean_sees_the_whole_plane() -> None:
    track = chain((2, 4, 4), Conv(2, (3, 3), padding=1), GlobalAvgPool())
    assert field(track, (1, 0, 0)).counts.tolist() == [[4, 6, 6, 4], [6, 9, 9, 6], [6, 9, 9, 6], [4, 6, 6, 4]]


def test_the_pixel_in_the_middle_of_a_window_stays_inside() -> None:
    track = chain((1, 6, 6), Conv(1, (3, 3), padding=2))
    timeline = make_timeline(Lesson("Ring", (track,)))
    middles = [middle(track, timeline.focus(0, 0, cell)) for cell in ((0, 0, 0), (0, 3, 4), (0, 7, 7))]
    assert middles == [(0, 0), (2, 3), (5, 5)]


def test_the_outputs_that_a_pixel_feeds() -> None:
    track = chain((1, 6, 6), Conv(1, (3, 3)))
    timeline = make_timeline(Lesson("Fan", (track,)))
    heat = fan_out_of(track, timeline.focus(0, 0, (0, 0, 0)), (1, 4))
    assert (heat.kind, heat.tensor, heat.pixel) == ("fan-out", "conv1", (1, 4))
    assert heat.counts.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [0] * 4, [0] * 4]
    repeated = chain((1, 1, 3), Conv(1, (1, 3), padding=(0, 0, 1, 1), padding_mode="replicate"))
    focus = make_timeline(Lesson("Fan", (repeated,))).focus(0, 0, (0, 0, 0))
    assert fan_out_of(repeated, focus, (0, 0)).counts.tolist() == [[2, 1, 0]]
    line = chain((1, 2, 2), Flatten())
    focus = make_timeline(Lesson("Line", (line,))).focus(0, 0, (0, 0, 0))
    assert fan_out_of(line, focus, (1, 1)).counts.tolist() == [[1]]


def test_the_view_chooses_the_map() -> None:
    track = chain((1, 6, 6), Conv(1, (3, 3)), MaxPool((2, 2), (2, 2)))
    for kind in ("uses", "field", "fan-out"):
        frame = make_timeline(Lesson("V", (track,), view=View(heat=kind))).frame(16)
        assert frame.lead.heat is not None
        assert frame.lead.heat.kind == kind
    focus = make_timeline(Lesson("V", (track,))).frame(16).lead
    assert focus.heat is None
    assert heat_of("none", track, focus.focus) is None
    # The first cell of the pool looks at 2×2 cells of the map, and these at 4×4 pixels.
    field_of_pool = heat_of("field", track, focus.focus)
    assert field_of_pool is not None
    assert field_of_pool.bounds == (0, 0, 4, 4)
