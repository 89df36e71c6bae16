"""Makes the pieces of animated GIFs: one palette for all frames, and of each what differs from the one before."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cnnviz.export.difference import HALF, Difference, Words, difference, solid_part
from cnnviz.export.easel import Easel
from cnnviz.export.writing import Task, aside

COLORS = 255  # the last entry of the palette stays free for what is transparent
TRANSPARENT = 255
_EXACT = 64  # the most frequent colours are kept as they are
_UNKNOWN = 0
_LOOP_FOREVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_KEEP, _CLEAR = 1, 2  # what becomes of a frame before the next one
_NEAREST_AT_ONCE = 4096
_BITS = 8
_AT_ONCE = 1 << 12  # bytes of a compressed picture


Counts: TypeAlias = tuple[Words, NDArray[np.int64]]


def shared_palette(frames: Sequence[Counts]) -> NDArray[np.uint8]:
    """Choose at most 255 colours, shape (colours, 3), for all frames whose colours were counted.

    With no more colours than that they are exact. Otherwise the most frequent are exact, and each further one is
    that which is worst served so far: far from all chosen, and counted by the square root of its pixels, so that
    an accent or the end of a legend keeps its colour beside a photograph.
    """
    colors, counts = _added(*(np.concatenate(part) for part in zip(*frames, strict=True)))
    order = np.argsort(-counts, kind="stable")
    palette = _unpacked(colors[order]) if len(colors) else np.zeros((1, 3), np.uint8)
    return palette if len(palette) <= COLORS else _worst_served(palette, counts[order])


def count_colors(frame: Words) -> Counts:
    """Give the colours of a frame (height, width) of 0xAARRGGBB, but for those less than half opaque, and how often."""
    pixels = frame.ravel()
    # What is painted is flat: pixels that differ from the one before them are few.
    starts = np.concatenate([[0], np.flatnonzero(pixels[1:] != pixels[:-1]) + 1])
    colors, lengths = pixels[starts], np.diff(starts, append=len(pixels))
    solid = colors >= np.uint32(HALF)
    return _added(colors[solid] & np.uint32(0xFFFFFF), lengths[solid])


def _added(colors: Words, counts: NDArray[np.int64]) -> Counts:
    found, places = np.unique(colors, return_inverse=True)
    return found, np.bincount(places, counts, len(found)).astype(np.int64)


def _worst_served(colors: NDArray[np.uint8], counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Choose from colours that come the most frequent first; those alike to 5 bits a channel are taken as one."""
    chosen = list(colors[:_EXACT])
    _, first, group = np.unique(
        _packed((colors >> 3).astype(np.uint8)), return_index=True, return_inverse=True
    )
    others = colors[first].astype(np.int32)
    weight = np.sqrt(np.bincount(group, counts))
    apart = np.full(len(others), np.iinfo(np.int32).max, np.int32)
    for place in range(COLORS):
        if place == len(chosen):
            chosen.append(others[np.argmax(apart * weight)].astype(np.uint8))
        apart = np.minimum(apart, np.square(others - chosen[place]).sum(axis=1, dtype=np.int32))
    return np.array(chosen)


