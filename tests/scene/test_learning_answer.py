"""What stands of an example that is learned from its label: its name, its classes as bars, right or wrong."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Linear
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Rect, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.ink import problems
from tests.scene.learning_lessons import recover
from tests.scene.scenes import texts


def lesson(label: int, scores: tuple[float, ...] = (0.0, 1.0986122886681098)) -> Lesson:
    """Scores whose softmax is 1/4 and 3/4, as exp(log 3) = 3; each weight is its score, on an input of 1."""
    weights = np.array(scores).reshape(-1, 1)
    recipe = Recipe(
        (Example(np.array([[[float(label)]]]), np.ones((1, 1, 1)), "a dot"), Example(np.array([[[0.0]]]))),
        "cross_entropy", 1e-9, 4,
    )  # fmt: skip
    track = Track(Source(np.ones((1, 1, 1)), "own"), (Linear(len(scores)),), (Params(weights),), "", recipe)
    return Lesson("Labels", (track,), "iteration")


def scene(label: int, index: int = 0, hidden: bool = False, **other: tuple[float, ...]) -> Scene:
    view = Viewpoint(hidden=frozenset({"total"})) if hidden else Viewpoint()
    return build_scene(make_timeline(lesson(label, **other)), index, view, (1280, 720), LIGHT)


def bars(drawn: Scene) -> dict[str, Rect]:
    return {p.key: p for p in drawn.primitives() if isinstance(p, Rect) and p.key.startswith("answer/")}


def test_the_likeliest_class_is_the_answer() -> None:
    said = texts(scene(1))
    assert said["answer/example"] == "Example 1 of 2: a dot"
    assert (said["answer/p0"], said["answer/p1"]) == ("p = 0.25", "p = 0.75   label y")
    assert said["answer/verdict"] == "says 1: right"


def test_a_wrong_answer_says_which_is_the_label() -> None:
    said = texts(scene(0))
    assert said["answer/p0"] == "p = 0.25   label y"
    assert said["answer/verdict"] == "says 1: wrong, the label is 0"


def test_bars_are_as_long_as_probabilities() -> None:
    found = bars(scene(1))
    room = found["answer/bar0/room"].box.w
    assert (found["answer/bar0"].box.w, found["answer/bar1"].box.w) == pytest.approx((room / 4, room * 3 / 4))


def test_the_next_example_has_its_turn() -> None:
    assert texts(scene(1, 1))["answer/example"] == "Example 2 of 2: own"
    assert texts(scene(1, 2))["answer/example"] == "Example 1 of 2: a dot"


def test_scores_that_are_alike_decide_nothing() -> None:
    assert texts(scene(1, scores=(2.0, 2.0)))["answer/verdict"].startswith("undecided")


def test_of_many_classes_the_label_and_the_likeliest_stand() -> None:
    drawn = scene(7, scores=(0.0, 1, 2, 9, 4, 5, 6, 0.5))
    said = texts(drawn)
    classes = {key for key in said if key.startswith("answer/class")}
    assert classes == {"answer/class3", "answer/class7"}
    assert "2 of 8 classes" in said["answer/example"]
    assert said["answer/verdict"] == "says 3: wrong, the label is 7"
    assert not list(problems(drawn))


def test_a_hidden_answer_is_not_told_by_bars_either() -> None:
    drawn = scene(1, hidden=True)
    assert texts(drawn)["answer/verdict"] == "right or wrong?"
    assert set(bars(drawn)) == {"answer/bar0/room", "answer/bar1/room"}


def test_what_learns_from_a_map_has_no_answer() -> None:
    timeline = make_timeline(replace(recover()))
    drawn = build_scene(timeline, 3, Viewpoint(), (1280, 720), LIGHT)
    assert not [key for key in texts(drawn) if key.startswith("answer")]
