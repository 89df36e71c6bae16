"""The maximum of a whole channel in a plan."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Shape
from cnnviz.engine.plan.node import Context


class GlobalMaximum:
    """`global_max_pool2d`, and its backward pass: the pixel that was the first maximum gets the gradient."""

    __slots__ = ("_arena", "_dout", "_dx", "_planes", "_row_maxima", "_where", "_x", "keeps_out", "out")

    def __init__(self, in_shape: Shape, x: Array, context: Context) -> None:
        self._x, self._arena = x, context.arena
        self.out, self.keeps_out = context.arena.new(1, in_shape[0], 1, context.batch), False
        self._row_maxima = context.arena.new(1, in_shape[0], in_shape[2], context.batch)
        self._dx = self._dout = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            self._dx = self._x[:0]
            return None
        rows, channels, columns, batch = self._x.shape
        self._dout, self._dx = dout, self._arena.take(*self._x.shape)
        # Planes lie apart in memory: they are searched in a copy where the numbers of each stand in order.
        self._planes = self._arena.scratch("planes", channels, batch, rows, columns)
        self._where = np.zeros((channels, batch), np.intp)
        return self._dx

    def forward(self, training: bool) -> None:
        np.maximum.reduce(self._x, axis=0, keepdims=True, out=self._row_maxima)
        np.maximum.reduce(self._row_maxima, axis=2, keepdims=True, out=self.out)

    def backward(self) -> None:
        if not self._dx.size:
            return
        self._find()
        channels, batch = np.ogrid[: self._where.shape[0], : self._where.shape[1]]
        row, column = np.divmod(self._where, self._x.shape[2])
        self._dx.fill(0)
        self._dx[row, channels, column, batch] = self._dout[0, :, 0]

    def _find(self) -> None:
        """Tell where the maxima stand, counted along the rows: the first of equal ones, and of NaN the last."""
        np.copyto(self._planes, self._x.transpose(1, 3, 0, 2))
        flat = self._planes.reshape(*self._where.shape, -1)
        np.argmax(flat, axis=-1, out=self._where)
        lost = np.isnan(self.out[0, :, 0])
        if lost.any():
            last = flat.shape[-1] - 1 - np.isnan(flat[..., ::-1]).argmax(axis=-1)
            np.copyto(self._where, last, where=lost)
