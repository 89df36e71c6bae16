"""Edits of how a track learns: each gives a new, checked lesson; tracks that share what changes follow."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.lesson.edits import with_track
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe import LOSSES, REDUCTIONS, Example, LossKind, Recipe, Reduction


def recipe_of(lesson: Lesson, track: int = 0) -> Recipe:
    """How a track learns; `BadInput` where it does not."""
    recipe = lesson.tracks[track].recipe
    if recipe is None:
        raise BadInput("this lesson does not learn: choose one with a recipe, such as tiny-network")
    return recipe


def set_rate(lesson: Lesson, rate: float, track: int = 0) -> Lesson:
    """Another learning rate η, above 0."""
    return _changed(lesson, track, rate=float(rate))


def set_momentum(lesson: Lesson, momentum: float, track: int = 0) -> Lesson:
    """Another momentum μ, from 0 (plain gradient descent) to below 1."""
    return _changed(lesson, track, momentum=float(momentum))


def set_iterations(lesson: Lesson, iterations: int, track: int = 0) -> Lesson:
    """Another number of iterations."""
    return _changed(lesson, track, iterations=int(iterations))


def set_seed(lesson: Lesson, seed: int, track: int = 0) -> Lesson:
    """Another seed of the weights that start from random."""
    return _changed(lesson, track, seed=int(seed))


def set_batch(lesson: Lesson, size: int, track: int = 0) -> Lesson:
    """Another number of pictures an iteration, for a recipe that learns from a set of them."""
    batches = recipe_of(lesson, track).batches
    if batches is None:
        raise BadInput("batch: this lesson learns from single examples: choose one that learns from a set")
    return _changed(lesson, track, batches=replace(batches, size=int(size)))


def set_reduction(lesson: Lesson, reduction: Reduction, track: int = 0) -> Lesson:
    """Whether squared errors are summed or averaged."""
    if reduction not in REDUCTIONS:
        raise BadInput(f"reduction {reduction!r} is unknown: give one of {', '.join(REDUCTIONS)}")
    return _changed(lesson, track, reduction=reduction)


def set_loss(lesson: Lesson, loss: LossKind, track: int = 0) -> Lesson:
    """Another loss; a target becomes the label of its largest score, a label the scores 0 and 1."""
    if loss not in LOSSES:
        raise BadInput(f"loss {loss!r} is unknown: give one of {', '.join(LOSSES)}")
    recipe, shape = recipe_of(lesson, track), lesson.tracks[track].shapes()[-1]
    if loss == recipe.loss:
        return lesson
    if shape[1:] != (1, 1):
        raise BadInput(f"{loss} needs scores in a line, the last layer gives {shape}: flatten it first")
    examples = tuple(replace(e, target=_target(e.target, loss, shape)) for e in recipe.examples)
    return _changed(lesson, track, loss=loss, examples=examples)


def set_target_cells(
    lesson: Lesson, cells: dict[tuple[int, int, int], float], track: int = 0, example: int = 0
) -> Lesson:
    """Values typed into cells (channel, row, column) of the target of an example."""
    recipe = recipe_of(lesson, track)
    if not 0 <= example < len(recipe.examples):
        raise BadInput(f"example {example} of {len(recipe.examples)}: choose one that is there")
    old = recipe.examples[example]
    target = old.target.copy()
    for cell, value in cells.items():
        if len(cell) != 3 or not all(0 <= i < n for i, n in zip(cell, target.shape, strict=True)):
            raise BadInput(f"target cell {cell} lies outside {target.shape}: choose one inside")
        if not math.isfinite(value):
            raise BadInput(f"target cell {cell}: {value} is not a finite number: type a number")
        target[cell] = value
    return set_examples(
        lesson,
        (*recipe.examples[:example], replace(old, target=target), *recipe.examples[example + 1 :]),
        track,
    )


def set_examples(lesson: Lesson, examples: tuple[Example, ...], track: int = 0) -> Lesson:
    """Other examples."""
    return _changed(lesson, track, examples=examples)


def start_from_random(lesson: Lesson, layer: int, track: int = 0, on: bool = True) -> Lesson:
    """Let a layer start from weights drawn by the seed, or (``on`` False) from its own again."""
    recipe = recipe_of(lesson, track)
    random = set(recipe.random) | {layer} if on else set(recipe.random) - {layer}
    return _changed(lesson, track, random=tuple(sorted(random)))


def set_random(lesson: Lesson, layers: tuple[int, ...], track: int = 0) -> Lesson:
    """The layers that start from random weights, and no others."""
    return _changed(lesson, track, random=tuple(sorted(layers)))


def own_weights(lesson: Lesson, layer: int, track: int = 0) -> Lesson:
    """Make the weights that a layer would draw its own, so that a single one of them can be edited."""
    chain = lesson.tracks[track]
    if chain.recipe is None or layer not in chain.recipe.random:
        return lesson
    drawn = first_params(chain, chain.recipe)[layer]
    random = tuple(n for n in chain.recipe.random if n != layer)
    params = (*chain.params[:layer], drawn, *chain.params[layer + 1 :])
    return with_track(
        lesson, track, replace(chain, params=params, recipe=replace(chain.recipe, random=random))
    )


def _changed(lesson: Lesson, track: int, **fields: Any) -> Lesson:
    recipe = replace(recipe_of(lesson, track), **fields)
    return with_track(lesson, track, replace(lesson.tracks[track], recipe=recipe))


def _target(target: NDArray[np.float64], loss: LossKind, shape: Shape) -> NDArray[np.float64]:
    if loss == "cross_entropy":
        return np.full((1, 1, 1), float(target.argmax()))
    one = np.zeros(shape)
    one.ravel()[int(target.ravel()[0])] = 1.0
    return one
