"""Maps as grids: numbers that fit their cells, padding, what is written, and one camera for all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scene.maps import DIGIT, figures, legend, padded_written, text_size
from cnnviz.scene.plot_numbers import PLAIN
from cnnviz.scene.primitives import Box, Grid, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import cell_texts
from tests.lesson.learning import two_weights
from tests.scene.ink import width_of
from tests.scene.scenes import SIZES, grid_named, scene_of, timeline_named


@given(st.floats(1, 400), st.integers(1, 14))
def test_numbers_fit_their_cells_or_are_not_printed(cell: float, characters: int) -> None:
    size = text_size(cell, characters)
    assert size == 0 or 6.5 <= size <= 0.42 * cell + 1e-9
    assert size * characters * DIGIT <= 0.88 * cell + 1e-9
    if cell < 18:
        assert size == 0


@pytest.mark.parametrize("name", ["6x6", "same", "28x28", "6 kernels", "rgb", "7x7", "average"])
def test_the_widest_number_of_every_grid_fits_its_cell(name: str) -> None:
    for size in SIZES:
        for grid in (p for p in scene_of(name, 20, size=size).primitives() if isinstance(p, Grid)):
            if grid.text_size and grid.values is not None:
                widest = max(
                    width_of(text, grid.text_size) for text in cell_texts(grid.values, grid.decimals)
                )
                assert widest <= 0.97 * grid.cell, (grid.key, size)


def test_decimals_are_those_of_the_whole_map() -> None:
    small = np.array([[[1.5, 2], [3, 10.25]]])
    assert (figures(small).decimals, figures(small).characters) == (2, len("10.25"))
    assert figures(np.full((1, 10, 10), 1 / 3)).decimals == 2
    assert figures(np.full((1, 3, 3), 1 / 3)).decimals == 3
    assert figures(np.array([[[-12.0, 3]]])).characters == len("−12")


@pytest.mark.parametrize(
    ("written", "cells"),
    [(0, 0), (1, 8 + 2), (5, 8 + 6), (6, 16), (7, 16 + 2), (35, 8 * 6 + 6), (36, -1)],
)
def test_padding_is_written_with_the_row_it_belongs_to(written: int, cells: int) -> None:
    # A 6×6 map with one cell of padding around it is 8 wide.
    tensor = timeline_named("same").frame(0).lead.tensor("input")
    assert padded_written(written, tensor) == cells


def test_padding_holds_zeros_and_looks_added() -> None:
    grid = grid_named(scene_of("same"), "0/input/0")
    assert grid.values is not None
    inner = np.zeros((8, 8), bool)
    inner[1:7, 1:7] = True
    assert not grid.values[~inner].any()
    assert not (grid.colors()[~inner] == grid.colors()[1, 6]).all(axis=1).any()
    assert (grid.colors()[1:7, 4:7] == 0).all()


def test_one_camera_shows_the_same_part_of_every_map() -> None:
    scene = scene_of("28x28", viewpoint=Viewpoint(Camera(4, 0.25, 0.75)))
    for key in ("0/input/0", "0/conv1/0", "0/relu1/0"):
        grid = grid_named(scene, key)
        middle = (
            (grid.box.cx - grid.origin[0]) / (grid.cell * grid.columns),
            (grid.box.cy - grid.origin[1]) / (grid.cell * grid.rows),
        )
        assert middle == pytest.approx((0.75, 0.25), abs=0.02)
    assert grid_named(scene, "0/conv1.weight/0").box == grid_named(scene_of("28x28"), "0/conv1.weight/0").box


@pytest.mark.parametrize("name", ["28x28", "256x256", "4K"])
@given(zoom=st.floats(1, 300), row=st.floats(0, 1), column=st.floats(0, 1))
def test_a_zoomed_map_always_fills_its_box(name: str, zoom: float, row: float, column: float) -> None:
    half = 0.5 / zoom
    camera = Camera(zoom, min(max(row, half), 1 - half), min(max(column, half), 1 - half))
    scene = scene_of(name, viewpoint=Viewpoint(camera))
    for grid in (p for p in scene.primitives() if isinstance(p, Grid) and p.key == "0/input/0"):
        assert grid.origin[0] <= grid.box.x + 0.5
        assert grid.origin[1] <= grid.box.y + 0.5
        assert grid.origin[0] + grid.cell * grid.columns >= grid.box.right - 0.5
        assert grid.origin[1] + grid.cell * grid.rows >= grid.box.bottom - 0.5


def test_images_are_read_only_and_shared_between_frames() -> None:
    one, two = grid_named(scene_of("6x6", 0), "0/conv1/0"), grid_named(scene_of("6x6", 9), "0/conv1/0")
    assert one.image is two.image
    assert not one.image.flags.writeable


def _legend(span: tuple[float, float], power: int) -> list[str]:
    box = Box(0, 0, 240, 0)
    parts = legend("m", box, span, "signed", LIGHT, 12.0, Box(0, 0, 400, 40), power)
    return [p.text for p in parts if isinstance(p, Text)]


def test_a_legend_tells_its_numbers_in_the_unit_of_the_cells() -> None:
    assert _legend((-5e-5, 5e-5), 0) == ["−5·10⁻⁵", "5·10⁻⁵", "0"]
    assert _legend((-5e-5, 5e-5), -6) == ["−50", "50", "0"]
    assert _legend((-1.0, 1.0), -3) == ["−1000", "1000", "0"]
    assert _legend((-0.05, 0.05), -9) == ["−5·10⁷", "5·10⁷", "0"]


def test_the_unit_above_a_map_is_that_of_its_legend() -> None:
    timeline = make_timeline(two_weights(rate=0.05, iterations=40))
    section = next(s for s in timeline.sections[0] if s.kind == "loss")
    scene = build_scene(timeline, timeline.index_at(9, section.start), Viewpoint(), (1280, 720), LIGHT)
    panel = next(p for p in scene.panels if p.key == "0/loss")
    texts = {p.key: p.text for p in panel.primitives if isinstance(p, Text)}
    unit = texts["0/loss/shape"].rpartition("·10")[2].translate(PLAIN)
    (grid,) = (p for p in panel.primitives if isinstance(p, Grid))
    assert grid.values is not None
    high = float(texts["0/loss/legend/high"].removeprefix("±"))
    # The loss is half of the one before squared: (1 - 2 η |x|²)² = 0.25, after 9 updates of the loss 1.
    assert float(grid.values[0, 0]) * 10.0 ** int(unit) == pytest.approx(0.25**9, rel=1e-6)
    assert float(grid.values[0, 0]) <= high <= 10 * float(grid.values[0, 0])
