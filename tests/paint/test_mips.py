"""Small copies of maps are means, and the level fits the zoom."""

import numpy as np
import pytest
from PySide6.QtCore import QRect

from cnnviz.paint import mips
from cnnviz.paint.mips import level_for, mip, part_shrunk, rgb_image
from tests.paint.scenes import pixels


@pytest.mark.parametrize("cell", [0.001, 0.01, 0.1, 0.3, 0.5, 0.51, 0.75, 0.99])
def test_a_level_leaves_half_to_one_pixel_a_cell(cell: float) -> None:
    assert 0.5 < cell * 2 ** level_for(cell) <= 1


def test_copies_any_part_of_a_map_whatever_its_width() -> None:
    image = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    assert np.array_equal(pixels(rgb_image(image))[..., :3], image)


def test_numbers_of_a_palette_become_its_colours() -> None:
    random = np.random.default_rng(3)
    palette = random.integers(0, 256, (256, 3), np.uint8)
    image = random.integers(0, 256, (9, 31), np.uint8)
    assert np.array_equal(pixels(rgb_image(image, palette))[..., :3], palette[image])


@pytest.mark.parametrize("strip", [1, 300, 1 << 18])
def test_a_level_is_the_mean_of_the_cells_it_stands_for(strip: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mips, "STRIP", strip)
    image = np.random.default_rng(2).integers(0, 256, (64, 32, 3), np.uint8)
    for level in (1, 2, 3):
        side = 2**level
        mean = image.reshape(64 // side, side, 32 // side, side, 3).mean(axis=(1, 3))
        assert np.abs(pixels(mip(image, None, level))[..., :3] - mean).max() <= 1
        mips.forget_mips()


def test_colours_are_averaged_not_their_numbers() -> None:
    palette = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    image = np.tile(np.array([[0, 2]], np.uint8), (4, 4))
    seen = pixels(mip(image, palette, 1))[..., :3]
    assert np.abs(seen.astype(int) - [127.5, 0, 127.5]).max() <= 1


def test_another_palette_is_another_copy() -> None:
    image = np.zeros((2, 2), np.uint8)
    seen = [pixels(mip(image, np.full((1, 3), tone, np.uint8), 1))[0, 0, 0] for tone in (10, 200)]
    assert seen == [10, 200]


@pytest.mark.parametrize("strip", [1, 1 << 18])
def test_odd_sizes_round_up_and_never_vanish(strip: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mips, "STRIP", strip)
    image = np.full((5, 1, 3), 77, np.uint8)
    small = [mip(image, None, level) for level in range(5)]
    mips.forget_mips()
    assert [(one.height(), one.width()) for one in small] == [(5, 1), (3, 1), (2, 1), (1, 1), (1, 1)]
    assert all((pixels(one)[..., :3] == 77).all() for one in small)


@pytest.mark.parametrize("level", [0, 1, 3])
def test_a_part_looks_as_in_the_whole(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.random.default_rng(5).integers(0, 256, (160, 240), np.uint8)
    palette = np.random.default_rng(6).integers(0, 256, (256, 3), np.uint8)
    side = 2**level
    whole = pixels(mip(image, palette, level))
    for part in (QRect(0, 0, 9, 9), QRect(37, 51, 60, 33), QRect(231, 152, 9, 8), QRect(0, 0, 240, 160)):
        small, seen = part_shrunk(image, palette, level, part)
        assert seen.contains(part)
        at = seen.top() // side, seen.left() // side
        inside = whole[at[0] : at[0] + small.height(), at[1] : at[1] + small.width()]
        assert np.array_equal(pixels(small), inside)
    monkeypatch.setattr(mips, "AT_ONCE", 100)
    small, seen = part_shrunk(image, palette, level, QRect(37, 51, 60, 33))
    assert seen == QRect(0, 0, 240, 160) or level == 0
