"""Smaller copies of large maps: zooming out is smooth and quick."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from cnnviz.paint.lru import ByteLru, array_key

MIP_BYTES = 48 << 20
STRIP = 1 << 18
"""So many cells are turned to pixels at a time: what is in between stays in the processor's cache."""
AT_ONCE = 1 << 20
"""Up to so many cells are shrunk in about a millisecond."""

Cells = NDArray[np.uint8]
"""A map: (rows, columns, 3), or (rows, columns) with a palette (colours, 3)."""

_mips: ByteLru[QImage] = ByteLru(MIP_BYTES, lambda image: int(image.sizeInBytes()))


def rgb_image(cells: Cells, palette: NDArray[np.uint8] | None = None, part: QRect | None = None) -> QImage:
    """Copy a map, or a part of it, into Qt's own 32-bit form."""
    if part is not None:
        cells = cells[part.top() : part.top() + part.height(), part.left() : part.left() + part.width()]
    rows, columns = cells.shape[:2]
    packed = np.ascontiguousarray(cells)
    if palette is None:
        image = QImage(packed.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    else:
        image = QImage(packed.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        image.setColorTable(_color_table(palette.tobytes()))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def level_for(cell_px: float) -> int:
    """Choose which halving leaves cells of more than half a device pixel and at most one.

    Examples
    --------
    >>> level_for(1.0), level_for(0.6), level_for(0.5), level_for(0.15)
    (0, 0, 1, 2)
    """
    return max(0, math.floor(math.log2(1 / cell_px)))


def mip(cells: Cells, palette: NDArray[np.uint8] | None, level: int) -> QImage:
    """Halve the map ``level`` times, each pixel the mean of those it stands for, and keep the copy."""
    return _mips.get((array_key(cells), array_key(palette), level), lambda: _shrunk(cells, palette, level))


def part_shrunk(
    cells: Cells, palette: NDArray[np.uint8] | None, level: int, part: QRect
) -> tuple[QImage, QRect]:
    """Halve what is seen of a map, and tell which cells that is: a little more than the part, or all of them.

    A small part is shrunk anew each time, in less time than a look at the whole map takes.
    """
    side = 1 << level
    rows, columns = cells.shape[:2]
    # Whole blocks, so that a block has one colour wherever the part starts, and one more for the smooth edge.
    left, top = max(part.left() // side - 1, 0) * side, max(part.top() // side - 1, 0) * side
    right, bottom = part.left() + part.width() + 2 * side, part.top() + part.height() + 2 * side
    seen = QRect(left, top, min(right // side * side, columns) - left, min(bottom // side * side, rows) - top)
    if level and seen.width() * seen.height() > AT_ONCE:
        return mip(cells, palette, level), QRect(0, 0, columns, rows)
    within = cells[top : top + seen.height(), left : left + seen.width()]
    return _shrunk(within, palette, level), seen


def _shrunk(cells: Cells, palette: NDArray[np.uint8] | None, level: int) -> QImage:
    """Shrink strip by strip: the whole map in pixels of 32 bits would be four times as large as itself."""
    if level == 0:
        return rgb_image(cells, palette)
    side = 1 << level
    rows, columns = cells.shape[:2]
    width = -(-columns // side)
    high = max(STRIP // (columns * side), 1) * side
    small = QImage(width, -(-rows // side), QImage.Format.Format_RGB32)
    painter = QPainter(small)
    for row in range(0, rows, high):
        strip = rgb_image(cells[row : row + high], palette)
        painter.drawImage(
            0,
            row // side,
            strip.scaled(
                width,
                -(-strip.height() // side),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ),
        )
    painter.end()
    return small


@lru_cache(maxsize=32)
def _color_table(palette: bytes) -> list[int]:
    """Give the colours as Qt's 0xffRRGGBB words."""
    return [0xFF000000 | int.from_bytes(palette[at : at + 3]) for at in range(0, len(palette), 3)]


def forget_mips() -> None:
    """Empty the cache."""
    _mips.clear()
