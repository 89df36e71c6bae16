"""Small scenes and lessons that the tests of the views show."""

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Box, Grid, Panel, Primitive, Scene

PIXELS = np.full((4, 5, 3), 200, np.uint8)
PIXELS.setflags(write=False)


def grid(written: int = -1, pixels: NDArray[np.uint8] = PIXELS) -> Grid:
    """4×5 cells of 40 pixels at (100, 60); row 0 is padding, so cell (0, 0) of the input begins at (100, 100)."""
    return Grid(
        "grid",
        Box(100, 60, 200, 160),
        (100, 60),
        40,
        pixels,
        ("0/input", 0, 1, 0),
        written=written,
        blank="#ffffff",
    )


def scene(*over: Primitive, written: int = -1, spoken: str = "step one") -> Scene:
    """A white scene of 400×300 pixels with that grid."""
    panel = Panel("panel", Box(0, 0, 400, 300), "", (grid(written),))
    return Scene((400, 300), "#ffffff", (panel,), over, "", spoken)


def lesson() -> Lesson:
    """Two kernels of 3×3 on three channels of 6×6, ReLU and max pooling 2×2."""
    weight = np.arange(54, dtype=np.float64).reshape(2, 3, 3, 3)
    weight[0] = [[1, 0, -1]] * 3
    values = np.arange(108, dtype=np.float64).reshape(3, 6, 6)
    layers = (Conv(2, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)))
    return Lesson("six", (Track(Source(values), layers, (Params(weight, np.zeros(2)), None, None)),))
