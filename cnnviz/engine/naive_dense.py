"""Dense layer, joins, batch normalisation, dropout and losses as plain loops: prose, and an oracle."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.naive_activations import log_softmax, softmax

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]


def linear(x: Numbers, weight: Numbers, bias: Numbers | None = None) -> Floats:
    """Sum of products for every output; x (..., inputs), weight (outputs, inputs).

    Examples
    --------
    >>> linear(np.array([[1, 2]]), np.array([[3, 1]])).tolist()
    [[5.0]]
    """
    out = np.zeros((*x.shape[:-1], len(weight)))
    for *sample, o in np.ndindex(out.shape):
        products = [float(weight[o, i]) * float(x[(*sample, i)]) for i in range(x.shape[-1])]
        out[(*sample, o)] = math.fsum(products) + (0.0 if bias is None else float(bias[o]))
    return out


def linear_backward(dout: Numbers, x: Numbers, weight: Numbers) -> tuple[Floats, Floats, Floats]:
    """Send every gradient back over its products: to the input times the weight, to the weight times the input.

    Examples
    --------
    >>> [d.tolist() for d in linear_backward(np.array([[-2]]), np.array([[1, 2]]), np.array([[3, 1]]))]
    [[[-6.0, -2.0]], [[-2.0, -4.0]], [-2.0]]
    """
    dx, dw, db = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(len(weight))
    for *sample, o in np.ndindex(dout.shape):
        gradient = float(dout[(*sample, o)])
        db[o] += gradient
        for i in range(x.shape[-1]):
            dx[(*sample, i)] += gradient * float(weight[o, i])
            dw[o, i] += gradient * float(x[(*sample, i)])
    return dx, dw, db


def flatten(x: Numbers) -> Floats:
    """Write the channels, rows and columns of every sample behind each other; x (N, C, H, W).

    Examples
    --------
    >>> flatten(np.array([[[[1, 2], [3, 4]]]])).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    samples, channels, rows, columns = x.shape
    out = np.zeros((samples, channels * rows * columns))
    for n, c, i, j in np.ndindex(x.shape):
        out[n, (c * rows + i) * columns + j] = float(x[n, c, i, j])
    return out


def add(x: Numbers, y: Numbers) -> Floats:
    """Add two arrays of one shape, number by number.

    Examples
    --------
    >>> add(np.array([1, 2]), np.array([10, 20])).tolist()
    [11.0, 22.0]
    """
    out = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        out[place] = float(x[place]) + float(y[place])
    return out


def concat(arrays: list[Numbers]) -> Floats:
    """Put the channels of all arrays (N, C, ...) behind each other.

    Examples
    --------
    >>> concat([np.array([[1, 2]]), np.array([[3]])]).tolist()
    [[1.0, 2.0, 3.0]]
    """
    channels = sum(array.shape[1] for array in arrays)
    out = np.zeros((arrays[0].shape[0], channels, *arrays[0].shape[2:]))
    before = 0
    for array in arrays:
        for n, c, *place in np.ndindex(array.shape):
            out[(n, before + c, *place)] = float(array[(n, c, *place)])
        before += array.shape[1]
    return out


def normalise(x: Numbers, mean: Sequence[float], std: Sequence[float]) -> Floats:
    """Take the channel's mean from every number, and divide by the channel's spread.

    Examples
    --------
    >>> normalise(np.array([[[[7]], [[7]]]]), [1, 3], [2, 4]).ravel().tolist()
    [3.0, 1.0]
    """
    out = np.zeros(x.shape)
    for n, channel, i, j in np.ndindex(x.shape):
        out[n, channel, i, j] = (x[n, channel, i, j] - mean[channel]) / std[channel]
    return out


def normalise_backward(dout: Numbers, std: Sequence[float]) -> Floats:
    """Divide every number by the channel's spread.

    Examples
    --------
    >>> normalise_backward(np.array([[[[8]], [[8]]]]), [2, 4]).ravel().tolist()
    [4.0, 2.0]
    """
    return normalise(dout, [0.0] * len(std), std)


def batch_statistics(x: Numbers, channel: int) -> tuple[float, float, int]:
    """Mean, biased variance and count of one channel of x (N, C, ...).

    Examples
    --------
    >>> batch_statistics(np.array([[1], [3]]), 0)
    (2.0, 1.0, 2)
    """
    numbers = [float(number) for number in x[:, channel].flat]
    mean = math.fsum(numbers) / len(numbers)
    return mean, math.fsum((number - mean) ** 2 for number in numbers) / len(numbers), len(numbers)


