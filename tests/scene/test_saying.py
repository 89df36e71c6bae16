"""What a screen reader is told: where, what value, how it came about; and of the rest only what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import Flatten
from cnnviz.lesson.lesson import Conventions, Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.saying import Said, news, said_of
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.learning_lessons import learning

PICTURE = np.arange(1.0, 10.0).reshape(1, 3, 3)
KERNELS = np.array([[[[1.0, 0], [0, -1]]], [[[0, 0], [0, -0.5]]]])
"""On 1 to 9 the first kernel gives 1 − 5 = −4 everywhere; its bias 1 makes that −3. The second halves and negates."""


PLAIN = Viewpoint()


def lesson_of(bias: float = 1.0) -> Lesson:
    params = (Params(KERNELS, np.array([bias, 0.0])), None, None)
    return Lesson("Two kernels", (Track(Source(PICTURE, ""), (Conv(2, (2, 2)), Relu(), Flatten()), params),))


@pytest.fixture
def timeline() -> Timeline:
    return make_timeline(lesson_of())


def sentence(timeline: Timeline, index: int, pinned: CellRef | None = None, view: Viewpoint = PLAIN) -> str:
    return said_of(timeline, index, replace(view, pinned=pinned)).sentence


def test_a_step_is_told_with_its_map_its_cell_and_its_sum(timeline: Timeline) -> None:
    told = sentence(timeline, 2)
    assert told.startswith("Feature map 0, row 1, column 0: 4 products add up to −4, with the bias 1 to −3")


def test_activations_and_numbers_in_a_line_are_named_after_what_made_them(timeline: Timeline) -> None:
    assert sentence(timeline, 8) == "ReLU 0, row 0, column 0: −3 is below 0 and becomes 0."
    assert sentence(timeline, 16) == "Flattened, number 0: 0 takes its place in the line."


def test_a_chosen_cell_is_told_in_place_of_the_step(timeline: Timeline) -> None:
    told = sentence(timeline, 0, CellRef(0, "conv1", 1, 0, 1))  # −0.5 · 6
    assert told == "Feature map 1, row 0, column 1 = −3: 4 products add up to −3."


def test_a_chosen_pixel_says_what_it_feeds(timeline: Timeline) -> None:
    # The middle of 3×3 lies in all four windows of both kernels.
    assert (
        sentence(timeline, 0, CellRef(0, "input", 0, 1, 1))
        == "Input, row 1, column 1 = 5: it feeds 8 outputs."
    )


def test_where_maps_are_looked_at_a_chosen_map_is_told_whole(timeline: Timeline) -> None:
    ref = CellRef(0, "conv1", 1, 1, 1)
    assert (
        sentence(timeline, 0, ref, Viewpoint(level="layer"))
        == "Feature map 1, one of 2, 2×2, from −4.5 to −2.5."
    )
    same = CellRef(0, "conv1", 0, 1, 1)
    assert sentence(timeline, 0, same, Viewpoint(level="network")) == "Feature map 0, one of 2, 2×2, all −3."
    number = sentence(timeline, 0, CellRef(0, "flat1", 4, 0, 0), Viewpoint(level="layer"))
    assert number.startswith("Flattened, number 4 = 0")


def test_a_hidden_sum_is_asked_for(timeline: Timeline) -> None:
    told = sentence(timeline, 2, view=Viewpoint(hidden=frozenset({"total"})))
    assert told == "Feature map 0, row 1, column 0: what do 4 products add up to, with the bias 1?"


def test_indices_from_one_and_decimal_commas_are_followed() -> None:
    written = Conventions(base=1, decimal="comma")
    timeline = make_timeline(replace(lesson_of(0.5), conventions=written))
    told = sentence(timeline, 2)
    assert told.startswith(
        "Feature map 1, row 2, column 1: 4 products add up to −4, with the bias 0,5 to −3,5"
    )


def test_several_tracks_are_told_apart(timeline: Timeline) -> None:
    track = timeline.lesson.tracks[0]
    both = replace(lesson_of(), tracks=(replace(track, name="Left"), replace(track, name="Right")))
    assert sentence(make_timeline(both), 0).startswith("Left: Feature map 0, row 0, column 0: ")
    chosen = CellRef(1, "conv1", 0, 0, 0)
    assert sentence(make_timeline(both), 0, chosen).startswith("Right: Feature map 0, row 0, column 0 = −3: ")


def test_several_cells_of_a_step_are_counted() -> None:
    timeline = make_timeline(replace(lesson_of(), pace="channel"))
    told = sentence(timeline, 0)
    assert told.startswith("Feature map: 4 cells are written; the last, map 0, row 1, column 1: 4 products")


def test_what_learns_tells_iteration_gradient_and_update() -> None:
    timeline = make_timeline(learning(iterations=10))
    said = said_of(timeline, 0, Viewpoint())
    assert said.iteration == "Iteration 1 of 10"
    by_kind = {section.kind: section for section in timeline.sections[0]}
    update = timeline.index_of(CellRef(0, by_kind["update"].tensor, 0, 0, 0))
    told = said_of(timeline, update, Viewpoint())
    assert told.sentence.startswith(f"{by_kind['update'].name}, row 0, column 0: The gradient ")
    chosen = CellRef(0, by_kind["weight"].tensor, 0, 0, 0)
    assert sentence(timeline, update, chosen).startswith(f"{by_kind['weight'].name}, row 0, column 0: ")


def test_the_place_is_told_for_whoever_asks(timeline: Timeline) -> None:
    assert said_of(timeline, 2, Viewpoint()).place == f"Step 3 of {timeline.count}"


FIRST = Said("Edge", "One cell", "", "ReLU", "Step 1 of 2", "ReLU, row 0, column 0: 0 stays 0.")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sentence": "Next."}, "Next."),
        ({"section": "Max pooling", "sentence": "Next."}, "Max pooling. Next."),
        ({"level": "One layer"}, "One layer. ReLU, row 0, column 0: 0 stays 0."),
        ({"lesson": "Blur", "section": "Blur", "sentence": "Next."}, "Blur. Next."),
        ({"iteration": "Iteration 2 of 9", "sentence": "Next."}, "Iteration 2 of 9. Next."),
        ({"iteration": "Iteration 2 of 9", "sentence": "Iteration 2: better."}, "Iteration 2: better."),
        ({"section": "Loss", "sentence": "Loss: it is 1."}, "Loss: it is 1."),
        ({"place": "Step 2 of 2"}, ""),
    ],
)
def test_only_what_is_new_is_said_around_the_sentence(changed: dict[str, Any], told: str) -> None:
    assert news(FIRST, FIRST._replace(**changed)) == told


def test_who_waits_for_an_iteration_is_told_once_and_again_when_it_is_there() -> None:
    first = FIRST._replace(iteration="Iteration 5 of 9", sentence="Not computed yet: 5 is shown.", waits=True)
    later = first._replace(iteration="Iteration 6 of 9", sentence="Not computed yet: 6 is shown.")
    there = later._replace(iteration="Iteration 9 of 9", sentence="Iteration 9.", waits=False)
    assert news(FIRST, first) == "Iteration 5 of 9. Not computed yet: 5 is shown."
    assert news(first, later) == ""
    assert news(later, there) == "Iteration 9 of 9. Iteration 9."
    elsewhere = later._replace(place="Step 2 of 2")
    assert news(first, elsewhere) == "Iteration 6 of 9. Not computed yet: 6 is shown."


def test_at_first_everything_is_said() -> None:
    assert news(None, FIRST) == "Edge. One cell. ReLU. ReLU, row 0, column 0: 0 stays 0."


def test_after_playing_the_step_is_said_even_if_nothing_else_is_new() -> None:
    assert news(FIRST, FIRST, stopped=True) == "Stopped. Step 1 of 2. ReLU, row 0, column 0: 0 stays 0."
