"""What training makes smaller: cross-entropy of logits, or squared error; value and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array, word
from cnnviz.engine.errors import BadInput
from cnnviz.engine.plan.arena import Arena


class CrossEntropy:
    """Mean over the batch of -log softmax(z)[label]; its gradient is (p - onehot) / N."""

    __slots__ = ("_classes", "_gradient", "_line", "_places", "_scores", "gradient")

    def __init__(self, scores: Array, arena: Arena) -> None:
        rows, self._classes, columns, batch = scores.shape
        if rows * columns != 1:
            raise BadInput(
                f"cross-entropy: the network gives {rows}x{columns} scores of each class: end it with Linear"
            )
        self._scores = scores.reshape(self._classes, batch)
        self.gradient = arena.take(*scores.shape)
        self._gradient = self.gradient.reshape(self._classes, batch)
        self._line, self._places = arena.new(batch), np.arange(batch)

    def value(self, target: npt.NDArray[Any]) -> float:
        """The loss for labels (N,); writes the gradient."""
        batch = len(self._places)
        if target.shape != (batch,) or target.dtype.kind not in "iu":
            raise BadInput(
                f"cross-entropy: target {target.dtype} {target.shape} must be {batch} labels, whole numbers"
            )
        if batch and not 0 <= int(target.min()) <= int(target.max()) < self._classes:
            raise BadInput(f"cross-entropy: labels must lie from 0 to {self._classes - 1}")
        shifted, line = self._gradient, self._line
        np.maximum.reduce(self._scores, axis=0, out=line)
        np.subtract(self._scores, line, out=shifted)
        own = shifted[target, self._places]
        np.exp(shifted, out=shifted)
        np.add.reduce(shifted, axis=0, out=line)
        np.divide(shifted, line, out=shifted)
        shifted[target, self._places] -= 1
        np.divide(shifted, batch, out=shifted)
        np.log(line, out=line)
        return float((line - own).mean(dtype=np.float64))


class SquaredError:
    """Mean of (y - target)^2 over all numbers, without a half; its gradient is 2 (y - target) / count."""

    __slots__ = ("_scores", "_squares", "gradient")

    def __init__(self, scores: Array, arena: Arena) -> None:
        self._scores, self.gradient = scores, arena.take(*scores.shape)
        self._squares = arena.scratch("squares", *scores.shape)

    def value(self, target: npt.NDArray[Any]) -> float:
        """The loss for targets (N, C, H, W), or (N, C) for flat output; writes the gradient."""
        rows, channels, columns, batch = self._scores.shape
        wanted = [(batch, channels, rows, columns)] + [(batch, channels)] * (rows * columns == 1)
        if target.dtype.kind not in "fiub":
            raise TypeError(f"squared error: target must hold real numbers, not {target.dtype}")
        if target.shape not in wanted:
            raise BadInput(
                f"squared error: target {target.shape} must have the shape {wanted[-1]} of the output"
            )
        nchw = target.reshape(wanted[0]).transpose(2, 1, 3, 0)
        np.subtract(self._scores, nchw, out=self.gradient)
        np.multiply(self.gradient, self.gradient, out=self._squares)
        np.multiply(self.gradient, 2 / self._scores.size, out=self.gradient)
        return float(self._squares.mean(dtype=np.float64))


OBJECTIVES: dict[str, type[CrossEntropy] | type[SquaredError]] = {
    "cross_entropy": CrossEntropy,
    "squared_error": SquaredError,
}


def objective_of(loss: str, scores: Array, arena: Arena) -> CrossEntropy | SquaredError:
    """The objective of this name over a network's output; BadInput where there is none."""
    word(loss, "plan: loss")
    if loss not in OBJECTIVES:
        raise BadInput(f"plan: loss {loss!r} is unknown: give {' or '.join(OBJECTIVES)}")
    return OBJECTIVES[loss](scores, arena)
