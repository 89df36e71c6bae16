"""A convolution's windows as one operand of a matrix product: each input row copied once per kernel column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena

_ASIDE = 48
"""Numbers left free after each row of the scratch: rows a power of two apart would fall on the same cache lines."""

_SMALL = 1_000_000
"""Up to so many multiply-adds OpenBLAS multiplies small matrices without copying them first."""

_BEST = 300_000
"""Up to so many it is fastest at that: the operands of one product stay in the fastest cache."""

_NARROW = 32


class Geometry(NamedTuple):
    """How windows lie on an input; `apart` puts zeros between the input's cells, as a stride's gradient asks."""

    rows: int
    columns: int
    channels: int
    batch: int
    kernel: tuple[int, int]
    out: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    lead: tuple[int, int]
    apart: tuple[int, int]
    groups: int


class Unrolled:
    """Scratch that every layer of one geometry fills in turn, with the zeros of the padding always in place.

    With activations (row, channel, column, batch) the windows of one output row are a matrix (kernel rows,
    kernel columns, channels) x (column, batch). Kernel columns are copied beside each other; kernel rows are
    not, since the matrix of the next output row only starts further down: a view with overlapping rows. A
    kernel with dilated rows is copied whole.

    Attributes
    ----------
    patches : array, (groups, output rows, K, output columns x batch)
        A view; K counts kernel rows, kernel columns and the channels of a group, in this order.
    """

    __slots__ = ("_slots", "filled_from", "geometry", "patches")

    def __init__(self, geometry: Geometry, arena: Arena) -> None:
        g = self.geometry = geometry
        (kernel_rows, kernel_columns), (out_rows, out_columns) = g.kernel, g.out
        channels, length = g.channels // g.groups, out_columns * g.batch
        shares = g.dilation[0] == 1
        rows = g.stride[0] * (out_rows - 1) + kernel_rows if shares else out_rows * kernel_rows
        numbers = arena.new(g.groups, rows, kernel_columns, channels, length + _ASIDE)
        group, row, _, line, number = numbers.strides
        step = row * (g.stride[0] if shares else kernel_rows)
        self.patches = np.lib.stride_tricks.as_strided(
            numbers,
            (g.groups, out_rows, kernel_rows * kernel_columns * channels, length),
            (group, step, line, number),
        )
        cells = numbers[..., :length].reshape(*numbers.shape[:-1], out_columns, g.batch)
        assert np.shares_memory(cells, numbers), "splitting the last axis must give a view"
        self._slots = [
            (cells[:, to_rows, n, :, to_columns], from_rows, from_columns)
            for to_rows, from_rows in _row_parts(g, rows, shares)
            for n in range(kernel_columns)
            for to_columns, from_columns in overlap(
                out_columns, g.columns, g.stride[1], g.apart[1], g.dilation[1] * n - g.lead[1]
            )
        ]
        self.filled_from: Array | None = None

    def copies(self, x: Array) -> list[tuple[Array, Array]]:
        """Pairs (to, from) whose copying fills the scratch with the windows on x."""
        g = self.geometry
        grouped = x.reshape(g.rows, g.groups, -1, g.columns, g.batch).transpose(1, 0, 2, 3, 4)
        return [(to, grouped[:, rows, :, columns]) for to, rows, columns in self._slots]


class Correlation:
    """One product of kernels with all windows of an input, both fixed: fill the scratch, multiply."""

    __slots__ = ("_copies", "_out", "_patches", "_weights", "_x", "unrolled")

    def __init__(self, geometry: Geometry, x: Array, weights: Array, out: Array, arena: Arena) -> None:
        """Prepare; weights (groups, K, out channels / groups), out (rows, channels, columns, batch)."""
        g = geometry
        self.unrolled = arena.shared(geometry, lambda: Unrolled(geometry, arena))
        self._x, self._copies = x, self.unrolled.copies(x)
        patches = self.unrolled.patches
        by_group = out.reshape(g.out[0], g.groups, -1, patches.shape[-1]).transpose(1, 0, 2, 3)
        area, length = patches.shape[2] * by_group.shape[2], patches.shape[3]
        width = width_for(area, length)
        self._patches, self._out = split(patches, width), split(by_group, width)
        self._weights = weights.transpose(0, 2, 1)[:, np.newaxis, np.newaxis]

    def fill(self) -> None:
        """Copy the input to the scratch, where another layer may have been since."""
        for to, values in self._copies:
            np.copyto(to, values)
        self.unrolled.filled_from = self._x

    def ensure_filled(self) -> None:
        """Copy the input to the scratch unless it is still there."""
        if self.unrolled.filled_from is not self._x:
            self.fill()

    def run(self) -> None:
        """Write the cross-correlation to the output."""
        self.fill()
        np.matmul(self._weights, self._patches, out=self._out)


class WeightGradient:
    """The gradient of kernels: windows times the gradient of the output, summed over rows."""

    __slots__ = ("_dout", "_dw", "_parts", "_patches", "_sums")

    def __init__(self, unrolled: Unrolled, dout: Array, dw: Array, arena: Arena) -> None:
        """Prepare; dout (rows, channels, columns, batch), dw (groups, K, out channels / groups)."""
        g, patches = unrolled.geometry, unrolled.patches
        by_group = dout.reshape(g.out[0], g.groups, -1, patches.shape[-1]).transpose(1, 0, 2, 3)
        length = patches.shape[3]
        width = chunk(patches.shape[2] * by_group.shape[2], length, 4 * _NARROW, _SMALL) or length
        self._patches = split(patches, width)
        self._dout = split(by_group, width).swapaxes(-1, -2)
        self._parts = arena.scratch("parts", *self._patches.shape[:4], by_group.shape[2])
        self._sums = self._parts.reshape(g.groups, -1, *self._parts.shape[3:])
        self._dw = dw

    def run(self) -> None:
        """Write the gradient; the scratch must hold the windows on the input."""
        np.matmul(self._patches, self._dout, out=self._parts)
        np.add.reduce(self._sums, axis=1, out=self._dw)


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
    """See (groups, rows, M, length) as (groups, rows, length / width, M, width)."""
    groups, rows, lines, length = matrix.shape
    group, row, line, number = matrix.strides
    return np.lib.stride_tricks.as_strided(
        matrix,
        (groups, rows, length // width, lines, width),
        (group, row, width * number, line, number),
    )


def _row_parts(g: Geometry, rows: int, shares: bool) -> list[tuple[slice, slice]]:
    """Where the rows of the scratch come from: all at once, or for each kernel row its own."""
    if shares:
        return overlap(rows, g.rows, 1, g.apart[0], -g.lead[0])
    return [
        (
            slice(m + to.start * g.kernel[0], m + (to.stop - 1) * g.kernel[0] + 1, to.step * g.kernel[0]),
            source,
        )
        for m in range(g.kernel[0])
        for to, source in overlap(g.out[0], g.rows, g.stride[0], g.apart[0], g.dilation[0] * m - g.lead[0])
    ]


def overlap(to: int, source: int, stride: int, apart: int, offset: int) -> list[tuple[slice, slice]]:
    """Pairs of equal length: all i < to and j < source with i * stride + offset = j * apart; one or none.

    Only one of stride and apart may be above 1.

    Examples
    --------
    >>> overlap(4, 4, 1, 1, -1)
    [(slice(1, 4, 1), slice(0, 3, 1))]
    """
    if apart == 1:
        first = max(0, -(offset // stride))
        last = min(to - 1, (source - 1 - offset) // stride)
        begin, end = first * stride + offset, last * stride + offset
    else:
        begin = max(0, -(-offset // apart))
        end = min(source - 1, (to - 1 + offset) // apart)
        first, last = begin * apart - offset, end * apart - offset
    if last < first:
        return []
    return [(slice(first, last + 1, apart), slice(begin, end + 1, stride))]
