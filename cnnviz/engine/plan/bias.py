"""The gradient of a convolution's bias: each output channel's gradients summed."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena


class BiasGradient:
    """Sums over rows, columns and batch, as dot products with ones: several times faster than a sum along axes."""

    __slots__ = ("_dbias", "_dout", "_ones", "_row_sums")

    def __init__(self, dbias: Array) -> None:
        self._dbias = dbias

    def attach(self, dout: Array, arena: Arena) -> None:
        """Prepare, for a gradient (row, channel, column, batch)."""
        rows, channels, columns, batch = dout.shape
        self._dout = dout.reshape(rows, channels, columns * batch)
        self._ones = ones(arena, columns * batch)
        self._row_sums = arena.scratch("row sums", rows, channels)

    def run(self) -> None:
        """Write the gradient."""
        np.vecdot(self._dout, self._ones, out=self._row_sums)
        np.add.reduce(self._row_sums, axis=0, out=self._dbias)


def ones(arena: Arena, length: int) -> Array:
    """The shared line of ones of this length, which nobody writes to."""

    def make() -> Array:
        line = np.ones(length, arena.dtype)
        line.setflags(write=False)
        return line

    return arena.shared(("ones", length), make)
