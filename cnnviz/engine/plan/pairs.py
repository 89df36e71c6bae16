"""The maxima of 2 × 2 windows that lie beside each other, in fewer passes over memory than windows of any form."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.taps import Items, blocks, finite, takings, taps

_BYTES = 1 << 19
"""About so much of the larger rows is kept at a time: they stay in the second cache, and calls cost little."""


class _Rows(NamedTuple):
    """Some rows of windows: views of input, output, gates and scratch."""

    top: Array
    bottom: Array
    both: Array  # (rows, channels, columns, batch): the larger of the two rows
    cells: Items  # the same as items, (side, rows, channels, windows)
    sides: Array  # scratch, (side, rows, channels, windows, batch): left columns, then right
    items: Items  # the same as items
    out: Array
    tied: npt.NDArray[np.bool_]


class _Gates(NamedTuple):
    """Where some rows of windows note who won, and where their gradient goes; all as whole numbers."""

    row: Array  # 0 where the top holds the larger number; then the gradient of the top
    side: Array  # 0 where the left column holds the maximum
    both: Array  # the larger of the two rows, then what arrives at both; then the gradient of the bottom
    sides: Array
    row_number: Array  # the first two as the numbers that they are made from
    side_number: Array
    row_cells: Items  # `row` as items, (side, rows, channels, windows)
    dout: slice


class PairContest:
    """The maximum of each window of 2 × 2, and where its gradient goes: to the first place that holds it.

    First rows compete, where memory lies in order, then columns, which are copied apart. A gate holds a number
    minus the larger one: 0, or a negative number, whose bits say more than 31. So a logical shift of the
    gradient's bits to the right by those of the gate lets it pass, or leaves 0, in one pass. What is kept between
    forward and backward stands where the gradient will: the less memory is in use, the more stays in the cache.

    Rows before columns would give a tie of bottom left and top right to the left one, but top right comes first.
    Where columns are equal at all, the gate is therefore corrected; and where infinities or NaN come out, which
    cannot be subtracted, gates are set by comparisons.
    """

    __slots__ = ("_arena", "_gates", "_out", "_rows", "_step", "_tied", "_values", "_whole")

    def __init__(self, values: Array, out: Array, arena: Arena) -> None:
        self._values, self._out, self._arena = values, out, arena
        self._whole = np.dtype(f"u{out.itemsize}")
        rows, parts = len(out), -(-2 * out.nbytes // _BYTES)
        self._step = -(-rows // min(parts, rows)) if rows else 1
        self._tied = np.zeros((self._step, *out.shape[1:]), np.bool_)
        self._rows = [self._of(slice(row, min(row + self._step, rows))) for row in range(0, rows, self._step)]
        self._gates: list[_Gates] = []

    def _of(self, rows: slice) -> _Rows:
        out = self._out[rows]
        count, channels, windows, batch = out.shape
        both = self._arena.scratch("pairs of rows", self._step, channels, 2 * windows, batch)[:count]
        sides = self._arena.scratch("sides", 2, self._step, channels, windows, batch)[:, :count]
        return _Rows(
            self._values[2 * rows.start : 2 * rows.stop : 2], self._values[2 * rows.start + 1 : 2 * rows.stop : 2],
            both, _by_side(both), sides, blocks(sides), out, self._tied[:count],
        )  # fmt: skip

    def attach(self, into: Array) -> None:
        """Say where the gradient of the values shall stand; nobody else may write there before `backward`."""
        side = self._arena.new(*self._out.shape)
        for number, part in enumerate(self._rows):
            rows = slice(number * self._step, number * self._step + len(part.out))
            row, both = (into[2 * rows.start + place : 2 * rows.stop : 2] for place in (0, 1))
            self._rows[number] = part._replace(both=both, cells=_by_side(both))
            numbers = row, side[rows], both, part.sides
            row_bits, side_bits, both_bits, sides_bits = (array.view(self._whole) for array in numbers)
            self._gates.append(
                _Gates(row_bits, side_bits, both_bits, sides_bits, row, side[rows], _by_side(row), rows)
            )

    def forward(self) -> None:
        """Find the maxima, and set the gates where there is a backward pass."""
        if not self._gates:
            for part in self._rows:
                _maxima(part)
            return
        for part, gates in zip(self._rows, self._gates, strict=True):
            _maxima(part)
            np.subtract(part.top, part.both, out=gates.row_number)
            np.subtract(part.sides[0], part.out, out=gates.side_number)
            np.equal(part.sides[0], part.sides[1], out=part.tied)
            if np.count_nonzero(part.tied):
                _prefer_top(part, gates)
        if not finite(self._out):
            self._compare()

    def _compare(self) -> None:
        """Set all gates by comparisons, as infinities and NaN ask."""
        right_of_top, left_of_bottom, right_of_bottom = takings(
            taps(self._values, (2, 2), (2, 2), (len(self._out), self._out.shape[2]))
        )
        top = ~(left_of_bottom | right_of_bottom)
        left = np.where(top, ~right_of_top, ~right_of_bottom)
        for gates in self._gates:
            np.multiply(~left[gates.dout], self._whole.type(32 * self._whole.itemsize), out=gates.side)
            closed = np.multiply(~top[gates.dout], self._whole.type(32 * self._whole.itemsize))
            gates.row[:, :, ::2], gates.row[:, :, 1::2] = closed, closed

    def backward(self, dout: Array) -> None:
        """Hand the gradient of the maxima to the places that hold them."""
        arriving = dout.view(self._whole)
        for part, gates in zip(self._rows, self._gates, strict=True):
            given = arriving[gates.dout]
            np.right_shift(given, gates.side, out=gates.sides[0])
            np.bitwise_xor(given, gates.sides[0], out=gates.sides[1])
            np.copyto(part.cells, part.items)
            np.right_shift(gates.both, gates.row, out=gates.row)
            np.bitwise_xor(gates.both, gates.row, out=gates.both)


def _by_side(rows: Array) -> Items:
    """See (rows, channels, columns, batch) as items (side, rows, channels, windows)."""
    items = blocks(rows)
    split = items.reshape(*items.shape[:2], -1, 2)
    return split.transpose(3, 0, 1, 2)


def _maxima(part: _Rows) -> None:
    np.maximum(part.top, part.bottom, out=part.both)
    np.copyto(part.items, part.cells)
    np.maximum(part.sides[0], part.sides[1], out=part.out)


def _prefer_top(part: _Rows, gates: _Gates) -> None:
    """Close the left gate where the right column's maximum is as large and on top, but the left one's is not."""
    left, right = gates.sides
    held = gates.both[:, :, : left.shape[2]]  # nobody needs the larger of the rows any more
    np.subtract(part.sides[1], part.out, out=held.view(part.out.dtype))
    np.copyto(part.items, gates.row_cells)
    np.right_shift(
        left, right, out=left
    )  # not 0 where the left one is at the bottom and the right one on top
    np.right_shift(left, held, out=left)
    np.bitwise_or(gates.side, left, out=gates.side)
