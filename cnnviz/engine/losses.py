"""Losses: one number that says how wrong a prediction is, and its gradient by the prediction."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet
from cnnviz.engine.softmax import log_softmax, softmax

Reduction = Literal["none", "mean", "sum"]


def squared_error(prediction: npt.ArrayLike, target: npt.ArrayLike, reduction: Reduction = "mean") -> Array:
    """Square the difference to the truth: L = (prediction - target)**2, without a factor of one half.

    Parameters
    ----------
    prediction, target : array_like of the same shape
    reduction : {"mean", "sum", "none"}
        What is made of the losses of all numbers.

    Returns
    -------
    array
        One number, shape (); with "none" as many as the prediction has. float32 and float64 are kept, mixed
        they give float64. The mean of nothing is NaN, as in PyTorch.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If the shapes differ, or the reduction is unknown.

    Examples
    --------
    >>> squared_error([5], [6]).item(), squared_error([5, 8], [6, 6], "sum").item()
    (1.0, 5.0)

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 5.1.4 (equation 5.4).
    """
    difference = _difference(prediction, target, "squared_error")
    with quiet():
        return _reduced(np.asarray(difference * difference), reduction, "squared_error")


def squared_error_backward(
    dout: npt.ArrayLike, prediction: npt.ArrayLike, target: npt.ArrayLike, reduction: Reduction = "mean"
) -> Array:
    """Compute the gradient by the prediction: dout * 2 * (prediction - target), divided by the count for "mean".

    Parameters
    ----------
    dout : array_like
        Gradient by the loss: 1 when the loss is what is minimised; with "none" one for each number. It is
        read in the type of the prediction.
    prediction, target, reduction
        As in `squared_error`.

    Returns
    -------
    array of the shape of the prediction

    Raises
    ------
    TypeError, BadInput
        As in `squared_error`, and if dout has another shape than the loss.

    Examples
    --------
    >>> squared_error_backward(1, [5], [6]).tolist()
    [-2.0]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 5.1.4.
    """
    difference = _difference(prediction, target, "squared_error_backward")
    with quiet():
        each = _spread(dout, difference.shape, difference.dtype, reduction, "squared_error_backward")
        return np.asarray(2 * difference * each)


def cross_entropy(logits: npt.ArrayLike, target: npt.ArrayLike, reduction: Reduction = "mean") -> Array:
    """Measure how little the true class was expected: L = -log(softmax(logits)[target]).

    Parameters
    ----------
    logits : array_like, (N, classes), (classes,) or (N, classes, ...)
        Scores before any softmax.
    target : array_like of whole numbers, (N,), () or (N, ...)
        Index of the true class.
    reduction : {"mean", "sum", "none"}
        What is made of the losses of all targets.

    Returns
    -------
    array
        One number, shape (); with "none" as many as there are targets. float32 and float64 are kept; whole
        numbers and booleans are computed in float64. The mean of nothing is NaN, as in PyTorch.

    Raises
    ------
    TypeError
        If the logits do not hold real numbers, or the targets no whole numbers.
    BadInput
        If shapes do not fit, a target is no class, or the reduction is unknown.

    Examples
    --------
    >>> cross_entropy([[0, 0]], [1]).round(6).item(), cross_entropy([[0, 1000]], [0]).item()
    (0.693147, 1000.0)

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3.
    """
    scores, labels, axis = _classes(logits, target, "cross_entropy")
    logs = log_softmax(scores, axis)
    picked = np.take_along_axis(logs, np.expand_dims(labels, axis), axis).squeeze(axis)
    with quiet():
        return _reduced(np.asarray(-picked), reduction, "cross_entropy")


def cross_entropy_backward(
    dout: npt.ArrayLike, logits: npt.ArrayLike, target: npt.ArrayLike, reduction: Reduction = "mean"
) -> Array:
    """Compute the gradient by the logits: dout * (softmax(logits) - onehot(target)), over the count for "mean".

    Parameters
    ----------
    dout : array_like
        Gradient by the loss: 1 when the loss is what is minimised; with "none" one for each target. It is
        read in the type of the logits.
    logits, target, reduction
        As in `cross_entropy`.

    Returns
    -------
    array of the shape of the logits

    Raises
    ------
    TypeError, BadInput
        As in `cross_entropy`, and if dout has another shape than the loss.

    Examples
    --------
    >>> cross_entropy_backward(1, [[0, 0], [7, 7]], [1, 0]).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.3.
    """
    scores, labels, axis = _classes(logits, target, "cross_entropy_backward")
    gradient = softmax(scores, axis)
    place = np.expand_dims(labels, axis)
    with quiet():
        np.put_along_axis(gradient, place, np.take_along_axis(gradient, place, axis) - 1, axis)
        each = _spread(dout, labels.shape, scores.dtype, reduction, "cross_entropy_backward")
        each = np.expand_dims(np.broadcast_to(each, labels.shape), axis)
        gradient *= each
        if not np.isfinite(each).all():  # p * dout - dout is NaN there, as in PyTorch
            np.put_along_axis(gradient, place, np.take_along_axis(gradient, place, axis) + 0 * each, axis)
    return gradient


def _difference(prediction: npt.ArrayLike, target: npt.ArrayLike, what: str) -> Array:
    """Subtract the target; BadInput unless the shapes are the same."""
    seen, truth = checks.numbers(prediction, "prediction"), checks.numbers(target, "target")
    if seen.shape != truth.shape:
        raise BadInput(f"{what}: prediction {seen.shape} and target {truth.shape} must have the same shape")
    seen, truth = checks.floats(seen, truth)
    with quiet():
        return np.asarray(seen - truth)


def _classes(
    logits: npt.ArrayLike, target: npt.ArrayLike, what: str
) -> tuple[Array, npt.NDArray[np.int64], int]:
    """Read logits and labels, and tell which axis holds the classes."""
    (scores,) = checks.floats(checks.numbers(logits, "logits"))
    labels = checks.rows(target, "target")
    if not labels.size and labels.dtype.kind == "f" and not isinstance(target, np.ndarray):
        labels = labels.astype(np.int64)  # an empty list says nothing of its type
    if labels.dtype.kind not in "iu":
        raise TypeError(f"target must hold whole numbers, the indices of classes, not {labels.dtype}")
    if scores.ndim < 1:
        raise BadInput(f"{what}: logits have shape {scores.shape}, give (N, classes)")
    axis = 0 if scores.ndim == 1 else 1
    expected = scores.shape[:axis] + scores.shape[axis + 1 :]
    if labels.shape != expected:
        raise BadInput(f"{what}: target has shape {labels.shape}, logits {scores.shape} need {expected}")
    wrong = labels[(labels < 0) | (labels >= scores.shape[axis])]
    if wrong.size:
        raise BadInput(f"{what}: target {wrong.flat[0]} is no class: give 0 to {scores.shape[axis] - 1}")
    return scores, labels.astype(np.int64), axis


def _reduced(losses: Array, reduction: str, what: str) -> Array:
    """Make one number of all losses, or leave them."""
    checks.word(reduction, f"{what}: reduction")
    if reduction == "none":
        return losses
    total = np.asarray(losses.sum())
    return np.asarray(total / _divisor(reduction, losses.size, what))


def _spread(
    dout: npt.ArrayLike, shape: tuple[int, ...], dtype: np.dtype[Any], reduction: str, what: str
) -> Array:
    """Say how much of the gradient each loss gets."""
    checks.word(reduction, f"{what}: reduction")
    gradient = checks.numbers(dout, "dout").astype(dtype)
    expected = shape if reduction == "none" else ()
    if gradient.shape != expected:
        raise BadInput(f"{what}: dout has shape {gradient.shape}, the loss has {expected}")
    if reduction == "none":
        return np.asarray(gradient)
    with np.errstate(divide="ignore"):  # nobody shares nothing
        return np.asarray(gradient / _divisor(reduction, int(np.prod(shape, dtype=np.int64)), what))


def _divisor(reduction: str, count: int, what: str) -> int:
    """Tell what the sum of the losses is divided by."""
    if reduction not in ("mean", "sum"):
        raise BadInput(f"{what}: reduction {reduction!r} is unknown: give mean, sum or none")
    return count if reduction == "mean" else 1
