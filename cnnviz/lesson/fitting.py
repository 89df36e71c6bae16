"""What a track learns from keeps fitting it: targets and inputs are cut or filled with zeros as the shapes change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Example, Recipe

Floats = NDArray[np.float64]


def fitting(old: Track, new: Track) -> Track:
    """The new track, its examples brought to its own shapes where only the shapes became others.

    Examples that were changed themselves stay as they are, so that what does not fit is refused with its numbers.
    """
    if old.recipe is None or new.recipe is None or new.recipe.examples != old.recipe.examples:
        return new
    try:
        before, after = old.shapes(), new.shapes()
    except BadInput:
        return new  # refused where the lesson is checked
    if (before[0], before[-1]) == (after[0], after[-1]):
        return new
    examples = tuple(_fitted(new.recipe, example, after[0], after[-1]) for example in new.recipe.examples)
    return replace(new, recipe=replace(new.recipe, examples=examples))


def _fitted(recipe: Recipe, example: Example, in_shape: Shape, out_shape: Shape) -> Example:
    if recipe.loss == "cross_entropy":
        target: Floats = np.minimum(example.target, out_shape[0] - 1)
    else:
        target = cut_or_filled(example.target, out_shape)
    source = None if example.source is None else cut_or_filled(example.source, in_shape)
    return replace(example, target=target, source=source)


def cut_or_filled(array: Floats, shape: Shape) -> Floats:
    """The values that both shapes have, from the first on; 0 where there was none.

    Examples
    --------
    >>> cut_or_filled(np.array([[[1.0, 2.0], [3.0, 4.0]]]), (1, 1, 3)).tolist()
    [[[1.0, 2.0, 0.0]]]
    """
    out = np.zeros(shape)
    common = tuple(slice(min(a, b)) for a, b in zip(array.shape, shape, strict=True))
    out[common] = array[common]
    return out
