"""Transposed convolution in a plan: the gradients of a convolution, run the other way round."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Shape
from cnnviz.engine.plan.bias import BiasGradient
from cnnviz.engine.plan.convolution import by_groups, gradient_geometry, turned
from cnnviz.engine.plan.node import Context
from cnnviz.engine.plan.products import Correlation, WeightGradient, Windows
from cnnviz.engine.plan.unrolled import Geometry
from cnnviz.engine.specs import ConvTranspose


class TransposedConvolution:
    """`conv_transpose2d` and its backward pass: forward is the input gradient of `conv2d`, backward its forward."""

    __slots__ = (
        "_arena", "_bias", "_dbias", "_dw", "_dweight", "_dx", "_forward", "_geometry", "_name", "_packed",
        "_turned", "_weight", "_x", "keeps_out", "out",
    )  # fmt: skip

    def __init__(self, spec: ConvTranspose, in_shape: Shape, x: Array, name: str, context: Context) -> None:
        arena, batch = context.arena, context.batch
        channels, rows, columns = spec.out_shape(in_shape)
        self._x, self._arena = x, arena
        self.out, self.keeps_out = arena.new(rows, channels, columns, batch), False
        # The convolution whose input is our output, and whose output is our input.
        self._geometry = Geometry(
            rows, columns, channels, batch, spec.kernel_size, in_shape[1:], spec.stride, spec.dilation,
            spec.padding, (1, 1), spec.groups,
        )  # fmt: skip
        self._weight, self._dweight = context.weights[f"{name}.weight"], context.gradients[f"{name}.weight"]
        self._turned = turned(self._weight, spec.groups)
        self._packed = arena.scratch("turned", *self._turned.shape)
        flat = self._packed.reshape(spec.groups, -1, self._turned.shape[-1])
        back = gradient_geometry(self._geometry)._replace(channels=in_shape[0])
        self._forward = Correlation(Windows(back, x, arena), flat, self.out)
        bias = context.weights.get(f"{name}.bias")
        self._bias = None if bias is None else bias[:, np.newaxis, np.newaxis]
        self._dbias = None if bias is None else BiasGradient(context.gradients[f"{name}.bias"])
        self._dx: Correlation | None = None

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        arena, g = self._arena, self._geometry
        dx = arena.take(*self._x.shape)
        self._dx = Correlation(Windows(g, dout, arena), by_groups(self._weight, g.groups), dx)
        self._dw = WeightGradient(self._dx.windows, self._x, by_groups(self._dweight, g.groups), arena)
        if self._dbias is not None:
            self._dbias.attach(dout, arena)
        return dx

    def forward(self, training: bool) -> None:
        np.copyto(self._packed, self._turned)
        self._forward.run()
        if self._bias is not None:
            np.add(self.out, self._bias, out=self.out)

    def backward(self) -> None:
        assert self._dx is not None, "attach comes before backward"
        self._dx.run()  # fills the scratch with the windows on the gradient, which the weights' needs too
        self._dw.run()
        if self._dbias is not None:
            self._dbias.run()
