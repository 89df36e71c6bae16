"""Activations and dropout in a plan: functions of each number on its own, in place where nobody else reads it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array
from cnnviz.engine.dropout import dropout_scales
from cnnviz.engine.plan.node import Context
from cnnviz.engine.specs import Dropout

_SEED_BITS = 32
"""A layer's seed has no more."""


class Pointwise:
    """A node whose output may stand where its input stood, and its gradient where the output's stood."""

    __slots__ = ("_arena", "_dout", "_dx", "_x", "keeps_out", "out")

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        self._x, self._arena, self.keeps_out = x, context.arena, context.training
        self.out = x if mine else context.arena.new(*x.shape)
        self._dout = self._dx = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._dout = dout
        self._dx = dout if owned else self._arena.take(*dout.shape)
        return self._dx

    def _gate(self) -> npt.NDArray[np.bool_]:
        shape = self._x.shape
        return self._arena.shared(("mask", shape), lambda: np.empty(shape, bool))


class Sloped(Pointwise):
    """A node that keeps the slope at every cell, so that its backward pass reads neither input nor output."""

    __slots__ = ("_slopes",)

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self.keeps_out = False
        arena = context.arena
        self._slopes = arena.new(*x.shape) if context.training else arena.scratch("slope", *x.shape)

    def backward(self) -> None:
        np.multiply(self._dout, self._slopes, out=self._dx)


class Rectifier(Pointwise):
    """`relu`: passes the gradient where its output is above 0, or NaN."""

    __slots__ = ("_bits", "_dbits", "_dxbits", "_mask", "_zeros")

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        # An array of zeros, because NumPy compares with a single zero much more slowly.
        self._zeros = context.arena.scratch("zeros", *x.shape[1:])

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        dx = super().attach(dout, owned, wanted)
        whole = np.dtype(f"i{dout.itemsize}")
        self._mask = self._gate()
        self._bits = self._mask.view(np.int8)
        self._dbits, self._dxbits = self._dout.view(whole), self._dx.view(whole)
        return dx

    def forward(self, training: bool) -> None:
        np.maximum(self._x, self._zeros, out=self.out)

    def backward(self) -> None:
        np.not_equal(self.out, self._zeros, out=self._mask)
        # All bits or none, because a product would make NaN of an infinite gradient where it is cut.
        np.negative(self._bits, out=self._bits)
        np.bitwise_and(self._dbits, self._bits, out=self._dxbits)


class LeakyRectifier(Sloped):
    """`leaky_relu`, for slopes below and above 0."""

    __slots__ = ("_above", "_table")

    def __init__(self, slope: float, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._above, self._table = self._gate(), np.array([slope, 1], x.dtype)

    def forward(self, training: bool) -> None:
        np.greater(self._x, 0, out=self._above)
        # Looked up, because (1 - slope) + slope is not always 1; without "clip" NumPy would buffer it.
        np.take(self._table, self._above.view(np.uint8), out=self._slopes, mode="clip")
        np.multiply(self._x, self._slopes, out=self.out)


class Logistic(Pointwise):
    """`sigmoid`, as (1 + tanh(x / 2)) / 2, which never overflows."""

    __slots__ = ("_slope",)

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._slope = self._arena.scratch("slope", *dout.shape)
        return super().attach(dout, owned, wanted)

    def forward(self, training: bool) -> None:
        np.multiply(self._x, 0.5, out=self.out)
        np.tanh(self.out, out=self.out)
        np.add(self.out, 1, out=self.out)
        np.multiply(self.out, 0.5, out=self.out)

    def backward(self) -> None:
        np.subtract(1, self.out, out=self._slope)
        np.multiply(self._slope, self.out, out=self._slope)
        np.multiply(self._dout, self._slope, out=self._dx)


class HyperbolicTangent(Pointwise):
    """`tanh`."""

    __slots__ = ("_slope",)

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._slope = self._arena.scratch("slope", *dout.shape)
        return super().attach(dout, owned, wanted)

    def forward(self, training: bool) -> None:
        np.tanh(self._x, out=self.out)

    def backward(self) -> None:
        np.multiply(self.out, self.out, out=self._slope)
        np.subtract(1, self._slope, out=self._slope)
        np.multiply(self._dout, self._slope, out=self._dx)


class DropoutNode(Sloped):
    """`dropout` with the layer's seed and the number of the draw, which the plan sets for each pass."""

    __slots__ = ("_clock", "_shape", "_spec")

    def __init__(self, spec: Dropout, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        rows, channels, columns, batch = x.shape
        self._spec, self._clock, self._shape = spec, context.clock, (batch, channels, rows, columns)

    def forward(self, training: bool) -> None:
        if not training:
            np.copyto(self.out, self._x)
            return
        # Behind the seed, not added to it: else seed 1 would drop in one step what seed 0 drops in the next.
        seed = (self._clock.draw << _SEED_BITS) + self._spec.seed
        scales = dropout_scales(self._shape, self._spec.p, seed=seed)
        np.copyto(self._slopes, scales.transpose(2, 1, 3, 0), casting="same_kind")
        np.multiply(self._x, self._slopes, out=self.out)


class SoftmaxNode(Pointwise):
    """`softmax` over the channels."""

    __slots__ = ("_row", "_work")

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._row = context.arena.new(x.shape[0], 1, *x.shape[2:])

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._work = self._arena.scratch("slope", *dout.shape)
        return super().attach(dout, owned, wanted)

    def forward(self, training: bool) -> None:
        np.maximum.reduce(self._x, axis=1, keepdims=True, out=self._row)
        np.subtract(self._x, self._row, out=self.out)
        np.exp(self.out, out=self.out)
        np.add.reduce(self.out, axis=1, keepdims=True, out=self._row)
        np.divide(self.out, self._row, out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, self.out, out=self._work)
        np.add.reduce(self._work, axis=1, keepdims=True, out=self._row)
        np.subtract(self._dout, self._row, out=self._dx)
        np.multiply(self._dx, self.out, out=self._dx)
