"""Smaller copies of large maps, each half the size of the one before: zooming out is smooth and quick."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from cnnviz.paint.lru import ByteLru, array_key

MIP_BYTES = 48 << 20

_mips: ByteLru[QImage] = ByteLru(MIP_BYTES, lambda image: int(image.sizeInBytes()))


def rgb_image(cells: NDArray[np.uint8], part: QRect | None = None) -> QImage:
    """Copy a map (rows, columns, 3), or a part of it, into Qt's own 32-bit form."""
    if part is not None:
        cells = cells[part.top() : part.top() + part.height(), part.left() : part.left() + part.width()]
    rows, columns = cells.shape[:2]
    packed = np.ascontiguousarray(cells)
    image = QImage(packed.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def level_for(cell_px: float) -> int:
    """Choose which halving leaves cells of more than half a device pixel and at most one.

    Examples
    --------
    >>> level_for(1.0), level_for(0.6), level_for(0.5), level_for(0.15)
    (0, 0, 1, 2)
    """
    return max(0, math.floor(math.log2(1 / cell_px)))


def mip(cells: NDArray[np.uint8], level: int) -> QImage:
    """Halve the map ``level`` times, each pixel the mean of those it stands for; level 0 is not kept."""
    if level == 0:
        return rgb_image(cells)
    return _mips.get((array_key(cells), level), lambda: _halved(cells, level))


def _halved(cells: NDArray[np.uint8], level: int) -> QImage:
    finer = mip(cells, level - 1)
    width, height = (finer.width() + 1) // 2, (finer.height() + 1) // 2
    smooth = Qt.TransformationMode.SmoothTransformation
    smaller = finer.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return smaller.convertToFormat(QImage.Format.Format_RGB32)


def forget_mips() -> None:
    """Empty the cache."""
    _mips.clear()
