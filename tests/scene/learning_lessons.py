"""Lessons that learn, made by hand for the tests of the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.lesson.lesson import Lesson, Pace, Track
from cnnviz.lesson.recipe import Example, LossKind, Recipe
from cnnviz.lesson.source import Source
from tests.helpers import learning_lessons


def tiny(rate: float = 0.01, iterations: int = 10, pace: Pace | None = None, momentum: float = 0.0) -> Lesson:
    """The numbers of the course: x = [1, 2], w = [3, 1], y = 6: ŷ = 5, L = 1, ∂L/∂ŷ = −2, ∂L/∂w = [−2, −4]."""
    return Lesson("The tiny network", (learning_lessons.tiny(rate, iterations, momentum=momentum),), pace)


def rates() -> Lesson:
    """The tiny network at four rates side by side."""
    tracks = (replace(tiny(rate).tracks[0], name=f"η = {rate}") for rate in (0.01, 0.1, 0.2, 0.21))
    return Lesson("Four rates", tuple(tracks))


def small(loss: LossKind = "cross_entropy", pace: Pace | None = "cell") -> Lesson:
    """Two channels through a convolution of stride 2, its activation, a maximum and a fully connected layer."""
    random = np.random.default_rng(1)
    picture = random.integers(0, 9, (2, 7, 7)).astype(float)
    layers = (Conv(3, (3, 3), (2, 2), 1), Relu(), MaxPool((2, 2), (2, 2)), Flatten(), Linear(2))
    params = (
        Params(random.integers(-2, 3, (3, 2, 3, 3)).astype(float), np.zeros(3)), None, None, None,
        Params(np.round(random.normal(size=(2, 12)) * 0.1, 2), np.zeros(2)),
    )  # fmt: skip
    target = np.array([[[1.0]]]) if loss == "cross_entropy" else np.array([1.0, -2.0]).reshape(2, 1, 1)
    recipe = Recipe((Example(target),), loss, 0.01, 3)
    return Lesson("A small network", (Track(Source(picture, "x"), layers, params, "", recipe),), pace)


def two_convolutions() -> Lesson:
    """A gradient that goes back through a convolution of stride 2 with padding."""
    random = np.random.default_rng(3)
    picture = random.integers(0, 5, (1, 5, 5)).astype(float)
    layers = (Conv(2, (2, 2)), Relu(), Conv(2, (3, 3), (2, 2), 1))
    params = (
        Params(random.integers(-2, 3, (2, 1, 2, 2)).astype(float)), None,
        Params(random.integers(-1, 2, (2, 2, 3, 3)).astype(float)),
    )  # fmt: skip
    recipe = Recipe((Example(np.ones((2, 2, 2))),), rate=0.001, iterations=2)
    return Lesson("Two convolutions", (Track(Source(picture, "x"), layers, params, "", recipe),), "cell")


def recover() -> Lesson:
    """A kernel found from a map, one picture an iteration."""
    picture = np.random.default_rng(2).integers(0, 2, (1, 6, 6)).astype(float)
    rows = np.lib.stride_tricks.sliding_window_view(picture[0], (3, 3))
    target = (rows * np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])).sum(axis=(2, 3))[None]
    recipe = Recipe((Example(target),), rate=0.2, iterations=30, random=(0,), reduction="mean")
    track = Track(Source(picture, "x"), (Conv(1, (3, 3)),), (Params(np.zeros((1, 1, 3, 3))),), "", recipe)
    return Lesson("Find the kernel", (track,), "iteration")


LESSONS: dict[str, Callable[[], Lesson]] = {
    "tiny": tiny,
    "tiny by products": lambda: tiny(pace="multiply", momentum=0.9),
    "labels": small,
    "squared error": lambda: small("squared_error"),
    "two convolutions": two_convolutions,
    "recover": recover,
    "rates": rates,
    "diverging": lambda: tiny(50.0, 400, "iteration"),
}
