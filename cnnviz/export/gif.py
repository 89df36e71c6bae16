"""Writes animated GIFs frame by frame, so that a thousand of them take no more memory than two."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

COLORS = 255  # the last entry of the palette stays free for what is transparent
TRANSPARENT = 255
_EXACT = 64  # the most frequent colours are kept as they are
_UNKNOWN = 0xFFFF
_LOOP_FOREVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_KEEP, _CLEAR = 1, 2  # what becomes of a frame before the next one
_NEAREST_AT_ONCE = 4096


def shared_palette(frames: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Choose at most 255 colours, shape (colours, 3), for all these frames (height, width, 3 or 4).

    With no more colours than that they are exact. Otherwise the most frequent are exact, and each further one is
    that which is worst served so far: far from all chosen, and counted by the square root of its pixels, so that
    an accent or the end of a legend keeps its colour beside a photograph.
    """
    packed = np.concatenate([_packed(frame)[_solid(frame)] for frame in frames])
    colors, counts = np.unique(packed, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    palette = _unpacked(colors[order]) if len(colors) else np.zeros((1, 3), np.uint8)
    return palette if len(palette) <= COLORS else _worst_served(palette, counts[order])


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


def _packed(frame: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Give the colours of all pixels as numbers 0xRRGGBB."""
    packed = frame[..., 0].astype(np.uint32)
    for channel in (1, 2):
        packed = packed << np.uint32(8) | frame[..., channel]
    return packed.ravel()


def _unpacked(packed: NDArray[np.uint32]) -> NDArray[np.uint8]:
    shades = [(packed >> shift & 255).astype(np.uint8) for shift in (16, 8, 0)]
    return np.stack(shades, axis=1)


def _solid(frame: NDArray[np.uint8]) -> NDArray[np.bool_]:
    if frame.shape[2] == 3:
        return np.ones(frame.shape[0] * frame.shape[1], bool)
    return frame[..., 3].ravel() >= 128


@dataclass(slots=True, eq=False)
class Mapper:
    """Finds the nearest colour of a palette; what was looked up is kept in a table of all 2^24 colours."""

    palette: NDArray[np.uint8]
    _table: NDArray[np.uint16] = field(init=False)

    def __post_init__(self) -> None:
        self._table = np.full(1 << 24, _UNKNOWN, np.uint16)

    def indices(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Palette entries (height, width); pixels less than half opaque are `TRANSPARENT`."""
        packed = _packed(frame)
        found = self._table[packed]
        if (found == _UNKNOWN).any():
            self._learn(np.unique(packed[found == _UNKNOWN]))
            found = self._table[packed]
        indices = found.astype(np.uint8)
        if frame.shape[2] == 4:
            indices[~_solid(frame)] = TRANSPARENT
        return indices.reshape(frame.shape[:2])

    def _learn(self, colors: NDArray[np.uint32]) -> None:
        palette = self.palette.astype(np.int32)
        for start in range(0, len(colors), _NEAREST_AT_ONCE):
            some = colors[start : start + _NEAREST_AT_ONCE]
            apart = _unpacked(some).astype(np.int32)[:, None, :] - palette
            self._table[some] = np.square(apart).sum(axis=2).argmin(axis=1)


@dataclass(slots=True, eq=False)
class GifWriter:
    """Writes one frame after the other to a stream.

    An opaque frame holds only the rectangle that differs from the one before. With ``transparent`` each one
    is whole and is cleared before the next, since a GIF cannot paint transparency over what is there.
    """

    stream: BinaryIO
    mapper: Mapper
    transparent: bool = False
    _last: NDArray[np.uint8] | None = None

    def add(self, frame: NDArray[np.uint8], centiseconds: int) -> None:
        """Write the next frame, shown for that many hundredths of a second."""
        indices = self.mapper.indices(frame)
        if self._last is None:
            self.stream.write(_header(indices.shape, self.mapper.palette) + _LOOP_FOREVER)
        whole = self._last is None or self.transparent
        top, bottom, left, right = _extent(indices) if whole else _difference(indices, self._last)
        self.stream.write(_control(centiseconds, self.transparent))
        self.stream.write(_picture(indices[top:bottom, left:right], left, top))
        self._last = indices

    def finish(self) -> None:
        """Write the end mark."""
        self.stream.write(b";")


def delay(position: int, count: int, fps: float, hold: float) -> int:
    """Give a frame's hundredths of a second, rounded such that the sum keeps time; the last stays longer."""
    start, end = round(position * 100 / fps), round((position + 1) * 100 / fps)
    return min(0xFFFF, end - start + (round(100 * hold) if position == count - 1 else 0))


def _extent(indices: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    return 0, indices.shape[0], 0, indices.shape[1]


def _difference(indices: NDArray[np.uint8], before: NDArray[np.uint8] | None) -> tuple[int, int, int, int]:
    """Find the rectangle (top, bottom, left, right) outside which nothing changed; a pixel if nothing did."""
    changed = indices != before
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _header(shape: tuple[int, ...], palette: NDArray[np.uint8]) -> bytes:
    height, width = shape
    table = palette.tobytes().ljust(3 * 256, b"\0")
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + table


def _control(centiseconds: int, transparent: bool) -> bytes:
    flags = (_CLEAR if transparent else _KEEP) << 2 | int(transparent)
    return b"!\xf9\x04" + struct.pack("<BHBB", flags, centiseconds, TRANSPARENT if transparent else 0, 0)


def _picture(indices: NDArray[np.uint8], left: int, top: int) -> bytes:
    """Describe and compress a rectangle; Pillow does the compression."""
    from PIL import GifImagePlugin, Image

    image = Image.fromarray(np.ascontiguousarray(indices))
    blocks = GifImagePlugin.getdata(image, (left, top))
    return b"".join(blocks)
