"""Activations with a corner: ReLU and its kin, applied to every number on its own."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.blocks import empty
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet


def relu(x: npt.ArrayLike) -> Array:
    """Cut negative numbers to zero: relu(x) = max(x, 0).

    Parameters
    ----------
    x : array_like, any shape
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Returns
    -------
    array of the same shape
        Never a negative zero. NaN stays NaN, as in PyTorch.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.

    Examples
    --------
    >>> relu([-30, 0, 30]).tolist()
    [0.0, 0.0, 30.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.3.1.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    out = empty(values.shape, values.dtype)
    np.maximum(values, 0, out=out)
    out += 0.0  # turns -0.0, which maximum may let through, into 0.0
    return out


def relu_backward(dout: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """Pass the gradient where the input was positive: dx = dout where x > 0, else 0.

    Parameters
    ----------
    dout : array_like
        Gradient of the loss by the output.
    x : array_like of the same shape
        The input of the forward pass. At 0 the gradient is 0; at NaN it passes, as in PyTorch.

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If the shapes differ.

    Examples
    --------
    >>> relu_backward([5, 6, 7], [-30, 0, 30]).tolist()
    [0.0, 0.0, 7.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.3.
    """
    gradient, values = incoming.beside(dout, x, "relu_backward")
    # A mask of bits, because 0 times infinity is no zero, and choosing number by number is slow.
    bits = np.dtype(f"i{values.dtype.itemsize}")
    passes = np.logical_not(np.less_equal(values, 0)).astype(bits)
    dx: Array = np.asarray(np.negative(passes) & gradient.view(bits)).view(values.dtype)
    return dx


def leaky_relu(x: npt.ArrayLike, negative_slope: float = 0.01) -> Array:
    """Make negative numbers small instead of zero: x where x > 0, else negative_slope * x.

    Parameters
    ----------
    x : array_like, any shape
    negative_slope : float
        Finite; 0 gives ReLU.

    Returns
    -------
    array of the same shape
        float32 and float64 are kept; NaN stays NaN.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or the slope is no number.
    BadInput
        If the slope is not finite.

    Examples
    --------
    >>> leaky_relu([-30, 0, 30], 0.5).tolist()
    [-15.0, 0.0, 30.0]

    References
    ----------
    Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    with quiet():
        return np.asarray(values * _slopes(values, finite(negative_slope, "negative_slope")))


def leaky_relu_backward(dout: npt.ArrayLike, x: npt.ArrayLike, negative_slope: float = 0.01) -> Array:
    """Scale the gradient by the slope: dx = dout where x > 0, else negative_slope * dout.

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass; at 0 and at NaN the slope counts.
    negative_slope : float

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`.

    Raises
    ------
    TypeError, BadInput
        As in `leaky_relu`, and if the shapes differ.

    Examples
    --------
    >>> leaky_relu_backward([5, 6, 7], [-30, 0, 30], 0.5).tolist()
    [2.5, 3.0, 7.0]

    References
    ----------
    Maas, Hannun and Ng (2013), as in `leaky_relu`.
    """
    gradient, values = incoming.beside(dout, x, "leaky_relu_backward")
    with quiet():
        return np.asarray(gradient * _slopes(values, finite(negative_slope, "negative_slope")))


def elu(x: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Bend negative numbers towards -alpha: x where x > 0, else alpha * (exp(x) - 1).

    Parameters
    ----------
    x : array_like, any shape
    alpha : float
        Finite.

    Returns
    -------
    array of the same shape
        float32 and float64 are kept; NaN stays NaN.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or alpha is no number.
    BadInput
        If alpha is not finite.

    Examples
    --------
    >>> elu([-1000, 0, 30], alpha=2).tolist()
    [-2.0, 0.0, 30.0]

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep network learning by ELUs, equation 15.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    below = np.expm1(np.minimum(values, 0))
    below *= finite(alpha, "alpha")
    return np.asarray(np.maximum(values, 0) + below)


def elu_backward(dout: npt.ArrayLike, x: npt.ArrayLike, alpha: float = 1.0) -> Array:
    """Scale the gradient by the slope: dx = dout where x > 0, else alpha * exp(x) * dout.

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass; at 0 the slope is alpha, at NaN 1.
    alpha : float

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`.

    Raises
    ------
    TypeError, BadInput
        As in `elu`, and if the shapes differ.

    Examples
    --------
    >>> elu_backward([5, 6, 7], [-1000, 0, 30], alpha=2).tolist()
    [0.0, 12.0, 7.0]

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), equation 15, as in `elu`.
    """
    gradient, values = incoming.beside(dout, x, "elu_backward")
    below = np.less_equal(values, 0)
    slopes = np.ones(values.shape, values.dtype)
    slopes[below] = np.exp(values[below]) * finite(alpha, "alpha")
    with quiet():
        return np.asarray(gradient * slopes)


def finite(value: float, name: str) -> float:
    """Read one finite real number; TypeError or BadInput by its name for anything else.

    Examples
    --------
    >>> finite(1, "alpha")
    1.0
    """
    number: npt.NDArray[Any] = checks.numbers(value, name)
    if number.ndim:
        raise BadInput(f"{name} has shape {number.shape}: give one number")
    if not math.isfinite(number):
        raise BadInput(f"{name} is {value}: it must be finite")
    return float(number)


def _slopes(x: Array, below: float) -> Array:
    """Give the slope at every number: 1 where it is positive, `below` elsewhere; a table is faster than where."""
    table = np.array([below, 1], x.dtype)
    return np.asarray(table.take(np.greater(x, 0).view(np.uint8)))
