"""The weights that a descent starts from: a layer's own, or drawn from a seed."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.apply import weight_shape
from cnnviz.engine.layers import Params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe


def first_params(track: Track, recipe: Recipe) -> tuple[Params | None, ...]:
    """The parameters before the first update: the track's own, and random ones where the recipe says so.

    Random weights are uniform within ``±1/√n`` for n weights an output, rounded to two decimals, so that the first
    products can be read; their bias starts at 0. Each layer draws from the seed and its own number, so that a layer
    more or less changes no other's.
    """
    shapes = track.shapes()
    params = list(track.params)
    for number in recipe.random:
        own = params[number]
        if own is None:
            continue
        shape = weight_shape(track.layers[number], shapes[number])
        reach = 1.0 / np.sqrt(np.prod(shape[1:]))
        weight = np.round(np.random.default_rng((recipe.seed, number)).uniform(-reach, reach, shape), 2)
        params[number] = Params(weight, None if own.bias is None else np.zeros_like(own.bias))
    return tuple(params)