def _packed(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Give colours (n, 3) as numbers 0xRRGGBB."""
    red, green, blue = (colors[:, channel].astype(np.uint32) for channel in range(3))
    return red << np.uint32(16) | green << np.uint32(8) | blue


def _unpacked(packed: Words) -> NDArray[np.uint8]:
    shades = [(packed >> np.uint32(shift) & np.uint32(255)).astype(np.uint8) for shift in (16, 8, 0)]
    return np.stack(shades, axis=1)


@dataclass(slots=True, eq=False)
class GifPieces:
    """The pieces of a GIF."""

    ticks: int = 100
    _mapper: Mapper | None = field(default=None, init=False)
    _cleared: bool = field(default=False, init=False)

    def prepare(self, task: Task) -> Iterator[None]:
        """Choose the palette, by three of the pictures."""
        self._cleared = task.plan.theme == "transparent"
        easel, shots, samples = Easel(task), task.shots, []
        for place in sorted({0, len(shots) // 2, len(shots) - 1}):
            while not task.ready(shots[place], 0.02):
                yield
            image = yield from easel.paint(shots[place])
            what = solid_part(image) if self._cleared else difference(None, image)
            samples.append((yield from aside(partial(count_colors, what.pixels))))
        palette = yield from aside(lambda: shared_palette(samples))
        yield from aside(partial(import_module, "PIL.Image"))
        self._mapper = Mapper(palette)

    def start(self, task: Task) -> bytes:
        """Size and palette."""
        assert self._mapper is not None
        return gif_start(task.plan.pixels(), self._mapper.palette)

    def picture(self, before: QImage | None, image: QImage, position: int, ticks: int) -> bytes:
        """A picture as `gif_frame` writes it."""
        assert self._mapper is not None
        what = solid_part(image) if self._cleared else difference(before, image)
        return gif_frame(what, self._mapper, min(0xFFFF, ticks), self._cleared)

    def finish(self, stream: BinaryIO) -> None:
        """Write the end mark."""
        stream.write(b";")


@dataclass(slots=True, eq=False)
class Mapper:
    """Finds the nearest colour of a palette; what was looked up is kept in a table of all 2^24 colours.

    The table holds places counted from 1, so that it begins as zeros, of which the system makes only those pages
    that are asked for.
    """

    palette: NDArray[np.uint8]
    _table: NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        self._table = np.zeros(1 << 24, np.uint8)

    def indices(self, pixels: Words) -> NDArray[np.uint8]:
        """Palette entries of pixels 0xAARRGGBB; those less than half opaque are `TRANSPARENT`."""
        colors = pixels & np.uint32(0xFFFFFF)
        found = self._table[colors]
        if not found.all():
            self._learn(np.unique(colors[found == _UNKNOWN]))
            found = self._table[colors]
        indices: NDArray[np.uint8] = found - np.uint8(1)
        indices[pixels < HALF] = TRANSPARENT
        return indices

    def _learn(self, colors: Words) -> None:
        palette = self.palette.astype(np.int32)
        for start in range(0, len(colors), _NEAREST_AT_ONCE):
            some = colors[start : start + _NEAREST_AT_ONCE]
            apart = _unpacked(some).astype(np.int32)[:, None, :] - palette
            self._table[some] = np.square(apart).sum(axis=2).argmin(axis=1) + 1


def gif_start(size: tuple[int, int], palette: NDArray[np.uint8]) -> bytes:
    """The beginning of a GIF of that width and height, which is repeated for ever."""
    table = palette.tobytes().ljust(3 * 256, b"\0")
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + table + _LOOP_FOREVER


def gif_frame(what: Difference, mapper: Mapper, centiseconds: int, cleared: bool) -> bytes:
    """A picture that is shown for so many hundredths of a second.

    What did not change is left as it is. With ``cleared`` the picture is whole and goes before the next one
    comes, since a GIF cannot paint transparency over what is there.
    """
    if what.changed is None:
        indices = mapper.indices(what.pixels)
    else:
        indices = np.full(what.pixels.shape, TRANSPARENT, np.uint8)
        indices[what.changed] = mapper.indices(what.pixels[what.changed])
    flags = (_CLEAR if cleared else _KEEP) << 2 | 1
    control = b"!\xf9\x04" + struct.pack("<BHBB", flags, centiseconds, TRANSPARENT, 0)
    return control + _picture(indices, what.left, what.top)


def _picture(indices: NDArray[np.uint8], left: int, top: int) -> bytes:
    """Describe and compress a rectangle; Pillow does the compression."""
    height, width = indices.shape
    place = struct.pack("<BHHHHBB", ord(","), left, top, width, height, 0, _BITS)
    return b"".join((place, *_compressed(indices), b"\0"))


def _compressed(indices: NDArray[np.uint8]) -> Iterator[bytes]:
    """Compress by little and little: Pillow lets no other thread work meanwhile, and a whole 4K picture takes 30 ms."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(indices))
    encoder = Image._getencoder("L", "gif", "L", ())
    encoder.setimage(image.im, (0, 0, *image.size))
    try:
        ended = 0
        while not ended:
            _, ended, data = encoder.encode(_AT_ONCE)
            yield data
    finally:
        encoder.cleanup()
    if ended < 0:
        raise OSError(f"GIF encoder error {ended}")
