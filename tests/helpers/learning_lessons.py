"""Small lessons that learn: the tiny network, whose losses are known in closed form."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.lesson import Lesson, Pace, Track, check
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source


def tiny(
    rate: float = 0.01, iterations: int = 10, name: str = "", seed: int = 0, momentum: float = 0.0
) -> Track:
    """ŷ = w₁x₁ + w₂x₂ with x = (1, 2), w = (3, 1), y = 6: L = 1, and L' = L·(1 − 10η)² after each update."""
    source = Source(np.array([[[1.0, 2.0]]]), "x")
    recipe = Recipe((Example(np.array([[[6.0]]])),), "squared_error", rate, iterations, momentum, seed=seed)
    return Track(source, (Conv(1, (1, 2)),), (Params(np.array([[[[3.0, 1.0]]]])),), name, recipe)


def learning(rate: float = 0.01, iterations: int = 10, pace: Pace | None = None) -> Lesson:
    """One such track."""
    return check(Lesson("Tiny", (tiny(rate, iterations),), pace))


def rates(*values: float, iterations: int = 10) -> Lesson:
    """One such track for each rate."""
    return check(Lesson("Rates", tuple(tiny(rate, iterations, f"η = {rate}") for rate in values)))


def tiny_loss(rate: float, iteration: int) -> float:
    """The loss before the update of that iteration."""
    return float((1 - 10 * rate) ** (2 * iteration))
