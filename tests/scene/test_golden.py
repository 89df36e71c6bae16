"""Whole scenes as text, compared with those in tests/golden.

When a change is meant, look at the pictures (`cnnviz export` draws the same scenes), then accept it with
``pytest tests/scene/test_golden.py --rewrite-golden`` and read the diff.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.composition import UNTITLED
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import dump
from tests.scene.learning_lessons import LESSONS as LEARNING
from tests.scene.scenes import scene_of

GOLDEN = Path(__file__).parents[1] / "golden"
SIZE = (1280, 720)


def of_shipped(lesson_id: str, index: int, view: Viewpoint | None = None, **other: Any) -> Scene:
    """A lesson that ships at one step; counted from the end when negative."""
    timeline = make_timeline(shipped_lesson(lesson_id))
    theme = other.pop("theme", LIGHT)
    return build_scene(timeline, index % timeline.count, view or Viewpoint(), SIZE, theme, **other)


def by_hand(name: str, index: int = 0, **other: Any) -> Scene:
    """A lesson made by hand at one step."""
    return scene_of(name, index, size=SIZE, **other)


def learning(name: str, index: int, theme: Theme = LIGHT) -> Scene:
    """A lesson that learns at one step, without its plot."""
    lesson = LEARNING[name]()
    bare = replace(lesson, view=replace(lesson.view, plots="none"))
    return build_scene(make_timeline(bare), index, Viewpoint(), SIZE, theme)


ALL_HIDDEN = Viewpoint(hidden=frozenset({"total", "products", "cell"}))

SCENES: dict[str, Callable[[], Scene]] = {
    "vertical-edge-convolution": lambda: of_shipped("vertical-edge", 5),
    "vertical-edge-relu": lambda: of_shipped("vertical-edge", 17),
    "vertical-edge-max-pool": lambda: of_shipped("vertical-edge", 32),
    "vertical-edge-last": lambda: of_shipped("vertical-edge", -1),
    "vertical-edge-dark": lambda: of_shipped("vertical-edge", 5, theme=DARK),
    "vertical-edge-no-title": lambda: of_shipped("vertical-edge", 5, composition=UNTITLED),
    "hidden-answers": lambda: of_shipped("vertical-edge", 5, ALL_HIDDEN),
    "hover-input": lambda: of_shipped("vertical-edge", 5, hover=CellRef(0, "input", 0, 2, 3)),
    "hover-weight": lambda: of_shipped("vertical-edge", 5, hover=CellRef(0, "conv1.weight", 0, 1, 2)),
    "hover-output": lambda: of_shipped("vertical-edge", 5, hover=CellRef(0, "conv1", 0, 3, 2)),
    "pinned": lambda: of_shipped("vertical-edge", 20, Viewpoint(pinned=CellRef(0, "conv1", 0, 0, 1))),
    "rgb": lambda: of_shipped("rgb", 10),
    "photo-products": lambda: of_shipped("photo-edges", 9),
    "photo-rows": lambda: of_shipped("photo-edges", 45),
    "photo-zoomed": lambda: of_shipped("photo-edges", 45, Viewpoint(Camera(16, 0.9, 0.6))),
    "products-place": lambda: by_hand("multiply", 0),
    "products-sixth": lambda: by_hand("multiply", 6),
    "products-sum": lambda: by_hand("multiply", 10),
    "same-padding": lambda: by_hand("same", 6),
    "dilated": lambda: by_hand("dilated", 1),
    "average": lambda: by_hand("average", -1 % 36),
    "two-tracks": lambda: by_hand("two tracks", 2),
    "learning-loss": lambda: learning("tiny", 1),
    "learning-weight": lambda: learning("tiny", 4, theme=DARK),
    "learning-update": lambda: learning("tiny", 6),
    "learning-spread": lambda: learning("two convolutions", 140),
    "learning-winners": lambda: learning("labels", 130),
    "learning-iteration": lambda: learning("recover", 4),
    "six-kernels": lambda: by_hand("6 kernels", 40),
    "block-addition": lambda: of_shipped("residual-block", 42),
    "block-off-dark": lambda: of_shipped("residual-and-plain", 42, theme=DARK),
    "block-scaled": lambda: of_shipped("identity-is-easy", 42),
    "block-kinds": lambda: of_shipped("shortcut-kinds", 11),
    "block-norm": lambda: of_shipped("residual-norm", 61),
    "block-two-ways": lambda: of_shipped("residual-backward", 118),
    "block-ways-meet": lambda: of_shipped("residual-backward", 184, theme=DARK),
}


@pytest.mark.parametrize("name", SCENES)
def test_the_scene_is_the_one_that_was_accepted(name: str, request: pytest.FixtureRequest) -> None:
    file, text = GOLDEN / f"{name}.txt", dump(SCENES[name]())
    if request.config.getoption("--rewrite-golden", default=False):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


def test_there_is_no_golden_file_without_its_scene() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(SCENES)
