"""Softmax: scores turned into shares that add up to one, and its logarithm."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.quiet import quiet


def softmax(x: npt.ArrayLike, axis: int = -1) -> Array:
    """Turn scores along one axis into positive shares of one: p[k] = exp(x[k]) / sum over j of exp(x[j]).

    The maximum is subtracted first, so that no exponential overflows; this changes nothing else.

    Parameters
    ----------
    x : array_like, any shape
    axis : int
        The axis that adds up to one; the last one unless given.

    Returns
    -------
    array of the same shape
        float32 and float64 are kept, whole numbers and booleans are computed in float64. Where a NaN or plus
        infinity stands, all shares along the axis are NaN, as in PyTorch.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    BadInput
        If `x` has no such axis.

    Examples
    --------
    >>> softmax([1000, 1000]).tolist()
    [0.5, 0.5]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, sections 4.1 and 6.2.2.3 (equation 6.29).
    """
    values, along = _prepared(x, axis, "softmax")
    shares, total = _exponentials(_shifted(values, along), along)
    with np.errstate(invalid="ignore"):
        shares /= total
    return shares.reshape(np.shape(x))


def softmax_backward(dout: npt.ArrayLike, x: npt.ArrayLike, axis: int = -1) -> Array:
    """Bring the gradient back through a softmax: dx = p * (dout - sum of dout * p), where p = softmax(x).

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass.
    axis : int

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`; along the axis it adds up to 0.

    Raises
    ------
    TypeError, BadInput
        As in `softmax`, and if the shapes differ.

    Examples
    --------
    >>> softmax_backward([1, 0], [7, 7]).tolist()
    [0.25, -0.25]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3.
    """
    gradient, shares, along = _beside_shares(dout, x, axis, "softmax_backward")
    with quiet():
        dx = shares * (gradient - (gradient * shares).sum(axis=along, keepdims=True))
    return np.asarray(dx.reshape(np.shape(x)))


def log_softmax(x: npt.ArrayLike, axis: int = -1) -> Array:
    """Compute the logarithm of `softmax` without losing small shares: x[k] - log(sum over j of exp(x[j])).

    Parameters
    ----------
    x : array_like, any shape
    axis : int
        The axis whose shares add up to one; the last one unless given.

    Returns
    -------
    array of the same shape
        float32 and float64 are kept, whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError, BadInput
        As in `softmax`.

    Examples
    --------
    >>> log_softmax([0, 1000]).tolist()
    [-1000.0, 0.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3 (equation 6.30).
    """
    values, along = _prepared(x, axis, "log_softmax")
    shifted = _shifted(values, along)
    _, total = _exponentials(shifted.copy(), along)
    with np.errstate(invalid="ignore"):
        if shifted.size:
            shifted -= np.log(total)
    return shifted.reshape(np.shape(x))


def log_softmax_backward(dout: npt.ArrayLike, x: npt.ArrayLike, axis: int = -1) -> Array:
    """Bring the gradient back: dx = dout - softmax(x) * (sum of dout along the axis).

    Parameters
    ----------
    dout, x : array_like of the same shape
        Gradient by the output, and the input of the forward pass.
    axis : int

    Returns
    -------
    array of the same shape
        Gradient of the loss by `x`; along the axis it adds up to 0.

    Raises
    ------
    TypeError, BadInput
        As in `softmax`, and if the shapes differ.

    Examples
    --------
    >>> log_softmax_backward([1, 0], [7, 7]).tolist()
    [0.5, -0.5]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3.
    """
    gradient, shares, along = _beside_shares(dout, x, axis, "log_softmax_backward")
    with quiet():
        dx = gradient - shares * gradient.sum(axis=along, keepdims=True)
    return np.asarray(dx.reshape(np.shape(x)))


def _beside_shares(dout: npt.ArrayLike, x: npt.ArrayLike, axis: int, what: str) -> tuple[Array, Array, int]:
    """The gradient, the softmax of x and the axis, of at least one dimension."""
    gradient, values = incoming.beside(dout, x, what)
    shares = np.atleast_1d(softmax(values, axis))
    return np.atleast_1d(gradient), shares, incoming.axis_of(axis, shares.ndim, what)


def _prepared(x: npt.ArrayLike, axis: int, what: str) -> tuple[Array, int]:
    """Read the scores, one number as a row of one, and count the axis from the front."""
    (values,) = checks.floats(checks.numbers(x, "x"))
    values = np.atleast_1d(values)
    return values, incoming.axis_of(axis, values.ndim, what)


def _shifted(values: Array, axis: int) -> Array:
    """Subtract the maximum along the axis; infinity minus infinity is NaN, as in PyTorch."""
    if values.size == 0:
        return values.copy()
    with quiet():
        return np.asarray(values - values.max(axis=axis, keepdims=True))


def _exponentials(shifted: Array, axis: int) -> tuple[Array, Array]:
    """Replace numbers by their exponentials, and add them up along the axis."""
    np.exp(shifted, out=shifted)
    return shifted, np.asarray(shifted.sum(axis=axis, keepdims=True))
