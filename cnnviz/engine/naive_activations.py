"""Activations and softmax as plain loops over formulas: to be read as prose, and an oracle for the fast ones."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]


def relu_backward(dout: Numbers, x: Numbers) -> Floats:
    """Pass the gradient where the input was positive.

    Examples
    --------
    >>> relu_backward(np.array([5, 6]), np.array([-1, 1])).tolist()
    [0.0, 6.0]
    """
    return _each(lambda d, z: d if z > 0 else 0.0, dout, x)


def leaky_relu(x: Numbers, negative_slope: float = 0.01) -> Floats:
    """Keep what is positive, and make small what is negative.

    Examples
    --------
    >>> leaky_relu(np.array([-10, 10]), 0.5).tolist()
    [-5.0, 10.0]
    """
    return _each(lambda z: z if z > 0 else negative_slope * z, x)


def leaky_relu_backward(dout: Numbers, x: Numbers, negative_slope: float = 0.01) -> Floats:
    """Scale the gradient by the slope on its side of zero.

    Examples
    --------
    >>> leaky_relu_backward(np.array([4, 4]), np.array([-10, 10]), 0.5).tolist()
    [2.0, 4.0]
    """
    return _each(lambda d, z: d if z > 0 else negative_slope * d, dout, x)


def elu(x: Numbers, alpha: float = 1.0) -> Floats:
    """Keep what is positive, and bend what is negative towards -alpha.

    Examples
    --------
    >>> elu(np.array([-1000, 10])).tolist()
    [-1.0, 10.0]
    """
    return _each(lambda z: z if z > 0 else alpha * math.expm1(z), x)


def elu_backward(dout: Numbers, x: Numbers, alpha: float = 1.0) -> Floats:
    """Scale the gradient by the slope: 1, or alpha * exp(x) below zero.

    Examples
    --------
    >>> elu_backward(np.array([4, 4]), np.array([0, 10]), 2.0).tolist()
    [8.0, 4.0]
    """
    return _each(lambda d, z: d if z > 0 else d * alpha * math.exp(z), dout, x)


def sigmoid(x: Numbers) -> Floats:
    """Squash between 0 and 1.

    Examples
    --------
    >>> sigmoid(np.array([0])).tolist()
    [0.5]
    """
    return _each(_sigmoid, x)


def sigmoid_backward(dout: Numbers, x: Numbers) -> Floats:
    """Scale the gradient by s (1 - s).

    Examples
    --------
    >>> sigmoid_backward(np.array([4]), np.array([0])).tolist()
    [1.0]
    """
    return _each(lambda d, z: d * _sigmoid(z) * _sigmoid(-z), dout, x)


def tanh(x: Numbers) -> Floats:
    """Squash between -1 and 1.

    Examples
    --------
    >>> tanh(np.array([0])).tolist()
    [0.0]
    """
    return _each(math.tanh, x)


def tanh_backward(dout: Numbers, x: Numbers) -> Floats:
    """Scale the gradient by 1 / cosh(x)**2.

    Examples
    --------
    >>> tanh_backward(np.array([4]), np.array([0])).tolist()
    [4.0]
    """
    return _each(lambda d, z: d / math.cosh(z) ** 2 if abs(z) < 300 else 0.0, dout, x)


def gelu(x: Numbers, approximate: str = "none") -> Floats:
    """Weigh each number by the share of a normal distribution below it.

    Examples
    --------
    >>> gelu(np.array([0, 100])).tolist()
    [0.0, 100.0]
    """
    return _each(lambda z: z * _share_below(z, approximate), x)


def gelu_backward(dout: Numbers, x: Numbers, approximate: str = "none") -> Floats:
    """Scale the gradient by the share, plus x times the density there.

    Examples
    --------
    >>> gelu_backward(np.array([4, 4]), np.array([0, 100])).tolist()
    [2.0, 4.0]
    """

    def slope(z: float) -> float:
        if approximate == "none":
            density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        else:
            below = _share_below(z, approximate)
            density = 2 * below * (1 - below) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z**2)
        return _share_below(z, approximate) + z * density

    return _each(lambda d, z: d * slope(z), dout, x)


def softmax(x: Numbers, axis: int = -1) -> Floats:
    """Divide every exponential by the sum of all along the axis.

    Examples
    --------
    >>> softmax(np.array([3, 3])).tolist()
    [0.5, 0.5]
    """

    def row(scores: list[float]) -> list[float]:
        most = max(scores)
        powers = [math.exp(score - most) for score in scores]
        return [power / math.fsum(powers) for power in powers]

    return _along(row, axis, x)


def softmax_backward(dout: Numbers, x: Numbers, axis: int = -1) -> Floats:
    """Sum over the matrix of all derivatives: dp[j] / dx[k] = p[j] * ((1 if j = k else 0) - p[k]).

    Examples
    --------
    >>> softmax_backward(np.array([1, 0]), np.array([3, 3])).tolist()
    [0.25, -0.25]
    """

    def row(gradient: list[float], shares: list[float]) -> list[float]:
        return [
            math.fsum(
                d * p * ((j == k) - shares[k]) for j, (d, p) in enumerate(zip(gradient, shares, strict=True))
            )
            for k in range(len(shares))
        ]

    return _along(row, axis, dout, softmax(x, axis))


def log_softmax(x: Numbers, axis: int = -1) -> Floats:
    """Subtract the logarithm of the sum of all exponentials along the axis.

    Examples
    --------
    >>> log_softmax(np.array([0, 1000])).tolist()
    [-1000.0, 0.0]
    """

    def row(scores: list[float]) -> list[float]:
        most = max(scores)
        total = math.log(math.fsum(math.exp(score - most) for score in scores))
        return [score - most - total for score in scores]

    return _along(row, axis, x)


def log_softmax_backward(dout: Numbers, x: Numbers, axis: int = -1) -> Floats:
    """Sum over the matrix of all derivatives: (1 if j = k else 0) - p[k].

    Examples
    --------
    >>> log_softmax_backward(np.array([1, 0]), np.array([3, 3])).tolist()
    [0.5, -0.5]
    """

    def row(gradient: list[float], shares: list[float]) -> list[float]:
        return [
            math.fsum(d * ((j == k) - shares[k]) for j, d in enumerate(gradient)) for k in range(len(shares))
        ]

    return _along(row, axis, dout, softmax(x, axis))


def _sigmoid(z: float) -> float:
    """Compute 1 / (1 + exp(-z)) where the exponential does not overflow."""
    return 1 / (1 + math.exp(-z)) if z > -700 else math.exp(z)


def _share_below(z: float, approximate: str) -> float:
    """Tell which share of a normal distribution lies below z."""
    if approximate == "none":
        return (1 + math.erf(z / math.sqrt(2))) / 2
    return (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2


def _each(function: Callable[..., float], *arrays: Numbers) -> Floats:
    """Apply a function to the numbers at every place."""
    out = np.zeros(arrays[0].shape)
    for place in np.ndindex(out.shape):
        out[place] = function(*(float(array[place]) for array in arrays))
    return out


def _along(function: Callable[..., list[float]], axis: int, *arrays: Numbers) -> Floats:
    """Apply a function to the rows along an axis."""
    moved = [np.moveaxis(array, axis, -1) for array in arrays]
    out = np.zeros(moved[0].shape)
    for place in np.ndindex(out.shape[:-1]):
        out[place] = function(*([float(number) for number in array[place]] for array in moved))
    return np.moveaxis(out, -1, axis)
