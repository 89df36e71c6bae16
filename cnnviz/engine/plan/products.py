"""The matrix products of a convolution: kernels times windows, and windows times the gradient of the output."""

from __future__ import annotations

from functools import partial

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Pair
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.places import WHOLE
from cnnviz.engine.plan.unrolled import Geometry, Unrolled

_SMALL = 1_000_000
"""Up to so many multiply-adds OpenBLAS multiplies small matrices without copying them first."""

_BEST = 300_000
"""Up to so many it is fastest at that: the operands of one product stay in the fastest cache."""

_NARROW = 32


class Windows:
    """The windows on one input, for an output in its usual order, or with the places of a pooling's windows apart.

    Attributes
    ----------
    patches : list of ndarray, (groups, rows of tiles, rows in one, K, columns of tiles x batch)
        An operand for each column of a tile, which has a scratch of its own.
    """

    __slots__ = ("_copies", "_x", "patches", "tile")

    def __init__(self, geometry: Geometry, x: Array, arena: Arena, tile: Pair = WHOLE) -> None:
        self.tile, self._x = tile, x
        columns = [arena.shared(g, partial(Unrolled, g, arena)) for g in _by_column(geometry, tile[1])]
        self.patches = [_by_tile(column.patches, tile[0]) for column in columns]
        self._copies = [(column, column.copies(x)) for column in columns]

    def fill(self) -> None:
        """Copy the input to the scratch, where another layer may have been since."""
        for unrolled, copies in self._copies:
            for to, values in copies:
                np.copyto(to, values)
            unrolled.filled_from = self._x

    def ensure_filled(self) -> None:
        """Copy the input to the scratch unless it is still there."""
        if any(unrolled.filled_from is not self._x for unrolled, _ in self._copies):
            self.fill()

    def matching(self, out: Array) -> list[Array]:
        """See the output, or its gradient, as operands: as `patches`, with the channels of a group instead of K."""
        groups, rows, within, _, length = self.patches[0].shape
        lines = out.reshape(within, len(self.patches), rows, groups, -1, length)
        return list(lines.transpose(1, 3, 2, 0, 4, 5))


class Correlation:
    """One product of kernels with all windows of an input, both fixed: fill the scratch, multiply."""

    __slots__ = ("_products", "_weights", "windows")

    def __init__(self, windows: Windows, weights: Array, out: Array) -> None:
        """Prepare; weights (groups, K, out channels / groups), out (rows, channels, columns, batch)."""
        self.windows = windows
        self._weights = weights.transpose(0, 2, 1)[:, np.newaxis, np.newaxis, np.newaxis]
        self._products = []
        for patches, by_group in zip(windows.patches, windows.matching(out), strict=True):
            width = width_for(patches.shape[-2] * by_group.shape[-2], patches.shape[-1])
            self._products.append((split(patches, width), split(by_group, width)))

    def run(self) -> None:
        """Write the cross-correlation to the output."""
        self.windows.fill()
        for patches, out in self._products:
            np.matmul(self._weights, patches, out=out)


class WeightGradient:
    """The gradient of kernels: windows times the gradient of the output, summed over rows."""

    __slots__ = ("_dw", "_products", "_sums")

    def __init__(self, windows: Windows, dout: Array, dw: Array, arena: Arena) -> None:
        """Prepare; dout (rows, channels, columns, batch), dw (groups, K, out channels / groups)."""
        douts = windows.matching(dout)
        (groups, rows, within, lines, length), channels = windows.patches[0].shape, douts[0].shape[-2]
        width = chunk(lines * channels, length, 4 * _NARROW, _SMALL) or length
        parts = arena.scratch("parts", groups, len(douts), rows, within, length // width, lines, channels)
        self._products = [
            (split(patches, width), split(by_group, width).swapaxes(-1, -2), parts[:, column])
            for column, (patches, by_group) in enumerate(zip(windows.patches, douts, strict=True))
        ]
        self._sums = parts.reshape(groups, -1, lines, channels)
        self._dw = dw

    def run(self) -> None:
        """Write the gradient; the scratch must hold the windows on the input."""
        for patches, dout, parts in self._products:
            np.matmul(patches, dout, out=parts)
        np.add.reduce(self._sums, axis=1, out=self._dw)


def _by_column(g: Geometry, columns: int) -> list[Geometry]:
    """The same windows, parted by the column of a tile that they belong to."""
    return [
        g._replace(
            out=(g.out[0], g.out[1] // columns),
            stride=(g.stride[0], g.stride[1] * columns),
            lead=(g.lead[0], g.lead[1] - g.stride[1] * n),
        )
        for n in range(columns)
    ]


def width_for(area: int, length: int) -> int:
    """How many columns to multiply at a time, where each column is so many multiply-adds."""
    return chunk(area, length, _NARROW, _BEST) or chunk(area, length, _NARROW, _SMALL) or length


def chunk(area: int, length: int, least: int, most: int) -> int:
    """How many columns to multiply at a time: as many as divide the length with at most so many multiply-adds, or 0.

    Examples
    --------
    >>> chunk(100, 96, 32, 5000), chunk(100, 96, 32, 10000), chunk(100, 96, 64, 5000)
    (48, 96, 0)
    """
    if area * length <= most:
        return length
    fitting = [n for n in range(least, most // area + 1) if length % n == 0]
    return max(fitting, default=0)


def split(matrix: Array, width: int) -> Array:
    """See (..., M, length) as (..., length / width, M, width)."""
    *outer, lines, length = matrix.shape
    *steps, line, number = matrix.strides
    return np.lib.stride_tricks.as_strided(
        matrix, (*outer, length // width, lines, width), (*steps, width * number, line, number)
    )


def _by_tile(patches: Array, rows: int) -> Array:
    """See (groups, output rows, K, length) as (groups, rows of tiles, rows in one, K, length)."""
    group, row, line, number = patches.strides
    groups, count, *shape = patches.shape
    return np.lib.stride_tricks.as_strided(
        patches, (groups, count // rows, rows, *shape), (group, rows * row, row, line, number)
    )
