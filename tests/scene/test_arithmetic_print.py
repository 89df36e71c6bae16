"""The numbers of the arithmetic in their cells: one count of decimals a block, and no more than needed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.arithmetic_print import LEAST_TYPE, print_of, size_in
from cnnviz.scene.primitives import Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.scenes import texts

RANDOM = np.random.default_rng(0)
PHOTO = RANDOM.integers(0, 256, (1, 32, 32)).astype(np.uint8)
UNIT = np.round(RANDOM.random((1, 12, 12)), 3)
BINOMIAL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])
KERNELS = {
    "box": np.full((5, 5), 1 / 25),
    "binomial": BINOMIAL / 256,
    "whole": RANDOM.integers(-9, 10, (5, 5)).astype(float),
    "fractions": RANDOM.uniform(-1, 1, (5, 5)),
    "hundredths": np.round(RANDOM.uniform(-1, 1, (5, 5)), 2),
    "ninths": np.full((3, 3), 1 / 9),
}


def stage(
    picture: np.ndarray, kernel: np.ndarray, size: tuple[float, float], bias: float | None = None
) -> Scene:
    """The step that writes the eleventh cell."""
    params = Params(kernel[None, None], None if bias is None else np.array([bias]))
    track = Track(Source(picture), (Conv(1, kernel.shape), Relu()), (params, None))
    return build_scene(make_timeline(Lesson("Any", (track,), "cell")), 10, Viewpoint(), size, LIGHT)


def blocks(scene: Scene) -> dict[str, Grid]:
    """The window, the kernel and the products."""
    return {p.key: p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith("sum/")}


@pytest.mark.parametrize(
    ("values", "cell", "decimals", "size"),
    [
        # 0.42 of 40 is 16.8; four characters of 0.64 fill 0.88 of 40 at 13.75.
        ([10, 2.5], 40, 1, 13.75),
        ([10, 3], 40, 0, 16.8),
        # Seven characters, "−14.444", would be set in 7.9, less than 0.48 of 17: six are not.
        ([-14.4444, 1 / 3], 40, 2, 0.88 * 40 / (0.64 * 6)),
        # What is told in whole keeps its digits as long as they can be read at all.
        ([-14.375, 0.5], 40, 3, 0.88 * 40 / (0.64 * 7)),
        ([-14.375, 0.5], 30, 2, 0.88 * 30 / (0.64 * 6)),
        ([-14.375, 0.5], 27, 1, 0.88 * 27 / (0.64 * 5)),
        # "0.020" would need 20 pixels more: one digit is better than none.
        ([1 / 49], 20, 2, 0.88 * 20 / (0.64 * 4)),
        # Six characters may fill a cell to its lines, seven have no room.
        ([-15600], 27, 0, LEAST_TYPE),
        ([-123456], 27, 0, 0.0),
        ([3], 10, 0, 0.0),
    ],
)
def test_as_many_decimals_as_are_needed_and_can_be_read(
    values: list[float], cell: float, decimals: int, size: float
) -> None:
    printed = print_of(np.array([[values]], float), cell, 17.0)
    assert printed.decimals == decimals
    assert printed.size == pytest.approx(size)


def test_type_fills_the_height_or_the_width_of_a_cell() -> None:
    assert size_in(50, 1) == 21
    assert size_in(64, 10) == pytest.approx(8.8)


@pytest.mark.parametrize("size", [(860.0, 520.0), (1000.0, 600.0), (1280.0, 720.0), (1366.0, 768.0)])
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("picture", [PHOTO, UNIT], ids=["photo", "unit"])
def test_no_square_is_without_its_number(picture: np.ndarray, kernel: str, size: tuple[float, float]) -> None:
    drawn = blocks(stage(picture, KERNELS[kernel], size))
    assert set(drawn) == {"sum/x/0", "sum/w/0", "sum/p/0"}
    assert min(grid.text_size for grid in drawn.values()) >= LEAST_TYPE


def test_sums_of_rows_that_stand_beside_the_products_are_not_repeated_where_numbers_would_be_tiny() -> None:
    wide, narrow = (stage(PHOTO, KERNELS["hundredths"], size) for size in ((1920.0, 1080.0), (1000.0, 600.0)))
    assert texts(narrow)["sum/line"] == "sum of 25 products"
    assert len([key for key in texts(narrow) if re.fullmatch(r"sum/row/\d", key)]) == 5
    assert blocks(narrow)["sum/w/0"].decimals == blocks(wide)["sum/w/0"].decimals == 2


@pytest.mark.parametrize(
    ("kernel", "bias", "line", "total"),
    [
        # Row sums 1, 2 and 3 of a picture of ones: whole numbers with a bias of whole numbers.
        ([1, 2, 3], 4.0, "1 + 2 + 3 + 4 bias", "= 10"),
        # One number with a decimal gives it to all.
        ([1, 2, 3], -0.5, "1.0 + 2.0 + 3.0 − 0.5 bias", "= 5.5"),
        ([1, 2.25, 3], None, "1.00 + 2.25 + 3.00", "= 6.25"),
        # Thirds have no end: three decimals for all, and a sign where they do not add up.
        ([1 / 3, 1 / 3, 1 / 3], 10.0, "0.333 + 0.333 + 0.333 + 10.000 bias", "≈ 11"),
        ([1 / 3, 2 / 3, 0], 10.0, "0.333 + 0.667 + 0.000 + 10.000 bias", "= 11"),
    ],
)
def test_numbers_that_are_added_in_a_line_have_one_count_of_decimals(
    kernel: list[float], bias: float | None, line: str, total: str
) -> None:
    said = texts(stage(np.ones((1, 8, 8)), np.array([[k] for k in kernel]), (1920.0, 1080.0), bias))
    assert (said["sum/line"], said["sum/total"]) == (line, total)


def test_a_mean_of_tracks_side_by_side_is_told_in_the_decimals_of_its_line() -> None:
    values = np.array([[[0.5, 1.0], [1.5, 1.0]]])
    tracks = tuple(
        Track(Source(values), (spec,), (None,), name)
        for spec, name in ((MaxPool((2, 2), (2, 2)), "max"), (AvgPool((2, 2), (2, 2)), "mean"))
    )
    scene = build_scene(make_timeline(Lesson("Two", tracks)), 0, Viewpoint(), (1920.0, 1080.0), LIGHT)
    totals = sorted(text for key, text in texts(scene).items() if key.endswith("/total"))
    # One count of decimals in a line: the mean is 1, the largest 1.5.
    assert totals == ["(0.5 + 1.0 + 1.5 + 1.0) / 4 = 1.0", "max(0.5, 1.0, 1.5, 1.0) = 1.5"]


def test_a_weight_is_not_told_as_nought_in_a_long_formula() -> None:
    scene = stage(PHOTO, BINOMIAL / 256, (1920.0, 1080.0))
    line = texts(scene)["formula/live"]
    assert "·0.004" in line  # 1/256
    assert "·0.00 " not in line


@pytest.mark.parametrize("kernel", ["binomial", "whole", "fractions", "ninths"])
def test_blocks_are_as_large_in_every_cell(kernel: str) -> None:
    params = Params(KERNELS[kernel][None, None])
    track = Track(Source(PHOTO), (Conv(1, KERNELS[kernel].shape), Relu()), (params, None))
    timeline = make_timeline(Lesson("Any", (track,), "cell"))
    scenes = [build_scene(timeline, index, Viewpoint(), (1366.0, 768.0), LIGHT) for index in range(24)]
    assert len({(grid.cell, grid.box.y) for scene in scenes for grid in blocks(scene).values()}) == 1
