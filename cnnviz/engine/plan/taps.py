"""Pooling windows as slices: each slice holds one place of every window."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Pair
from cnnviz.engine.plan.arena import Arena


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


class _Carried(NamedTuple):
    """One array in the three ways it is read: as whole numbers, as itself, in blocks."""

    whole: Array
    numbers: Array
    items: Items


class Contest:
    """The maximum of each window, and where its gradient goes: to the first place that holds it.

    Places compete one after the other, in row-major order. A gate holds the largest number before a place minus
    that with it: 0, or a negative number, whose bits say more than 31. Backward, from the last place to the first,
    a logical shift of the gradient's bits to the right by those of the gate leaves what goes on to the places
    before: all, or 0. Products with booleans would take several times as long, since NumPy converts those first.
    Infinities and NaN cannot be subtracted; where they come out, gates are set by comparisons.
    """

    __slots__ = (
        "_arena",
        "_dout",
        "_gates",
        "_left",
        "_out",
        "_places",
        "_spec",
        "_spread",
        "_taken",
        "_turns",
        "_whole",
    )

    def __init__(self, values: Array, kernel: Pair, stride: Pair, out: Array, arena: Arena) -> None:
        self._spec = kernel, stride, (out.shape[0], out.shape[2])
        self._places, self._out, self._arena = taps(values, *self._spec), out, arena
        self._whole = np.dtype(f"u{out.itemsize}")
        self._gates: list[Array] = []
        self._dout = out
        # Places lie apart in memory: a copy is cheaper than reading them twice. Copies take turns with the output,
        # which is the last one.
        room = [out, arena.scratch("place", *out.shape)]
        items = [blocks(values) for values in self._places]
        self._turns = [
            (room[(len(items) - 1 - place) % 2], blocks(room[(len(items) - 1 - place) % 2]), item)
            for place, item in enumerate(items)
        ]

    def attach(self, into: Array, dout: Array) -> None:
        """Say where the gradient of the values shall stand, and where that of the maxima will."""
        self._dout = dout
        shape = self._out.shape
        self._spread = Spread(into, *self._spec)
        self._gates = [self._arena.new(*shape).view(self._whole) for _ in self._places[1:]]
        scratch = (self._arena.scratch(use, *shape) for use in ("taken", "left", "rest"))
        self._taken, *self._left = (_Carried(a.view(self._whole), a, blocks(a)) for a in scratch)

    def forward(self) -> None:
        """Find the maxima, and set the gates where there is a backward pass."""
        before = self._out
        for place, (largest, to, values) in enumerate(self._turns):
            np.copyto(to, values)
            if place:
                np.maximum(largest, before, out=largest)
                if self._gates:
                    set_gate(before, largest, self._gates[place - 1].view(largest.dtype))
            before = largest
        if self._gates and not finite(self._out):
            for gate, taken in zip(self._gates, takings(self._places), strict=True):
                np.multiply(taken, self._whole.type(32 * self._whole.itemsize), out=gate)

    def backward(self) -> None:
        """Hand the gradient of the maxima to the places that hold them."""
        dout = self._dout
        self._spread.begin()
        if not self._gates:
            self._spread.deliver(0, dout, blocks(dout))
            return
        left, taken, rest = dout.view(self._whole), self._taken, self._left[0]
        for place in range(len(self._gates), 0, -1):
            rest = self._left[place % 2]
            np.right_shift(left, self._gates[place - 1], out=rest.whole)
            np.bitwise_xor(left, rest.whole, out=taken.whole)
            left = rest.whole
            self._spread.deliver(place, taken.numbers, taken.items)
        self._spread.deliver(0, rest.numbers, rest.items)


_GIVES_SECOND = bool(np.signbit(np.maximum(np.zeros(64), -np.zeros(64))).all())
"""Whether the larger of 0 and -0 is the second one, as on x86; other processors take 0."""


def set_gate(before: Array, largest: Array, gate: Array) -> None:
    """Write 0 where the number before is `largest`, ``np.maximum(later, before)``, and else a negative number.

    The bits of that 0 must all be 0. The maximum of two zeros is the second one, or -0 - 0 = -0 would stand there.
    """
    np.subtract(before, largest, gate)
    if not _GIVES_SECOND:
        np.add(gate, 0, gate)


def finite(array: Array) -> bool:
    """Whether a sum of squares is finite: never where a number is not, and nearly always where all are."""
    line = array.reshape(-1)
    return math.isfinite(line.dot(line))


def takings(places: list[Array]) -> Iterator[npt.NDArray[np.bool_]]:
    """For every place but the first, where it is the maximum of all so far: where it is larger, or NaN."""
    largest = places[0]
    for values in places[1:]:
        taken = (values > largest) | np.isnan(values)
        largest = np.where(taken, values, largest)
        yield taken
