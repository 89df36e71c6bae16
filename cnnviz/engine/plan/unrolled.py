"""A convolution's windows as one operand of a matrix product: each input row copied once per kernel column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.taps import Items, blocks

_ASIDE = 48
"""Numbers left free after each row of the scratch: rows a power of two apart would fall on the same cache lines."""


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
            (cells[:, to_rows, kernel, :, to_columns], from_rows, from_columns)
            for to_rows, from_rows in _row_parts(g, rows, shares)
            for kernel, to_columns, from_columns in _column_parts(g)
        ]
        self.filled_from: Array | None = None

    def copies(self, x: Array) -> list[tuple[Array | Items, Array | Items]]:
        """Pairs (to, from) whose copying fills the scratch with the windows on x."""
        g = self.geometry
        grouped = x.reshape(g.rows, g.groups, -1, g.columns, g.batch).transpose(1, 0, 2, 3, 4)
        # Columns that lie apart are copied faster as items.
        seen = np.asarray if g.stride[1] == g.apart[1] == 1 else blocks
        return [
            (seen(to), seen(_by_kernel_column(grouped[:, rows, :, columns], to.shape[2], g)))
            for to, rows, columns in self._slots
        ]


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


def _column_parts(g: Geometry) -> list[tuple[slice, slice, slice]]:
    """Some kernel columns, the columns of the scratch that they fill, and those the first of them comes from.

    All kernel columns are one part where no window hangs over, and else each is one.
    """
    offsets = [g.dilation[1] * n - g.lead[1] for n in range(g.kernel[1])]
    parts = [
        (slice(n, n + 1), to, source)
        for n, offset in enumerate(offsets)
        for to, source in overlap(g.out[1], g.columns, g.stride[1], g.apart[1], offset)
    ]
    full = [to == slice(0, g.out[1], 1) for _, to, _ in parts]
    return [(slice(None), *parts[0][1:])] if full.count(True) == g.kernel[1] else parts


def _by_kernel_column(x: Array, count: int, g: Geometry) -> Array:
    """See cells (groups, rows, channels, columns, batch) from so many kernel columns, in an axis behind the rows."""
    group, row, channel, column, number = x.strides
    groups, rows, *shape = x.shape
    beside = g.dilation[1] * (column // g.stride[1])
    return np.lib.stride_tricks.as_strided(
        x, (groups, rows, count, *shape), (group, row, beside, channel, column, number)
    )


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
