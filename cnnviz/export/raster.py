"""Turns painted pictures into pixels and into the bytes of PNG files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _TRUECOLOR_ALPHA = 2, 6
_SUB, _UP = 1, 2
# Level 1 is half as slow as level 6 and a tenth larger; the filters make what repeats zeros.
_LEVEL = 1
_HEAD = b"\x78\x01"  # of a zlib stream
_TAIL = b"\x03\x00"  # a last block, empty
_ROWS = 16
"""Rows of a stripe: pictures of a lesson differ in a third of them, and each stripe costs some bytes."""
_BASE = 65521  # of Adler's sum


def pixel_array(image: QImage) -> NDArray[np.uint8]:
    """Copy a picture's pixels: (height, width, 3) RGB, or (height, width, 4) RGBA not premultiplied.

    The alpha channel is left out when nothing is transparent.
    """
    return channel_array(image, channels_of(image))


def channel_array(image: QImage, channels: int) -> NDArray[np.uint8]:
    """Copy a picture's pixels with that many channels: 3 for RGB, 4 for RGBA not premultiplied."""
    plain = _plain(image, channels)
    return _lines(plain, channels).reshape(plain.height(), plain.width(), channels).copy()


def channels_of(image: QImage) -> int:
    """4 where something is transparent, else 3."""
    return 4 if image.hasAlphaChannel() and (words(image) < 0xFF000000).any() else 3


def words(image: QImage) -> NDArray[np.uint32]:
    """View the pixels of a painted picture as 0xAARRGGBB, (height, width); they live as long as the picture."""
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())


def png_bytes(image: QImage) -> bytes:
    """Encode a picture as a PNG with 8 bits a channel; the same pixels give the same bytes."""
    return PngEncoder().encode(image)


@dataclass(frozen=True, slots=True)
class _Stripe:
    """Some rows compressed by themselves: the blocks, and Adler's sum and the length of what they hold."""

    blocks: bytes
    adler: int
    length: int


@dataclass(slots=True, eq=False)
class PngEncoder:
    """Encodes pictures that are alike, such as the steps of a lesson.

    Rows are compressed in stripes that know nothing of each other, so that those which are as in the picture
    encoded last are taken from it. The bytes of a picture do not depend on that, and several threads may share
    one encoder.
    """

    _last: tuple[QImage, int, tuple[_Stripe, ...]] | None = field(default=None, init=False)

    def encode(self, image: QImage) -> bytes:
        """Give the bytes of a PNG file."""
        channels = channels_of(image)
        stripes = tuple(self._stripes(image, channels))
        self._last = (image, channels, stripes)
        return b"".join(
            (
                SIGNATURE,
                header(image.width(), image.height(), channels),
                chunk(b"IDAT", _joined(stripes)),
                chunk(b"IEND", b""),
            )
        )

    def _stripes(self, image: QImage, channels: int) -> list[_Stripe]:
        last = self._last
        tops = range(0, image.height(), _ROWS)
        if last is None or last[1] != channels or last[0].size() != image.size():
            return [_stripe(image, top, channels) for top in tops]
        before, now, old = words(last[0]), words(image), last[2]
        return [
            old[place]
            if np.array_equal(before[top : top + _ROWS], now[top : top + _ROWS])
            else _stripe(image, top, channels)
            for place, top in enumerate(tops)
        ]


def compressed(pixels: NDArray[np.uint8]) -> bytes:
    """Filter and compress pixels (height, width, channels) as the data of an IDAT or fdAT chunk."""
    height, width, channels = pixels.shape
    lines = pixels.reshape(height, width * channels)
    return _joined([_pressed(lines[top : top + _ROWS], channels) for top in range(0, height, _ROWS)])


def header(width: int, height: int, channels: int) -> bytes:
    """The chunk that tells size and kind."""
    kind = _TRUECOLOR if channels == 3 else _TRUECOLOR_ALPHA
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))


def chunk(kind: bytes, data: bytes) -> bytes:
    """A piece of a PNG file: its length, kind, data and check sum."""
    return b"".join(
        (struct.pack(">I", len(data)), kind, data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))
    )


def _stripe(image: QImage, top: int, channels: int) -> _Stripe:
    rows = min(_ROWS, image.height() - top)
    part = _plain(image.copy(0, top, image.width(), rows), channels)  # named, since its pixels go with it
    return _pressed(_lines(part, channels), channels)


def _pressed(lines: NDArray[np.uint8], channels: int) -> _Stripe:
    data = _filtered(lines, channels).data
    # Raw deflate, and a full flush at the end: whole bytes, and nothing after them points back.
    press = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    blocks = press.compress(data) + press.flush(zlib.Z_FULL_FLUSH)
    return _Stripe(blocks, zlib.adler32(data), data.nbytes)


def _filtered(lines: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Put before each line the number of its filter.

    The first line becomes its differences to the left, each other one that to the line above.
    """
    height, length = lines.shape
    filtered = np.empty((height, length + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 0] = _SUB
    filtered[0, 1 : channels + 1] = lines[0, :channels]
    np.subtract(lines[0, channels:], lines[0, :-channels], out=filtered[0, channels + 1 :])
    np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    return filtered


def _plain(image: QImage, channels: int) -> QImage:
    """The picture with one byte a channel, not premultiplied."""
    return image.convertToFormat(
        QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    )


def _lines(image: QImage, channels: int) -> NDArray[np.uint8]:
    """View the bytes of each line, (height, width · channels), without those that fill it up."""
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width() * channels]


def _joined(stripes: Sequence[_Stripe]) -> bytes:
    """One zlib stream of all stripes, with the sum of all of them."""
    low, high = 1, 0
    for stripe in stripes:
        high = (high + (stripe.adler >> 16) + stripe.length * (low - 1)) % _BASE
        low = (low + (stripe.adler & 0xFFFF) - 1) % _BASE
    return b"".join((_HEAD, *(s.blocks for s in stripes), _TAIL, struct.pack(">I", high << 16 | low)))
