"""PNG files as another program reads them."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cnnviz.export.raster import PngEncoder, pixel_array, png_bytes
from tests.export.images import image_of


def _random(height: int, width: int, channels: int) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 256, (height, width, channels), np.uint8)


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (7, 3), (33, 50)])
def test_pillow_reads_the_same_pixels(size: tuple[int, int]) -> None:
    pixels = _random(*size, 3)
    with Image.open(io.BytesIO(png_bytes(image_of(pixels)))) as read:
        assert (read.format, read.mode) == ("PNG", "RGB")
        assert np.array_equal(np.array(read), pixels)


def test_pillow_finds_no_fault_in_the_chunks() -> None:
    with Image.open(io.BytesIO(png_bytes(image_of(_random(20, 20, 3))))) as read:
        read.verify()


def test_alpha_is_kept_and_not_premultiplied() -> None:
    pixels = _random(9, 11, 4)
    pixels[0, 0] = (200, 100, 50, 255)
    pixels[0, 1] = (9, 9, 9, 0)
    pixels[0, 2] = (200, 100, 50, 128)
    with Image.open(io.BytesIO(png_bytes(image_of(pixels)))) as read:
        assert read.mode == "RGBA"
        seen = np.array(read).astype(int)
    assert np.array_equal(seen[..., 3], pixels[..., 3])
    assert seen[0, 0].tolist() == [200, 100, 50, 255]
    assert np.abs(seen[0, 2] - (200, 100, 50, 128)).max() <= 1


def test_a_channel_of_full_alpha_is_left_out() -> None:
    pixels = _random(4, 5, 4)
    pixels[..., 3] = 255
    assert pixel_array(image_of(pixels)).shape == (4, 5, 3)
    assert np.array_equal(pixel_array(image_of(pixels)), pixels[..., :3])


def test_the_same_pixels_give_the_same_bytes() -> None:
    pixels = _random(30, 30, 3)
    assert png_bytes(image_of(pixels)) == png_bytes(image_of(pixels.copy()))


def test_flat_pictures_are_small() -> None:
    assert len(png_bytes(image_of(np.full((1080, 1920, 3), 255, np.uint8)))) < 40_000


@pytest.mark.parametrize("channels", [3, 4])
def test_what_was_encoded_before_changes_no_byte(channels: int) -> None:
    first, other = _random(70, 40, channels), _random(70, 40, channels)
    second = first.copy()
    second[37:40, 5:9] = 7
    pictures = [image_of(pixels) for pixels in (first, second, other, first, second[:50], second)]
    encoder = PngEncoder()
    for picture in pictures:
        assert encoder.encode(picture) == png_bytes(picture)


def test_alike_pictures_are_encoded_by_what_differs() -> None:
    picture, changed = _random(160, 40, 3), _random(160, 40, 3)
    changed[:] = picture
    changed[150, 3] ^= 255
    encoder = PngEncoder()
    first, second = encoder.encode(image_of(picture)), encoder.encode(image_of(changed))
    with Image.open(io.BytesIO(second)) as read:
        assert np.array_equal(np.array(read), changed)
    assert first[: len(first) * 8 // 10][41:] == second[: len(first) * 8 // 10][41:]
