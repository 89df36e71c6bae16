"""The maxima of 2 × 2 windows that lie beside each other, in fewer passes over memory than windows of any form."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.taps import Items, blocks, set_gate, takings, taps

_BYTES = 1 << 19
"""About so much of the larger rows is kept at a time: they stay in the second cache, and calls cost little."""


_LINE = 1 << 15
"""Gradients of rows of so many bytes are parted row by row: the second call finds in the cache what the first wrote."""


class _Rows(NamedTuple):
    """Some rows of windows: views of input and output, and what stands between them, with as few axes as can be.

    A tuple is unpacked at once; looking up names one by one would take some percent of a small layer's time.
    """

    top: Array
    bottom: Array
    both: Array  # the larger of the two, then the gate of the rows
    left_cells: Items  # the left columns of `both` as items
    right_cells: Items
    left: Array  # first the left columns, then the gate of the sides
    left_items: Items
    out: Array  # first the right columns
    out_items: Items
    tied: npt.NDArray[np.bool_]
    flags: bytearray  # the memory of `tied`, which is searched faster than the array
    spare: Array  # scratch where there is a backward pass, whole numbers, (2, rows, channels, windows, batch)


class _Gates(NamedTuple):
    """Where some rows of windows note who won, and where their gradient goes; all as whole numbers."""

    dout: Array
    side: Array  # 0 where the left column holds the maximum; then the gradient of a column
    side_items: Items
    left_cells: Items  # of the bottoms, where first stands what arrives at both rows
    right_cells: Items
    lines: list[tuple[Array, Array]]  # bottoms; 0 where the top holds the larger number: then its gradient


class PairContest:
    """The maximum of each window of 2 × 2, and where its gradient goes: to the first place that holds it.

    First rows compete, where memory lies in order, then columns, which are copied apart. A gate holds a number
    minus the larger one: 0, or a negative number, whose bits say more than 31. So a logical shift of the
    gradient's bits to the right by those of the gate lets it pass, or leaves 0, in one pass. What is kept between
    forward and backward stands where the gradient of the top will, columns that are apart where the maxima and gates
    will, and gates where the larger number was: a pass costs what it reads and writes.

    Rows before columns would give a tie of bottom left and top right to the left one, but top right comes first.
    Where columns are equal at all, the gate is therefore corrected; and where infinities or NaN come out, which
    cannot be subtracted, gates are set by comparisons.
    """

    __slots__ = ("_arena", "_gates", "_into", "_out", "_rows", "_step", "_values", "_whole")

    def __init__(self, values: Array, out: Array, arena: Arena) -> None:
        self._values, self._out, self._into, self._arena = values, out, values, arena
        self._whole = np.dtype(f"u{out.itemsize}")
        rows, parts = len(out), -(-2 * out.nbytes // _BYTES)
        self._step = -(-rows // min(parts, rows)) if rows else 1
        flags = bytearray(self._step * math.prod(out.shape[1:]))
        tied = np.frombuffer(flags, np.bool_).reshape(self._step, *out.shape[1:])
        self._rows = [self._of(rows, tied, flags) for rows in self._parts()]
        self._gates: list[_Gates] = []

    def _parts(self) -> Iterator[slice]:
        """Rows of windows that are kept at a time."""
        rows = len(self._out)
        return (slice(row, min(row + self._step, rows)) for row in range(0, rows, self._step))

    def _of(self, rows: slice, tied: npt.NDArray[np.bool_], flags: bytearray) -> _Rows:
        out = self._out[rows]
        count, channels, windows, batch = out.shape
        both = self._arena.scratch("pairs of rows", self._step, channels, 2 * windows, batch)[:count]
        left = self._arena.scratch("left columns", self._step, channels, windows, batch)[:count]
        top, bottom, larger = _merged(*_pair(self._values, rows), both)
        return _Rows(
            top, bottom, larger, *_by_side(both), left.reshape(-1), _by_row(left), out.reshape(-1), _by_row(out),
            tied[:count].reshape(-1), flags, left,
        )  # fmt: skip

    def attach(self, into: Array, dout: Array) -> None:
        """Say where the gradient of the values shall stand; nobody else may write there before `backward`."""
        self._into = into
        sides, whole = self._arena.new(*self._out.shape), self._whole
        spare = self._arena.scratch("tied", 2, self._step, *self._out.shape[1:]).view(whole)
        for place, rows in enumerate(self._parts()):
            (tops, bottoms), side, arriving = _pair(into, rows), sides[rows], dout[rows]
            *_, both = _merged(*_pair(self._values, rows), tops)
            left_cells, right_cells = _by_side(tops)
            self._rows[place] = self._rows[place]._replace(
                both=both, left_cells=left_cells, right_cells=right_cells, left=side.reshape(-1),
                left_items=_by_row(side), spare=spare[:, : len(side)],
            )  # fmt: skip
            lines = _lines(*(array.view(whole) for array in _merged(bottoms, tops)))
            arriving, gate = (array.view(whole) for array in _merged(arriving, side))
            self._gates.append(_Gates(arriving, gate, _by_row(side), *_by_side(bottoms), lines))

    def forward(self) -> None:
        """Find the maxima, and set the gates where there is a backward pass."""
        if not self._gates:
            for part in self._rows:
                np.maximum(part.bottom, part.top, out=part.both)
                part.out_items[...], part.left_items[...] = part.right_cells, part.left_cells
                np.maximum(part.out, part.left, out=part.out)
            return
        usual = True
        for part in self._rows:
            top, bottom, both, lefts, rights, left, left_items, out, out_items, tied, flags, _ = part
            np.maximum(bottom, top, out=both)
            out_items[...] = rights
            left_items[...] = lefts
            # What was just copied is still in the cache: columns compete at once, and the gate of the rows is last.
            np.equal(left, out, tied)
            np.maximum(out, left, out=out)
            set_gate(left, out, left)
            usual = math.isfinite(out.dot(out)) and usual
            set_gate(top, both, both)
            if flags.find(1, 0, tied.size) >= 0:
                _prefer_top(part)
        if not usual:
            self._compare()

    def _compare(self) -> None:
        """Set all gates by comparisons, as infinities and NaN ask."""
        shut = self._whole.type(32 * self._whole.itemsize)
        right_of_top, left_of_bottom, right_of_bottom = takings(
            taps(self._values, (2, 2), (2, 2), (len(self._out), self._out.shape[2]))
        )
        top = ~(left_of_bottom | right_of_bottom)
        left = np.where(top, ~right_of_top, ~right_of_bottom)
        np.multiply(np.repeat(~top, 2, axis=2), shut, out=self._into[::2].view(self._whole))
        for gates, rows in zip(self._gates, self._parts(), strict=True):
            gates.side[...] = np.multiply(~left[rows], shut).reshape(gates.side.shape)

    def backward(self) -> None:
        """Hand the gradient of the maxima to the places that hold them."""
        for dout, side, side_items, left_cells, right_cells, lines in self._gates:
            np.right_shift(dout, side, side)
            left_cells[...] = side_items
            np.bitwise_xor(dout, side, side)
            right_cells[...] = side_items
            for bottom, top in lines:
                np.right_shift(bottom, top, top)
                np.bitwise_xor(bottom, top, bottom)


def _pair(of: Array, rows: slice) -> tuple[Array, Array]:
    """The tops and the bottoms of some rows of windows."""
    return of[2 * rows.start : 2 * rows.stop : 2], of[2 * rows.start + 1 : 2 * rows.stop : 2]


def _merged(*arrays: Array) -> list[Array]:
    """The same numbers of arrays of one shape with as few axes as all allow: loops over several take longer."""
    if all(array.flags.c_contiguous for array in arrays):
        return [array.reshape(-1) for array in arrays]
    if all(array[:1].flags.c_contiguous for array in arrays):
        return [array.reshape(len(array), -1) for array in arrays]
    return list(arrays)


def _lines(bottoms: Array, tops: Array) -> list[tuple[Array, Array]]:
    """Rows one by one, the last one first, since it was written last; or all at once where they are short."""
    if bottoms.ndim == 1 or bottoms[0].nbytes < _LINE:
        return [(bottoms, tops)]
    return list(zip(bottoms, tops, strict=True))[::-1]


def _by_side(rows: Array) -> tuple[Items, Items]:
    """See the left and the right columns of (row, channel, column, batch) as items (rows, channels · windows)."""
    items = _by_row(rows)
    return items[:, ::2], items[:, 1::2]


def _by_row(rows: Array) -> Items:
    """See (row, channel, column, batch) as items (rows, channels · columns)."""
    return blocks(rows).reshape(len(rows), -1)


def _prefer_top(part: _Rows) -> None:
    """Close the left gate where the right column's maximum is as large and on top, but the left one's is not."""
    for items, cells in zip(part.spare, (part.left_cells, part.right_cells), strict=True):
        _by_row(items)[...] = cells
    moved, other = part.spare.reshape(2, -1)
    np.right_shift(moved, other, moved)  # not 0 where the left one is at the bottom, and the right one on top
    np.multiply(moved, part.tied, moved)
    np.bitwise_or(part.left.view(moved.dtype), moved, part.left.view(moved.dtype))
