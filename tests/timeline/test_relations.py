"""Relations: how often pixels and weights are used, counted by hand and by going through every window."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.examples import lesson, vertical_edge


def uses(timeline: Timeline, rows: int, columns: int) -> list[list[int]]:
    out = []
    for row in range(rows):
        found = [relate(timeline, CellRef(0, "input", 0, row, column)) for column in range(columns)]
        out.append([relation.uses for relation in found if relation is not None])
    return out


def test_use_counts_without_padding() -> None:
    assert uses(make_timeline(vertical_edge()), 6, 6) == [
        [1, 2, 3, 3, 2, 1],
        [2, 4, 6, 6, 4, 2],
        [3, 6, 9, 9, 6, 3],
        [3, 6, 9, 9, 6, 3],
        [2, 4, 6, 6, 4, 2],
        [1, 2, 3, 3, 2, 1],
    ]


def test_use_counts_with_padding_1() -> None:
    counts = uses(make_timeline(vertical_edge(padding=1)), 6, 6)
    assert counts[0] == counts[5] == [4, 6, 6, 6, 6, 4]
    assert counts[1:5] == [[6, 9, 9, 9, 9, 6]] * 4


def test_a_stride_leaves_out_the_last_row_and_column() -> None:
    counts = uses(make_timeline(vertical_edge(stride=(2, 2))), 6, 6)
    assert counts[5] == [0] * 6
    assert [row[5] for row in counts] == [0] * 6
    assert counts[2] == [2, 2, 4, 2, 2, 0]


@given(data=st.data())
def test_counts_are_those_of_going_through_every_window(data: st.DataObject) -> None:
    pair = st.tuples(st.integers(1, 3), st.integers(1, 2))
    amount = st.integers(0, 2)
    conv: dict[str, Any] = {
        "stride": data.draw(pair),
        "dilation": data.draw(pair),
        "padding": data.draw(st.tuples(amount, amount, amount, amount)),
        "padding_mode": data.draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    }
    try:
        timeline = make_timeline(lesson(np.arange(30.0).reshape(1, 5, 6), np.ones((2, 1, 2, 3)), **conv))
    except BadInput:
        return
    met: Counter[float] = Counter()  # the input holds every number once, so a value tells its pixel
    section = timeline.sections[0][0]
    for cell in np.ndindex(section.shape):
        met.update(timeline.focus(0, 0, cell).terms.x.tolist())
    counts = np.array(uses(timeline, 5, 6)).ravel()
    assert counts[1:].tolist() == [met[float(v)] for v in range(1, 30)]  # 0 is the fill's value too


def test_a_pixel_names_the_cells_it_feeds() -> None:
    relation = relate(make_timeline(vertical_edge()), CellRef(0, "input", 0, 1, 5))
    assert relation is not None
    assert relation.feeds is not None
    assert (relation.kind, relation.value, relation.focus) == ("input", 0, None)
    assert (relation.feeds.tensor, relation.feeds.rows.tolist(), relation.feeds.columns.tolist()) == (
        "conv1",
        [0, 1],
        [3],
    )
    assert relation.feeds.counts.tolist() == [[1], [1]]


def test_a_pixel_feeds_all_maps_of_its_group() -> None:
    plain = make_timeline(lesson(np.ones((2, 4, 4)), np.ones((4, 2, 2, 2))))
    relation = relate(plain, CellRef(0, "input", 1, 0, 0))
    assert relation is not None
    assert relation.feeds is not None
    assert relation.feeds.planes == (0, 4)
    grouped = make_timeline(lesson(np.ones((2, 4, 4)), np.ones((4, 1, 2, 2)), groups=2))
    relation = relate(grouped, CellRef(0, "input", 1, 1, 1))
    assert relation is not None
    assert relation.feeds is not None
    assert relation.feeds.planes == (2, 4)
    assert relation.uses == 8


def test_a_cell_of_a_map_looks_back_and_feeds_on() -> None:
    relation = relate(make_timeline(vertical_edge()), CellRef(0, "relu1", 0, 2, 1))
    assert relation is not None
    assert relation.focus is not None
    assert relation.feeds is not None
    assert (relation.kind, relation.value) == ("output", 30)
    assert (relation.focus.source, relation.focus.target, relation.focus.cell) == (
        "conv1",
        "relu1",
        (0, 2, 1),
    )
    assert (relation.feeds.tensor, relation.feeds.rows.tolist(), relation.feeds.columns.tolist()) == (
        "pool1",
        [1],
        [0],
    )
    last = relate(make_timeline(vertical_edge()), CellRef(0, "pool1", 0, 1, 1))
    assert last is not None
    assert (last.feeds, last.uses) == (None, 0)


def test_a_weight_meets_a_shifted_picture() -> None:
    relation = relate(make_timeline(vertical_edge()), CellRef(0, "conv1.weight", 0, 0, 2))
    assert relation is not None
    assert relation.meets is not None
    assert (relation.kind, relation.value, relation.uses) == ("weight", -1, 16)
    assert (relation.meets.rows.tolist(), relation.meets.columns.tolist()) == ([0, 1, 2, 3], [2, 3, 4, 5])


def test_a_weight_over_the_padding_meets_less_and_may_meet_a_pixel_twice() -> None:
    corner = relate(make_timeline(vertical_edge(padding=1)), CellRef(0, "conv1.weight", 0, 0, 0))
    assert corner is not None
    assert corner.uses == 25
    copied = relate(
        make_timeline(vertical_edge(padding=1, padding_mode="replicate")), CellRef(0, "conv1.weight", 0, 0, 0)
    )
    assert copied is not None
    assert copied.meets is not None
    assert copied.uses == 36
    assert copied.meets.counts[0].tolist() == [4, 2, 2, 2, 2]


@pytest.mark.parametrize(
    "ref",
    [
        CellRef(0, "input", 0, 6, 0),
        CellRef(0, "input", 0, -1, 0),
        CellRef(0, "conv9", 0, 0, 0),
        CellRef(0, "conv1.weight", 1, 0, 0),
        CellRef(0, "conv1.weight", 0, 3, 0),
        CellRef(0, "relu1.weight", 0, 0, 0),
    ],
)
def test_what_is_no_cell_has_no_relation(ref: CellRef) -> None:
    assert relate(make_timeline(vertical_edge()), ref) is None


def test_planes_of_weights_count_kernels_then_channels() -> None:
    weight = np.arange(24.0).reshape(2, 3, 2, 2)
    timeline: Timeline = make_timeline(_three(weight))
    relation = relate(timeline, CellRef(0, "conv1.weight", 4, 1, 0))
    assert relation is not None
    assert relation.meets is not None
    assert relation.value == weight[1, 1, 1, 0]
    assert relation.meets.planes == (1, 2)


def _three(weight: np.ndarray) -> Lesson:
    return lesson(np.ones((3, 4, 4)), weight)
