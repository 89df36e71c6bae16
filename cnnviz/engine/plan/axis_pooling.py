"""Pooling along one axis, forward and backward, by slices that hold one place of every window."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena


def taps(values: Array, axis: int, kernel: int, stride: int, count: int) -> list[Array]:
    """What stands at each place of every window along one axis."""
    before = (slice(None),) * axis
    return [
        values[(*before, slice(place, place + (count - 1) * stride + 1, stride))] for place in range(kernel)
    ]


class _AxisPool:
    """Where the windows of one axis read and where their gradients go."""

    __slots__ = (
        "_apart",
        "_axis",
        "_covers",
        "_din",
        "_dout",
        "_dtaps",
        "_kernel",
        "_out",
        "_stride",
        "_taps",
    )

    def __init__(self, values: Array, out: Array, axis: int, kernel: int, stride: int) -> None:
        count = out.shape[axis]
        self._taps, self._out = taps(values, axis, kernel, stride, count), out
        self._axis, self._kernel, self._stride = axis, kernel, stride
        self._apart = stride >= kernel
        self._covers = stride == kernel and count * stride == values.shape[axis]
        self._din = self._dout = out
        self._dtaps: list[Array] = []

    def _aim(self, dout: Array, din: Array) -> None:
        self._dout, self._din = dout, din
        self._dtaps = taps(din, self._axis, self._kernel, self._stride, self._out.shape[self._axis])

    def _clear(self) -> None:
        if not self._covers:
            self._din.fill(0)


class AxisMaximum(_AxisPool):
    """The maximum of each window; its gradient goes to the first cell that holds it."""

    __slots__ = ("_mask", "_part", "_rest")

    def forward(self) -> None:
        """Compare slice by slice."""
        if len(self._taps) == 1:
            np.copyto(self._out, self._taps[0])
            return
        np.maximum(self._taps[0], self._taps[1], out=self._out)
        for tap in self._taps[2:]:
            np.maximum(self._out, tap, out=self._out)

    def attach(self, dout: Array, din: Array, arena: Arena) -> None:
        """Prepare the backward pass, from the gradient of the maxima to that of the values."""
        self._aim(dout, din)
        shape = self._out.shape
        self._mask = arena.shared(("mask", shape), lambda: np.empty(shape, bool))
        self._rest = arena.scratch("rest", *shape)
        self._part = arena.scratch("part", *shape)

    def backward(self) -> None:
        """Offer the gradient to one place of the windows after the other; the last one takes the rest."""
        self._clear()
        rest = self._dout
        for tap, dtap in zip(self._taps[:-1], self._dtaps, strict=False):
            part = dtap if self._apart else self._part
            np.equal(tap, self._out, out=self._mask)
            np.multiply(rest, self._mask, out=part)
            np.subtract(rest, part, out=self._rest)
            rest = self._rest
            if not self._apart:
                np.add(dtap, part, out=dtap)
        if self._apart:
            np.copyto(self._dtaps[-1], rest)
        else:
            np.add(self._dtaps[-1], rest, out=self._dtaps[-1])


class AxisSum(_AxisPool):
    """The sum of each window; its gradient goes to all its cells."""

    __slots__ = ()

    def forward(self) -> None:
        """Add slice by slice."""
        if len(self._taps) == 1:
            np.copyto(self._out, self._taps[0])
            return
        np.add(self._taps[0], self._taps[1], out=self._out)
        for tap in self._taps[2:]:
            np.add(self._out, tap, out=self._out)

    def attach(self, dout: Array, din: Array) -> None:
        """Prepare the backward pass, from the gradient of the sums to that of the values."""
        self._aim(dout, din)

    def backward(self) -> None:
        """Hand the gradient to every place of the windows."""
        self._clear()
        for dtap in self._dtaps:
            if self._apart:
                np.copyto(dtap, self._dout)
            else:
                np.add(dtap, self._dout, out=dtap)
