"""Loss, backward pass and update on the stage: what stands beside what, and what is marked and said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnviz.scene.primitives import Grid, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.sections import Kind
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.ink import problems
from tests.scene.learning_lessons import LESSONS, recover, small, tiny, two_convolutions
from tests.scene.scenes import texts

SIZES = ((860, 520), (1280, 720), (1920, 1080))


def at(timeline: Timeline, kind: Kind, layer: int = 0, cell: int = 0, iteration: int = 0) -> int:
    """The step at which a cell of that section is written."""
    section = next(s for s in timeline.sections[0] if s.kind == kind and s.layer == layer)
    return timeline.index_at(iteration, section.start + section.cut.offset_of(cell))


def shown(timeline: Timeline, index: int, **other: Any) -> Scene:
    size, theme = other.pop("size", (1280, 720)), other.pop("theme", LIGHT)
    return build_scene(timeline, index, Viewpoint(), size, theme, **other)


def grids(scene: Scene) -> dict[str, Grid]:
    return {p.ref[0].split("/")[-1]: p for p in scene.primitives() if isinstance(p, Grid)}


def values(scene: Scene, name: str) -> list[float]:
    found = grids(scene)[name].values
    assert found is not None
    return [round(float(v), 9) for v in found.ravel()]


def titles(scene: Scene) -> list[str]:
    """The titles of the panels from left to right."""
    found = [p for p in scene.primitives() if isinstance(p, Text) and p.key.startswith("0/")]
    return [p.text for p in sorted(found, key=lambda p: p.box.cx) if p.key.endswith("/title")]


def test_the_target_stands_beside_the_last_map() -> None:
    scene = shown(make_timeline(tiny()), 0)
    assert titles(scene) == ["Input", "Kernel", "Feature map", "Target y"]
    assert values(scene, "target") == [6]


def test_the_loss_of_the_tiny_network() -> None:
    timeline = make_timeline(tiny())
    scene = shown(timeline, at(timeline, "loss"))
    assert titles(scene) == ["Prediction ŷ", "Target y", "ŷ − y", "Loss L"]
    assert [values(scene, name) for name in ("conv1", "target", "difference", "loss")] == [
        [5],
        [6],
        [-1],
        [1],
    ]
    assert texts(scene)["sum/total"] == "(ŷ − y)² = (−1)² = 1"


def test_a_negative_gradient_means_that_the_output_must_increase() -> None:
    timeline = make_timeline(tiny())
    scene = shown(timeline, at(timeline, "error"))
    assert values(scene, "conv1.grad") == [-2]
    assert texts(scene)["sum/total"] == "2 · (5 − 6) = −2"
    assert "negative" in scene.caption
    assert "must increase" in scene.caption
    over = shown(make_timeline(tiny(0.2)), at(timeline, "error", iteration=1))  # there ŷ = 7
    assert "positive" in over.caption
    assert "must decrease" in over.caption


def test_the_gradient_of_a_weight_is_its_input_times_delta() -> None:
    timeline = make_timeline(tiny())
    scene = shown(timeline, at(timeline, "weight", cell=1))
    assert titles(scene) == ["Input X", "Gradient δ", "∂L/∂W"]
    assert values(scene, "conv1.weight.grad") == [-2, -4]
    assert texts(scene)["sum/total"] == "X · δ = 2 × (−2) = −4"


def test_an_update_tells_old_and_new() -> None:
    timeline = make_timeline(tiny())
    scene = shown(timeline, at(timeline, "update"))
    assert titles(scene) == ["∂L/∂W", "Old W", "−η · ∂L/∂W", "New W′"]
    assert values(scene, "conv1.weight.step") == [0.02, 0.04]
    assert values(scene, "conv1.weight.next") == [3.02, 1.04]
    assert texts(scene)["sum/total"] == "3 − 0.01 × (−2) = 3.02"
    assert scene.caption == "The gradient −2 is negative, so the weight goes up: from 3 to 3.02."


def test_with_momentum_the_velocity_is_what_moves_a_weight() -> None:
    timeline = make_timeline(tiny(momentum=0.9))
    scene = shown(timeline, at(timeline, "update", iteration=1))
    assert "Velocity v" in titles(scene)
    # v = 0.9 · (−2) + 2 · (5.1 − 6) · 1
    assert values(scene, "conv1.weight.velocity")[0] == pytest.approx(-3.6)


def test_later_iterations_have_the_weights_of_their_time() -> None:
    timeline = make_timeline(tiny())
    index = at(timeline, "forward", iteration=1)
    scene = shown(timeline, index, hover=CellRef(0, "conv1", 0, 0, 0))
    assert values(scene, "conv1.weight") == [3.02, 1.04]
    assert scene.caption == "Map, row 0, column 0 = 5.1: 2 products add up to 5.1."


def test_phase_and_iteration_stand_in_the_corner() -> None:
    timeline = make_timeline(tiny())
    told = texts(shown(timeline, at(timeline, "update", iteration=2)))
    assert told["section"].startswith("UPDATE  ")
    assert told["section/iteration"].startswith("iteration 3 of 10 · step ")


def test_a_gradient_under_the_pointer_tells_its_sum() -> None:
    timeline = make_timeline(tiny())
    hover = CellRef(0, "conv1.weight.grad", 0, 0, 0)
    scene = shown(timeline, at(timeline, "weight", cell=1), hover=hover)
    assert texts(scene)["sum/total"] == "X · δ = 1 × (−2) = −2"
    beyond = shown(timeline, at(timeline, "weight"), hover=CellRef(0, "conv1.weight.grad", 0, 0, 7))
    assert texts(beyond)["sum/total"] == "X · δ = 1 × (−2) = −2"


def test_a_descent_that_stops_says_so_from_there_on() -> None:
    timeline = make_timeline(tiny(50.0, 400, "iteration"))
    assert shown(timeline, 2).caption.startswith("Iteration 3: the loss is ")
    last = shown(timeline, 399)
    assert last.caption.startswith("Learning has stopped: ")
    descent = timeline.descents[0]
    assert descent is not None
    kept = shown(timeline, descent.filled - 1)
    assert kept.caption.startswith(f"Iteration {descent.filled:,}: ")
    assert shown(timeline, descent.filled).caption == last.caption


def test_what_is_not_computed_yet_is_said_to_be_so() -> None:
    timeline = replace(make_timeline(tiny(pace="iteration")), patient=False)
    assert shown(timeline, 5).caption == "Not computed yet: iteration 1 of 10 is shown."


def test_one_picture_tells_an_iteration() -> None:
    scene = shown(make_timeline(LESSONS["recover"]()), 4)
    assert titles(scene) == ["Input", "Kernel", "∂L/∂W", "Feature map", "Target y"]
    assert texts(scene)["section"] == "One iteration"
    assert scene.caption.startswith("Iteration 5: the loss is ")
    assert ", down from " in scene.caption


def test_the_kernel_is_turned_over_the_spread_gradient() -> None:
    lesson = two_convolutions()
    timeline = make_timeline(lesson)
    scene = shown(timeline, at(timeline, "input", 2, 5))
    assert titles(scene) == ["δ, spread by the stride", "Kernel turned", "∂L/∂X"]
    params = lesson.tracks[0].params[2]
    assert params is not None
    turned = {p.ref[1]: p.values for p in scene.primitives() if isinstance(p, Grid) and "turned" in p.ref[0]}
    for output in (0, 1):
        np.testing.assert_array_equal(turned[output], params.weight[output, 0, ::-1, ::-1])
    spread = grids(scene)["conv2.grad.spread"].values
    assert spread is not None
    # Between two numbers of the gradient lies one row of zeros.
    assert (np.flatnonzero(spread.any(axis=1)) % 2 == 0).all()


def test_the_winners_of_a_maximum_are_marked() -> None:
    timeline = make_timeline(small())
    scene = shown(timeline, at(timeline, "input", 2))
    x = timeline.tensors[0].arrays[2]
    expected = set()
    for plane in range(3):
        for row in (0, 2):
            for column in (0, 2):
                window = x[plane, row : row + 2, column : column + 2]
                m, n = divmod(int(window.argmax()), 2)
                expected.add((plane, row + m, column + n))
    found = set()
    for p in scene.primitives():
        if isinstance(p, Ring) and p.key.startswith("winner/"):
            found.add(tuple(map(int, p.key.split("/")[-3:])))
    assert found == expected


@pytest.mark.parametrize("name", LESSONS)
def test_every_section_has_room_for_all_it_shows(name: str) -> None:
    timeline = make_timeline(LESSONS[name]())
    length = timeline.sections[timeline.lead][-1].stop
    ends = {
        i for s in timeline.sections[timeline.lead] for i in (s.start, s.start + s.steps // 2, s.stop - 1)
    }
    steps = sorted(i for i in {*ends, *(i + length for i in ends), timeline.count - 1} if i < timeline.count)
    for number, index in enumerate(steps):
        theme = DARK if number % 2 else LIGHT
        assert not list(problems(shown(timeline, index, size=SIZES[number % 3], theme=theme))), index


def test_of_a_deep_network_an_iteration_shows_both_ends() -> None:
    scene = shown(make_timeline(small(pace="iteration")), 1)
    assert titles(scene) == ["Input", "Kernel 1", "∂L/∂W", "Feature maps", "Scores"]
    assert not list(problems(scene))


def test_the_place_where_a_descent_stopped_is_marked() -> None:
    timeline = make_timeline(recover())
    recipe = replace(timeline.lesson.tracks[0].recipe or pytest.fail("it learns"), rate=60.0, iterations=400)
    track = replace(timeline.lesson.tracks[0], recipe=recipe)
    timeline = make_timeline(replace(timeline.lesson, tracks=(track,)))
    scene = shown(timeline, 399)
    said = texts(scene)
    learning = timeline.frame(399).lead.learning
    assert learning is not None
    assert learning.stopped
    assert said["plot0/stopped"] == "stopped"
    assert said["section/iteration"].startswith(f"stopped after iteration {learning.iteration + 1} of 400")
    assert "60 is too large a rate" in scene.caption
    assert (
        f"iteration {learning.iteration + 2} " in scene.caption
    )  # that of the loss which is no number any more
    assert not list(problems(scene))
    earlier = texts(shown(timeline, learning.iteration - 1))
    assert "plot0/stopped" not in earlier
    assert earlier["section/iteration"].startswith("iteration ")


def test_products_with_many_digits_are_cut_rather_than_left_out() -> None:
    timeline = make_timeline(two_convolutions())
    for cell in (0, 5, 10):
        scene = shown(timeline, at(timeline, "input", 2, cell, 1), size=(1920, 1080))
        blocks = [p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/")]
        assert len(blocks) == 6  # two channels of δ, of the turned kernel and of their products
        assert all(block.text_size > 0 for block in blocks), cell
        said = texts(scene)
        products = [b for b in blocks if b.key.startswith("sum/p/")]
        printed = sum(float(np.round(p.values, p.decimals).sum()) for p in products if p.values is not None)
        total = float(said["sum/total"][2:].replace("−", "-"))
        rows = sum(float(text.replace("−", "-")) for key, text in said.items() if key in ROWS)
        fits = abs(printed - total) < 1e-9 and abs(rows - total) < 1e-9
        assert said["sum/total"].startswith("=" if fits else "≈")


ROWS = {f"sum/row/{n}" for n in range(3)}
