"""Painted pictures of pixels that tests choose."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A picture (rows, columns, channels) of three or four channels, in the format in which scenes are painted."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    painted = QImage.Format.Format_RGB32 if channels == 3 else QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, height, channels * width, kind).convertToFormat(painted)
