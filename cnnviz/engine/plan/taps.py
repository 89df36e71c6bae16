"""Pooling windows as slices: each slice holds one place of every window."""

from __future__ import annotations

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


def blocks(array: Array) -> npt.NDArray[np.void]:
    """See the numbers of a whole batch as one item: columns that lie apart are copied faster so."""
    item: npt.NDArray[np.void] = array.view(np.dtype((np.void, array.shape[-1] * array.itemsize)))
    return item[..., 0]


class Spread:
    """Where the gradients of windows go: beside each other they are copied, where they overlap added."""

    __slots__ = ("_apart", "_covers", "_into", "places")

    def __init__(self, into: Array, kernel: Pair, stride: Pair, out: Pair) -> None:
        self._into = into
        self.places = taps(into, kernel, stride, out)
        self._apart = stride[0] >= kernel[0] and stride[1] >= kernel[1]
        self._covers = stride == kernel and into.shape[::2] == (out[0] * stride[0], out[1] * stride[1])

    def begin(self) -> None:
        """Set to zero what no window covers."""
        if not self._covers:
            self._into.fill(0)

    def deliver(self, place: int, gradient: Array) -> None:
        """Bring one number to this place of every window."""
        if self._apart:
            np.copyto(blocks(self.places[place]), blocks(gradient))
        else:
            np.add(self.places[place], gradient, out=self.places[place])


class Contest:
    """The maximum of each window, and where its gradient goes: to the first place that holds it.

    Places compete one after the other, in row-major order. A gate has all bits set where a place holds more than
    all before it: the sign of a difference, spread over the number. Backward, from the last place to the first,
    each takes what is left where its gate is set. An "and" with gates is several times faster than a product with
    booleans, which NumPy converts first. Of infinities that are equal any may get the gradient.
    """

    __slots__ = (
        "_arena",
        "_copy",
        "_gates",
        "_out",
        "_places",
        "_rest",
        "_sign",
        "_spec",
        "_spread",
        "_taken",
        "_whole",
    )

    def __init__(self, values: Array, kernel: Pair, stride: Pair, out: Array, arena: Arena) -> None:
        self._spec = kernel, stride, (out.shape[0], out.shape[2])
        self._places, self._out, self._arena = taps(values, *self._spec), out, arena
        self._spread = Spread(values, *self._spec)
        self._whole = np.dtype(f"i{out.itemsize}")
        self._sign = self._whole.type(8 * out.itemsize - 1)
        self._gates = [arena.new(*out.shape).view(self._whole) for _ in self._places[1:]]
        # Places lie apart in memory: a copy is cheaper than reading them twice.
        self._copy = arena.scratch("place", *out.shape)
        self._taken, self._rest = (arena.scratch(use, *out.shape) for use in ("taken", "rest"))

    def forward(self) -> None:
        """Find the maxima, and set the gates."""
        np.copyto(blocks(self._out), blocks(self._places[0]))
        for values, gate in zip(self._places[1:], self._gates, strict=True):
            np.copyto(blocks(self._copy), blocks(values))
            np.subtract(self._out, self._copy, out=gate.view(self._out.dtype))
            np.right_shift(gate, self._sign, out=gate)
            np.maximum(self._out, self._copy, out=self._out)

    def attach(self, into: Array) -> None:
        """Say where the gradient of the values shall stand."""
        self._spread = Spread(into, *self._spec)

    def backward(self, dout: Array) -> None:
        """Hand the gradient of the maxima to the places that hold them."""
        spread = self._spread
        spread.begin()
        left, taken, rest = (
            dout.view(self._whole),
            self._taken.view(self._whole),
            self._rest.view(self._whole),
        )
        for place in range(len(self._gates), 0, -1):
            np.bitwise_and(left, self._gates[place - 1], out=taken)
            np.bitwise_xor(left, taken, out=rest)
            left = rest
            spread.deliver(place, self._taken)
        spread.deliver(0, left.view(self._out.dtype))
