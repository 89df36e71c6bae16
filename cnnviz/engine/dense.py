"""The fully connected layer: every input meets every output."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet

Shape = tuple[int, ...]


def linear(x: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike | None = None) -> Array:
    """Connect every input with every output: out[..., o] = bias[o] + sum over i of weight[o, i] * x[..., i].

    Parameters
    ----------
    x : array_like, (..., inputs)
    weight : array_like, (outputs, inputs)
    bias : array_like, (outputs,), optional

    Returns
    -------
    array, (..., outputs)
        float32 and float64 are kept, mixed they give float64; whole numbers and booleans take the type beside
        them, and float64 when there is none.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If shapes do not fit.

    Examples
    --------
    >>> linear([[1, 2]], [[3, 1], [0, -1]], [0, 10]).tolist()
    [[5.0, 8.0]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1 (equation 6.3).
    """
    given = [checks.numbers(x, "x"), checks.numbers(weight, "weight")]
    if bias is not None:
        given.append(checks.numbers(bias, "bias"))
    _linear_fits(given[0].shape, given[1].shape, "linear")
    if bias is not None and given[2].shape != given[1].shape[:1]:
        raise BadInput(
            f"linear: bias has shape {given[2].shape}, give one number for each of "
            f"{given[1].shape[0]} outputs"
        )
    inputs, weights, *offsets = checks.floats(*given)
    with quiet():
        out = inputs.reshape(_samples(inputs.shape), inputs.shape[-1]) @ weights.T
        if offsets:
            out += offsets[0]
    return out.reshape(*inputs.shape[:-1], len(weights))


def linear_backward(
    dout: npt.ArrayLike, x: npt.ArrayLike, weight: npt.ArrayLike
) -> tuple[Array, Array, Array]:
    """Bring the gradient back through a fully connected layer.

    With n over all samples::

        dx[n, i] = sum over o of dout[n, o] * weight[o, i]
        dw[o, i] = sum over n of dout[n, o] * x[n, i]
        db[o]    = sum over n of dout[n, o]

    Parameters
    ----------
    dout : array_like, (..., outputs)
        Gradient of the loss by the output.
    x : array_like, (..., inputs)
    weight : array_like, (outputs, inputs)

    Returns
    -------
    dx, dw, db : arrays, (..., inputs), (outputs, inputs), (outputs,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If shapes do not fit.

    Examples
    --------
    >>> [d.tolist() for d in linear_backward([[-2]], [[1, 2]], [[3, 1]])]
    [[[-6.0, -2.0]], [[-2.0, -4.0]], [-2.0]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.5.6.
    """
    given = [checks.numbers(dout, "dout"), checks.numbers(x, "x"), checks.numbers(weight, "weight")]
    _linear_fits(given[1].shape, given[2].shape, "linear_backward")
    incoming.same_shape(given[0], (*given[1].shape[:-1], given[2].shape[0]), "linear_backward")
    gradient, inputs, weights = checks.floats(*given)
    samples = _samples(inputs.shape)
    rows = gradient.reshape(samples, len(weights))
    with quiet():
        dx = (rows @ weights).reshape(inputs.shape)
        dw = rows.T @ inputs.reshape(samples, inputs.shape[-1])
        db = rows.sum(axis=0)
    return dx, dw, db


def _linear_fits(x: Shape, weight: Shape, what: str) -> None:
    """Raise BadInput unless weight is a matrix for as many inputs as x has."""
    if len(weight) != 2:
        raise BadInput(f"{what}: weight has shape {weight}, give (outputs, inputs)")
    if not x or x[-1] != weight[1]:
        raise BadInput(f"{what}: x has shape {x}, weight {weight} needs (..., {weight[1]})")


def _samples(shape: Shape) -> int:
    """Count the rows of inputs; reshape cannot where a size is 0."""
    return int(np.prod(shape[:-1], dtype=np.int64))
