"""GIFs as Pillow reads them back: colours, times, rectangles, transparency."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from cnnviz.export.difference import difference, solid_part
from cnnviz.export.gif import COLORS, Mapper, count_colors, gif_frame, gif_start, shared_palette
from tests.export.images import image_of

Frame = NDArray[np.uint8]


def _write(frames: list[Frame], transparent: bool = False, times: list[int] | None = None) -> io.BytesIO:
    images = [image_of(frame) for frame in frames]
    palette = shared_palette([count_colors(solid_part(image).pixels) for image in images])
    parts = [gif_start((frames[0].shape[1], frames[0].shape[0]), palette)]
    mapper, before = Mapper(palette), None
    for image, time in zip(images, times or [10] * len(frames), strict=True):
        what = solid_part(image) if transparent else difference(before, image)
        parts.append(gif_frame(what, mapper, time, transparent))
        before = image
    return io.BytesIO(b"".join(parts) + b";")


def _packed(colors: Frame) -> NDArray[np.uint32]:
    red, green, blue = (colors[..., channel].astype(np.uint32) for channel in range(3))
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, np.uint32)


def _palette(*frames: Frame) -> Frame:
    return shared_palette([count_colors(_packed(frame)) for frame in frames])


def _read(stream: io.BytesIO, mode: str = "RGB") -> list[Frame]:
    with Image.open(stream) as image:
        return [np.array(frame.convert(mode)) for frame in ImageSequence.Iterator(image)]


def _flat(*color: int) -> Frame:
    return np.full((20, 30, len(color)), color, np.uint8)


def _steps() -> list[Frame]:
    frames = [_flat(255, 255, 255) for _ in range(4)]
    for number in range(1, 4):
        frames[number][5:10, 5 : 5 + 5 * number] = (200, 10, 90)
    return frames


def test_frames_come_back_exactly_when_their_colours_fit() -> None:
    frames = _steps()
    for written, read in zip(frames, _read(_write(frames)), strict=True):
        assert np.array_equal(read, written)


def test_times_are_kept_and_the_animation_loops() -> None:
    with Image.open(_write(_steps(), times=[10, 20, 30, 250])) as image:
        assert image.info["loop"] == 0
        assert [frame.info["duration"] for frame in ImageSequence.Iterator(image)] == [100, 200, 300, 2500]


def test_frames_that_are_all_the_same_are_still_frames() -> None:
    with Image.open(_write([_flat(9, 9, 9)] * 5)) as image:
        assert getattr(image, "n_frames", 1) == 5
    assert all((frame == 9).all() for frame in _read(_write([_flat(9, 9, 9)] * 5)))


def test_only_what_changed_is_written() -> None:
    rng = np.random.default_rng(6)
    noise = rng.integers(0, 16, (100, 100, 1), np.uint8).repeat(3, axis=2) * 16
    changed = noise.copy()
    changed[40:44, 40:44] = 255
    one = len(_write([noise]).getvalue())
    assert len(_write([noise] + [noise, changed] * 10).getvalue()) < one * 1.2


def test_a_cleared_part_comes_back_as_transparent() -> None:
    first, second = _flat(0, 0, 0, 0), _flat(0, 0, 0, 0)
    first[2:5, 2:5] = (200, 0, 0, 255)
    second[10:12, 10:12] = (0, 0, 200, 255)
    for written, read in zip([first, second], _read(_write([first, second], True), "RGBA"), strict=True):
        assert np.array_equal(read[..., 3], written[..., 3])
        solid = written[..., 3] == 255
        assert np.array_equal(read[solid], written[solid])


def test_a_palette_of_few_colours_is_exact() -> None:
    palette = {tuple(color) for color in _palette(*_steps()).tolist()}
    assert palette == {(255, 255, 255), (200, 10, 90)}


def test_frequent_colours_survive_beside_many_others() -> None:
    rng = np.random.default_rng(7)
    photo = rng.integers(0, 256, (200, 200, 3), np.uint8)
    photo[:60] = (255, 255, 255)
    photo[100:103] = (208, 28, 139)
    palette = {tuple(color) for color in _palette(photo).tolist()}
    assert len(palette) <= COLORS
    assert {(255, 255, 255), (208, 28, 139)} <= palette


def test_every_colour_becomes_the_nearest_of_the_palette() -> None:
    rng = np.random.default_rng(8)
    palette = rng.integers(0, 256, (COLORS, 3), np.uint8)
    frame = rng.integers(0, 256, (40, 50, 3), np.uint8)
    mapper = Mapper(palette)
    for _ in range(2):
        chosen = palette[mapper.indices(_packed(frame))].astype(int)
        apart = np.square(chosen - frame).sum(axis=2)
        for y, x in ((0, 0), (13, 44), (39, 49), (20, 7)):
            assert apart[y, x] == np.square(palette.astype(int) - frame[y, x]).sum(axis=1).min()


def test_a_photograph_is_close() -> None:
    ramp = np.indices((64, 64)).transpose(1, 2, 0)
    photo = np.concatenate([ramp * 4, (ramp.sum(axis=2, keepdims=True) * 2)], axis=2).astype(np.uint8)
    apart = np.abs(_read(_write([photo]))[0].astype(int) - photo)
    assert apart.mean() < 8


def test_what_did_not_change_is_left_as_it_is() -> None:
    first, second = _steps()[0], _steps()[3]
    data = _write([first, second]).getvalue()
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        assert image.tile[0].extents == (5, 5, 20, 10)  # left, top, right, bottom of what changed


def test_a_mistaken_colour_does_not_stay() -> None:
    """A pixel that changes to a colour with the same palette entry, and back, ends as it began."""
    rng = np.random.default_rng(3)
    photo = rng.integers(0, 256, (60, 60, 3), np.uint8)
    other = photo ^ np.uint8(1)
    first, _, last = _read(_write([photo, other, photo]))
    assert np.array_equal(first, last)


def test_colours_are_counted_and_those_that_are_hardly_seen_are_not() -> None:
    frame = np.array([[0xFF000001, 0xFF000001, 0x10FFFFFF], [0xFF000001, 0x80000002, 0x7F000003]], np.uint32)
    colors, counts = count_colors(frame)
    assert (colors.tolist(), counts.tolist()) == ([1, 2], [3, 1])
