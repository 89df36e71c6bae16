"""What every backward function asks of the gradient that comes in from the layer above."""

import sys
from typing import Any

import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import whole


def beside(dout: npt.ArrayLike, x: npt.ArrayLike, what: str) -> tuple[Array, Array]:
    """Read dout and the x of an operation that keeps the shape; BadInput unless they have the same."""
    gradient, values = checks.numbers(dout, "dout"), checks.numbers(x, "x")
    same_shape(gradient, values.shape, what)
    gradient, values = checks.floats(gradient, values)
    return gradient, values


def same_shape(dout: npt.NDArray[Any], shape: tuple[int, ...], what: str, name: str = "dout") -> None:
    """Raise BadInput unless `dout` has the shape of what the operation gave."""
    if dout.shape != shape:
        raise BadInput(f"{what}: {name} has shape {dout.shape}, it must be {shape}, as the output is")


def axis_of(axis: int, ndim: int, what: str) -> int:
    """Count an axis from the front; BadInput where the array has no such axis.

    Examples
    --------
    >>> axis_of(-1, 4, "softmax")
    3
    """
    whole(axis, f"{what}: axis", least=-sys.maxsize)
    if not -ndim <= axis < ndim:
        raise BadInput(f"{what}: axis {axis} does not exist: x has {ndim} axes, give {-ndim} to {ndim - 1}")
    return axis % ndim
