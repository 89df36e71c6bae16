"""Short ways to write a lesson down: inputs of numbers, layers with their weights, and a story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params
from cnnviz.engine.specs import AnyLayer, Linear
from cnnviz.lesson.findings import KIND
from cnnviz.lesson.kernels import named_kernel
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source, materialise
from cnnviz.lesson.words import Aspect, Finding, Premise, WordField

Piece: TypeAlias = tuple[AnyLayer, Params | None]
"""A layer and its weights."""

HALF_BRIGHT = np.array([[10.0, 10, 10, 0, 0, 0]] * 6)
"""The 6×6 example: bright at the left, dark at the right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson that ships: its id, the ending of its file, and what makes it."""

    id: str
    ending: str
    make: Callable[[], Lesson]


def numbers(values: ArrayLike, name: str) -> Source:
    """An input of numbers: rows and columns, or channels, rows and columns."""
    array = np.array(values, dtype=np.float64)
    return Source(array if array.ndim == 3 else array[None], name)


def conv(kernels: ArrayLike, bias: list[float] | None = None, **how: Any) -> Piece:
    """A convolution with these kernels: one (rows, columns), several, or (kernels, channels, rows, columns)."""
    weight = np.array(kernels, dtype=np.float64)
    if weight.ndim < 4:
        weight = weight.reshape(-1, 1, *weight.shape[-2:])
    spec = Conv(len(weight), (weight.shape[2], weight.shape[3]), **how)
    return spec, Params(weight, None if bias is None else np.array(bias))


def linear(weight: ArrayLike, bias: list[float]) -> Piece:
    """A fully connected layer: a row of weights for each output."""
    matrix = np.array(weight, dtype=np.float64)
    return Linear(len(matrix)), Params(matrix, np.array(bias))


def max_pool(size: int, stride: int) -> Piece:
    """The largest value of each window."""
    return MaxPool((size, size), (stride, stride)), None


def avg_pool(size: int, stride: int) -> Piece:
    """The mean of each window."""
    return AvgPool((size, size), (stride, stride)), None


def kernel(name: str) -> NDArray[np.float64]:
    """The weights of a named kernel."""
    return named_kernel(name).weights


def track(source: Source, *pieces: Piece, name: str = "") -> Track:
    """A chain of layers on an input; its name may begin with letters in braces, as in `said`."""
    (called, aspects), *_ = (*_parts(name), ("", ()))
    layers, params = tuple(spec for spec, _ in pieces), tuple(params for _, params in pieces)
    premise: Premise = tuple((aspect, "") for aspect in (KIND, *aspects)) if "{" in name else ()
    return Track(source, layers, params, called, name_premise=premise)


def learning(source: Source, *pieces: Piece, target: ArrayLike, name: str = "", **recipe: Any) -> Track:
    """A chain of layers that learns to answer its one input with this target."""
    array = np.array(target, dtype=np.float64)
    shaped = array.reshape((1,) * (3 - array.ndim) + array.shape)
    return replace(track(source, *pieces, name=name), recipe=Recipe((Example(shaped),), **recipe))


def answer(source: Source, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The feature map of a kernel."""
    spec = Conv(1, (weights.shape[0], weights.shape[1]))
    x = np.asarray(materialise(source), dtype=np.float64)
    return np.asarray(apply_layer(spec, Params(weights[None, None]), x), dtype=np.float64)


def story(*sections: tuple[str, str, str]) -> tuple[Words, ...]:
    """Title, story line and notes of each section, from the first on; see `said`."""
    return tuple(said(number, *texts) for number, texts in enumerate(sections))


def said(section: int, title: str, caption: str, notes: str) -> Words:
    """The words of a section, each sentence with what it rests on.

    All rest on the kind of their layers. Letters in braces say on what else the sentences behind them rest, up to the
    next braces: ``s`` the shape of the input, ``i`` its values (and its shape with them), ``l`` the numbers of the
    layers, ``w`` the weights, ``t`` the answers that are wanted, ``r`` rate and iterations. ``{}`` ends that.
    """
    texts: tuple[tuple[WordField, str], ...] = (("title", title), ("caption", caption), ("notes", notes))
    findings = tuple(Finding(place, *part) for place, text in texts for part in _parts(text))
    return Words(section, findings=findings)


LETTERS: dict[str, Aspect] = {
    "s": "shape", "i": "input", "l": "layers", "w": "weights", "t": "target", "r": "learning",
}  # fmt: skip


def _parts(text: str) -> Iterator[tuple[str, tuple[Aspect, ...]]]:
    """The sentences of a text with the aspects that they rest on; fingerprints come when the lesson is whole."""
    first, *rest = re.split(r"\{([silwtr]*)\}", text)
    for letters, part in (("", first), *zip(rest[::2], rest[1::2], strict=True)):
        if part.strip():
            yield part.strip(), tuple(aspect for letter, aspect in LETTERS.items() if letter in letters)
