"""The weights that a descent starts from: a layer's own, or drawn from a seed."""

from __future__ import annotations

import math

import numpy as np

from cnnviz.engine.apply import weight_shape
from cnnviz.engine.layers import Params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe

SMALL = 9
"""Weights of an output whose products are read one by one: those of a kernel of 3×3."""


def first_params(track: Track, recipe: Recipe) -> tuple[Params | None, ...]:
    """The parameters before the first update: the track's own, and random ones where the recipe says so.

    Random weights are uniform within ``±1/√n`` for n weights an output; their bias starts at 0. Those of a small
    kernel are rounded to two decimals, so that the first products can be read, others to four: of many weights with
    two decimals several are equal, windows tie that hold other pixels, and which one learns is left to the last bit.
    Each layer draws from the seed and its own number, so that a layer more or less changes no other's.
    """
    shapes = track.shapes()
    params = list(track.params)
    for number in recipe.random:
        own = params[number]
        if own is None:
            continue
        shape = weight_shape(track.layers[number], shapes[number])
        count = math.prod(shape[1:])
        reach, decimals = 1.0 / math.sqrt(count), 2 if count <= SMALL else 4
        weight = np.round(
            np.random.default_rng((recipe.seed, number)).uniform(-reach, reach, shape), decimals
        )
        params[number] = Params(weight, None if own.bias is None else np.zeros_like(own.bias))
    return tuple(params)
