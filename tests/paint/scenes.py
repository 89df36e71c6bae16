"""Small scenes with known colours, and how to read the pixels that come out."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QImage

from cnnviz.scene.primitives import Box, Grid, Panel, Primitive, Scene

WHITE = (255, 255, 255)


def scene(
    *primitives: Primitive, size: tuple[float, float] = (100, 100), background: str | None = "#ffffff"
) -> Scene:
    """A scene of these things in one panel."""
    panel = Panel("panel", Box(0, 0, *size), "", primitives)
    return Scene(size, background, (panel,), (), "", "")


def colors(levels: ArrayLike) -> NDArray[np.uint8]:
    """A grey map, read-only as arrays in scenes are."""
    image = np.repeat(np.asarray(levels, np.uint8)[..., None], 3, axis=2)
    image.setflags(write=False)
    return image


def grid(image: NDArray[np.uint8], cell: float, at: tuple[float, float] = (0, 0), **other: Any) -> Grid:
    """A grid that is wholly seen unless ``box`` says otherwise."""
    box = Box(*at, image.shape[1] * cell, image.shape[0] * cell)
    return Grid("grid", other.pop("box", box), at, cell, image, ("x", 0, 0, 0), **other)


def pixels(image: QImage) -> NDArray[np.uint8]:
    """The picture as an array (height, width, 4) RGBA, not premultiplied."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4).copy()


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    """The colour of one pixel."""
    color = image.pixelColor(x, y)
    return color.red(), color.green(), color.blue()
