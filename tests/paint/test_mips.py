"""Halved maps are means, and the level fits the zoom."""

import numpy as np
import pytest

from cnnviz.paint.mips import level_for, mip, rgb_image
from tests.paint.scenes import pixels


@pytest.mark.parametrize("cell", [0.001, 0.01, 0.1, 0.3, 0.5, 0.51, 0.75, 0.99])
def test_a_level_leaves_half_to_one_pixel_a_cell(cell: float) -> None:
    assert 0.5 < cell * 2 ** level_for(cell) <= 1


def test_copies_any_part_of_a_map_whatever_its_width() -> None:
    image = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    assert np.array_equal(pixels(rgb_image(image))[..., :3], image)


def test_a_level_is_the_mean_of_four() -> None:
    image = np.random.default_rng(2).integers(0, 256, (64, 32, 3), np.uint8)
    half = image.reshape(32, 2, 16, 2, 3).mean(axis=(1, 3))
    assert np.abs(pixels(mip(image, 1))[..., :3] - half).max() <= 1
    quarter = image.reshape(16, 4, 8, 4, 3).mean(axis=(1, 3))
    assert np.abs(pixels(mip(image, 2))[..., :3] - quarter).max() <= 2


def test_odd_sizes_round_up_and_never_vanish() -> None:
    image = np.zeros((5, 1, 3), np.uint8)
    sizes = [(mip(image, level).height(), mip(image, level).width()) for level in range(5)]
    assert sizes == [(5, 1), (3, 1), (2, 1), (1, 1), (1, 1)]
