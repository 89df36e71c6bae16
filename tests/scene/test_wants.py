"""Room on the stage of a cell: where each layer has it for itself its products are written out as far as they fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Level
from cnnviz.scene.composition import Composition
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.scene.wants import type_of
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


def test_what_is_flattened_shows_the_maps_it_comes_from(mnist: Timeline) -> None:
    # Of 32 maps of 4×4 the number 300 is the cell (3, 0) of map 18, which stands among the maps 16 to 31.
    scene = build_scene(mnist, mnist.index_of(CellRef(0, "flat1", 300, 0, 0)), NEAR, SIZES[0], LIGHT)
    shown = {p.ref[1] for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/pool2"}
    assert shown == set(range(16, 32))
    assert not list(problems(scene))


@pytest.mark.parametrize(
    ("lesson_id", "level", "larger"),
    [
        ("vertical-edge", "cell", 1.2),  # one track
        ("padding", "cell", 1.2),  # three tracks of an input, a kernel and a map
        ("learning-rates", "cell", 1.0),  # four tracks with their targets
        ("learning-rates", "network", 1.2),  # of two columns each
        ("patches-network", "network", 1.0),  # fifteen columns
        ("patches-network", "cell", 1.2),
    ],
)
def test_type_is_larger_in_a_hall_where_there_is_room(lesson_id: str, level: Level, larger: float) -> None:
    timeline = make_timeline(shipped_lesson(lesson_id))
    view = Viewpoint(level=level)
    assert type_of(timeline, view, Composition(type=1.2)) == larger
    assert type_of(timeline, view, Composition(type=0.9)) == 0.9
