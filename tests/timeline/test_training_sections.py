"""The sections of one iteration: their order, sizes, names and places."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Pace
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.training_sections import lowest_weights, training_sections, weight_planes


def sections_of(name: str, pace: Pace = "cell") -> tuple[Section, ...]:
    return training_sections(0, shipped_lesson(name).tracks[0], pace)


def test_the_real_case_goes_up_and_down_and_then_updates() -> None:
    found = [(s.phase.value, s.op, s.tensor, s.shape) for s in sections_of("backward-convolution")]
    assert found == [
        ("FORWARD", "conv2d", "conv1", (2, 3, 3)),
        ("FORWARD", "relu", "relu1", (2, 3, 3)),
        ("FORWARD", "max_pool2d", "pool1", (2, 2, 2)),
        ("FORWARD", "flatten", "flat1", (8, 1, 1)),
        ("FORWARD", "linear", "linear1", (2, 1, 1)),
        ("LOSS", "cross_entropy", "loss", (1, 1, 1)),
        ("BACKWARD", "cross_entropy_backward", "linear1.grad", (2, 1, 1)),
        ("BACKWARD", "linear_backward_weight", "linear1.weight.grad", (1, 2, 8)),
        ("BACKWARD", "linear_backward_bias", "linear1.bias.grad", (2, 1, 1)),
        ("BACKWARD", "linear_backward_input", "flat1.grad", (8, 1, 1)),
        ("BACKWARD", "flatten_backward", "pool1.grad", (2, 2, 2)),
        ("BACKWARD", "max_pool2d_backward", "relu1.grad", (2, 3, 3)),
        ("BACKWARD", "relu_backward", "conv1.grad", (2, 3, 3)),
        ("BACKWARD", "conv2d_backward_weight", "conv1.weight.grad", (4, 3, 3)),
        ("BACKWARD", "conv2d_backward_bias", "conv1.bias.grad", (2, 1, 1)),
        ("UPDATE", "sgd", "conv1.weight.next", (4, 3, 3)),
        ("UPDATE", "sgd", "conv1.bias.next", (2, 1, 1)),
        ("UPDATE", "sgd", "linear1.weight.next", (1, 2, 8)),
        ("UPDATE", "sgd", "linear1.bias.next", (2, 1, 1)),
    ]


@pytest.mark.parametrize(
    "name", ["tiny-network", "backward-map", "backward-input", "backward-convolution", "learn-edge-labels"]
)
@pytest.mark.parametrize("pace", ["multiply", "cell", "row", "channel", "layer", "auto", "iteration"])
def test_sections_follow_one_another_without_gaps(name: str, pace: Pace) -> None:
    sections = sections_of(name, pace)
    assert [s.number for s in sections] == list(range(len(sections)))
    assert sections[0].start == 0
    assert all(a.stop == b.start for a, b in pairwise(sections))
    assert all(s.steps >= 1 for s in sections)
    assert len({(s.tensor) for s in sections}) == len(sections)
    order = ["FORWARD", "LOSS", "BACKWARD", "UPDATE"]
    phases = [order.index(s.phase.value) for s in sections]
    assert phases == sorted(phases)


def test_below_the_lowest_weights_nothing_goes_back() -> None:
    track = shipped_lesson("backward-input").tracks[0]
    assert lowest_weights(track) == 0
    kinds = [(s.kind, s.layer) for s in sections_of("backward-input") if s.phase.value == "BACKWARD"]
    assert kinds == [("error", 2), ("weight", 2), ("input", 2), ("input", 1), ("weight", 0)]


def test_weights_lie_as_planes_on_the_stage() -> None:
    track = shipped_lesson("backward-convolution").tracks[0]
    assert weight_planes(track, 0) == (4, 3, 3)
    assert weight_planes(track, 4) == (1, 2, 8)


def test_multiplying_takes_a_step_for_each_product_and_cells_a_step_each() -> None:
    by_cell = {s.kind: s.steps for s in sections_of("backward-map")}
    assert by_cell == {"forward": 9, "loss": 1, "error": 9, "weight": 9, "update": 9}
    # Place, nine products, their sum, and writing it: for each of nine weights.
    by_product = {s.kind: s.steps for s in sections_of("backward-map", "multiply")}
    assert by_product["weight"] == by_product["forward"] == 9 * 12


def test_paces_say_how_many_iterations_are_told_step_by_step() -> None:
    lesson = shipped_lesson("backward-map")
    counts = {pace: make_timeline(replace(lesson, pace=pace)).count for pace in ("cell", "iteration", "auto")}
    assert counts["cell"] == 40 * 37
    assert counts["iteration"] == 40
    first = training_sections(0, lesson.tracks[0], "auto")[-1].stop
    assert counts["auto"] == first + 39


def test_the_default_pace_of_the_tiny_network_is_short() -> None:
    timeline = make_timeline(shipped_lesson("tiny-network"))
    kinds = [timeline.step(i).section.kind for i in range(60)]
    first_update = kinds.index("update")
    again = kinds.index("forward", first_update)
    assert kinds.index("loss", again) < 60
    assert timeline.step(again).iteration == 1
    values = [timeline.frame(i).lead.focus.terms.total for i in range(9)]
    assert values == pytest.approx([5, 1, -2, -2, -4, 3.02, 1.04, 5.1, 0.81])
