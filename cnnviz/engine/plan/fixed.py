"""Normalisation and scaling by fixed numbers in a plan."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.node import Context
from cnnviz.engine.plan.pointwise import Pointwise
from cnnviz.engine.specs import Normalise


class FixedNormalisation(Pointwise):
    """`normalise`: its gradient needs no number of the pictures."""

    __slots__ = ("_mean", "_std")

    def __init__(self, spec: Normalise, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self.keeps_out = False
        self._mean, self._std = (
            np.array(line, x.dtype)[:, np.newaxis, np.newaxis] for line in (spec.mean, spec.std)
        )

    def forward(self, training: bool) -> None:
        np.subtract(self._x, self._mean, out=self.out)
        np.divide(self.out, self._std, out=self.out)

    def backward(self) -> None:
        np.divide(self._dout, self._std, out=self._dx)


class Scaling(Pointwise):
    """Every number times the same: what a residual block takes of its body."""

    __slots__ = ("_scale",)

    def __init__(self, scale: float, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self.keeps_out = False
        self._scale = x.dtype.type(scale)

    def forward(self, training: bool) -> None:
        np.multiply(self._x, self._scale, out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, self._scale, out=self._dx)
