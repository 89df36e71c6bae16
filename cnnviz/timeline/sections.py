"""The sections of a track: one pass of one layer each, laid one after the other on the clock."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, Shape
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
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
)
from cnnviz.engine.windows import terms_per_cell
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Lesson, Pace, Track
from cnnviz.timeline.cuts import Cut, auto_budgets, cut, cut_auto

CELLS_BY_DEFAULT = 400
"""Up to so many cells a lesson is stepped cell by cell unless it says otherwise."""


class Phase(Enum):
    """What a section is part of."""

    FORWARD = "FORWARD"
    LOSS = "LOSS"
    BACKWARD = "BACKWARD"
    UPDATE = "UPDATE"


Kind: TypeAlias = Literal["forward", "loss", "error", "weight", "bias", "input", "update", "update-bias"]
"""What a section computes: a layer's output, the loss, the gradient of the prediction, of weights, of biases or of a
layer's input, or the weights and biases after the update."""


@dataclass(frozen=True, slots=True)
class Section:
    """One layer's pass: which layer of which track, from which step on, and its output's shape."""

    track: int
    phase: Phase
    layer: int
    op: str
    name: str
    tensor: str
    """The name of the tensor it writes."""
    start: int
    in_shape: Shape
    shape: Shape
    cut: Cut
    kind: Kind = "forward"
    number: int = 0
    """Its place among the sections of its track: words of a lesson are kept under it."""

    @property
    def cells(self) -> int:
        """How many cells it writes."""
        return math.prod(self.shape)

    @property
    def steps(self) -> int:
        """How many steps it takes."""
        return self.cut.steps

    @property
    def stop(self) -> int:
        """The first step after it."""
        return self.start + self.steps


STEMS: dict[type, str] = {
    Conv: "conv",
    ConvTranspose: "transposed",
    Relu: "relu",
    LeakyRelu: "leaky",
    Elu: "elu",
    Gelu: "gelu",
    Sigmoid: "sigmoid",
    Tanh: "tanh",
    Softmax: "softmax",
    MaxPool: "pool",
    AvgPool: "pool",
    GlobalAvgPool: "global",
    GlobalMaxPool: "global",
    Flatten: "flat",
    Linear: "linear",
    Normalise: "norm",
    BatchNorm: "batchnorm",
    Back: "back",
    Add: "add",
    PaddedShortcut: "padded",
}


def tensor_names(layers: tuple[AnyLayer, ...]) -> tuple[str, ...]:
    """A name for the input and each layer's output: input, conv1, relu1, pool1, conv2 and so on."""
    seen: Counter[str] = Counter()
    names = ["input"]
    for spec in layers:
        stem = STEMS[type(spec)]
        seen[stem] += 1
        names.append(f"{stem}{seen[stem]}")
    return tuple(names)


def default_pace(lesson: Lesson) -> Pace:
    """The lesson's own pace, else by cells up to 400 of them and "auto" above."""
    if lesson.pace is not None:
        return lesson.pace
    cells = max(sum(math.prod(shape) for shape in track.shapes()[1:]) for track in lesson.tracks)
    return "cell" if cells <= CELLS_BY_DEFAULT else "auto"


def sections_of(number: int, track: Track, pace: Pace) -> tuple[Section, ...]:
    """The forward sections of a track; raises `BadInput` where a layer does not fit its input."""
    shapes = track.shapes()
    tensors, names = tensor_names(track.layers), section_names(track.layers)
    sums = [isinstance(spec, Conv | ConvTranspose | Linear | Add) for spec in track.layers]
    budgets = auto_budgets(sums)
    sections: list[Section] = []
    start = 0
    for i, spec in enumerate(track.layers):
        terms = terms_per_cell(spec, shapes[i])
        if isinstance(spec, Back):  # nothing is computed: the same array once more, in one step
            how = cut("layer", shapes[i + 1], 1, False)
        elif pace == "auto":
            how = cut_auto(shapes[i + 1], terms, sums[i], budgets[i])
        else:
            how = cut(pace, shapes[i + 1], terms, sums[i])
        sections.append(
            Section(
                number,
                Phase.FORWARD,
                i,
                spec.op,
                names[i],
                tensors[i + 1],
                start,
                shapes[i],
                shapes[i + 1],
                how,
                number=i,
            )
        )
        start += how.steps
    return tuple(sections)


def section_at(sections: tuple[Section, ...], index: int) -> Section:
    """The section that holds a step, by bisection."""
    return sections[bisect_right([s.start for s in sections], index) - 1]
