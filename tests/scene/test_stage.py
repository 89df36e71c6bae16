"""The whole stage: nothing overlaps, nothing leaves the margins, at every size and for lessons of every shape."""

import re

import pytest

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.scene.composition import UNTITLED
from cnnviz.scene.primitives import Box, Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, TRANSPARENT
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.depth import is_deep
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.dump import cell_texts
from tests.scene.ink import problems
from tests.scene.lessons import LESSONS
from tests.scene.scenes import (
    SIZES,
    grid_named,
    scene_of,
    steps_worth_a_look,
    texts,
    timeline_named,
)


def printed(scene: Scene) -> str:
    """Every word and number on the stage; numbers only of grids that print them."""
    words = [*texts(scene).values(), scene.caption, scene.spoken]
    for grid in (
        p for p in scene.primitives() if isinstance(p, Grid) and p.text_size and p.values is not None
    ):
        words += cell_texts(grid.values, grid.decimals)  # type: ignore[arg-type]  # not None: see above
    return "\n".join(words)


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_overlaps_and_nothing_leaves_the_margins(name: str) -> None:
    timeline = timeline_named(name)
    for size in SIZES:
        for index in steps_worth_a_look(timeline):
            wrong = list(problems(build_scene(timeline, index, Viewpoint(), size, LIGHT)))
            assert not wrong, (size, index, wrong)


@pytest.mark.parametrize("name", ["6x6", "rgb", "256x256", "7x7"])
@pytest.mark.parametrize(
    "viewpoint",
    [
        Viewpoint(Camera(3, 0.3, 0.6)), Viewpoint(hidden=frozenset({"total", "products", "cell"})),
        Viewpoint(pinned=CellRef(0, "conv1", 0, 2, 2)), Viewpoint(range_mode="tensor"), Viewpoint(range_mode="network"),
    ],
    ids=["zoomed", "hidden", "pinned", "tensor", "network"],
)  # fmt: skip
def test_nothing_overlaps_however_it_is_looked_at(name: str, viewpoint: Viewpoint) -> None:
    timeline = timeline_named(name)
    for index in steps_worth_a_look(timeline):
        wrong = list(problems(build_scene(timeline, index, viewpoint, (1280, 720), DARK)))
        assert not wrong, (index, wrong)


