"""A picture with a pixel for each cell as a PNG, with the palette that it came with."""

from __future__ import annotations

import struct
import zlib
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from cnnviz.paint.canvas import Cells
from cnnviz.paint.lru import ByteLru

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _INDEXED = 2, 3
_LEVEL = 6
_KEPT: ByteLru[bytes] = ByteLru(16 << 20, len)


def cells_png(cells: Cells) -> bytes:
    """Encode a picture; maps that stay the same from frame to frame are encoded once."""
    return _KEPT.get(digest(cells), lambda: _encoded(cells))


def digest(cells: Cells) -> bytes:
    """Tell pictures apart by their content."""
    sides = np.array(cells.image.shape, np.int64).tobytes()
    sign = blake2b(sides, digest_size=16)
    sign.update(np.ascontiguousarray(cells.image).data)
    if cells.palette is not None:
        sign.update(np.ascontiguousarray(cells.palette).data)
    return sign.digest()


def filtered_lines(cells: Cells) -> bytes:
    """Compress the pixels line by line, as PNG and PDF have them alike.

    Colours become differences to the line above; numbers in a palette stay as they are.
    """
    lines = np.ascontiguousarray(cells.image).reshape(cells.image.shape[0], -1)
    filtered = np.empty((lines.shape[0], lines.shape[1] + 1), np.uint8)
    plain = cells.palette is not None
    filtered[:, 0] = 0 if plain else 2
    filtered[:, 1:] = lines
    if not plain:
        np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    return zlib.compress(filtered.data, _LEVEL)


def palette_bytes(palette: NDArray[np.uint8]) -> bytes:
    """Red, green and blue of each colour."""
    return np.ascontiguousarray(palette, np.uint8).tobytes()


def _encoded(cells: Cells) -> bytes:
    height, width = cells.image.shape[:2]
    kind = _TRUECOLOR if cells.palette is None else _INDEXED
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    colors = b"" if cells.palette is None else _chunk(b"PLTE", palette_bytes(cells.palette))
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + colors
        + _chunk(b"IDAT", filtered_lines(cells))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
