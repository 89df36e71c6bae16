"""Activations and dropout in a plan: functions of each number on its own, in place where nobody else reads it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.dropout import dropout_scales
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.node import Context
from cnnviz.engine.specs import Dropout


class _Pointwise:
    """A node whose output may stand where its input stood, and its gradient where the output's stood."""

    __slots__ = ("_arena", "_dout", "_dx", "_x", "out")
    keeps_out: ClassVar[bool] = True

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        self._x, self._arena = x, context.arena
        self.out = x if mine else context.arena.new(*x.shape)
        self._dout = self._dx = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._dout = dout
        self._dx = dout if owned else self._arena.take(*dout.shape)
        return self._dx

    def _gate(self, arena: Arena) -> Array:
        shape = self._x.shape
        gate: Array = arena.shared(("mask", shape), lambda: np.empty(shape, bool))
        return gate


class Rectifier(_Pointwise):
    """`relu`: passes the gradient where its output is above 0."""

    __slots__ = ("_mask", "_zeros")

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        # An array of zeros, because NumPy compares with a single zero much more slowly.
        self._zeros = context.arena.scratch("zeros", *x.shape[1:])
        self._mask = self._gate(context.arena)

    def forward(self, training: bool) -> None:
        np.maximum(self._x, self._zeros, out=self.out)

    def backward(self) -> None:
        np.greater(self.out, self._zeros, out=self._mask)
        np.multiply(self._dout, self._mask, out=self._dx)


class LeakyRectifier(_Pointwise):
    """`leaky_relu`, for slopes below and above 0; the factor of every cell is kept for the gradient."""

    __slots__ = ("_factors", "_slope")

    def __init__(self, slope: float, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._slope = slope
        self._factors = context.arena.new(*x.shape)

    def forward(self, training: bool) -> None:
        np.greater(self._x, 0, out=self._factors)
        np.multiply(self._factors, 1 - self._slope, out=self._factors)
        np.add(self._factors, self._slope, out=self._factors)
        np.multiply(self._x, self._factors, out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, self._factors, out=self._dx)


class Logistic(_Pointwise):
    """`sigmoid`, as (1 + tanh(x / 2)) / 2, which never overflows."""

    __slots__ = ("_slope",)

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._slope = context.arena.scratch("slope", *x.shape)

    def forward(self, training: bool) -> None:
        np.multiply(self._x, 0.5, out=self.out)
        np.tanh(self.out, out=self.out)
        np.add(self.out, 1, out=self.out)
        np.multiply(self.out, 0.5, out=self.out)

    def backward(self) -> None:
        np.subtract(1, self.out, out=self._slope)
        np.multiply(self._slope, self.out, out=self._slope)
        np.multiply(self._dout, self._slope, out=self._dx)


class HyperbolicTangent(_Pointwise):
    """`tanh`."""

    __slots__ = ("_slope",)

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._slope = context.arena.scratch("slope", *x.shape)

    def forward(self, training: bool) -> None:
        np.tanh(self._x, out=self.out)

    def backward(self) -> None:
        np.multiply(self.out, self.out, out=self._slope)
        np.subtract(1, self._slope, out=self._slope)
        np.multiply(self._dout, self._slope, out=self._dx)


class DropoutNode(_Pointwise):
    """`dropout` with the layer's seed plus the number of the draw, which the plan sets for each pass."""

    __slots__ = ("_clock", "_factors", "_shape", "_spec")
    keeps_out: ClassVar[bool] = False

    def __init__(self, spec: Dropout, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        rows, channels, columns, batch = x.shape
        self._spec, self._clock, self._shape = spec, context.clock, (batch, channels, rows, columns)
        self._factors = context.arena.new(*x.shape)

    def forward(self, training: bool) -> None:
        if not training:
            np.copyto(self.out, self._x)
            return
        scales = dropout_scales(self._shape, self._spec.p, seed=self._spec.seed + self._clock.draw)
        np.copyto(self._factors, scales.transpose(2, 1, 3, 0), casting="same_kind")
        np.multiply(self._x, self._factors, out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, self._factors, out=self._dx)


class SoftmaxNode(_Pointwise):
    """`softmax` over the channels."""

    __slots__ = ("_row", "_work")

    def __init__(self, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._row = context.arena.new(x.shape[0], 1, *x.shape[2:])
        self._work = context.arena.scratch("slope", *x.shape)

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
