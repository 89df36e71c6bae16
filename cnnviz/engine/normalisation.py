"""Batch normalisation: every channel brought to mean 0 and variance 1, then scaled and shifted."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.activations import finite
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet


class Statistics(NamedTuple):
    """Mean and biased variance of every channel, in float64; size is the count they are over, 0 for running ones."""

    mean: Array
    variance: Array
    size: int


def batch_norm(
    x: npt.ArrayLike,
    running_mean: npt.ArrayLike | None,
    running_var: npt.ArrayLike | None,
    weight: npt.ArrayLike | None = None,
    bias: npt.ArrayLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Array:
    """Normalise every channel, then scale and shift it.

    For channel c::

        out = (x - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c]

    In training, mean and var are those of this batch over all samples and places, var divided by their count
    m. In evaluation they are the running ones.

    Parameters
    ----------
    x : array_like, (N, C, ...)
    running_mean, running_var : array_like, (C,), or None in training
        In training both are updated in place, as in PyTorch: running = (1 - momentum) * running + momentum *
        batch, where the variance of the batch is divided by m - 1. So they must be writeable floating-point
        arrays then; `running_statistics` gives new ones instead.
    weight, bias : array_like, (C,), optional
        Scale and shift; 1 and 0 when not given.
    training : bool
    momentum : float
        Share of this batch in the running statistics.
    eps : float
        Keeps the divisor from 0.

    Returns
    -------
    array, (N, C, ...)
        float32 and float64 are kept, mixed they give float64; whole numbers and booleans are computed in
        float64. The running statistics have no say in this.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If shapes do not fit, statistics are missing in evaluation or cannot be written to in training, or
        training has one number for a channel only.

    Examples
    --------
    >>> batch_norm([[1.0], [3.0]], None, None, weight=[2], bias=[10], training=True, eps=0).tolist()
    [[8.0], [12.0]]
    >>> batch_norm([[1.0], [3.0]], [1], [4], eps=0).tolist()
    [[0.0], [1.0]]

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization, algorithms 1 and 2.
    """
    images = _channels_first(x, "batch_norm")
    learned = _per_channel(images.shape[1], weight=weight, bias=bias)
    finite(momentum, "momentum")
    statistics = _statistics(images, running_mean, running_var, training)
    values, *factors = checks.floats(images, *learned.values())
    named = dict(zip(learned, factors, strict=True))
    with quiet():
        out = _normalised(values, statistics, eps)
        if "weight" in named:
            out *= named["weight"][:, np.newaxis]
        if "bias" in named:
            out += named["bias"][:, np.newaxis]
    if training:  # last, so that a call that fails changes nothing
        _update(running_mean, running_var, statistics, momentum)
    return out.reshape(np.shape(x))


def batch_norm_backward(
    dout: npt.ArrayLike,
    x: npt.ArrayLike,
    running_mean: npt.ArrayLike | None,
    running_var: npt.ArrayLike | None,
    weight: npt.ArrayLike | None = None,
    training: bool = False,
    eps: float = 1e-5,
) -> tuple[Array, Array, Array]:
    """Bring the gradient back through a batch normalisation.

    With z the normalised input, m the count of a channel, and sums over all samples and places of it::

        dw = sum of dout * z,  db = sum of dout
        dx = weight / sqrt(var + eps) * (dout - db / m - z * dw / m)      in training
        dx = weight / sqrt(var + eps) * dout                              in evaluation

    Parameters
    ----------
    dout, x : array_like, (N, C, ...)
        Gradient by the output, and the input of the forward pass.
    running_mean, running_var, weight, training, eps
        As in `batch_norm`; the running statistics are not touched.

    Returns
    -------
    dx, dw, db : arrays, (N, C, ...), (C,), (C,)

    Raises
    ------
    TypeError, BadInput
        As in `batch_norm`, and if the shapes of dout and x differ.

    Examples
    --------
    >>> dx, dw, db = batch_norm_backward([[1.0], [0.0]], [[1.0], [3.0]], None, None, training=True, eps=0)
    >>> dx.tolist(), dw.tolist(), db.tolist()
    ([[0.0], [0.0]], [-1.0], [1.0])

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization, section 3.
    """
    images = _channels_first(x, "batch_norm_backward")
    gradient = checks.numbers(dout, "dout")
    incoming.same_shape(gradient, np.shape(x), "batch_norm_backward")
    scales = _per_channel(images.shape[1], weight=weight)
    statistics = _statistics(images, running_mean, running_var, training)
    gradient, values, *factors = checks.floats(gradient.reshape(images.shape), images, *scales.values())
    with quiet():
        z = _normalised(values, statistics, eps)
        dw, db = _channel_dots(gradient, z), _channel_sums(gradient)
        dx = gradient.copy()
        if training:
            dx -= _column(db / statistics.size, values.dtype)
            z *= _column(dw / statistics.size, values.dtype)
            dx -= z
        dx *= _column(_inverse(statistics, eps), values.dtype)
        for scale in factors:
            dx *= scale[:, np.newaxis]
    return dx.reshape(np.shape(x)), dw.astype(values.dtype), db.astype(values.dtype)


def running_statistics(
    x: npt.ArrayLike, running_mean: npt.ArrayLike, running_var: npt.ArrayLike, momentum: float = 0.1
) -> tuple[Array, Array]:
    """Compute what the running statistics are after a batch, and leave those given as they are.

    running = (1 - momentum) * running + momentum * batch, where the variance of the batch is divided by m - 1.

    Parameters
    ----------
    x : array_like, (N, C, ...)
    running_mean, running_var : array_like, (C,)
    momentum : float

    Returns
    -------
    mean, var : arrays, (C,)

    Raises
    ------
    TypeError, BadInput
        As in `batch_norm`.

    Examples
    --------
    >>> mean, var = running_statistics([[1.0], [3.0]], [0.0], [1.0], momentum=0.5)
    >>> mean.tolist(), var.tolist()
    ([1.0], [1.5])

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization, algorithm 2.
    """
    images = _channels_first(x, "running_statistics")
    known = _per_channel(images.shape[1], running_mean=running_mean, running_var=running_var)
    if len(known) < 2:
        raise BadInput("running_statistics: running_mean and running_var are both needed")
    mean, variance = (np.array(array) for array in checks.floats(*known.values()))
    _update(mean, variance, _batch_statistics(images), momentum)
    return mean, variance


def _channels_first(x: npt.ArrayLike, what: str) -> Array:
    """See x as (N, C, places)."""
    (values,) = checks.floats(checks.numbers(x, "x"))
    if values.ndim < 2:
        raise BadInput(f"{what}: x has shape {values.shape}, give (N, C, ...)")
    places = int(np.prod(values.shape[2:], dtype=np.int64))
    return values.reshape(*values.shape[:2], places)


def _per_channel(channels: int, **arrays: npt.ArrayLike | None) -> dict[str, npt.NDArray[Any]]:
    """Read arrays that hold one number for each channel, by name; None is left out."""
    read = {name: checks.numbers(array, name) for name, array in arrays.items() if array is not None}
    for name, array in read.items():
        if array.shape != (channels,):
            raise BadInput(
                f"batch_norm: {name} has shape {array.shape}, give one number for each of {channels} channels"
            )
    return read


def _statistics(
    images: Array, running_mean: npt.ArrayLike | None, running_var: npt.ArrayLike | None, training: bool
) -> Statistics:
    """Take the statistics of this batch in training, the running ones in evaluation."""
    if training:
        return _batch_statistics(images)
    if running_mean is None or running_var is None:
        raise BadInput(
            "batch_norm: evaluation needs running_mean and running_var: give both, or training=True"
        )
    known = _per_channel(images.shape[1], running_mean=running_mean, running_var=running_var)
    mean, variance = (array.astype(np.float64) for array in known.values())
    return Statistics(mean, variance, 0)


def _batch_statistics(images: Array) -> Statistics:
    """Compute mean and biased variance of every channel of this batch."""
    count = images.shape[0] * images.shape[2]
    if count == 1:
        raise BadInput(
            f"batch_norm: training with {images.shape[0]} sample of {images.shape[2]} place has a single number "
            "for each channel, so no variance: give more samples or training=False"
        )
    with quiet():
        mean = _channel_sums(images) / count
        centred = images - _column(mean, images.dtype)
        variance = _channel_dots(centred, centred) / count
    return Statistics(mean, variance, count)


def _update(running_mean: object, running_var: object, batch: Statistics, momentum: float) -> None:
    """Move the running statistics towards this batch, in place; an empty batch moves nothing."""
    share = finite(momentum, "momentum")
    targets = {"running_mean": running_mean, "running_var": running_var}
    for name, running in targets.items():
        if running is None:
            continue
        if not (isinstance(running, np.ndarray) and running.dtype.kind == "f" and running.flags.writeable):
            raise BadInput(
                f"batch_norm: training updates {name} in place: give a writeable floating-point array, or None"
            )
        _per_channel(len(batch.mean), **{name: running})
    if not batch.size:
        return
    with quiet():
        unbiased = batch.variance * (batch.size / (batch.size - 1))
        for running, seen in ((running_mean, batch.mean), (running_var, unbiased)):
            if isinstance(running, np.ndarray):
                running[:] = (1 - share) * running + share * seen


def _normalised(values: Array, statistics: Statistics, eps: float) -> Array:
    """Compute (x - mean) / sqrt(var + eps), fresh."""
    out = values - _column(statistics.mean, values.dtype)
    out *= _column(_inverse(statistics, eps), values.dtype)
    return np.asarray(out)


def _inverse(statistics: Statistics, eps: float) -> Array:
    """Compute 1 / sqrt(var + eps)."""
    least = finite(eps, "eps")
    if least < 0:
        raise BadInput(f"batch_norm: eps is {eps}: it must be at least 0, or the root of a variance is none")
    return np.asarray(1 / np.sqrt(statistics.variance + least))


def _column(per_channel: Array, dtype: np.dtype[Any]) -> Array:
    """Lay one number for each channel beside (N, C, places)."""
    return per_channel.astype(dtype)[:, np.newaxis]


def _channel_sums(values: Array) -> Array:
    """Add up every channel: along a plane as NumPy does in pairs, over the samples in float64."""
    return np.asarray(values.sum(axis=2).sum(axis=0, dtype=np.float64))


def _channel_dots(a: Array, b: Array) -> Array:
    """Add up the products of two arrays channel by channel; vecdot writes no products down."""
    return np.asarray(np.vecdot(a, b).sum(axis=0, dtype=np.float64))
