"""Makes the pieces of animated PNGs: without loss, with soft edges on a transparent background."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from PySide6.QtGui import QImage

from cnnviz.export.difference import changes
from cnnviz.export.raster import SIGNATURE, chunk, compressed, header
from cnnviz.export.writing import Task

_LEAVE = 0  # a picture as it is, for the next one
_REPLACE, _OVER = 0, 1  # how it is laid over what is there
_LONGEST = 0xFFFF


@dataclass(slots=True, eq=False)
class ApngPieces:
    """The pieces of an APNG."""

    ticks: int = 1000
    _clear: bool = field(default=False, init=False)

    def prepare(self, task: Task) -> Iterator[None]:
        """Know what a changed pixel can become: transparent, or another colour."""
        self._clear = task.plan.theme == "transparent"
        return iter(())

    def start(self, task: Task) -> bytes:
        """Size and kind, how many pictures, and that they are repeated for ever."""
        count = struct.pack(">II", len(task.shots), 0)
        return SIGNATURE + header(*task.plan.pixels(), 4) + chunk(b"acTL", count)

    def picture(self, before: QImage | None, image: QImage, position: int, ticks: int) -> bytes:
        """The rectangle that changed; the first picture is what programs show that know no animation."""
        rect, pixels = changes(before, image, self._clear)
        # Both kinds of chunks are numbered together, but for the first picture's data.
        number = max(0, 2 * position - 1)
        place = (rect.width(), rect.height(), rect.x(), rect.y())
        blend = _REPLACE if self._clear else _OVER
        control = struct.pack(">IIIIIHHBB", number, *place, *_seconds(ticks), _LEAVE, blend)
        kind, prefix = (b"fdAT", struct.pack(">I", number + 1)) if position else (b"IDAT", b"")
        return chunk(b"fcTL", control) + chunk(kind, prefix + compressed(pixels))

    def finish(self, stream: BinaryIO) -> None:
        """Write the last chunk."""
        stream.write(chunk(b"IEND", b""))


def _seconds(ticks: int) -> tuple[int, int]:
    """A time as numerator and denominator of two bytes each: long ones lose milliseconds."""
    parts = 1000
    while ticks * parts > 1000 * _LONGEST and parts > 1:
        parts //= 10
    return min(_LONGEST, round(ticks * parts / 1000)), parts
