"""The maximum of each pooling window in a plan, and where its gradient goes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.taps import Items, blocks

_BYTES = 1 << 18
"""At most so much of one place is kept at a time: what all places keep stays in a near cache, and calls cost little."""


class _Round(NamedTuple):
    """One place competes with the larger of those before it."""

    values: Array
    before: Array
    larger: Array
    gate: Array  # where backward is told who won; it may stand where `before` stood


class _Turn(NamedTuple):
    """One place gets its gradient, all as whole numbers: what arrives is parted into what goes on and what stays."""

    arriving: Array
    gate: Array  # then what goes on to the places before
    stays: Array


class _Rows(NamedTuple):
    """Some rows of windows, seen as lines: what is copied first, the rounds, and the maxima."""

    copies: list[tuple[Items, Items]]
    rounds: list[_Round]
    out: Array


class Contest:
    """The maximum of each window, and where its gradient goes: to the first place that holds it.

    Places compete one after the other, in row-major order. A gate holds the largest number before a place minus
    that with it: 0, or a negative number, whose bits say more than 31. Backward, from the last place to the first,
    a logical shift of the gradient's bits to the right by those of the gate leaves what goes on to the places
    before: all, or 0. Products with booleans would take several times as long, since NumPy converts those first.
    Infinities and NaN cannot be subtracted; where they come out, gates are set by comparisons.

    Where there is a backward pass, each place has an array of its own. There stand, one after the other, the larger
    number, the gate, what goes on, and the gradient of the place: a pass costs what it reads and writes.

    Parameters
    ----------
    places : list of ndarray, (rows of windows, channels, columns of windows, batch)
        What stands at each place of the windows, in row-major order.
    apart : bool
        Whether each place lies in one piece of memory; else its numbers are copied before they compete.
    out : ndarray
        The maxima, shaped as a place.
    arena : Arena
    """

    __slots__ = ("_apart", "_arena", "_gates", "_out", "_places", "_rows", "_turns", "_whole")

    def __init__(self, places: list[Array], apart: bool, out: Array, arena: Arena) -> None:
        self._places, self._apart, self._out, self._arena = places, apart, out, arena
        self._whole = np.dtype(f"u{out.itemsize}")
        self._gates: list[Array] = []
        self._turns: list[_Turn] = []
        self._rows = [self._of(rows, []) for rows in self._parts()]

    def _parts(self) -> Iterator[slice]:
        """Rows of windows that are kept at a time."""
        rows = len(self._out)
        step = max(1, rows // max(1, -(-self._out.nbytes // _BYTES)))
        return (slice(row, min(row + step, rows)) for row in range(0, rows, step))

    def _of(self, rows: slice, gradients: list[Array]) -> _Rows:
        """Prepare some rows of the forward pass; without gradients the larger numbers stand in the output."""
        out, places = self._out[rows], [place[rows] for place in self._places]
        kept = [gradient[rows] for gradient in gradients] or [out] * len(places)
        values = places
        if not self._apart:
            others = (self._arena.scratch(f"place {n}", *out.shape) for n in range(1, len(places)))
            values = [*kept[:-1], out] if gradients else [out, *others]
        copies = [] if self._apart else list(zip(map(blocks, values), map(blocks, places), strict=True))
        line, *lines = map(_line, values)
        rounds = []
        for larger, gate, following in zip([*kept[1:-1], out], kept, lines, strict=False):
            rounds.append(_Round(following, line, _line(larger), _line(gate)))
            line = _line(larger)
        return _Rows(copies, rounds, _line(out))

    def attach(self, dout: Array, gradients: list[Array]) -> None:
        """Say where the gradient of the maxima will stand, and those of the places, each in one piece of memory.

        From `forward` to `backward` nobody else may write to those of the places.
        """
        whole = [array.view(self._whole) for array in (*gradients, dout)]
        self._gates, self._rows = whole[:-2], []
        for rows in self._parts():
            self._rows.append(self._of(rows, gradients))
            *own, arriving = (_line(array[rows]) for array in whole)
            for gate, stays in zip(own[-2::-1], own[:0:-1], strict=True):
                self._turns.append(_Turn(arriving, gate, stays))
                arriving = gate

    def forward(self) -> None:
        """Find the maxima, and set the gates where there is a backward pass."""
        usual = True
        for copies, rounds, out in self._rows:
            for to, items in copies:
                to[...] = items
            if not self._gates:
                for one in rounds:
                    np.maximum(one.values, one.before, out=one.larger)
                continue
            for values, before, larger, gate in rounds:
                np.maximum(values, before, out=larger)
                set_gate(before, larger, gate)
            # A sum of squares is never finite where a number is not, and nearly always where all are.
            usual = math.isfinite(out.dot(out)) and usual
        if not usual:
            for gate, taken in zip(self._gates, _takings(self._places), strict=True):
                np.multiply(taken, self._whole.type(8 * self._whole.itemsize), out=gate)

    def backward(self) -> None:
        """Hand the gradient of the maxima to the places that hold them."""
        for arriving, gate, stays in self._turns:
            np.right_shift(arriving, gate, gate)
            np.bitwise_xor(arriving, gate, stays)


def _line(array: Array) -> Array:
    """See an array that lies in one piece as a line: loops over several axes take longer."""
    assert array.flags.c_contiguous, "a line must be a view"
    return array.reshape(-1)


_GIVES_SECOND = bool(np.signbit(np.maximum(np.zeros(64), -np.zeros(64))).all())
"""Whether the larger of 0 and -0 is the second one, as on x86; other processors take 0."""


def set_gate(before: Array, larger: Array, gate: Array) -> None:
    """Write 0 where the number before is `larger`, ``np.maximum(later, before)``, and else a negative number.

    The bits of that 0 must all be 0. The maximum of two zeros is the second one, or -0 - 0 = -0 would stand there.
    """
    np.subtract(before, larger, gate)
    if not _GIVES_SECOND:
        np.add(gate, 0, gate)


def _takings(places: list[Array]) -> Iterator[npt.NDArray[np.bool_]]:
    """For every place but the first, where it is the maximum of all so far: where it is larger, or NaN."""
    largest = places[0]
    for values in places[1:]:
        taken = (values > largest) | np.isnan(values)
        largest = np.where(taken, values, largest)
        yield taken
