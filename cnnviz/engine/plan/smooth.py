"""ELU and GELU in a plan; the slopes fall off when the forward pass has its exponentials at hand."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.node import Context
from cnnviz.engine.plan.pointwise import Sloped
from cnnviz.engine.smooth_activations import Approximate, share_below, slope_of_gelu


class ExponentialLinear(Sloped):
    """`elu`: with b = alpha * (exp(min(x, 0)) - 1) the output is max(x, 0) + b, and the slope below 0 b + alpha."""

    __slots__ = ("_above", "_alpha", "_below")

    def __init__(self, alpha: float, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._alpha = alpha
        self._below = context.arena.scratch("below", *x.shape) if context.training else self._slopes
        self._above = self._gate() if context.training else None

    def forward(self, training: bool) -> None:
        below = np.minimum(self._x, 0, out=self._below)
        np.expm1(below, out=below)
        np.multiply(below, self._alpha, out=below)
        if training and self._above is not None:  # before the output takes the place of the input
            np.less_equal(self._x, 0, out=self._above)
            np.logical_not(self._above, out=self._above)  # so also NaN, whose gradient passes
            np.add(below, self._alpha, out=self._slopes)
            np.copyto(self._slopes, 1, where=self._above)
        np.maximum(self._x, 0, out=self.out)
        np.add(self.out, below, out=self.out)


class GaussianErrorLinear(Sloped):
    """`gelu`, row by row of the map, so that what lies between stays small."""

    __slots__ = ("_approximate",)

    def __init__(self, approximate: Approximate, x: Array, mine: bool, context: Context) -> None:
        super().__init__(x, mine, context)
        self._approximate = approximate

    def forward(self, training: bool) -> None:
        for x, slopes, out in zip(self._x, self._slopes, self.out, strict=True):
            below = share_below(x, self._approximate)
            if training:
                np.copyto(slopes, slope_of_gelu(x, below, self._approximate))
            np.multiply(x, below, out=out)
