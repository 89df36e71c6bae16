"""The numbers of a network behind each other in one vector, and views of them by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array, numbers, room
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.engine.network import parameter_shapes, statistic_shapes
from cnnviz.engine.specs import Layers

_BY_KERNEL = (2, 3, 1, 0)
"""A convolution's weights stand as (kernel rows, kernel columns, in, out), ready to be multiplied."""


class Store:
    """Parameters, gradients and running statistics of one network; plans for other batch sizes may share it.

    Attributes
    ----------
    parameters, gradients : dict of ndarray
        Views by name, shaped as in PyTorch; writing to them changes the network.
    statistics : dict of ndarray
        Running means and variances of batch norms.
    vector, gradient_vector : ndarray
        All parameters and all gradients, for an optimiser, in the plan's own order.
    holds_gradients : bool
        Whether there is memory for gradients; without it `gradients` is empty.
    """

    __slots__ = (
        "gradient_vector",
        "gradients",
        "holds_gradients",
        "in_shape",
        "inner_gradients",
        "inner_parameters",
        "layers",
        "parameters",
        "statistics",
        "vector",
    )

    def __init__(
        self, layers: Layers, in_shape: Shape, dtype: npt.DTypeLike, holds_gradients: bool = True
    ) -> None:
        self.layers, self.in_shape, self.holds_gradients = layers, in_shape, holds_gradients
        shapes = parameter_shapes(layers, in_shape)
        count = sum(math.prod(shape) for shape in shapes.values())
        room((count,), "plan", "a vector of all parameters", np.dtype(dtype).itemsize)
        self.vector = np.zeros(count, dtype)
        # Without memory one zero that nobody may write to stands for all.
        self.gradient_vector = (
            np.zeros(count, dtype) if holds_gradients else np.broadcast_to(self.vector.dtype.type(0), count)
        )
        self.inner_parameters, self.parameters = _views(self.vector, shapes)
        self.inner_gradients, gradients = _views(self.gradient_vector, shapes)
        self.gradients = gradients if holds_gradients else {}
        self.statistics: dict[str, Array] = {
            name: np.full(shape, name.endswith("var"), dtype)
            for name, shape in statistic_shapes(layers, in_shape).items()
        }
        for name, scale in self.parameters.items():
            if scale.ndim == 1 and name.endswith("weight"):  # a batch norm that changes nothing
                scale.fill(1)

    def load(self, values: Mapping[str, npt.NDArray[Any]]) -> None:
        """Copy parameters, and statistics where there are any, from arrays of these names and shapes.

        Raises
        ------
        BadInput
            If a parameter is missing, a name is unknown or a shape differs.
        TypeError
            If there are no names, or something else than real numbers under one.
        """
        if not isinstance(values, Mapping):
            raise TypeError(f"parameters must be arrays by their names, not {type(values).__name__}")
        targets = {**self.parameters, **self.statistics}
        for name in values:
            if name not in targets:
                raise BadInput(
                    f"the network has no parameter {name!r}: it has {', '.join(targets) or 'none'}"
                )
        for name, target in targets.items():
            if name not in values:
                if name in self.statistics:
                    continue
                raise BadInput(f"parameter {name!r} of shape {target.shape} is missing")
            given = numbers(values[name], f"parameter {name!r}")
            if given.shape != target.shape:
                raise BadInput(
                    f"parameter {name!r} has shape {given.shape}, but the network needs {target.shape}"
                )
            np.copyto(target, given, casting="same_kind")


def _views(vector: Array, shapes: dict[str, tuple[int, ...]]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Cut a vector into arrays: in the plan's own order, and as PyTorch shapes them."""
    inner, outer, first = {}, {}, 0
    for name, shape in shapes.items():
        kernels = len(shape) == 4
        own = tuple(shape[axis] for axis in _BY_KERNEL) if kernels else shape
        last = first + math.prod(shape)
        inner[name] = vector[first:last].reshape(own)
        outer[name] = inner[name].transpose(3, 2, 0, 1) if kernels else inner[name]
        first = last
    return inner, outer