@pytest.mark.parametrize("lesson_id", [entry.id for entry in shipped()])
def test_every_step_of_every_lesson_that_ships_can_be_shown(lesson_id: str) -> None:
    timeline = make_timeline(shipped_lesson(lesson_id))
    spoken = set()
    # A network on photographs takes long to train, and its many steps look alike: some of them.
    deep = is_deep(timeline.lesson.tracks[0])
    large = timeline.lesson.group == "Trained networks" or deep
    far = min(timeline.count, 8) if timeline.pace == "iteration" and large else timeline.count
    steps = range(0, far, max(1, far // (24 if deep else 8)) if large else 1)
    for index in steps:
        scene = build_scene(timeline, index, Viewpoint(), (1280, 720), TRANSPARENT)
        assert scene.background is None
        assert not list(problems(scene)), index
        assert not re.search(r"(?<![A-Za-z])-\d|−0(\.0*)?(?![.\d])", printed(scene)), index
        spoken.add(scene.spoken)
    assert len(spoken) == len(steps)


@pytest.mark.parametrize("name", ["6x6", "same", "6 kernels", "average", "7x7", "rgb"])
def test_no_number_is_a_minus_zero(name: str) -> None:
    timeline = timeline_named(name)
    for index in steps_worth_a_look(timeline):
        text = printed(build_scene(timeline, index, Viewpoint(), (1920, 1080), LIGHT))
        assert not re.search(r"(?<![A-Za-z])-\d|−0(\.0*)?(?![.\d])", text), index


def test_the_6x6_example_writes_its_map_cell_by_cell() -> None:
    for index in range(16):
        scene = scene_of("6x6", index)
        assert grid_named(scene, "0/conv1/0").cells_written() == index + 1
        assert grid_named(scene, "0/relu1/0").cells_written() == 0
        assert grid_named(scene, "0/input/0").cells_written() == 36
    last = scene_of("6x6", 35)
    assert grid_named(last, "0/conv1/0").values.tolist() == [[0, 30, 30, 0]] * 4  # type: ignore[union-attr]
    assert grid_named(last, "0/pool1/0").values.tolist() == [[30, 30]] * 2  # type: ignore[union-attr]


def test_the_second_patch_of_the_6x6_example() -> None:
    said = texts(scene_of("6x6", 1))
    assert [said[f"sum/row/{r}"] for r in range(3)] == ["10", "10", "10"]
    assert said["sum/line"] == "10 + 10 + 10"
    assert said["sum/total"] == "= 30"
    assert said["caption"] == "Row 0, column 1: 9 products add up to 30, written into the map."
    assert said["0/input/shape"] == "6×6"
    assert said["section"] == "Convolution  step 2 of 36"


def test_colours_do_not_jump_from_step_to_step() -> None:
    first = scene_of("28x28", 0)
    for index in (1, 20, 40):
        later = scene_of("28x28", index)
        for key in ("0/conv1/0", "0/input/0"):
            assert grid_named(first, key).image is grid_named(later, key).image


@pytest.mark.parametrize("name", ["6x6", "same"])
def test_numbers_are_shown_where_cells_can_be_read(name: str) -> None:
    for grid in (p for p in scene_of(name, size=(1920, 1080)).primitives() if isinstance(p, Grid)):
        assert grid.text_size >= 6.5
        assert grid.cell == int(grid.cell) >= 18


def test_hidden_answers_are_not_there() -> None:
    index = timeline_named("6x6").index_of(CellRef(0, "conv1", 0, 0, 1))
    open_, total, products, cell = (
        scene_of("6x6", index, viewpoint=Viewpoint(hidden=frozenset(what)))
        for what in ((), ("total",), ("products",), ("cell",))
    )
    assert texts(open_)["sum/total"] == "= 30"
    assert texts(total)["sum/total"] == "= ?"
    assert grid_named(products, "sum/p/0").cells_written() == 0
    assert texts(products)["sum/row/0"] == ""
    assert grid_named(open_, "0/conv1/0").cells_written() == 2
    assert grid_named(cell, "0/conv1/0").cells_written() == 1
    assert texts(total)["caption"] == "Row 0, column 1: what do 9 products add up to?"
    later = scene_of("6x6", 21, viewpoint=Viewpoint(hidden=frozenset({"total"})))
    assert texts(later)["sum/total"] == "max(0, 30) = ?"
    assert later.caption == "Row 1, column 1: what becomes of 30?"
    assert grid_named(total, "0/conv1/0").cells_written() == 1
    step = scene_of("multiply", 6, viewpoint=Viewpoint(hidden=frozenset({"products"})))
    assert texts(step)["caption"] == "Row 0, column 0: product 6 of 9 is 10 × −1 = ?"


def test_without_a_title_there_is_more_room() -> None:
    small, large = scene_of("256x256"), scene_of("256x256", composition=UNTITLED)
    assert "title" not in texts(large)
    assert grid_named(large, "0/input/0").box.y < grid_named(small, "0/input/0").box.y


def test_what_waits_for_its_turn_is_small_and_what_is_at_work_can_be_read() -> None:
    size = (1280, 720)
    timeline = make_timeline(shipped_lesson("classifier"))
    first, last = (build_scene(timeline, i, Viewpoint(), size, LIGHT) for i in (0, timeline.count - 1))
    for name in ("0/input/0", "0/conv1.weight/0", "0/conv1/0"):
        assert grid_named(first, name).cell >= 18
    assert grid_named(first, "0/pool1/0").cell <= 9
    assert grid_named(last, "0/input/0").cell <= 9
    assert grid_named(last, "0/softmax1/line").cell >= 18


def test_two_tracks_stand_side_by_side_with_one_kernel_and_one_size_of_cells() -> None:
    scene = scene_of("two tracks", 10)
    one, two = grid_named(scene, "0/conv1/0"), grid_named(scene, "1/conv1/0")
    assert (one.rows, two.rows) == (4, 2)
    assert one.cell == two.cell >= 18
    assert one.box.right < grid_named(scene, "1/input/0").box.x
    assert [p.key for p in scene.panels if p.key.endswith(".weight")] == ["0/conv1.weight"]
    # The longer track sets the clock; the shorter one has gone on to its activation.
    assert (one.cells_written(), two.cells_written()) == (11, 4)


def test_a_pinned_cell_keeps_its_sum() -> None:
    view = Viewpoint(pinned=CellRef(0, "conv1", 0, 0, 1))
    for index in (0, 7, 20, 35):
        assert texts(scene_of("6x6", index, viewpoint=view))["sum/total"] == "= 30"


def test_what_is_spoken_tells_the_step() -> None:
    assert scene_of("6x6", 1).spoken.startswith("Convolution, step 2 of 36. Row 0, column 1: ")


def _places(timeline: Timeline, steps: tuple[int, ...]) -> set[frozenset[tuple[str, Box]]]:
    """Where the panels stand in these steps."""
    scenes = [build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT) for index in steps]
    return {frozenset((p.key, p.box) for p in s.panels if p.key.startswith("0/")) for s in scenes}


def test_the_maps_stay_where_they_are_from_the_first_step_to_the_last() -> None:
    for name in ("vertical-edge", "photo-edges"):
        timeline = make_timeline(shipped_lesson(name))
        assert len(_places(timeline, (0, timeline.count // 2, timeline.count - 1))) == 1


def test_where_panels_wait_for_their_turn_the_maps_stay_while_a_layer_is_at_work() -> None:
    timeline = make_timeline(shipped_lesson("rgb"))
    for section in timeline.sections[0]:
        steps = (section.start, (section.start + section.stop) // 2, section.stop - 1)
        assert len(_places(timeline, steps)) == 1


def test_hovering_a_map_shows_the_kernel_behind_it() -> None:
    timeline = make_timeline(shipped_lesson("rgb"))
    scene = build_scene(timeline, 0, Viewpoint(), (1280, 720), LIGHT, CellRef(0, "conv1", 1, 0, 0))
    assert next(p.title for p in scene.panels if p.key == "0/conv1.weight") == "Kernel 1"
