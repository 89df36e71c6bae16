"""Normalising a picture by fixed numbers, as before the first layer of a trained network; forward and backward."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet


def normalise(x: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike) -> Array:
    """Shift and scale every channel by given numbers (as torchvision.transforms.functional.normalize).

    ``out[n, c, i, j] = (x[n, c, i, j] - mean[c]) / std[c]``.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)
    mean, std : array_like, (C,), (1,) or one number
        One number serves all channels. Both are finite, and std is above 0. They are computed in the type of x.

    Returns
    -------
    array of the shape of `x`
        float32 and float64 are kept; whole numbers and booleans are computed in float64. NaN and infinity of `x`
        propagate.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If the rank of `x` is wrong, mean or std fit neither one number nor the channels, or std is not above 0.

    Examples
    --------
    >>> normalise([[[0, 255]], [[10, 20]]], [127.5, 10], [127.5, 5]).tolist()
    [[[-1.0, 1.0]], [[0.0, 2.0]]]

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), Efficient backprop, section 4.3.
    """
    given = checks.numbers(x, "x")
    channels = checks.batch(given, "normalise").shape[1]
    (images,) = checks.floats(given)
    shift, scale = (_plane(line, channels, images) for line in constants(mean, std, channels))
    with quiet():
        out: Array = np.subtract(images, shift)
        out /= scale
    return out


def normalise_backward(dout: npt.ArrayLike, std: npt.ArrayLike) -> Array:
    """Give the gradient of `normalise`: dx[n, c, i, j] = dout[n, c, i, j] / std[c].

    Parameters
    ----------
    dout : array_like, (N, C, H, W) or (C, H, W)
    std : array_like, (C,), (1,) or one number
        As for `normalise`.

    Returns
    -------
    array of the shape of `dout`
        Gradient of the loss by `x`; the type is kept as in `normalise`.

    Raises
    ------
    TypeError, BadInput
        As in `normalise`.

    Examples
    --------
    >>> normalise_backward([[[6, 8]], [[6, 8]]], [2, 4]).tolist()
    [[[3.0, 4.0]], [[1.5, 2.0]]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.5 (the chain rule).
    """
    given = checks.numbers(dout, "dout")
    channels = checks.batch(given, "normalise_backward", "dout").shape[1]
    (gradient,) = checks.floats(given)
    _, scale = constants(0.0, std, channels)
    with quiet():
        return np.asarray(gradient / _plane(scale, channels, gradient))


def constants(
    mean: npt.ArrayLike, std: npt.ArrayLike, channels: int | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Read mean and std, each as a line of numbers; BadInput by name unless they can serve so many channels.

    Examples
    --------
    >>> constants(0.5, [1, 2], 2)
    (array([0.5]), array([1., 2.]))
    """
    lines = (_line(mean, "mean", channels), _line(std, "std", channels))
    if (lines[1] <= 0).any():
        raise BadInput(f"normalise: std is {lines[1].tolist()}: every number must be above 0")
    return lines


def _line(value: npt.ArrayLike, name: str, channels: int | None) -> npt.NDArray[np.float64]:
    line = np.atleast_1d(checks.numbers(value, name)).astype(np.float64, copy=False)
    if line.ndim != 1 or not line.size:
        raise BadInput(f"normalise: {name} has shape {line.shape}: give one number, or one for each channel")
    if channels is not None and line.size not in (1, channels):
        raise BadInput(
            f"normalise: {name} has {line.size} numbers for {channels} channels: "
            "give one number, or one for each channel"
        )
    if not np.isfinite(line).all():
        raise BadInput(f"normalise: {name} is {line.tolist()}: every number must be finite")
    return line


def _plane(line: npt.NDArray[np.float64], channels: int, images: Array) -> Array:
    """One number for each channel, of the type of the pictures and with axes for rows and columns."""
    plane: Array = np.broadcast_to(line, (channels,)).astype(images.dtype)[:, np.newaxis, np.newaxis]
    return plane
