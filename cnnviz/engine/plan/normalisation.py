"""Batch normalisation in a plan: statistics of the batch in training, running ones otherwise."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.plan.bias import ones
from cnnviz.engine.plan.node import Context
from cnnviz.engine.specs import BatchNorm


class Normalisation:
    """`batch_norm` and its backward pass.

    With m numbers in each channel, c = x - mean, v = mean(c^2), r = 1 / sqrt(v + eps)::

        out  = weight * r * c + bias
        dx   = weight * r * (dout - mean(dout) - c * r^2 * mean(dout * c))

    Mean and variance are two passes, since the difference of two large sums would lose the variance in float32.
    """

    __slots__ = (
        "_arena",
        "_bias",
        "_centred",
        "_count",
        "_dbias",
        "_dout",
        "_dweight",
        "_dx",
        "_grid",
        "_inverse",
        "_line",
        "_mean",
        "_ones",
        "_row_sums",
        "_running",
        "_scale",
        "_spec",
        "_statistics",
        "_sum",
        "_weight",
        "_work",
        "_x",
        "_y",
        "keeps_out",
        "out",
    )  # fmt: skip

    def __init__(self, spec: BatchNorm, x: Array, mine: bool, name: str, context: Context) -> None:
        arena, self._grid = context.arena, context.grid
        self._arena = arena
        rows, channels, columns, batch = x.shape
        flat = (rows, channels, columns * batch)
        self._spec, self._count = spec, rows * columns * batch
        self._x = x.reshape(flat)
        # Backward reads the centred input, so the output needs memory of its own where there is a backward.
        self.out = x if mine and not context.training else arena.new(*x.shape)
        self.keeps_out = False
        self._y = self._dout = self._dx = self.out.reshape(flat)
        if mine:
            self._centred = self._x
        else:
            self._centred = arena.new(*flat) if context.training else self._y
        self._weight, self._bias = context.weights[f"{name}.weight"], context.weights[f"{name}.bias"]
        self._dweight, self._dbias = context.gradients[f"{name}.weight"], context.gradients[f"{name}.bias"]
        self._running = (
            context.statistics[f"{name}.running_mean"],
            context.statistics[f"{name}.running_var"],
        )
        self._mean, self._sum, self._line = arena.new(channels), arena.new(channels), arena.new(channels)
        self._inverse, self._scale = arena.new(channels), arena.new(channels)

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        rows, channels, length = self._x.shape
        self._ones = ones(self._arena, length)
        self._row_sums = self._arena.scratch("row sums", rows, channels)
        self._work = self._arena.scratch("normalisation", rows, channels, length)
        self._dout = dout.reshape(self._x.shape)
        dx = dout if owned else self._arena.take(*dout.shape)
        self._dx = dx.reshape(self._x.shape)
        return dx

    def forward(self, training: bool) -> None:
        if training:
            self._measure()
        else:
            np.copyto(self._mean, self._running[0])
            np.subtract(self._x, self._mean[:, np.newaxis], out=self._centred)
            np.copyto(self._sum, self._running[1])
        np.add(self._sum, self._spec.eps, out=self._inverse)
        np.sqrt(self._inverse, out=self._inverse)
        np.divide(1, self._inverse, out=self._inverse)
        np.multiply(self._inverse, self._weight, out=self._scale)
        np.multiply(self._centred, self._scale[:, np.newaxis], out=self._y)
        np.add(self._y, self._bias[:, np.newaxis], out=self._y)

    def _measure(self) -> None:
        """Centre the input, write the variance to `_sum`, and let the running statistics follow."""
        if self._count < 2:
            raise BadInput(
                "batch_norm: training needs at least two numbers in each channel: enlarge the batch"
            )
        self._total(self._x, self._ones, self._mean)
        np.divide(self._mean, self._count, out=self._mean)
        np.subtract(self._x, self._mean[:, np.newaxis], out=self._centred)
        if self._grid is not None:
            self._grid.round(self._centred)
        self._total(self._centred, self._centred, self._sum)
        np.divide(self._sum, self._count - 1, out=self._line)
        self._follow(self._running[0], self._mean)
        self._follow(self._running[1], self._line)
        np.divide(self._sum, self._count, out=self._sum)

    def _total(self, values: Array, others: Array, out: Array) -> None:
        """Sum of products for each channel; dot products are much faster than sums along an axis."""
        np.vecdot(values, others, out=self._row_sums)
        np.add.reduce(self._row_sums, axis=0, out=out)

    def _follow(self, running: Array, now: Array) -> None:
        np.multiply(running, 1 - self._spec.momentum, out=running)
        np.multiply(now, self._spec.momentum, out=self._scale)
        np.add(running, self._scale, out=running)

    def backward(self) -> None:
        self._total(self._dout, self._ones, self._dbias)
        self._total(self._dout, self._centred, self._sum)
        np.multiply(self._sum, self._inverse, out=self._dweight)
        np.multiply(self._dweight, self._inverse, out=self._sum)
        np.divide(self._sum, self._count, out=self._sum)
        np.divide(self._dbias, self._count, out=self._line)
        np.multiply(self._centred, self._sum[:, np.newaxis], out=self._work)
        np.subtract(self._dout, self._work, out=self._dx)
        np.subtract(self._dx, self._line[:, np.newaxis], out=self._dx)
        np.multiply(self._dx, self._scale[:, np.newaxis], out=self._dx)
