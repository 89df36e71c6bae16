"""Grids on known pixels: colours, edges, lines, numbers, what is written yet, and the cache that must not show."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.paint.layers import forget_layers
from cnnviz.paint.mips import forget_mips
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Box, Grid
from tests.paint.scenes import WHITE, colors, grid, pixels, rgb, scene

LEVELS = np.arange(12).reshape(3, 4) * 20


@pytest.mark.parametrize("scale", [1, 1.25, 1.5, 2, 3])
@pytest.mark.parametrize("cell", [1, 2.5, 3, 10, 20])
def test_every_pixel_has_the_colour_of_its_cell(cell: float, scale: float) -> None:
    image = scene_image(scene(grid(colors(LEVELS), cell, (10, 5))), scale)
    seen = pixels(image)[..., 0]
    edges_x = np.floor((10 + np.arange(5) * cell) * scale + 0.5 + 1e-6).astype(int)
    edges_y = np.floor((5 + np.arange(4) * cell) * scale + 0.5 + 1e-6).astype(int)
    expected = np.full(seen.shape, 255)
    for row in range(3):
        for column in range(4):
            expected[edges_y[row] : edges_y[row + 1], edges_x[column] : edges_x[column + 1]] = LEVELS[
                row, column
            ]
    assert np.array_equal(seen, expected)


def test_the_box_clips() -> None:
    box = Box(20, 20, 30, 10)
    image = scene_image(scene(grid(colors(LEVELS + 1), 30, (0, 0), box=box)))
    inside = pixels(image)[20:30, 20:50, 0]
    assert set(np.unique(inside)) == {1, 21}
    outside = pixels(image)[..., 0].copy()
    outside[20:30, 20:50] = 255
    assert (outside == 255).all()


def test_lines_are_one_device_pixel_at_the_edges_of_cells() -> None:
    some = grid(colors(np.zeros((2, 2))), 10, (0, 0), line="#ff0000")
    seen = pixels(scene_image(scene(some), 2))[:40, :40]
    red = (seen[..., 0] == 255) & (seen[..., 1] == 0)
    expected = np.zeros((40, 40), bool)
    expected[[0, 20, 39]] = True
    expected[:, [0, 20, 39]] = True
    assert np.array_equal(red, expected)


def test_lines_that_cross_get_one_coat() -> None:
    some = grid(colors(np.full((2, 2), 200)), 10, line="#00000080")
    image = scene_image(scene(some))
    # 200 * (255 - 128) / 255 = 99.6
    assert rgb(image, 10, 5) == rgb(image, 5, 10) == rgb(image, 10, 10) == (100, 100, 100)


def test_small_cells_have_no_lines() -> None:
    image = scene_image(scene(grid(colors(np.zeros((4, 4))), 7, line="#ff0000")))
    assert set(np.unique(pixels(image)[:28, :28, 0])) == {0}


def test_only_the_written_cells_show_and_the_others_are_blank_with_lines() -> None:
    some = grid(colors(np.zeros((3, 3))), 10, written=4, blank="#eeeeee", line="#cccccc")
    image = scene_image(scene(some))
    shown = [[rgb(image, 5 + 10 * c, 5 + 10 * r)[0] for c in range(3)] for r in range(3)]
    assert shown == [[0, 0, 0], [0, 0xEE, 0xEE], [0xEE, 0xEE, 0xEE]]
    assert rgb(image, 20, 25) == rgb(image, 29, 29) == (0xCC, 0xCC, 0xCC)


def test_a_large_map_with_nothing_written_shows_its_outline() -> None:
    some = grid(colors(np.zeros((200, 200))), 0.25, (10, 10), written=0, blank="#eeeeee", line="#cccccc")
    image = scene_image(scene(some))
    assert [rgb(image, 10, 30)[0], rgb(image, 59, 30)[0], rgb(image, 30, 59)[0]] == [0xCC] * 3
    assert rgb(image, 35, 35)[0] == 0xEE
    assert rgb(image, 60, 35) == WHITE


def test_a_half_transparent_blank_lies_on_the_background() -> None:
    some = grid(colors(np.zeros((1, 1))), 20, written=0, blank="#00000080")
    # 255 * (255 - 128) / 255 = 127
    assert abs(rgb(scene_image(scene(some)), 10, 10)[0] - 127) <= 1
    alpha = pixels(scene_image(scene(some, background=None)))[10, 10, 3]
    assert alpha == 128


def test_a_minified_map_is_the_mean_of_its_cells() -> None:
    checks = (np.indices((400, 400)).sum(axis=0) % 2) * 255
    for cell in (0.25, 0.125, 0.5):
        image = scene_image(scene(grid(colors(checks), cell, (10, 10))))
        side = int(400 * cell)
        middle = pixels(image)[12 : 8 + side, 12 : 8 + side, 0]
        assert np.abs(middle.astype(int) - 127.5).max() <= 2


def test_a_minified_map_takes_exactly_its_place() -> None:
    image = scene_image(scene(grid(colors(np.zeros((300, 200))), 0.2, (10, 20))))
    dark = pixels(image)[..., 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (20, 79, 10, 49)
    assert dark[20:80, 10:50].all()


def _ink(some: Grid, scale: float = 1) -> NDArray[np.bool_]:
    """Where the picture with numbers differs from the one without."""
    plain = pixels(scene_image(scene(replace(some, values=None)), scale))
    inked: NDArray[np.bool_] = (pixels(scene_image(scene(some), scale)) != plain).any(axis=2)
    return inked


@pytest.mark.parametrize("scale", [1, 1.25, 2])
def test_numbers_are_centred_in_their_cells(scale: float) -> None:
    values = np.array([[8.0, -88.0], [888.0, 0.0]])
    some = grid(colors(np.full((2, 2), 250)), 40, values=values, text_size=14)
    ink = _ink(some, scale)
    side = round(40 * scale)
    for row in range(2):
        for column in range(2):
            part = ink[row * side : (row + 1) * side, column * side : (column + 1) * side]
            ys, xs = np.nonzero(part)
            assert abs((ys.min() + ys.max() + 1) / 2 - side / 2) <= 1
            if values[row, column] >= 0:  # the minus sign has more air at its left
                assert abs((xs.min() + xs.max() + 1) / 2 - side / 2) <= 1.5
            assert ys.max() + 1 - ys.min() == pytest.approx(14 * scale * 0.73, abs=2)


def test_numbers_too_wide_for_their_cells_become_smaller() -> None:
    some = grid(colors(np.full((1, 3), 250)), 30, values=np.array([[1234567.0, 1, 2]]), text_size=16)
    ink = _ink(some)
    assert ink[:, :30].any()
    assert not ink[:, 30:40].any()
    xs = np.flatnonzero(ink[:, :30].any(axis=0))
    assert 0.7 * 30 <= xs[-1] + 1 - xs[0] <= 0.95 * 30


def test_numbers_that_could_not_be_read_are_left_out() -> None:
    some = grid(colors(np.full((2, 2), 250)), 12, values=np.full((2, 2), 123456789.0), text_size=10)
    assert not _ink(some).any()


def test_blank_cells_have_no_numbers() -> None:
    some = grid(
        colors(np.full((1, 3), 250)),
        30,
        values=np.full((1, 3), 8.0),
        text_size=16,
        written=1,
        blank="#ffffff",
    )
    ink = _ink(some)
    assert ink[:, :30].any()
    assert not ink[:, 30:].any()


def test_ink_is_dark_on_light_cells_and_light_on_dark_ones() -> None:
    some = grid(
        colors([[250, 5]]),
        40,
        values=np.array([[8.0, 8.0]]),
        text_size=30,
        ink_dark="#000000",
        ink_light="#ffffff",
    )
    seen = pixels(scene_image(scene(some)))[..., 0]
    assert seen[:40, :40].min() < 10
    assert seen[:40, 40:80].max() > 245


def test_the_same_number_looks_the_same_wherever_it_stands() -> None:
    some = grid(colors(np.full((2, 2), 250)), 40, values=np.full((2, 2), -3.5), text_size=14, decimals=1)
    seen = pixels(scene_image(scene(some)))[:80, :80]
    tiles = [seen[y : y + 40, x : x + 40] for y in (0, 40) for x in (0, 40)]
    assert all(np.array_equal(tile, tiles[0]) for tile in tiles)


def test_numbers_are_written_with_their_decimals_a_true_minus_and_no_negative_zero() -> None:
    def image(value: float, decimals: int) -> bytes:
        some = grid(colors([[250]]), 60, values=np.array([[value]]), text_size=16, decimals=decimals)
        return pixels(scene_image(scene(some))).tobytes()

    assert image(-0.001, 2) == image(0.0, 2)
    assert image(0.5, 2) == image(0.50001, 2)
    assert image(0.5, 2) != image(0.5, 1)
    assert image(-3, 0) != image(3, 0)
    assert image(np.inf, 0) != image(np.nan, 0)


def test_what_was_painted_before_changes_no_byte() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(-99, 99, (30, 30)).astype(float)
    image = colors(rng.integers(0, 256, (30, 30)))
    look = {"values": values, "text_size": 9.0, "line": "#80808080", "blank": "#eeeeee"}
    steps = [
        grid(image, 20.0, (-50, -40), box=Box(5, 5, 90, 90), written=n, **look) for n in (0, 100, 300, 900)
    ]
    steps += [replace(steps[2], origin=(-51.0, -40.0)), replace(steps[2], values=values + 1)]

    def fresh(some: Grid) -> bytes:
        forget_layers()
        forget_mips()
        return pixels(scene_image(scene(some), 1.25)).tobytes()

    alone = [fresh(some) for some in steps]
    forget_layers()
    for order in ((0, 1, 2, 3, 4, 5), (5, 3, 1, 4, 2, 0), (2, 2, 0, 5)):
        for place in order:
            assert pixels(scene_image(scene(steps[place]), 1.25)).tobytes() == alone[place]


def test_a_large_map_changed_into_another_is_not_taken_for_the_old_one() -> None:
    # Arrays of one address one after the other, as when a lesson is edited.
    means = []
    for level in (10, 200, 10):
        means.append(rgb(scene_image(scene(grid(colors(np.full((400, 400), level)), 0.2))), 40, 40)[0])
    assert means == [10, 200, 10]


def test_a_4k_map_is_seen_at_any_zoom() -> None:
    image = colors(np.tile(np.arange(3840) % 256, (2160, 1)))
    for cell in (100 / 3840, 0.3, 0.7, 1, 5, 30):
        some = grid(image, cell, (-1000 * cell, -500 * cell), box=Box(0, 0, 100, 50))
        seen = pixels(scene_image(scene(some)))
        if cell >= 1:
            expected = (1000 + np.floor((np.arange(100) + 1e-9) / cell).astype(int)) % 256
            assert np.array_equal(seen[10, :, 0], expected)
        assert (seen[:, :, 0] == 255).mean() < 0.9


def test_a_cell_larger_than_the_picture_shows_its_number_in_the_middle() -> None:
    some = grid(
        colors([[250, 250], [250, 250]]), 5000, (-2450, -2450), box=Box(0, 0, 100, 100),
        values=np.full((2, 2), 8.0), text_size=2000.0,
    )  # fmt: skip
    seen = pixels(scene_image(scene(some)))[..., 0]
    assert seen[50, 50] < 60  # in the waist of the 8
    assert len(np.unique(seen)) <= 30


@pytest.mark.parametrize("size", [31.0, 33.0])
def test_numbers_look_alike_on_both_sides_of_the_atlas(size: float) -> None:
    some = grid(colors([[250]]), 80, values=np.array([[-8.5]]), text_size=size, decimals=1)
    ys, xs = np.nonzero(_ink(some))
    assert ys.max() + 1 - ys.min() == pytest.approx(size * 0.73, abs=2)
    assert (ys.min() + ys.max() + 1) / 2 == pytest.approx(40, abs=1)
    assert (xs.min() + xs.max() + 1) / 2 == pytest.approx(40.5, abs=2)
