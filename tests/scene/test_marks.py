"""What points at "now" and what hovers lights up: counted here by loops over windows."""

import math

import pytest

from cnnviz.engine.layers import Conv
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.marks import LEAST, at_least, links
from cnnviz.scene.primitives import Box, Grid, Link, Rect, Ring, Scene
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.frame import CellRef
from tests.scene.scenes import grid_named, named, scene_of, timeline_named


def lit(scene: Scene, tensor: str) -> set[tuple[int, int, int]]:
    """Plane, row and column of every cell that the pointer lights on a tensor."""
    grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == f"0/{tensor}"]
    found = set()
    for rect in (p for p in scene.over if isinstance(p, Rect) and p.key.startswith("hover/")):
        for grid in grids:
            if grid.box.holds(rect.box.cx, rect.box.cy):
                row = math.floor((rect.box.cy - grid.origin[1]) / grid.cell) - grid.ref[2]
                column = math.floor((rect.box.cx - grid.origin[0]) / grid.cell) - grid.ref[3]
                found.add((grid.ref[1], row, column))
    return found


def reads(lesson: Lesson, row: int, column: int) -> set[tuple[int, int]]:
    """The cells of the picture that output (row, column) of the first convolution reads, by loops."""
    track = lesson.tracks[0]
    spec = track.layers[0]
    assert isinstance(spec, Conv)
    _, rows, columns = track.source.shape
    pads = pads_around(spec, track.source.shape)
    top, left = row * spec.stride[0] - pads.top, column * spec.stride[1] - pads.left
    places = {
        (top + m * spec.dilation[0], left + n * spec.dilation[1])
        for m in range(spec.kernel_size[0])
        for n in range(spec.kernel_size[1])
    }
    return {(r, c) for r, c in places if 0 <= r < rows and 0 <= c < columns}


@pytest.mark.parametrize("name", ["6x6", "same", "rgb", "1x5", "7x7"])
@pytest.mark.parametrize("cell", [(0, 0), (2, 3), (4, 4)])
def test_an_input_cell_lights_exactly_the_outputs_whose_windows_hold_it(
    name: str, cell: tuple[int, int]
) -> None:
    timeline = timeline_named(name)
    kernels, rows, columns = timeline.lesson.tracks[0].shapes()[1]
    expected = {
        (k, r, c)
        for k in range(kernels)
        for r in range(rows)
        for c in range(columns)
        if cell in reads(timeline.lesson, r, c)
    }
    scene = scene_of(name, hover=CellRef(0, "input", 0, *cell))
    assert lit(scene, "conv1") == expected
    assert lit(scene, "input") == set()


@pytest.mark.parametrize("name", ["6x6", "same", "7x7"])
@pytest.mark.parametrize("weight", [(0, 0), (1, 2), (2, 1)])
def test_a_weight_lights_exactly_the_inputs_it_meets(name: str, weight: tuple[int, int]) -> None:
    timeline = timeline_named(name)
    track = timeline.lesson.tracks[0]
    _, rows, columns = track.shapes()[1]
    _, height, width = track.source.shape
    pads = pads_around(track.layers[0], track.source.shape)
    met = {(r + weight[0] - pads.top, c + weight[1] - pads.left) for r in range(rows) for c in range(columns)}
    expected = {(0, r, c) for r, c in met if 0 <= r < height and 0 <= c < width}
    scene = scene_of(name, hover=CellRef(0, "conv1.weight", 0, *weight))
    assert lit(scene, "input") == expected


def test_a_weight_of_another_channel_lights_that_channel() -> None:
    scene = scene_of("rgb", hover=CellRef(0, "conv1.weight", 2, 0, 0))
    assert {plane for plane, _, _ in lit(scene, "input")} == {2}


def test_hovering_an_output_shows_its_window_and_its_sum() -> None:
    scene = scene_of("6x6", hover=CellRef(0, "conv1", 0, 1, 2))
    grid = grid_named(scene, "0/input/0")
    ring = named(scene, "hover/window/0/input/0")
    x, y, side = grid.origin[0] + 2 * grid.cell, grid.origin[1] + grid.cell, 3 * grid.cell
    assert isinstance(ring, Ring)
    assert ring.box == Box(x, y, side, side)
    # Row 1, column 2 of the 6×6 example: 10 0 0 three times against 1 0 −1.
    assert grid_named(scene, "sum/x/0").values.tolist() == [[10, 0, 0]] * 3  # type: ignore[union-attr]
    assert scene.caption == "Map, row 1, column 2 = 30: 9 products add up to 30."


