"""Flatten and fully connected layers in a plan."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.node import Context
from cnnviz.engine.specs import Linear


class FlattenNode:
    """Puts channels before rows, as NCHW has them, in one column for each sample."""

    __slots__ = ("_arena", "_by_channel", "_dby_channel", "_dx", "_x", "keeps_out", "out")

    def __init__(self, x: Array, context: Context) -> None:
        rows, channels, columns, batch = x.shape
        self._x, self._arena = x, context.arena
        self.out, self.keeps_out = context.arena.new(1, rows * channels * columns, 1, batch), False
        self._by_channel = self._dby_channel = self._see(self.out)
        self._dx = x

    def _see(self, flat: Array) -> Array:
        rows, channels, columns, batch = self._x.shape
        return flat.reshape(channels, rows, columns, batch).transpose(1, 0, 2, 3)

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            return None
        self._dby_channel, self._dx = self._see(dout), self._arena.take(*self._x.shape)
        return self._dx

    def forward(self, training: bool) -> None:
        np.copyto(self._by_channel, self._x)

    def backward(self) -> None:
        np.copyto(self._dx, self._dby_channel)


class LinearNode:
    """`linear` and its backward pass."""

    __slots__ = (
        "_arena",
        "_bias",
        "_dbias",
        "_dout",
        "_dweight",
        "_dx",
        "_weight",
        "_x",
        "_y",
        "keeps_out",
        "out",
    )

    def __init__(self, spec: Linear, x: Array, name: str, context: Context) -> None:
        self._arena = context.arena
        self._x = x.reshape(-1, context.batch)
        self.out, self.keeps_out = context.arena.new(1, spec.out_features, 1, context.batch), False
        self._y = self._dout = self.out.reshape(-1, context.batch)
        self._weight, self._dweight = context.weights[f"{name}.weight"], context.gradients[f"{name}.weight"]
        self._bias = context.weights[f"{name}.bias"][:, np.newaxis]
        self._dbias = context.gradients[f"{name}.bias"]
        self._dx: Array | None = None

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        self._dout = dout.reshape(self._y.shape)
        if not wanted:
            return None
        dx = self._arena.take(1, self._x.shape[0], 1, self._x.shape[1])
        self._dx = dx.reshape(self._x.shape)
        return dx

    def forward(self, training: bool) -> None:
        np.matmul(self._weight, self._x, out=self._y)
        np.add(self._y, self._bias, out=self._y)

    def backward(self) -> None:
        np.matmul(self._dout, self._x.T, out=self._dweight)
        np.add.reduce(self._dout, axis=1, out=self._dbias)
        if self._dx is not None:
            np.matmul(self._weight.T, self._dout, out=self._dx)
