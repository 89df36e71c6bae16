"""The step in words, checked sentence by sentence."""

import pytest

from cnnviz.lesson.lesson import Lesson, Words
from cnnviz.scene.primitives import Grid
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.scene.words import caption as caption_of
from cnnviz.scene.words import place_words, size_words
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.scene.lessons import vertical_edge
from tests.scene.scenes import scene_of, texts, timeline_named


@pytest.mark.parametrize(
    ("name", "index", "caption"),
    [
        (
            "multiply",
            0,
            "Row 0, column 0: the kernel is placed over its window, which starts at row 0, column 0.",
        ),
        ("multiply", 1, "Row 0, column 0: product 1 of 9 is 10 × 1 = 10."),
        ("multiply", 10, "Row 0, column 0: 9 products add up to 0."),
        ("multiply", 11, "Row 0, column 0: 9 products add up to 0, written into the map."),
        ("6x6", 16, "Row 0, column 0: 0 stays 0."),
        ("6x6", 17, "Row 0, column 1: 30 is above 0 and stays."),
        ("6x6", 35, "Row 1, column 1: the largest of 4 values is 30."),
        ("same", 0, "Row 0, column 0: 9 products add up to −20, written into the map."),
        ("same", 36, "Row 0, column 0: −20 is below 0 and becomes 0."),
    ],
)
def test_captions(name: str, index: int, caption: str) -> None:
    assert scene_of(name, index).caption == caption


@pytest.mark.parametrize(
    ("name", "ref", "caption"),
    [
        ("6x6", CellRef(0, "input", 0, 0, 0), "Input, row 0, column 0 = 10: it feeds 1 output."),
        ("6x6", CellRef(0, "input", 0, 2, 2), "Input, row 2, column 2 = 10: it feeds 9 outputs."),
        (
            "6x6",
            CellRef(0, "conv1.weight", 0, 1, 2),
            "Weight row 1, column 2 = −1: it meets 16 input values.",
        ),
        ("6x6", CellRef(0, "relu1", 0, 0, 1), "Map, row 0, column 1 = 30: 30 is above 0 and stays."),
        ("rgb", CellRef(0, "input", 1, 0, 0), "Input 1, row 0, column 0"),
    ],
)
def test_what_hovers(name: str, ref: CellRef, caption: str) -> None:
    assert scene_of(name, hover=ref).caption.startswith(caption)


def test_a_step_of_many_cells_tells_the_last_one() -> None:
    timeline = timeline_named("256x256")
    index = timeline.count - 1
    assert timeline.step(index).cell == (0, 126, 126)
    assert (
        "cells are written; the last, row 126, column 126: the largest of 4 values is"
        in scene_of("256x256", index).caption
    )


def test_a_window_that_starts_in_the_padding_says_so() -> None:
    made = make_timeline(Lesson("Same", timeline_named("same").lesson.tracks, "multiply"))
    frame = made.frame(0)
    assert caption_of(made.lesson, frame.step, frame.lead.focus).endswith(
        "row −1, column −1, in the padding."
    )


def test_a_teachers_own_title_stands_for_the_computed_one_and_the_story_above_the_caption() -> None:
    own = Words(0, title="Slide and sum", caption="Watch the edge.")
    lesson = Lesson("Edge", vertical_edge().tracks, None, (own,))
    timeline = make_timeline(lesson)
    first, later = (build_scene(timeline, i, Viewpoint(), (1280, 720), LIGHT) for i in (0, 16))
    assert texts(first)["story"] == "Watch the edge."
    assert (
        first.caption
        == texts(first)["caption"]
        == "Row 0, column 0: 9 products add up to 0, written into the map."
    )
    assert "story" not in texts(later) or not texts(later)["story"]
    assert texts(first)["section"].startswith("Slide and sum")
    assert later.caption == "Row 0, column 0: 0 stays 0."
    assert texts(later)["section"].startswith("ReLU")


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("6x6", ["6×6", "4×4", "4×4", "2×2"]), ("same", ["6×6, padded 8×8", "6×6", "6×6", "3×3"]),
     ("rgb", ["3 of 8×8", "2 of 6×6", "2 of 6×6", "2 of 3×3"])],
)  # fmt: skip
def test_sizes(name: str, sizes: list[str]) -> None:
    tensors = timeline_named(name).frame(0).lead.tensors
    assert [size_words(t) for t in tensors if t.kind != "weight"] == sizes


def test_places() -> None:
    assert place_words((0, 2, 3), (1, 4, 4)) == "row 2, column 3"
    assert place_words((5, 2, 3), (6, 4, 4)) == "map 5, row 2, column 3"


def test_the_map_at_work_is_named_in_every_section() -> None:
    timeline = timeline_named("rgb")
    for start, name in timeline.section_starts():
        assert scene_of("rgb", start).caption.startswith("Map 0, "), name


def test_the_kernel_behind_the_map_is_shown() -> None:
    timeline = timeline_named("rgb")
    for tensor in ("conv1", "relu1", "pool1"):
        for kernel in (0, 1):
            scene = scene_of("rgb", timeline.index_of(CellRef(0, tensor, kernel, 0, 0)))
            drawn = [
                p.ref
                for p in scene.primitives()
                if isinstance(p, Grid) and p.key.startswith("0/conv1.weight")
            ]
            channels = timeline.lesson.tracks[0].source.shape[0]
            assert [plane // channels for _, plane, *_ in drawn] == [kernel] * channels
