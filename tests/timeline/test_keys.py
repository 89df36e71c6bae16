"""Key steps by kind, against cells counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson import edits
from cnnviz.lesson.plans import Key
from cnnviz.timeline.keys import MOST_ROWS, key_steps
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.examples import lesson, vertical_edge

EDGE: tuple[Key, ...] = ("first-edge",)
ROWS: tuple[Key, ...] = ("row-ends",)


@pytest.mark.parametrize(
    ("kinds", "steps"),
    [
        # 16 cells of the map in rows of 4, 16 of ReLU, 4 of pooling in rows of 2
        (("first-cell",), (0, 16, 32)),
        (("row-ends",), (3, 7, 11, 15, 19, 23, 27, 31, 33, 35)),
        (("section-ends",), (15, 31, 35)),
        (("first-edge",), (1,)),  # 0 30 30 0
        (("first-cell", "first-edge"), (0, 1, 16, 32)),
        ((), ()),
    ],
)
def test_each_kind_of_the_6x6_lesson(kinds: tuple[Key, ...], steps: tuple[int, ...]) -> None:
    assert key_steps(make_timeline(vertical_edge()), kinds) == steps


def test_all_kinds_together_are_the_default() -> None:
    assert key_steps(make_timeline(vertical_edge())) == (0, 1, 3, 7, 11, 15, 16, 19, 23, 27, 31, 32, 33, 35)


def test_padding_is_no_edge() -> None:
    # 6×6 cells; those of the inner 4×4 have windows without padding, and their first row is 0 30 30 0.
    timeline = make_timeline(vertical_edge(padding="same"))
    assert key_steps(timeline, EDGE) == (1 * 6 + 2,)


def test_an_edge_met_in_a_later_row() -> None:
    below = lesson([[[1.0] * 3, [1.0] * 3, [9.0] * 3]], [[[[1.0], [1.0]]]])
    assert key_steps(make_timeline(below), EDGE) == (3,)


def test_an_edge_far_down_a_large_map() -> None:
    ground = np.zeros((1, 200, 5))
    ground[0, 150:] = 7
    far = make_timeline(edits.set_pace(lesson(ground, [[[[1.0]]]]), "cell"))
    assert key_steps(far, EDGE) == (150 * 5,)
    first = lesson(np.arange(200.0).reshape(1, 200, 1) // 128, [[[[1.0]]]])  # where one part of rows ends
    assert key_steps(make_timeline(edits.set_pace(first, "cell")), EDGE) == (128,)


def test_flat_ground_has_no_edge_whatever_the_rounding() -> None:
    flat = lesson(np.full((1, 9, 9), 0.1), np.full((1, 1, 3, 3), 1 / 9))
    assert key_steps(make_timeline(flat), EDGE) == ()


def test_a_stride_that_jumps_the_edge_meets_it_at_its_own_cell() -> None:
    # Columns 0 to 2 and 2 to 4: both hold the edge after column 2 differently, 0 and 3·10.
    timeline = make_timeline(vertical_edge(stride=(1, 2)))
    assert key_steps(timeline, EDGE) == (1,)


def test_rows_of_all_maps_end_and_very_many_are_cut_off() -> None:
    two = make_timeline(edits.set_kernels(vertical_edge(), np.ones((2, 3, 3))))
    assert key_steps(two, ROWS)[:9] == (3, 7, 11, 15, 19, 23, 27, 31, 35)
    tall = make_timeline(edits.set_pace(lesson(np.ones((1, 5000, 1)), [[[[1.0]]]]), "cell"))
    steps = key_steps(tall, ROWS)
    assert len(steps) == MOST_ROWS
    assert steps[-1] == MOST_ROWS - 1


def test_of_a_coarse_pace_a_step_stands_for_all_its_cells() -> None:
    timeline = make_timeline(edits.set_pace(vertical_edge(), "layer"))
    assert key_steps(timeline) == (0, 1, 2)


def test_iterations_at_growing_distances_are_ends_of_sections() -> None:
    single = make_timeline(edits.set_pace(shipped_lesson("learn-sobel"), "iteration"))
    assert key_steps(single) == (0, 1, 2, 4, 8, 16, 32, 64, 79)
    assert key_steps(single, ROWS) == ()


def test_the_edge_of_a_track_that_learns_is_that_of_its_first_iteration() -> None:
    timeline = make_timeline(edits.set_pace(shipped_lesson("learn-sobel"), "cell"))
    (step,) = key_steps(timeline, EDGE)
    frame = timeline.frame(step)
    values = frame.lead.tensor("conv1").values[0].ravel()
    assert values[step] != values[step - 1]
