"""What differs between a picture of an animation and the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from cnnviz.export.raster import channel_array, words

Words: TypeAlias = NDArray[np.uint32]

HALF = 0x80000000
"""Pixels from here on are at least half opaque."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """A rectangle outside which nothing changed: its place, its pixels now, and which of them changed (None: all)."""

    left: int
    top: int
    pixels: Words
    changed: NDArray[np.bool_] | None

    @property
    def rect(self) -> QRect:
        """The rectangle in the picture."""
        height, width = self.pixels.shape
        return QRect(self.left, self.top, width, height)

    def overlay(self) -> NDArray[np.uint8]:
        """What changed as opaque RGBA pixels, and nothing between them: it compresses to little."""
        height, width = self.pixels.shape
        if self.changed is None:
            laid = _red_first(self.pixels)
        else:
            laid = np.zeros((height, width), "<u4")
            laid[self.changed] = _red_first(self.pixels[self.changed])
        return laid.view(np.uint8).reshape(height, width, 4)


def difference(before: QImage | None, image: QImage, step: int = 1) -> Difference:
    """Find the rectangle in which a picture differs from the one before it.

    Parameters
    ----------
    before, image : QImage
        Painted pictures of one size, 4 bytes a pixel. Without one before, the rectangle is the whole picture;
        where nothing differs it is a corner.
    step : int
        Left and top are multiples of it.
    """
    now = words(image)
    if before is None:
        return Difference(0, 0, now, None)
    old = words(before)
    rows = np.flatnonzero(_rows_that_differ(old, now))
    if not len(rows):
        return Difference(0, 0, now[:step, :step], np.zeros((step, step), bool))
    top, bottom = int(rows[0]) // step * step, int(rows[-1]) + 1
    changed = old[top:bottom] != now[top:bottom]
    columns = np.flatnonzero(changed.any(axis=0))
    left, right = int(columns[0]) // step * step, int(columns[-1]) + 1
    return Difference(left, top, now[top:bottom, left:right], changed[:, left:right])


def changes(
    before: QImage | None, image: QImage, clear: bool, step: int = 1
) -> tuple[QRect, NDArray[np.uint8]]:
    """The rectangle that changed, and what to write of it as RGBA: all of it where some may be clear, else the overlay.

    What is clear cannot be laid over what is there, so that such a rectangle takes its place.
    """
    what = difference(before, image, step)
    return what.rect, channel_array(image.copy(what.rect), 4) if clear else what.overlay()


def _red_first(pixels: Words) -> Words:
    """Turn 0xAARRGGBB into numbers whose bytes, the lowest first, are red, green, blue and full opacity."""
    high, low = np.uint32(16), np.uint32(0xFF)
    swapped = pixels >> high & low | (pixels & low) << high | pixels & np.uint32(0xFF00)
    return np.asarray(swapped | np.uint32(0xFF000000), "<u4")


def _rows_that_differ(old: Words, now: Words) -> NDArray[np.bool_]:
    """Compare two pixels at a time where lines are of even length, which halves the work."""
    if old.shape[1] % 2 == 0:
        return np.asarray((old.view(np.uint64) != now.view(np.uint64)).any(axis=1))
    return np.asarray((old != now).any(axis=1))


def solid_part(image: QImage) -> Difference:
    """Find the rectangle outside which nothing is half opaque or more; its colours are not premultiplied."""
    straight = image.convertToFormat(QImage.Format.Format_ARGB32)  # named, since its pixels go with it
    now = words(straight).copy()
    solid = now >= np.uint32(HALF)
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if not len(rows):
        return Difference(0, 0, now[:1, :1], None)
    top, left = int(rows[0]), int(columns[0])
    return Difference(left, top, now[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1], None)
