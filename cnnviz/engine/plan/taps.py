"""Pooling windows as slices: each slice holds one place of every window."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Pair


def taps(values: Array, kernel: Pair, stride: Pair, out: Pair) -> list[Array]:
    """What stands at each place of every window of an array (row, channel, column, batch), row by row."""
    return [
        values[
            p : p + (out[0] - 1) * stride[0] + 1 : stride[0],
            :,
            q : q + (out[1] - 1) * stride[1] + 1 : stride[1],
        ]
        for p in range(kernel[0])
        for q in range(kernel[1])
    ]


Items = npt.NDArray[np.void]
"""The numbers of a whole batch as one item."""


def blocks(array: Array) -> Items:
    """See the numbers of a whole batch as one item: columns that lie apart are copied faster so."""
    item: Items = array.view(np.dtype((np.void, array.shape[-1] * array.itemsize)))
    return item[..., 0]


class Spread:
    """Where the gradients of windows go: beside each other they are copied, where they overlap added."""

    __slots__ = ("_apart", "_covers", "_into", "_items", "places")

    def __init__(self, into: Array, kernel: Pair, stride: Pair, out: Pair) -> None:
        self._into = into
        self.places = taps(into, kernel, stride, out)
        self._items = [blocks(place) for place in self.places]
        self._apart = stride[0] >= kernel[0] and stride[1] >= kernel[1]
        self._covers = stride == kernel and into.shape[::2] == (out[0] * stride[0], out[1] * stride[1])

    def begin(self) -> None:
        """Set to zero what no window covers."""
        if not self._covers:
            self._into.fill(0)

    def deliver(self, place: int, gradient: Array, items: Items) -> None:
        """Bring one number to this place of every window; `items` is the same gradient in blocks."""
        if self._apart:
            np.copyto(self._items[place], items)
        else:
            np.add(self.places[place], gradient, out=self.places[place])
