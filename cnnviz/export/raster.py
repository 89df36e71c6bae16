"""Turns painted pictures into the bytes of PNG files."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _TRUECOLOR_ALPHA = 2, 6
_UP = 2
# Level 1 is half as slow as level 6 and a tenth larger; the filter makes what repeats downwards zeros.
_LEVEL = 1


def pixel_array(image: QImage) -> NDArray[np.uint8]:
    """Copy a picture's pixels: (height, width, 3) RGB, or (height, width, 4) RGBA not premultiplied.

    The alpha channel is left out when nothing is transparent.
    """
    if image.hasAlphaChannel():
        pixels = _channels(image.convertToFormat(QImage.Format.Format_RGBA8888), 4)
        return pixels if pixels[..., 3].min() < 255 else np.ascontiguousarray(pixels[..., :3])
    return _channels(image.convertToFormat(QImage.Format.Format_RGB888), 3)


def png_bytes(image: QImage) -> bytes:
    """Encode a picture as a PNG with 8 bits a channel; the same pixels give the same bytes."""
    pixels = pixel_array(image)
    height, width, channels = pixels.shape
    kind = _TRUECOLOR if channels == 3 else _TRUECOLOR_ALPHA
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    data = zlib.compress(_filtered(pixels.reshape(height, width * channels)).data, _LEVEL)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _channels(image: QImage, channels: int) -> NDArray[np.uint8]:
    """Copy the pixels of an 8-bit picture without the bytes that fill up its lines."""
    height, width = image.height(), image.width()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return lines[:, : width * channels].reshape(height, width, channels).copy()


def _filtered(lines: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put before each line the number of its filter; the line becomes its difference to the one above."""
    height, length = lines.shape
    filtered = np.empty((height, length + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = lines[0]
    np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    return filtered


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
