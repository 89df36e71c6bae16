"""Smooth activations, applied to every number on its own: sigmoid, tanh and GELU."""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.erf import erf
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet

Approximate = Literal["none", "tanh"]
APPROXIMATIONS: tuple[Approximate, ...] = ("none", "tanh")

_CUBE = 0.044715  # of the approximation by tanh


def sigmoid(x: npt.ArrayLike) -> Array:
    """Squash numbers between 0 and 1: sigmoid(x) = 1 / (1 + exp(-x)).

    Computed from exp(-|x|), which never overflows.

    Parameters
    ----------
    x : array_like, any shape

    Returns
    -------
    array of the same shape
        float32 and float64 are kept, whole numbers and booleans are computed in float64; NaN stays NaN.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.10 (equation 3.30).
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    small = np.exp(-np.abs(values))
    above = np.maximum(np.greater_equal(values, 0).astype(values.dtype), small)
    return np.asarray(above / (1 + small))


def sigmoid_backward(dout: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """Scale the gradient by the slope: dx = dout * s * (1 - s), where s = sigmoid(x).

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass.

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
    >>> sigmoid_backward([4, 4], [0, 1000]).tolist()
    [1.0, 0.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.10 (equation 3.35).
    """
    gradient, values = incoming.beside(dout, x, "sigmoid_backward")
    # sigmoid(-x) is 1 - sigmoid(x) without the digits that the subtraction would lose.
    with quiet():
        return np.asarray(gradient * (sigmoid(values) * sigmoid(-values)))


def tanh(x: npt.ArrayLike) -> Array:
    """Squash numbers between -1 and 1: tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).

    Parameters
    ----------
    x : array_like, any shape

    Returns
    -------
    array of the same shape
        float32 and float64 are kept, whole numbers and booleans are computed in float64; NaN stays NaN.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.

    Examples
    --------
    >>> tanh([-1000, 0, 1000]).tolist()
    [-1.0, 0.0, 1.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.3.2.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    return np.asarray(np.tanh(values))


def tanh_backward(dout: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """Scale the gradient by the slope: dx = dout * (1 - tanh(x)**2).

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass.

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
    >>> tanh_backward([4, 4], [0, 1000]).tolist()
    [4.0, 0.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.3.2.
    """
    gradient, values = incoming.beside(dout, x, "tanh_backward")
    squashed = np.tanh(values)
    with quiet():
        return np.asarray(gradient * ((1 - squashed) * (1 + squashed)))


def gelu(x: npt.ArrayLike, approximate: Approximate = "none") -> Array:
    """Weigh each number by the share of a normal distribution below it: gelu(x) = x * P(X <= x).

    With "none" P is exact, with "tanh" approximated::

        P = (1 + erf(x / sqrt(2))) / 2
        P = (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2

    Parameters
    ----------
    x : array_like, any shape
    approximate : {"none", "tanh"}

    Returns
    -------
    array of the same shape
        float32 and float64 are kept, whole numbers and booleans are computed in float64. Minus infinity
        gives NaN (infinity times 0), as in PyTorch.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    BadInput
        If `approximate` is another word.

    Examples
    --------
    >>> gelu([-1, 0, 1]).round(4).tolist(), gelu([1], "tanh").round(4).tolist()
    ([-0.1587, 0.0, 0.8413], [0.8412])

    References
    ----------
    Hendrycks and Gimpel (2016), Gaussian error linear units, section 2.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    with quiet():
        return np.asarray(values * share_below(values, approximate))


def gelu_backward(dout: npt.ArrayLike, x: npt.ArrayLike, approximate: Approximate = "none") -> Array:
    """Scale the gradient by the slope: dx = dout * (P + x * dP/dx), with P as in `gelu`.

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass.
    approximate : {"none", "tanh"}

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`; NaN where x is infinite.

    Raises
    ------
    TypeError, BadInput
        As in `gelu`, and if the shapes differ.

    Examples
    --------
    >>> gelu_backward([4, 4], [0, 100]).tolist()
    [2.0, 4.0]

    References
    ----------
    Hendrycks and Gimpel (2016), Gaussian error linear units, section 2.
    """
    gradient, values = incoming.beside(dout, x, "gelu_backward")
    with quiet():
        return np.asarray(gradient * slope_of_gelu(values, share_below(values, approximate), approximate))


def slope_of_gelu(x: Array, below: Array, approximate: Approximate) -> Array:
    """Compute P + x * dP/dx of `gelu_backward`, where `below` is P."""
    if approximate == "none":
        density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    else:  # the slope of (1 + tanh(u)) / 2 is 2 P (1 - P) du/dx
        inner = math.sqrt(2 / math.pi) * (1 + 3 * _CUBE * x * x)
        density = 2 * below * share_below(-x, approximate) * inner
    return np.asarray(below + x * density)


def share_below(x: Array, approximate: Approximate) -> Array:
    """Compute P of `gelu`."""
    checks.word(approximate, "gelu: approximate")
    if approximate == "none":
        squashed = erf(np.asarray(x * math.sqrt(0.5)))
    elif approximate == "tanh":
        squashed = np.asarray(np.tanh(math.sqrt(2 / math.pi) * (x + _CUBE * x * x * x)))
    else:
        raise BadInput(f"gelu: approximate {approximate!r} is unknown: give none or tanh")
    return np.asarray(0.5 * (1 + squashed))
