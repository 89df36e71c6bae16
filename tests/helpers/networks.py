"""Networks with random weights on pictures of the sets that ship, for tests of what a whole network looks like."""

from __future__ import annotations

from functools import lru_cache
from math import prod, sqrt

import numpy as np

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, GlobalAvgPool, Linear, Normalise, Softmax, out_shape
from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import Timeline, make_timeline

HALF = MaxPool((2, 2), (2, 2))


def _block(kernels: int) -> tuple[AnyLayer, ...]:
    return (Conv(kernels, (3, 3), padding=1), Relu(), HALF)


NETWORKS: dict[str, tuple[str, tuple[AnyLayer, ...]]] = {
    "digits": ("digits", (Conv(4, (3, 3)), Relu(), HALF, Flatten(), Linear(10), Softmax())),
    "lenet": (
        "mnist",
        (
            *(Conv(6, (5, 5), padding=2), Relu(), HALF, Conv(16, (5, 5)), Relu(), HALF, Flatten()),
            *(Linear(120), Relu(), Linear(84), Relu(), Linear(10), Softmax()),
        ),
    ),
    "four": (
        "patches",
        (
            *(Normalise((128.0,), (50.0,)), *_block(8), *_block(16), *_block(24)),
            *(Conv(32, (3, 3), padding=1), Relu(), GlobalAvgPool(), Flatten(), Linear(8), Softmax()),
        ),
    ),
}


@lru_cache(maxsize=4)
def network(name: str) -> Timeline:
    """A network with weights drawn by He's rule, looking at the first picture that is kept for testing."""
    data_name, layers = NETWORKS[name]
    data = shipped_set(data_name)
    random, shape = np.random.default_rng(3), data.shape
    params: list[Params | None] = []
    for spec in layers:
        own = None
        if needs_params(spec):
            size = weight_shape(spec, shape)
            own = Params(
                random.normal(size=size) * sqrt(2 / prod(size[1:])), random.normal(size=size[0]) / 10
            )
        params.append(own)
        shape = out_shape(spec, shape)
    source = Source(data.images[data.entry.train], "probe")
    return make_timeline(Lesson(name, (Track(source, layers, tuple(params), "", None, data_name),)))