def batch_norm(
    x: Numbers,
    running_mean: Numbers | None,
    running_var: Numbers | None,
    weight: Numbers,
    bias: Numbers,
    training: bool = False,
    eps: float = 1e-5,
) -> Floats:
    """Bring every channel of x (N, C, ...) to mean 0 and variance 1, scale and shift it.

    Examples
    --------
    >>> batch_norm(np.array([[1], [3]]), None, None, np.array([2]), np.array([10]), True, 0).tolist()
    [[8.0], [12.0]]
    """
    out = np.zeros(x.shape)
    for c in range(x.shape[1]):
        mean, variance = _statistics(x, running_mean, running_var, c, training)
        for n, *place in np.ndindex(x[:, c].shape):
            z = (float(x[(n, c, *place)]) - mean) / math.sqrt(variance + eps)
            out[(n, c, *place)] = float(weight[c]) * z + float(bias[c])
    return out


def batch_norm_backward(
    dout: Numbers,
    x: Numbers,
    running_mean: Numbers | None,
    running_var: Numbers | None,
    weight: Numbers,
    training: bool = False,
    eps: float = 1e-5,
) -> tuple[Floats, Floats, Floats]:
    """Sum over the matrix of all derivatives: in training every number moves mean and variance of its channel.

    With m numbers, dz[j] / dx[k] = ((1 if j = k else 0) - 1/m - z[j] * z[k] / m) / sqrt(var + eps).

    Examples
    --------
    >>> x = np.array([[1.0], [3.0]])
    >>> dx, dw, db = batch_norm_backward(np.array([[1], [0]]), x, None, None, np.array([1]), True, 0)
    >>> dx.tolist(), dw.tolist(), db.tolist()
    ([[0.0], [0.0]], [-1.0], [1.0])
    """
    dx, dw, db = np.zeros(x.shape), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for c in range(x.shape[1]):
        mean, variance = _statistics(x, running_mean, running_var, c, training)
        divisor = math.sqrt(variance + eps)
        gradients = [float(number) for number in dout[:, c].flat]
        z = [(float(number) - mean) / divisor for number in x[:, c].flat]
        dw[c] = math.fsum(d * number for d, number in zip(gradients, z, strict=True))
        db[c] = math.fsum(gradients)
        for k, place in enumerate(np.ndindex(x[:, c].shape)):
            slopes = [(j == k) - ((1 + z[j] * z[k]) / len(z) if training else 0.0) for j in range(len(z))]
            passed = math.fsum(d * slope for d, slope in zip(gradients, slopes, strict=True))
            dx[(place[0], c, *place[1:])] = float(weight[c]) * passed / divisor
    return dx, dw, db


def _statistics(
    x: Numbers, running_mean: Numbers | None, running_var: Numbers | None, channel: int, training: bool
) -> tuple[float, float]:
    """Take the statistics of the batch in training, the running ones in evaluation."""
    if training:
        return batch_statistics(x, channel)[:2]
    assert running_mean is not None
    assert running_var is not None
    return float(running_mean[channel]), float(running_var[channel])


def squared_error(prediction: Numbers, target: Numbers) -> Floats:
    """Square every difference.

    Examples
    --------
    >>> squared_error(np.array([5, 8]), np.array([6, 6])).tolist()
    [1.0, 4.0]
    """
    out = np.zeros(prediction.shape)
    for place in np.ndindex(out.shape):
        out[place] = (float(prediction[place]) - float(target[place])) ** 2
    return out


def squared_error_backward(prediction: Numbers, target: Numbers) -> Floats:
    """Twice every difference: the gradient of the sum of all losses.

    Examples
    --------
    >>> squared_error_backward(np.array([5]), np.array([6])).tolist()
    [-2.0]
    """
    out = np.zeros(prediction.shape)
    for place in np.ndindex(out.shape):
        out[place] = 2 * (float(prediction[place]) - float(target[place]))
    return out


def cross_entropy(logits: Numbers, target: Numbers) -> Floats:
    """Minus the logarithm of the share of the true class; logits (N, classes), target (N,).

    Examples
    --------
    >>> cross_entropy(np.array([[0, 1000]]), np.array([0])).tolist()
    [1000.0]
    """
    logs = log_softmax(logits)
    return np.array([-logs[n, label] for n, label in enumerate(target)])


def cross_entropy_backward(logits: Numbers, target: Numbers) -> Floats:
    """Shares, one less at the true class: the gradient of the sum of all losses.

    Examples
    --------
    >>> cross_entropy_backward(np.array([[0, 0]]), np.array([1])).tolist()
    [[0.5, -0.5]]
    """
    gradient = softmax(logits)
    for n, label in enumerate(target):
        gradient[n, label] -= 1
    return gradient
