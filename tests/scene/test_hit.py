"""What lies under the pointer: every cell of every grid, its padding, and nothing beside them."""

import numpy as np
import pytest

from cnnviz.scene.hit import cell_at, fraction_at, grid_at
from cnnviz.scene.primitives import Box, Grid, Panel, Rect, Scene
from cnnviz.scene.viewpoint import Camera, Viewpoint, zoomed
from cnnviz.timeline.frame import CellRef
from tests.scene.scenes import grid_named, scene_of


def one_grid(**changed: object) -> Scene:
    """A grid of 3×4 cells of 10 pixels at (100, 50), with one row and two columns of padding."""
    fields = {"box": Box(100, 50, 40, 30), "origin": (100.0, 50.0), "cell": 10.0} | changed
    grid = Grid(key="g", image=np.zeros((3, 4, 3), np.uint8), ref=("1/conv1", 5, 1, 2), **fields)  # type: ignore[arg-type]  # a plain dict
    cover = Rect("cover", Box(0, 0, 300, 300), "#00000011")
    return Scene((300, 300), None, (Panel("p", grid.box, "", (grid, cover)),), (), "", "")


@pytest.mark.parametrize(
    ("x", "y", "cell"),
    [
        (100, 50, (-1, -2)), (109.9, 59.9, (-1, -2)), (110, 59.9, (-1, -1)), (125, 65, (0, 0)), (139.9, 79.9, (1, 1)),
    ],
)  # fmt: skip
def test_cells_count_from_the_picture_so_that_padding_is_below_zero(
    x: float, y: float, cell: tuple[int, int]
) -> None:
    assert cell_at(one_grid(), x, y) == CellRef(1, "conv1", 5, *cell)


@pytest.mark.parametrize(("x", "y"), [(99.9, 60), (140, 60), (120, 49.9), (120, 80), (0, 0)])
def test_outside_is_no_cell(x: float, y: float) -> None:
    assert cell_at(one_grid(), x, y) is None
    assert grid_at(one_grid(), x, y) is None
    assert fraction_at(one_grid(), x, y) is None


def test_a_zoomed_grid_shows_the_cells_in_its_box() -> None:
    # Cells of 40 pixels; the box shows from half of column 1 and row 1 on.
    scene = one_grid(origin=(40.0, -10.0), cell=40.0)
    assert cell_at(scene, 100, 50) == CellRef(1, "conv1", 5, 0, -1)
    assert cell_at(scene, 125, 75) == CellRef(1, "conv1", 5, 1, 0)
    assert cell_at(scene, 99, 50) is None
    assert fraction_at(scene, 120, 50) == (0.5, 0.5)


@pytest.mark.parametrize("name", ["6x6", "same", "rgb", "two tracks"])
def test_every_cell_of_the_stage_is_found_at_its_middle(name: str) -> None:
    scene = scene_of(name)
    grids = [p for p in scene.primitives() if isinstance(p, Grid)]
    found = set()
    for grid in grids:
        for row in range(grid.rows):
            for column in range(grid.columns):
                x, y = grid.origin[0] + (column + 0.5) * grid.cell, grid.origin[1] + (row + 0.5) * grid.cell
                ref = cell_at(scene, x, y)
                assert ref is not None
                assert (f"{ref.track}/{ref.tensor}", ref.plane) == grid.ref[:2]
                assert (ref.row, ref.column) == (row - grid.ref[2], column - grid.ref[3])
                found.add(ref)
    assert len(found) == sum(g.rows * g.columns for g in grids)


def test_the_padding_of_the_6x6_example_is_found() -> None:
    scene = scene_of("same")
    grid = grid_named(scene, "0/input/0")
    assert (grid.rows, grid.columns) == (8, 8)
    assert cell_at(scene, grid.box.x + 1, grid.box.y + 1) == CellRef(0, "input", 0, -1, -1)
    assert cell_at(scene, grid.box.right - 1, grid.box.bottom - 1) == CellRef(0, "input", 0, 6, 6)


@pytest.mark.parametrize("name", ["28x28", "256x256", "4K"])
def test_a_zoom_keeps_the_cell_under_the_pointer(name: str) -> None:
    start = scene_of(name)
    grid = grid_named(start, "0/input/0")
    x, y = grid.box.x + 0.7 * grid.box.w, grid.box.y + 0.3 * grid.box.h
    camera, scene = Camera(), start
    before = cell_at(start, x, y)
    assert before is not None
    for _ in range(6):
        at = fraction_at(scene, x, y)
        assert at is not None
        camera = zoomed(camera, 1.5, *at)
        scene = scene_of(name, viewpoint=Viewpoint(camera))
        after = cell_at(scene, x, y)
        assert after is not None
        slack = 1 + 2 / grid.cell  # origins and cells are whole pixels when zoomed
        assert abs(after.row - before.row) <= slack
        assert abs(after.column - before.column) <= slack
    assert grid_named(scene, "0/input/0").cell > 8 * grid.cell
