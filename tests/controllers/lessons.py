"""The 6×6 example, made by hand so that these tests need no file."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import Timeline, make_timeline


def lesson_of(pooled: bool = True, size: int = 6) -> Lesson:
    """Left half bright, kernel [1 0 −1], ReLU and, when wanted, max pooling."""
    picture = np.zeros((1, size, size))
    picture[:, :, : size // 2] = 10
    weight = np.array([[[[1.0, 0, -1]] * 3]])
    conv = Conv(1, (3, 3))
    layers = (conv, Relu(), MaxPool((2, 2), (2, 2)))[: 3 if pooled else 2]
    params = (Params(weight, None), None, None)[: len(layers)]
    return Lesson("Vertical edge", (Track(Source(picture, "6×6 picture"), layers, params),))


def timeline_of(pooled: bool = True, size: int = 6) -> Timeline:
    """Cut that lesson into steps."""
    return make_timeline(lesson_of(pooled, size))