def test_the_window_of_each_channel_is_outlined() -> None:
    scene = scene_of("rgb")
    keys = {p.key for p in scene.over if isinstance(p, Ring)}
    assert {f"now/window/0/input/{c}" for c in range(3)} <= keys


@pytest.mark.parametrize("name", ["256x256", "4K"])
@pytest.mark.parametrize("size", [(860, 520), (2560, 1440)])
def test_no_outline_is_smaller_than_nine_pixels(name: str, size: tuple[int, int]) -> None:
    scene = scene_of(name, size=size)
    rings = [p for p in scene.over if isinstance(p, Ring) and p.key.startswith("now/")]
    assert len(rings) == 2
    assert min(min(r.box.w, r.box.h) for r in rings) >= LEAST == 9


def test_a_small_box_grows_about_its_middle() -> None:
    assert at_least(Box(10, 20, 3, 30)) == Box(7, 20, 9, 30)


def test_a_window_out_of_sight_draws_no_lines() -> None:
    # The playhead is at the top left; the camera shows the bottom right corner.
    scene = scene_of("256x256", viewpoint=Viewpoint(Camera(8, 0.9375, 0.9375)))
    assert not [p for p in scene.primitives() if isinstance(p, Link)]
    for ring in (p for p in scene.over if isinstance(p, Ring) and p.key.startswith("now/")):
        assert ring.clip is not None
        assert ring.box.meets(ring.clip).w * ring.box.meets(ring.clip).h == 0


def test_every_ring_of_a_zoomed_map_is_clipped_to_it() -> None:
    scene = scene_of("28x28", 5, viewpoint=Viewpoint(Camera(3, 0.2, 0.2)))
    ring = named(scene, "now/window/0/input/0")
    grid = grid_named(scene, "0/input/0")
    assert isinstance(ring, Ring)
    assert ring.clip is not None
    assert ring.clip.x >= grid.box.x - 10
    assert ring.clip.right <= grid.box.right + 10


def test_links_go_from_the_right_of_the_window_to_the_left_of_the_cell() -> None:
    made = links(
        "k", Box(0, 0, 30, 30), Box(100, 10, 10, 10), Box(0, 0, 60, 60), Box(90, 0, 40, 40), "#d1006c"
    )
    assert [link.points for link in made] == [
        ((30, 0), (100, 10), (100, 20), (30, 30)), ((30, 0), (100, 10)), ((100, 20), (30, 30)),
    ]  # fmt: skip


def test_hovering_the_padding_draws_nothing() -> None:
    scene = scene_of("same", hover=CellRef(0, "input", 0, -1, -1))
    assert not [p for p in scene.primitives() if p.key.startswith("hover")]
    assert scene.caption == scene_of("same").caption


def test_a_dilated_window_marks_the_cells_it_reads() -> None:
    scene = scene_of("dilated", 0)
    taps = [p for p in scene.over if isinstance(p, Rect) and p.key.startswith("now/tap/")]
    grid = grid_named(scene, "0/input/0")
    places = {((t.box.x - grid.box.x) / grid.cell, (t.box.y - grid.box.y) / grid.cell) for t in taps}
    assert places == {(c, r) for c in (0, 2, 4) for r in (0, 2, 4)}


def test_the_factors_of_a_product_are_outlined() -> None:
    # Step 6 of "by products" is PLACE, then products 1 to 9: the sixth is row 1, column 2.
    scene = scene_of("multiply", 6)
    assert scene.caption == "Row 0, column 0: product 6 of 9 is 10 × −1 = −10."
    for key, name in (("x", "0/input/0"), ("w", "0/conv1.weight/0")):
        ring, grid = named(scene, f"now/product/{key}/0"), grid_named(scene, name)
        assert isinstance(ring, Ring)
        at = ((ring.box.y - grid.box.y) / grid.cell, (ring.box.x - grid.box.x) / grid.cell)
        assert at == (1, 2)
