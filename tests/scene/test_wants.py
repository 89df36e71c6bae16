"""Room on the stage of a cell: where each layer has it for itself its products are written out as far as they fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.ink import problems

SIZES = ((1280.0, 720.0), (1920.0, 1080.0))
NEAR = Viewpoint(level="cell")


@pytest.fixture(scope="module")
def mnist() -> Timeline:
    return make_timeline(shipped_lesson("mnist-network"))


def panels(scene: Scene) -> set[str]:
    """The arrays that are shown."""
    return {p.key.removeprefix("0/") for p in scene.panels if p.key.startswith("0/")}


def products(scene: Scene) -> Iterator[Grid]:
    return (p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/p"))


@pytest.mark.parametrize("size", SIZES)
def test_a_layer_of_many_maps_stands_alone_with_its_products(
    mnist: Timeline, size: tuple[float, float]
) -> None:
    scene = build_scene(mnist, mnist.index_of(CellRef(0, "conv1", 2, 12, 12)), NEAR, size, LIGHT)
    assert panels(scene) == {"norm1", "conv1", "conv1.weight"}
    (grid,) = products(scene)
    assert grid.values is not None
    assert (grid.values.size, grid.text_size > 0) == (25, True)
    assert not list(problems(scene))


@pytest.mark.parametrize("size", SIZES)
def test_more_products_than_find_room_are_told_in_words(mnist: Timeline, size: tuple[float, float]) -> None:
    scene = build_scene(mnist, mnist.index_of(CellRef(0, "conv2", 5, 3, 3)), NEAR, size, LIGHT)
    assert panels(scene) == {"pool1", "conv2", "conv2.weight"}
    assert not list(products(scene))
    assert not list(problems(scene))


def test_few_maps_stand_beside_one_another_all_the_time() -> None:
    timeline = make_timeline(shipped_lesson("digits-network"))
    for index in (0, 20, 34):
        shown = panels(build_scene(timeline, index, NEAR, SIZES[0], LIGHT))
        assert {"input", "conv1", "relu1", "pool1", "flat1", "linear1"} <= shown


@pytest.mark.parametrize(
    ("name", "plots"), [("digits-network", 0), ("mnist-network", 0), ("learn-digits", 1)]
)
def test_a_single_loss_has_no_plot(name: str, plots: int) -> None:
    scene = build_scene(make_timeline(shipped_lesson(name)), 0, NEAR, SIZES[0], LIGHT)
    assert sum(panel.key == "plot" for panel in scene.panels) == plots
