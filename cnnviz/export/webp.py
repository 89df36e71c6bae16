"""Makes the pieces of WebP animations: without loss, with soft edges on a transparent background."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cnnviz.export.difference import changes
from cnnviz.export.writing import Task, aside

_ANIMATED, _ALPHA = 0x02, 0x10
_OVER, _REPLACE = 0x00, 0x02  # how a picture is laid over what is there
_LONGEST = 0xFFFFFF
_MANY = 1 << 23  # bytes of a picture, somewhat more than 1920×1080
_LARGE = Lock()


@dataclass(slots=True, eq=False)
class WebpPieces:
    """The pieces of a WebP animation."""

    ticks: int = 1000
    _clear: bool = field(default=False, init=False)

    def prepare(self, task: Task) -> Iterator[None]:
        """Know what a changed pixel can become: transparent, or another colour."""
        self._clear = task.plan.theme == "transparent"
        yield from aside(_load)

    def start(self, task: Task) -> bytes:
        """Size and kind, and that it is repeated for ever."""
        width, height = task.plan.pixels()
        extended = struct.pack("<I", _ANIMATED | _ALPHA) + _three(width - 1) + _three(height - 1)
        background_and_loops = struct.pack("<IH", 0, 0)
        return b"RIFF\0\0\0\0WEBP" + _chunk(b"VP8X", extended) + _chunk(b"ANIM", background_and_loops)

    def picture(self, before: QImage | None, image: QImage, position: int, ticks: int) -> bytes:
        """The rectangle that changed; it begins at even pixels."""
        rect, pixels = changes(before, image, self._clear, 2)
        place = (rect.x() // 2, rect.y() // 2, rect.width() - 1, rect.height() - 1)
        control = b"".join(map(_three, (*place, min(_LONGEST, ticks)))) + bytes(
            [_REPLACE if self._clear else _OVER]
        )
        return _chunk(b"ANMF", control + _still(pixels))

    def finish(self, stream: BinaryIO) -> None:
        """Say how long the file is."""
        size = stream.tell()
        stream.seek(4)
        stream.write(struct.pack("<I", size - 8))


def _load() -> None:
    """Load Pillow, and of its parts that for WebP: when asked for it by name only, it would load all."""
    from PIL import Image, WebPImagePlugin  # noqa: F401

    Image.preinit()


def _still(pixels: NDArray[np.uint8]) -> bytes:
    """The chunks of one picture: Pillow compresses, and what it puts around them is taken off."""
    from PIL import Image

    file = io.BytesIO()
    # Pillow copies all pixels before it lets other threads work; of two large pictures at once a window would wait
    # for both.
    with _LARGE if pixels.size > _MANY else nullcontext():
        # Method 0 gives files five times as large in the same time, more effort twice the time for a fifth less.
        Image.fromarray(pixels).save(file, "WEBP", lossless=True, quality=0, method=1)
    data = file.getvalue()
    start = data.index(b"VP8L", 12)
    (size,) = struct.unpack_from("<I", data, start + 4)
    return data[start : start + 8 + size + size % 2]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((kind, struct.pack("<I", len(data)), data, b"\0" * (len(data) % 2)))


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
