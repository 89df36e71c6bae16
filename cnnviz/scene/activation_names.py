"""How the operation on one number is spelled around it: ``max(0, x)``, ``tanh(x)``, ``(x − 0.5) / 0.25``."""

from __future__ import annotations

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import AnyLayer, Elu, Gelu, LeakyRelu, Normalise, Sigmoid, Tanh
from cnnviz.scene.numbers import short


def spelled(spec: AnyLayer, x: float, channel: int) -> tuple[str, str]:
    """What stands before and after the number ``x``; where the operation has two branches, the one that is taken."""
    match spec:
        case Relu():
            return "max(0, ", ")"
        case LeakyRelu():
            return (
                ("max(", f", {short(spec.negative_slope)} · {short(x)})")
                if spec.negative_slope <= 1
                else ("leaky ReLU(", ")")
            )
        case Elu():
            return ("ELU(", ")") if x > 0 else (f"{short(spec.alpha)} · (exp(", ") − 1)")
        case Gelu():
            return "GELU(", ")"
        case Sigmoid():
            return "1 / (1 + exp(−(", ")))"
        case Tanh():
            return "tanh(", ")"
        case Normalise():
            mean, std = (v[channel % len(v)] for v in (spec.mean, spec.std))
            return "(", f" − {short(mean)}) / {short(std)}"
    return "", ""
