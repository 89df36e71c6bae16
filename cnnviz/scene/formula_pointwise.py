"""What acts on a single number, written out around it: max(0, −3), 1/(1 + exp(−2)), (12 − 127.5)/127.5."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import ACTIVATIONS, activate
from cnnviz.engine.layers import Relu
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import AnyLayer, Elu, Gelu, LeakyRelu, Normalise, Sigmoid, Softmax, Tanh
from cnnviz.scene.numbers import MAX_DECIMALS, MINUS, bracketed, short
from cnnviz.scene.primitives import Run
from cnnviz.scene.theme import Theme

Runs = tuple[Run, ...]


def pointwise(spec: AnyLayer, x: Run, channel: int, theme: Theme) -> Runs:
    """The operation on ``x``, as its typeset formula has it; a copy is the number alone."""
    inside = Run(bracketed(x.text), x.color, x.weight)

    def said(*parts: str | Run) -> Runs:
        return tuple(Run(part, theme.text) if isinstance(part, str) else part for part in parts)

    match spec:
        case Relu():
            return said("max(0, ", x, ")")
        case LeakyRelu():
            return said("max(0, ", x, f") + {_factor(spec.negative_slope)}·min(0, ", x, ")")
        case Elu():
            return said("max(0, ", x, f") + {_factor(spec.alpha)}·(exp(min(0, ", x, f")) {MINUS} 1)")
        case Gelu() if spec.approximate == "none":
            return said(inside, "·Φ(", x, ")")
        case Gelu():
            return said("½·", inside, "·(1 + tanh(√(2/π)·(", inside, " + 0.044715·", inside, "³)))")
        case Sigmoid():
            return said(f"1 / (1 + exp({MINUS}", inside, "))")
        case Tanh():
            return said(
                "(exp(",
                x,
                f") {MINUS} exp({MINUS}",
                inside,
                ")) / (exp(",
                x,
                f") + exp({MINUS}",
                inside,
                "))",
            )
        case Normalise():
            mean, std = _constants(spec, channel)
            return said("(", x, f" {MINUS} {_factor(mean)}) / {_factor(std)}")
    return (x,)


def printed_in_full(spec: AnyLayer, channel: int) -> bool:
    """Whether the operation's own constants are printed with all their digits."""
    return all(
        abs(float(f"{v:.{MAX_DECIMALS}f}") - v) <= 1e-9 * max(1.0, abs(v)) for v in _constants(spec, channel)
    )


def recomputed(spec: AnyLayer, x: NDArray[np.float64], channel: int) -> float:
    """What the operation makes of numbers as they are printed: what the audience would work out."""
    if isinstance(spec, ACTIVATIONS):
        return float(activate(spec, x)[0])
    if isinstance(spec, Softmax):
        return float(softmax(x)[channel])
    if isinstance(spec, Normalise):
        mean, std = _constants(spec, channel)
        return (float(x[0]) - mean) / std
    return float(x[0])


def _constants(spec: AnyLayer, channel: int) -> tuple[float, ...]:
    match spec:
        case LeakyRelu():
            return (spec.negative_slope,)
        case Elu():
            return (spec.alpha,)
        case Normalise():
            return (spec.mean[channel % len(spec.mean)], spec.std[channel % len(spec.std)])
    return ()


def _factor(value: float) -> str:
    return bracketed(short(value))
