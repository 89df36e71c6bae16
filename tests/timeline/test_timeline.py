"""The clock: any step in any order gives the same facts, and a cell is found again after an edit."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import MaxPool, Relu
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson import edits
from cnnviz.lesson.layer_edits import set_activation_after, set_pooling_after
from cnnviz.lesson.lesson import PACES, Lesson, Pace, Words
from cnnviz.lesson.source import Source
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts
from tests.lesson.examples import lesson, vertical_edge


def channels() -> Lesson:
    """Three channels, two kernels, everything that has a shape of its own."""
    random = np.random.default_rng(7)
    x, w = random.integers(0, 10, (3, 5, 6)).astype(float), random.integers(-2, 3, (2, 3, 2, 3))
    return lesson(x, w, [1, -1], (Relu(), MaxPool((2, 2), (1, 1))))


def test_the_totals_of_the_example_as_the_clock_runs() -> None:
    timeline = make_timeline(vertical_edge())
    totals = [timeline.frame(i).lead.focus.terms.total for i in range(timeline.count)]
    assert totals[:16] == [0, 30, 30, 0] * 4
    assert totals[16:32] == [0, 30, 30, 0] * 4
    assert totals[32:] == [30, 30, 30, 30]


@pytest.mark.parametrize("pace", PACES)
def test_random_access_equals_sequential_access(pace: Pace) -> None:
    timeline = make_timeline(edits.set_pace(channels(), pace))
    forward = [facts(timeline.frame(i)) for i in range(timeline.count)]
    order = np.random.default_rng(3).permutation(timeline.count).tolist()
    for i in order:
        assert facts(timeline.frame(i)) == forward[i]


@pytest.mark.parametrize("pace", PACES)
def test_maps_fill_in_order_and_are_full_at_the_end(pace: Pace) -> None:
    timeline = make_timeline(edits.set_pace(channels(), pace))
    before = [0] * 5
    for i in range(timeline.count):
        written = [t.written for t in timeline.frame(i).lead.tensors]
        assert all(a <= b for a, b in zip(before, written, strict=True))
        before = written
    assert before == [t.values.size for t in timeline.frame(timeline.count - 1).lead.tensors]
    first = timeline.frame(0).lead.tensors
    assert [t.written for t in first][:2] == [90, 36]
    assert first[3].written == first[4].written == 0


@pytest.mark.parametrize("index", [-1, 36, 10**12])
def test_a_step_outside_is_refused(index: int) -> None:
    with pytest.raises(BadInput, match=f"step {index} is not in this lesson: give 0 to 35"):
        make_timeline(vertical_edge()).frame(index)


@pytest.mark.parametrize("pace", PACES)
def test_the_step_that_writes_a_cell_is_found(pace: Pace) -> None:
    timeline = make_timeline(edits.set_pace(channels(), pace))
    for section in timeline.sections[0]:
        for cell in np.ndindex(section.shape):
            step = timeline.step(timeline.index_of(CellRef(0, section.tensor, *cell)))
            flat = int(np.ravel_multi_index(cell, section.shape))
            assert step.section.tensor == section.tensor
            assert step.first <= flat < step.written


def test_the_beats_of_a_cell_are_found() -> None:
    timeline = make_timeline(edits.set_pace(vertical_edge(), "multiply"))
    ref = CellRef(0, "conv1", 0, 1, 2)
    place = timeline.index_of(ref, Beat.PLACE)
    assert place == 6 * 12
    assert [timeline.step(place + i).beat for i in (0, 1, 9, 10, 11)] == [
        Beat.PLACE, Beat.MULTIPLY, Beat.MULTIPLY, Beat.SUM, Beat.WRITE,
    ]  # fmt: skip
    assert timeline.index_of(ref, Beat.SUM) == place + 10
    assert timeline.step(place + 4).products == 4


@pytest.mark.parametrize(
    ("ref", "line"),
    [
        (CellRef(0, "conv1", 0, 4, 0), r"cell \(0, 4, 0\) lies outside conv1"),
        (CellRef(0, "conv1", 1, 0, 0), "lies outside conv1"),
        (CellRef(0, "input", 0, 0, 0), "input is not computed in this lesson"),
        (CellRef(0, "conv2", 0, 0, 0), "conv2 is not computed in this lesson"),
    ],
)
def test_a_cell_that_is_never_written_is_refused(ref: CellRef, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        make_timeline(vertical_edge()).index_of(ref)


def test_an_edit_keeps_the_cell_or_goes_to_the_nearest() -> None:
    old = make_timeline(vertical_edge())
    step = old.step(old.index_of(CellRef(0, "relu1", 0, 3, 2)))
    larger = make_timeline(vertical_edge(padding=1))
    assert larger.step(larger.nearest(step)).cell == (0, 3, 2)
    smaller = make_timeline(vertical_edge(stride=(2, 2)))
    found = smaller.step(smaller.nearest(step))
    assert (found.section.tensor, found.cell) == ("relu1", (0, 1, 1))
    without = make_timeline(set_activation_after(vertical_edge(), 0, "none"))
    assert without.step(without.nearest(step)).section.layer == 1
    only = make_timeline(set_pooling_after(set_activation_after(vertical_edge(), 0, "none"), 0, "none"))
    assert only.step(only.nearest(step)).cell == (0, 3, 2)


@pytest.mark.parametrize("pace", PACES)
def test_every_step_is_nearest_to_itself(pace: Pace) -> None:
    timeline = make_timeline(edits.set_pace(channels(), pace))
    assert [timeline.nearest(timeline.step(i)) for i in range(timeline.count)] == list(range(timeline.count))


def test_a_finer_pace_finds_the_same_cell() -> None:
    by_cell = make_timeline(vertical_edge())
    by_product = make_timeline(edits.set_pace(vertical_edge(), "multiply"))
    for i in range(by_cell.count):
        step = by_product.step(by_product.nearest(by_cell.step(i)))
        assert (step.cell, step.section.tensor) == (by_cell.step(i).cell, by_cell.step(i).section.tensor)
        assert step.beat is Beat.WRITE


def test_the_longest_track_sets_the_clock_and_the_others_hold() -> None:
    one = vertical_edge()
    two = replace(one, tracks=(*vertical_edge(stride=(2, 2)).tracks, *one.tracks))
    timeline = make_timeline(two)
    assert (timeline.lead, timeline.count) == (1, 36)
    # stride 2: 4 cells of the map, 4 of ReLU, 1 of pooling
    frame = timeline.frame(20)
    assert frame.lead.track == 1
    assert frame.tracks[0].step.cell == (0, 0, 0)
    assert frame.tracks[0].step.section.tensor == "pool1"
    assert [t.written for t in frame.tracks[0].tensors] == [36, 9, 4, 4, 1]
    assert timeline.step(5, 0).section.tensor == "relu1"


def test_section_starts() -> None:
    timeline = make_timeline(vertical_edge())
    assert timeline.section_starts() == ((0, "Convolution"), (16, "ReLU"), (32, "Max pooling"))
    words = (Words(0, caption="Look"), Words(1, "Cut"))
    told = make_timeline(replace(timeline.lesson, words=words))
    assert told.section_starts() == ((0, "Convolution"), (16, "Cut"), (32, "Max pooling"))


def test_a_4k_lesson_is_a_matter_of_arithmetic() -> None:
    picture = Source(np.zeros((3, 2160, 3840), dtype=np.uint8))
    big = edits.set_kernels(edits.set_source(vertical_edge(), picture), np.ones((32, 3, 3)))
    timeline = make_timeline(edits.set_pace(big, "multiply"))
    # 27 products and three more beats for each cell of 32 maps of 2158×3838, then two beats for each of the rest
    cells, pooled = 32 * 2158 * 3838, 32 * 1079 * 1919
    assert timeline.count == cells * 30 + cells * 2 + pooled * 2
    assert timeline.count > 2**31
    step = timeline.step(cells * 30 - 1)
    assert (step.section.tensor, step.cell, step.beat) == ("conv1", (31, 2157, 3837), Beat.WRITE)
    assert timeline.index_of(CellRef(0, "relu1", 31, 2157, 3837)) == cells * 32 - 1
    assert make_timeline(big).count <= 90


def test_colour_ranges_are_fixed_over_the_lesson() -> None:
    timeline = make_timeline(edits.set_kernels(vertical_edge(), np.array([[[-1.0, 0, 1]] * 3])))
    for step in (0, 20, 35):
        spans = {t.name: list(t.span) for t in timeline.frame(step).lead.tensors}
        # the map holds -30 and 0 only, but both signs get the same room
        assert [spans[name] for name in ("input", "conv1.weight", "conv1")] == [[0, 10], [-1, 1], [-30, 30]]


def test_a_picture_goes_from_black_to_white() -> None:
    photo = edits.set_source(vertical_edge(), Source(np.full((1, 8, 8), 9, dtype=np.uint16)))
    tensor = make_timeline(photo).frame(0).lead.tensor("input")
    assert (tensor.span, tensor.picture) == ((0, 65535), True)


def test_a_lesson_that_does_not_fit_makes_no_timeline() -> None:
    one = vertical_edge()
    with pytest.raises(BadInput, match="kernel 3x3 is larger than the picture 2x2"):
        make_timeline(replace(one, tracks=(replace(one.tracks[0], source=Source(np.zeros((1, 2, 2)))),)))


def test_iterations_told_in_one_step_have_one_start() -> None:
    fine, auto, single = (
        make_timeline(edits.set_pace(shipped_lesson("learn-sobel"), pace))
        for pace in ("layer", "auto", "iteration")
    )
    assert [name for _, name in single.section_starts()] == ["Iterations"]
    length = auto.sections[0][-1].stop
    assert auto.section_starts()[-1] == (length, "Iterations")
    assert auto.count == length + 79
    assert fine.count == 80 * fine.sections[0][-1].stop
    assert len(fine.section_starts()) == len(fine.sections[0])
    assert max(key_steps(fine)) == fine.count - 1
