"""The curve of an activation over the range of its input, sampled by the engine."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cnnviz.engine.apply import ACTIVATIONS, activate
from cnnviz.engine.specs import AnyLayer
from cnnviz.timeline.frame import Curve

SAMPLES = 121
"""An odd number, so that 0 is one of them."""


def has_curve(spec: AnyLayer) -> bool:
    """Whether a layer acts on each number alone."""
    return isinstance(spec, ACTIVATIONS)


@lru_cache(maxsize=32)
def curve_of(spec: AnyLayer, reach: float) -> Curve:
    """The activation from −reach to reach."""
    x = np.linspace(-reach, reach, SAMPLES)
    x[SAMPLES // 2] = 0.0
    y = np.asarray(activate(spec, x), dtype=np.float64)
    for values in (x, y):
        values.setflags(write=False)
    return Curve(x, y)
