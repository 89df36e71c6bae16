"""The ranges of colours of a track that learns: what is compared shares one, rounded so that it stays."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Params
from cnnviz.timeline.frame import Tensor

Floats = NDArray[np.float64]
Span = tuple[float, float]

COMPARED = 4000
"""The group of a prediction that had the colours of its input, and of its target."""


def both_ways(*arrays: Floats) -> Span:
    """A range of both signs that holds all finite values, rounded up to 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> both_ways(np.array([1.2, -3.0])), both_ways(np.array([0.04])), both_ways(np.zeros(2))
    ((-5.0, 5.0), (-0.05, 0.05), (-1.0, 1.0))
    """
    each = {
        id(a): a for a in arrays
    }.values()  # weights that are not updated yet are the same before and after
    return _rounded(max((_reach(a) for a in each), default=0.0))


def _rounded(reach: float) -> Span:
    if not reach:
        return (-1.0, 1.0)
    power = 10.0 ** math.floor(math.log10(reach)) if math.isfinite(reach) else 1.0
    # Floats of Python overflow to infinity without a warning: the largest numbers are their own range.
    nice = next((m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= reach * (1 - 1e-12)), reach)
    nice = nice if math.isfinite(nice) else reach
    return (-nice, nice)


def _reach(values: Floats) -> float:
    """The largest magnitude of all finite values."""
    if values.size and np.isfinite(ends := (values.min(), values.max())).all():
        return float(max(-ends[0], ends[1]))  # without a copy: there may be millions
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))


def params_span(before: Params, after: Params, name: Literal["weight", "bias"]) -> Span:
    """One range for the weights or biases of a layer before their update and after it, and for what is added."""
    if name == "weight":
        return both_ways(before.weight, after.weight)
    assert before.bias is not None
    assert after.bias is not None
    return both_ways(before.bias, after.bias)


def in_common_ranges(tensors: tuple[Tensor, ...], weights: dict[int, Span]) -> tuple[Tensor, ...]:
    """The tensors with ranges that can be compared.

    The prediction and its target share one, so that "the map equals its target" is seen by colour. A layer's weights
    have the range given for its number, which holds their update too.
    """
    top = [t for t in tensors if t.kind == "map"][-1]
    target = next((t for t in tensors if t.kind == "target"), None)
    shared = None if target is None else both_ways(np.array(top.span), np.array(target.span))
    out = []
    for t in tensors:
        if shared is not None and (t is top or t is target):
            group = top.group if top.signed else COMPARED + top.layer
            t = replace(t, span=shared, group=group, signed=True)
        elif t.kind == "map" and t.signed:
            t = replace(t, span=_rounded(max(map(abs, t.span))))
        elif t.kind == "weight" and not t.name.endswith(".bias"):
            t = replace(t, span=weights[t.layer])
        out.append(t)
    return tuple(out)
