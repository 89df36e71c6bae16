"""Random chains with a loss at their end, drawn for PyTorch to differentiate, and the lessons they become."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingMode
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu, Shape
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    Sigmoid,
    Softmax,
    Tanh,
    out_shape,
)
from cnnviz.lesson.lesson import Track, check_padded
from cnnviz.lesson.plain import layer_from_plain, layer_to_plain
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from tests.helpers.torch_cases import Case, Draft

FILE = Path(__file__).parents[1] / "data" / "torch_learning.npz"

CASES = 400
MOST_CELLS = 36
"""No map of a drawn chain has more cells."""

Array = npt.NDArray[Any]

_MODES: tuple[PaddingMode, ...] = ("zeros", "zeros", "zeros", "reflect", "replicate", "circular")
_WORDS = ("valid", "same", "same-lower", "half", "full")
_SPATIAL = ("conv", "conv", "conv", "conv", "transposed", "max", "avg")
_POINTWISE: tuple[AnyLayer, ...] = (
    Relu(), Relu(), Relu(), LeakyRelu(0.25), Elu(0.5), Gelu(), Gelu("tanh"), Sigmoid(), Tanh(), Softmax(),
    Normalise((0.5,), (2.0,)),
)  # fmt: skip


def learning_draft(random: np.random.Generator) -> Draft:
    """A chain of two to five layers with a loss: options that JSON can hold, and arrays by name."""
    shape = start = _shape(random)
    layers: list[AnyLayer] = []
    while len(layers) < 2 or (len(layers) < 5 and random.random() < 0.6):
        spec = _spatial(random, shape) if len(layers) % 2 == 0 else _pointwise(random)
        if _fits(spec, shape):
            layers.append(spec)
            shape = out_shape(spec, shape)
    loss = "cross_entropy" if random.random() < 0.5 else "squared_error"
    if loss == "cross_entropy" or random.random() < 0.3:
        ends: tuple[AnyLayer, ...] = (Flatten(), GlobalAvgPool(), GlobalMaxPool())
        for spec in (ends[random.integers(3)], Linear(int(random.integers(2, 5)))):
            layers.append(spec)
            shape = out_shape(spec, shape)
    inputs: dict[str, Array] = {"x": _values(random, start)}
    before = start
    for number, spec in enumerate(layers):
        if needs_params(spec):
            inputs[f"weight{number}"] = _values(random, weight_shape(spec, before))
            if random.random() < 0.7:
                inputs[f"bias{number}"] = _values(random, (out_shape(spec, before)[0],))
        before = out_shape(spec, before)
    label = np.array(random.integers(shape[0]))
    inputs["target"] = label if loss == "cross_entropy" else _values(random, shape)
    options = {
        "layers": [layer_to_plain(spec) for spec in layers],
        "loss": loss,
        "reduction": "mean" if random.random() < 0.3 else "sum",
    }
    return Draft(options, inputs)


def track_of(case: Case | Draft, rate: float = 0.01, iterations: int = 3, momentum: float = 0.0) -> Track:
    """The chain as a track that learns."""
    options, inputs = case.options, case.inputs
    layers = tuple(layer_from_plain(spec, "layer") for spec in options["layers"])
    params = tuple(
        Params(inputs[f"weight{n}"], inputs.get(f"bias{n}")) if f"weight{n}" in inputs else None
        for n in range(len(layers))
    )
    target = inputs["target"].astype(np.float64)
    recipe = Recipe(
        (Example(target.reshape(1, 1, 1) if target.ndim == 0 else target),), options["loss"], rate, iterations,
        momentum, options["reduction"],
    )  # fmt: skip
    return Track(Source(inputs["x"], "numbers"), layers, params, recipe=recipe)


def _shape(random: np.random.Generator) -> Shape:
    return (int(random.integers(1, 4)), int(random.integers(2, 7)), int(random.integers(1, 7)))


def _pair(random: np.random.Generator, least: int, most: int) -> tuple[int, int]:
    return (int(random.integers(least, most + 1)), int(random.integers(least, most + 1)))


def _values(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    # Multiples of 1/64 pack well; so many of them hardly ever tie in a maximum.
    return np.asarray(np.round(random.normal(size=shape) * 64) / 64)


def _pointwise(random: np.random.Generator) -> AnyLayer:
    return _POINTWISE[random.integers(len(_POINTWISE))]


def _spatial(random: np.random.Generator, shape: Shape) -> AnyLayer:
    kind = _SPATIAL[random.integers(len(_SPATIAL))]
    size = _pair(random, 1, 3)
    if kind == "conv":
        return _conv(random, shape, size)
    if kind == "transposed":
        groups = _divisor(random, shape[0])
        stride, gap = _pair(random, 1, 3), _pair(random, 1, 2)
        extra = tuple(int(random.integers(max(s, d))) for s, d in zip(stride, gap, strict=True))
        outputs = groups * int(random.integers(1, 3))
        return ConvTranspose(outputs, size, stride, _pair(random, 0, 1), (extra[0], extra[1]), gap, groups)
    padding = (int(random.integers(size[0] // 2 + 1)), int(random.integers(size[1] // 2 + 1)))
    ceil = bool(random.random() < 0.3)
    if kind == "max":
        return MaxPool(size, _pair(random, 1, 3), padding, ceil)
    return AvgPool(size, _pair(random, 1, 3), padding, ceil, bool(random.random() < 0.5))


def _conv(random: np.random.Generator, shape: Shape, size: tuple[int, int]) -> Conv:
    groups = _divisor(random, shape[0])
    padding: Any = tuple(int(random.integers(3)) for _ in range(4))
    if random.random() < 0.4:
        padding = _WORDS[random.integers(len(_WORDS))]
    return Conv(
        groups * int(random.integers(1, 3)), size, _pair(random, 1, 3), padding, _pair(random, 1, 2), groups,
        _MODES[random.integers(len(_MODES))], bool(random.random() < 0.2),
    )  # fmt: skip


def _divisor(random: np.random.Generator, channels: int) -> int:
    return int(random.choice([n for n in (1, 2, 3) if channels % n == 0]))


def _fits(spec: AnyLayer, shape: Shape) -> bool:
    try:
        after = out_shape(spec, shape)
        check_padded(0, spec, shape)
    except BadInput:
        return False
    return math.prod(after) <= MOST_CELLS
