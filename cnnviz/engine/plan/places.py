"""The places of pooling windows apart: an array for each instead of one picture, as windows that tile it ask.

A maximum over windows that lie beside each other reads, at every place, each second number or so. Where the layer
before writes all numbers of one place beside each other, pooling only passes through memory in order.

Examples
--------
>>> import numpy as np
>>> parted = np.arange(4.0).reshape(parted_shape((2, 1, 2, 1), (2, 2)))
>>> [float(place[0, 0, 0, 0]) for place in by_place(parted, (2, 2))], in_order(parted, (2, 2))[:, 0, :, 0].tolist()
([0.0, 1.0, 2.0, 3.0], [[0.0, 1.0], [2.0, 3.0]])
"""

from __future__ import annotations

from collections.abc import Iterable

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import MaxPool, Pair, Relu, Shape
from cnnviz.engine.specs import AnyLayer, BatchNorm, Elu, Gelu, LeakyRelu, Sigmoid, Tanh

WHOLE: Pair = (1, 1)
"""Windows of one place: an array in its usual order."""

_ANY_ORDER = (BatchNorm, Elu, Gelu, LeakyRelu, Relu, Sigmoid, Tanh)
"""Layers that treat all cells of a channel alike, wherever they stand."""

_MOST_PLACES = 4
_BATCH, _LINE = 16, 64
"""From so many pictures, and so many numbers in a line of one place, it is faster; few are copied one by one."""


def wanted_by(layers: Iterable[AnyLayer], shape: Shape, batch: int) -> Pair:
    """Rows and columns of the windows that the pooling among the next layers has apart, or `WHOLE`."""
    for layer in layers:
        if isinstance(layer, MaxPool):
            return _tiles(layer, shape, batch)
        if not isinstance(layer, _ANY_ORDER):
            break
    return WHOLE


def _tiles(layer: MaxPool, shape: Shape, batch: int) -> Pair:
    rows, columns = layer.kernel_size
    out = layer.out_shape(shape)
    covers = shape[1:] == (out[1] * rows, out[2] * columns)
    alone = layer.stride == layer.kernel_size and layer.padding == (0, 0)
    fits = 1 < rows * columns <= _MOST_PLACES and batch >= _BATCH and out[2] * batch >= _LINE
    return layer.kernel_size if covers and alone and fits else WHOLE


def parted_shape(shape: tuple[int, ...], tile: Pair) -> tuple[int, int, int, int]:
    """The shape of an array (rows, channels, columns, batch) whose places are apart, one below the other."""
    rows, channels, columns, batch = shape
    return rows * tile[1], channels, columns // tile[1], batch


def by_place(parted: Array, tile: Pair) -> list[Array]:
    """See each place of the tiles, row by row, as (rows of windows, channels, columns of windows, batch)."""
    count = len(parted) // (tile[0] * tile[1])
    return [parted[first : first + count] for first in range(0, len(parted), count)]


def by_window(parted: Array, tile: Pair) -> Array:
    """See (rows of windows, rows in one, channels, columns of windows, columns in one, batch)."""
    places = tile[0] * tile[1]
    return parted.reshape(*tile, len(parted) // places, *parted.shape[1:]).transpose(2, 0, 3, 4, 1, 5)


def in_order(parted: Array, tile: Pair) -> Array:
    """The numbers as (rows, channels, columns, batch): a copy where places are apart, else a view."""
    rows, within, channels, columns, across, batch = by_window(parted, tile).shape
    return by_window(parted, tile).reshape(rows * within, channels, columns * across, batch)
