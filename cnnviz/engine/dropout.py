"""Dropout: in training some numbers are set to zero by chance, and the same seed chooses the same ones."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.activations import finite
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import whole


def dropout(x: npt.ArrayLike, p: float = 0.5, training: bool = True, *, seed: int) -> Array:
    """Set each number to zero with probability p, and divide the others by 1 - p, so that means stay.

    Parameters
    ----------
    x : array_like, any shape
    p : float
        From 0 to 1.
    training : bool
        Without it nothing is dropped.
    seed : int
        At least 0. The same seed, shape and p drop the same numbers, whatever their type.

    Returns
    -------
    array of the same shape
        Fresh. float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or the seed is not a whole number.
    BadInput
        If p is not from 0 to 1, or the seed is negative.

    Examples
    --------
    >>> dropout([1, 2, 3, 4], p=0.5, seed=3).tolist()
    [0.0, 0.0, 6.0, 8.0]
    >>> dropout([1, 2], training=False, seed=3).tolist()
    [1.0, 2.0]

    References
    ----------
    Srivastava et al. (2014), Dropout, section 4 and 10 (the scale is applied in training, as in PyTorch).
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    scales = dropout_scales(values.shape, p, training, seed=seed).astype(values.dtype)
    with np.errstate(invalid="ignore", over="ignore"):  # infinity times 0 is NaN, as in PyTorch
        return np.asarray(values * scales)


def dropout_backward(dout: npt.ArrayLike, p: float = 0.5, training: bool = True, *, seed: int) -> Array:
    """Pass the gradient of the numbers that were kept: dx = dout / (1 - p) where kept, else 0.

    Parameters
    ----------
    dout : array_like
        Gradient of the loss by the output.
    p, training, seed
        As they were in `dropout`: the seed finds the dropped numbers again.

    Returns
    -------
    array of the same shape
        Gradient of the loss by the input.

    Raises
    ------
    TypeError, BadInput
        As in `dropout`.

    Examples
    --------
    >>> dropout_backward([1, 1, 1, 1], p=0.5, seed=3).tolist()
    [0.0, 0.0, 2.0, 2.0]

    References
    ----------
    Srivastava et al. (2014), Dropout, section 5.1.
    """
    return dropout(checks.numbers(dout, "dout"), p, training, seed=seed)


def dropout_scales(
    shape: tuple[int, ...], p: float = 0.5, training: bool = True, *, seed: int
) -> npt.NDArray[np.float64]:
    """Choose what every number is multiplied by: 0, or 1 / (1 - p); all 1 without training.

    Parameters
    ----------
    shape : tuple of int
    p, training, seed
        As in `dropout`.

    Returns
    -------
    float64 array of that shape

    Raises
    ------
    TypeError, BadInput
        As in `dropout`.

    Examples
    --------
    >>> dropout_scales((4,), p=0.5, seed=3).tolist()
    [0.0, 0.0, 2.0, 2.0]

    References
    ----------
    Srivastava et al. (2014), Dropout, section 4.
    """
    chance, start = finite(p, "p"), whole(seed, "seed", least=0)
    if not 0 <= chance <= 1:
        raise BadInput(f"dropout: p is {p}: it must be from 0 to 1")
    if not training or chance == 0:
        return np.ones(shape)
    kept = np.asarray(np.random.default_rng(start).random(shape) >= chance)
    scales: npt.NDArray[np.float64] = kept * np.float64(1 / (1 - chance) if chance < 1 else 0.0)
    return scales
