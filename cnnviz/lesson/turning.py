"""Turns pictures about their middle, between pixels by bilinear interpolation; their border is repeated."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

STRIP = 1 << 16
"""So many pixels are turned at a time."""

EXACT = 9
"""Decimals of a place: without rounding a quarter turn would miss the pixels by 1e-15."""


def turned(array: NDArray[np.generic], degrees: float) -> NDArray[np.floating]:
    """Every plane of (C, H, W) turned anticlockwise.

    The pixel at (y, x) from the middle takes the value at (x·sin θ + y·cos θ, x·cos θ − y·sin θ), mixed of the four
    pixels around it by their nearness; what lies outside has the value of the nearest pixel of the border.
    """
    channels, rows, columns = array.shape
    planes = np.asarray(array).reshape(channels, -1)
    out = np.empty((channels, rows, columns))
    step = max(1, STRIP // columns)
    for start in range(0, rows, step):
        stop = min(rows, start + step)
        out[:, start:stop] = _strip(planes, (rows, columns), start, stop, math.radians(degrees))
    return out


def _strip(
    planes: NDArray[np.generic], size: tuple[int, int], start: int, stop: int, angle: float
) -> NDArray[np.float64]:
    rows, columns = size
    y = (np.arange(start, stop) - (rows - 1) / 2)[:, None]
    x = (np.arange(columns) - (columns - 1) / 2)[None, :]
    sine, cosine = math.sin(angle), math.cos(angle)
    top, down = _parts(x * sine + y * cosine + (rows - 1) / 2, rows)
    left, right = _parts(x * cosine - y * sine + (columns - 1) / 2, columns)
    low, after = np.minimum(top + 1, rows - 1), np.minimum(left + 1, columns - 1)

    def at(row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.float64]:
        return planes[:, row * columns + column].astype(np.float64)

    above = at(top, left) * (1 - right) + at(top, after) * right
    below = at(low, left) * (1 - right) + at(low, after) * right
    mixed: NDArray[np.float64] = above * (1 - down) + below * down
    return mixed


def _parts(places: NDArray[np.float64], count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The pixel before each place, and how far behind it the place lies."""
    kept = np.round(places, EXACT).clip(0, count - 1)
    before = np.floor(kept)
    return before.astype(np.int64), kept - before
