"""Convolution layers in a plan: forward, and the gradients of input, weight and bias."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array, padding_fits
from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import NO_PADS, Conv, Pair, Shape, pads_of
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.bias import BiasGradient
from cnnviz.engine.plan.border import Border
from cnnviz.engine.plan.node import Context
from cnnviz.engine.plan.places import WHOLE, by_window, parted_shape
from cnnviz.engine.plan.products import Correlation, WeightGradient, Windows
from cnnviz.engine.plan.scattered import ScatteredGradient, fits
from cnnviz.engine.plan.taps import blocks
from cnnviz.engine.plan.unrolled import Geometry


def by_groups(weight: Array, groups: int) -> Array:
    """See (kernel rows, kernel columns, channels / groups, out channels) as (groups, K, out channels / groups)."""
    return weight.reshape(-1, groups, weight.shape[3] // groups).transpose(1, 0, 2)


def turned(weight: Array, groups: int) -> Array:
    """See it as (groups, kernel rows, columns, out channels / groups, channels / groups), turned by 180 degrees."""
    rows, columns, channels, _ = weight.shape
    split = weight.reshape(rows, columns, channels, groups, -1)
    return split[::-1, ::-1].transpose(3, 0, 1, 4, 2)


def gradient_geometry(forward: Geometry) -> Geometry:
    """The windows on the output's gradient that give the input's: full, stride-dilated, one cell at a time."""
    lead = [d * (f - 1) - p for d, f, p in zip(forward.dilation, forward.kernel, forward.lead, strict=True)]
    return forward._replace(
        rows=forward.out[0], columns=forward.out[1], out=(forward.rows, forward.columns),
        stride=(1, 1), apart=forward.stride, lead=(lead[0], lead[1]),
    )  # fmt: skip


class CorrelatedGradient:
    """The gradient of the input as a full cross-correlation with turned kernels."""

    __slots__ = ("_correlation", "_packed", "_turned")

    def __init__(self, forward: Geometry, weight: Array, dout: Array, dx: Array, arena: Arena) -> None:
        """Prepare; weight (kernel rows, kernel columns, channels, out channels)."""
        self._turned = turned(weight, forward.groups)
        self._packed = arena.scratch("turned", *self._turned.shape)
        back = gradient_geometry(forward)._replace(channels=dout.shape[1])
        flat = self._packed.reshape(forward.groups, -1, self._turned.shape[-1])
        self._correlation = Correlation(Windows(back, dout, arena), flat, dx)

    def run(self) -> None:
        """Write the gradient."""
        np.copyto(self._packed, self._turned)
        self._correlation.run()


def input_gradient(
    forward: Geometry, weight: Array, dout: Array, dx: Array, arena: Arena
) -> CorrelatedGradient | ScatteredGradient:
    """Prepare the gradient of the input; weight (kernel rows, kernel columns, channels, out channels)."""
    kind = ScatteredGradient if fits(forward, dout) else CorrelatedGradient
    return kind(forward, weight, dout, dx, arena)


class GatheredGradient:
    """The gradient of the input where that of the output has places apart: brought in order first."""

    __slots__ = ("_gradient", "_ordered", "_parted")

    def __init__(
        self, forward: Geometry, weight: Array, dout: Array, tile: Pair, dx: Array, arena: Arena
    ) -> None:
        """Prepare; weight (kernel rows, kernel columns, channels, out channels)."""
        ordered = arena.scratch("ordered", forward.out[0], dout.shape[1], forward.out[1], forward.batch)
        parted = by_window(dout, tile)
        self._parted, self._ordered = blocks(parted), blocks(ordered.reshape(parted.shape))
        self._gradient = input_gradient(forward, weight, ordered, dx, arena)

    def run(self) -> None:
        """Write the gradient."""
        self._ordered[...] = self._parted
        self._gradient.run()


class Convolution:
    """`conv2d` and `conv2d_backward` on fixed buffers; the places of a pooling's tiles can be apart in the output."""

    __slots__ = (
        "_arena", "_bias", "_border", "_dbias", "_dw", "_dweight", "_dx", "_forward", "_geometry", "_weight",
        "_x", "keeps_out", "out",
    )  # fmt: skip

    def __init__(
        self, spec: Conv, in_shape: Shape, x: Array, name: str, context: Context, tile: Pair = WHOLE
    ) -> None:
        arena, batch = context.arena, context.batch
        channels, rows, columns = spec.out_shape(in_shape)
        pads = pads_of(spec, in_shape)
        padding_fits(in_shape[1:], pads, spec.padding_mode)
        self._border = None
        if spec.padding_mode != "zeros" and pads != NO_PADS:
            self._border = Border(x, pads, spec.padding_mode, arena)
            x, pads = self._border.out, NO_PADS
        self._x, self._arena = x, arena
        self.out, self.keeps_out = arena.new(*parted_shape((rows, channels, columns, batch), tile)), False
        self._geometry = _geometry(spec, x, pads, (rows, columns))
        self._weight, self._dweight = context.weights[f"{name}.weight"], context.gradients[f"{name}.weight"]
        windows = Windows(self._geometry, x, arena, tile)
        self._forward = Correlation(windows, by_groups(self._weight, spec.groups), self.out)
        bias = context.weights.get(f"{name}.bias")
        self._bias = None if bias is None else bias[:, np.newaxis, np.newaxis]
        self._dbias = None if bias is None else BiasGradient(context.gradients[f"{name}.bias"])
        self._dx: CorrelatedGradient | ScatteredGradient | GatheredGradient | None = None

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        arena, g, tile = self._arena, self._geometry, self._forward.windows.tile
        self._dw = WeightGradient(self._forward.windows, dout, by_groups(self._dweight, g.groups), arena)
        if self._dbias is not None:
            self._dbias.attach(dout, arena)
        if not wanted:
            return None
        dx = arena.take(*self._x.shape)
        if tile == WHOLE:
            self._dx = input_gradient(g, self._weight, dout, dx, arena)
        else:
            self._dx = GatheredGradient(g, self._weight, dout, tile, dx, arena)
        if self._border is None:
            return dx
        folded = self._border.attach(dx)
        arena.give(dx)
        return folded

    def forward(self, training: bool) -> None:
        if self._border is not None:
            self._border.forward()
        self._forward.run()
        if self._bias is not None:
            np.add(self.out, self._bias, out=self.out)

    def backward(self) -> None:
        self._forward.windows.ensure_filled()
        self._dw.run()
        if self._dbias is not None:
            self._dbias.run()
        if self._dx is not None:
            self._dx.run()
            if self._border is not None:
                self._border.backward()


def _geometry(spec: Conv, x: Array, pads: Pads, out: tuple[int, int]) -> Geometry:
    rows, channels, columns, batch = x.shape
    return Geometry(
        rows, columns, channels, batch, spec.kernel_size, out, spec.stride, spec.dilation,
        (pads.top, pads.left), (1, 1), spec.groups,
    )  # fmt: skip
