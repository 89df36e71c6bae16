"""Activations: functions applied to every number on its own."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array


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
    out = np.empty(values.shape, values.dtype)
    np.maximum(values, 0, out=out)
    out += 0.0  # turns -0.0, which maximum may let through, into 0.0
    return out
