"""The maxima of 2 × 2 windows that lie beside each other, in fewer passes over memory than windows of any form."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.taps import Items, blocks, finite, takings, taps

_BYTES = 1 << 19
"""About so much of the larger rows is kept at a time: they stay in the second cache, and calls cost little."""


class _Rows(NamedTuple):
    """Some rows of windows: views of input and output, and what stands between them."""

    top: Array
    bottom: Array
    both: Array  # (rows, channels, columns, batch): the larger of the two rows
    cells: tuple[Items, Items]  # its left columns and its right ones as items, (rows, channels, windows)
    left: Array  # (rows, channels, windows, batch): first the left columns, then the gate of the sides
    left_items: Items
    out: Array  # first the right columns
    out_items: Items
    tied: npt.NDArray[np.bool_]
    flags: bytearray  # the memory of `tied`, which is searched faster than the array


class _Gates(NamedTuple):
    """Where some rows of windows note who won, and where their gradient goes; all as whole numbers."""

    row: Array  # 0 where the top holds the larger number; then the gradient of the top
    side: Array  # 0 where the left column holds the maximum; then the gradient of a column
    both: Array  # the larger of the two rows, then what arrives at both; then the gradient of the bottom
    row_number: Array  # `row` as the numbers that it is made from
    row_cells: tuple[Items, Items]  # `row` as items
    spare: Array  # scratch, (2, rows, channels, windows, batch)
    dout: slice


class PairContest:
    """The maximum of each window of 2 × 2, and where its gradient goes: to the first place that holds it.

    First rows compete, where memory lies in order, then columns, which are copied apart. A gate holds a number
    minus the larger one: 0, or a negative number, whose bits say more than 31. So a logical shift of the
    gradient's bits to the right by those of the gate lets it pass, or leaves 0, in one pass. What is kept between
    forward and backward stands where the gradient will, columns that are apart where the maxima and gates will: the
    less memory is in use, the more stays in the cache.

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
        flags = bytearray(self._step * math.prod(out.shape[1:]))
        tied = np.frombuffer(flags, np.bool_).reshape(self._step, *out.shape[1:])
        self._rows = [
            self._of(slice(row, min(row + self._step, rows)), tied, flags)
            for row in range(0, rows, self._step)
        ]
        self._gates: list[_Gates] = []

    def _of(self, rows: slice, tied: npt.NDArray[np.bool_], flags: bytearray) -> _Rows:
        out = self._out[rows]
        count, channels, windows, batch = out.shape
        both = self._arena.scratch("pairs of rows", self._step, channels, 2 * windows, batch)[:count]
        left = self._arena.scratch("left columns", self._step, channels, windows, batch)[:count]
        return _Rows(
            self._values[2 * rows.start : 2 * rows.stop : 2], self._values[2 * rows.start + 1 : 2 * rows.stop : 2],
            both, _by_side(both), left, blocks(left), out, blocks(out), tied[:count], flags,
        )  # fmt: skip

    def attach(self, into: Array) -> None:
        """Say where the gradient of the values shall stand; nobody else may write there before `backward`."""
        sides = self._arena.new(*self._out.shape)
        spare = self._arena.scratch("tied", 2, self._step, *self._out.shape[1:])
        for number, part in enumerate(self._rows):
            rows = slice(number * self._step, number * self._step + len(part.out))
            row, both = (into[2 * rows.start + place : 2 * rows.stop : 2] for place in (0, 1))
            side = sides[rows]
            self._rows[number] = part._replace(
                both=both, cells=_by_side(both), left=side, left_items=blocks(side)
            )
            row_bits, side_bits, both_bits = (array.view(self._whole) for array in (row, side, both))
            held = spare[:, : len(part.out)]
            self._gates.append(_Gates(row_bits, side_bits, both_bits, row, _by_side(row), held, rows))

    def forward(self) -> None:
        """Find the maxima, and set the gates where there is a backward pass."""
        if not self._gates:
            for part in self._rows:
                np.maximum(part.top, part.bottom, out=part.both)
                _apart(part)
                np.maximum(part.left, part.out, out=part.out)
            return
        for part, gates in zip(self._rows, self._gates, strict=True):
            np.maximum(part.top, part.bottom, out=part.both)
            np.subtract(part.top, part.both, out=gates.row_number)
            _apart(part)
            np.equal(part.left, part.out, out=part.tied)
            np.maximum(part.left, part.out, out=part.out)
            np.subtract(part.left, part.out, out=part.left)
            if part.flags.find(1, 0, part.tied.size) >= 0:
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
            np.right_shift(given, gates.side, out=gates.side)
            np.copyto(part.cells[0], part.left_items)
            np.bitwise_xor(given, gates.side, out=gates.side)
            np.copyto(part.cells[1], part.left_items)
            np.right_shift(gates.both, gates.row, out=gates.row)
            np.bitwise_xor(gates.both, gates.row, out=gates.both)


def _by_side(rows: Array) -> tuple[Items, Items]:
    """See the left and the right columns of (row, channel, column, batch) as items (rows, channels, windows)."""
    items = blocks(rows)
    return items[..., ::2], items[..., 1::2]


def _apart(part: _Rows) -> None:
    """Copy the columns of the larger rows apart."""
    np.copyto(part.out_items, part.cells[1])
    np.copyto(part.left_items, part.cells[0])


def _prefer_top(part: _Rows, gates: _Gates) -> None:
    """Close the left gate where the right column's maximum is as large and on top, but the left one's is not."""
    moved, other = gates.spare.view(gates.side.dtype)
    numbers, items = gates.spare[1], blocks(gates.spare)
    np.copyto(items[0], gates.row_cells[0])  # not 0 where the left one is at the bottom
    np.copyto(items[1], part.cells[1])
    np.subtract(numbers, part.out, out=numbers)
    np.right_shift(moved, other, out=moved)  # and the right one as large
    np.copyto(items[1], gates.row_cells[1])
    np.right_shift(moved, other, out=moved)  # and on top
    np.bitwise_or(gates.side, moved, out=gates.side)
