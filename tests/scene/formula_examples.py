"""A lesson of one layer for every operation and every way of writing it, for the tests of the formula panel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu, Shape
from cnnviz.engine.specs import (
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    Sigmoid,
    Softmax,
    Tanh,
    out_shape,
)
from cnnviz.lesson.lesson import Conventions, Lesson, Pace, Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.timeline import Timeline, make_timeline


@dataclass(frozen=True)
class Example:
    """A layer, the shape of its input, and whether it has a bias."""

    spec: AnyLayer
    shape: Shape
    bias: bool = False


EXAMPLES: dict[str, Example] = {
    "conv": Example(Conv(1, (3, 3)), (1, 6, 6)),
    "conv bias": Example(Conv(1, (3, 3)), (1, 6, 6), True),
    "conv strided": Example(Conv(1, (3, 3), (2, 2)), (1, 6, 6)),
    "conv kernels": Example(Conv(3, (3, 3), padding=1), (1, 5, 6), True),
    "conv rgb": Example(Conv(2, (3, 3), (2, 2), 1), (3, 8, 8), True),
    "conv dilated": Example(Conv(1, (3, 2), (1, 2), 0, (2, 1)), (2, 9, 8)),
    "conv all": Example(Conv(2, (2, 3), (2, 1), (1, 2, 0, 1), (1, 2), padding_mode="reflect"), (2, 7, 9)),
    "conv depthwise": Example(Conv(4, (3, 3), groups=4), (4, 6, 6)),
    "conv multiplied": Example(Conv(4, (3, 3), groups=2), (2, 6, 6)),
    "conv groups": Example(Conv(4, (3, 3), (1, 1), (0, 1, 0, 1), groups=2), (4, 6, 6), True),
    "conv line": Example(Conv(2, (1, 3)), (1, 1, 9), True),
    "conv line all": Example(Conv(1, (1, 3), (1, 2), (0, 1), (1, 2)), (2, 1, 12)),
    "true line": Example(Conv(1, (1, 4), flipped=True), (1, 1, 9)),
    "true convolution": Example(Conv(1, (3, 3), padding="same", flipped=True), (1, 6, 7)),
    "true oblong": Example(Conv(2, (2, 3), (2, 2), flipped=True), (3, 6, 7), True),
    "transposed": Example(ConvTranspose(1, (3, 3)), (1, 4, 4)),
    "transposed strided": Example(ConvTranspose(2, (3, 3), (2, 2), (1, 1), (1, 1)), (3, 4, 4), True),
    "transposed dilated": Example(ConvTranspose(1, (2, 3), (1, 2), (0, 1), (0, 0), (2, 2)), (2, 4, 4)),
    "transposed apart": Example(ConvTranspose(1, (1, 1), (2, 2)), (1, 3, 3), True),
    "transposed groups": Example(ConvTranspose(4, (2, 2), (2, 2), groups=2), (4, 3, 3)),
    "transposed depthwise": Example(ConvTranspose(3, (2, 2), (2, 2), groups=3), (3, 3, 3)),
    "max": Example(MaxPool((2, 2), (2, 2)), (1, 5, 5)),
    "max padded": Example(MaxPool((3, 3), (2, 2), (1, 1), True), (2, 6, 6)),
    "average": Example(AvgPool((2, 2), (2, 2)), (1, 6, 6)),
    "average oblong": Example(AvgPool((2, 3), (1, 2)), (3, 6, 6)),
    "average padded": Example(AvgPool((2, 2), (2, 2), (1, 1), count_include_pad=False), (3, 5, 5)),
    "average ceil": Example(AvgPool((2, 2), (3, 3), (1, 1), True), (1, 5, 6)),
    "global average": Example(GlobalAvgPool(), (3, 4, 4)),
    "global max": Example(GlobalMaxPool(), (3, 4, 5)),
    "relu": Example(Relu(), (1, 4, 4)),
    "leaky relu": Example(LeakyRelu(0.1), (2, 4, 4)),
    "elu": Example(Elu(0.5), (1, 4, 4)),
    "gelu": Example(Gelu(), (1, 4, 4)),
    "gelu tanh": Example(Gelu("tanh"), (2, 4, 4)),
    "sigmoid": Example(Sigmoid(), (1, 4, 4)),
    "tanh": Example(Tanh(), (5, 1, 1)),
    "softmax": Example(Softmax(), (5, 1, 1)),
    "softmax maps": Example(Softmax(), (3, 2, 2)),
    "flatten": Example(Flatten(), (2, 3, 4)),
    "linear": Example(Linear(3), (8, 1, 1), True),
    "linear plain": Example(Linear(3), (20, 1, 1)),
    "normalise": Example(Normalise((2.0, 3.0, 4.0), (0.5, 0.25, 0.229)), (3, 4, 4)),
    "normalise alike": Example(Normalise((2.0,), (0.3,)), (1, 4, 4)),
    "batch norm": Example(BatchNorm(), (2, 4, 4)),
    "padded shortcut": Example(PaddedShortcut(4, (2, 2)), (2, 5, 6)),
}

WRITTEN = [Conventions(letters, base) for letters in ("IK", "xw") for base in (0, 1)]


def timeline_of(
    name: str, conventions: Conventions = WRITTEN[0], whole: bool = True, pace: Pace | None = None
) -> Timeline:
    """The example as a lesson: whole numbers, or such as need rounding."""
    example, random = EXAMPLES[name], np.random.default_rng(7)
    spec, shape = example.spec, example.shape
    x = random.integers(-9, 10, shape) / (2 if whole else 7)
    params = None
    if needs_params(spec):
        weights = weight_shape(spec, shape)
        w = random.integers(-3, 4, weights) / (1.0 if whole else 3.0)
        bias = random.integers(-3, 4, out_shape(spec, shape)[0]).astype(float) + 0.5 if example.bias else None
        params = Params(w, bias)
    track = Track(Source(x.astype(float), name), (spec,), (params,))
    return make_timeline(Lesson(name, (track,), pace, conventions=conventions))


def beside(names: tuple[str, ...], pace: Pace | None = None) -> Timeline:
    """Examples as the tracks of one lesson, each under its name."""
    tracks = tuple(replace(timeline_of(name).lesson.tracks[0], name=name) for name in names)
    return make_timeline(Lesson("side by side", tracks, pace))
