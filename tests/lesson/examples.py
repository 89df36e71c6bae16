"""Small lessons for tests, made by hand."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.layers import Conv, LayerSpec, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source


def lesson(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    after: tuple[LayerSpec, ...] = (),
    **conv: Any,
) -> Lesson:
    """One convolution on one input, and what comes after it."""
    w = np.array(weight, dtype=np.float64)
    spec = Conv(w.shape[0], (w.shape[2], w.shape[3]), **conv)
    params = Params(w, None if bias is None else np.array(bias, dtype=np.float64))
    track = Track(Source(np.array(x)), (spec, *after), (params, *[None] * len(after)))
    return Lesson("Example", (track,))


def vertical_edge(**conv: Any) -> Lesson:
    """The 6×6 picture, its kernel, ReLU and max pooling."""
    after: tuple[LayerSpec, ...] = (Relu(), MaxPool((2, 2), (2, 2)))
    return lesson([[[10.0, 10, 10, 0, 0, 0]] * 6], [[[[1, 0, -1]] * 3]], after=after, **conv)
