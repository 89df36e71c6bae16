"""Small lessons that learn, made by hand."""

from dataclasses import replace
from typing import Any

import numpy as np

from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source


def recipe_of(lesson: Lesson, track: int = 0) -> Recipe:
    """How a track learns."""
    found = lesson.tracks[track].recipe
    assert found is not None
    return found


def two_weights(**recipe: Any) -> Lesson:
    """Two weights w = [3, 1] on x = [1, 2] with the target y = 6: the loss is (5 − 6)² = 1."""
    how = replace(Recipe((Example(np.array([[[6.0]]])),), iterations=5), **recipe)
    source = Source(np.array([[[1.0, 2.0]]]))
    return Lesson(
        "Two weights", (Track(source, (Conv(1, (1, 2)),), (Params(np.array([[[[3.0, 1.0]]]])),), "", how),)
    )


def scores(**recipe: Any) -> Lesson:
    """Two scores of a 4×4 input by a convolution with a bias, ReLU, flatten and a fully connected layer."""
    rng = np.random.default_rng(3)
    x, other = rng.integers(0, 5, (2, 1, 4, 4)).astype(np.float64)
    layers = (Conv(2, (3, 3)), Relu(), Flatten(), Linear(2))
    params = (
        Params(rng.normal(size=(2, 1, 3, 3)), np.array([0.5, 0.0])),
        None,
        None,
        Params(rng.normal(size=(2, 8)), np.zeros(2)),
    )
    examples = (Example(np.array([[[1.0]]]), name="one"), Example(np.array([[[0.0]]]), other, "zero"))
    how = replace(Recipe(examples, "cross_entropy", 0.05, 6, 0.5), **recipe)
    return Lesson("Scores", (Track(Source(x), layers, params, "", how),))
