"""What the learning panel shows of a track's recipe: plain values, derived, never stored."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cnnviz.engine.apply import needs_params
from cnnviz.lesson.forms import written
from cnnviz.lesson.layer_names import section_names
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Recipe

MOST_TARGET_CELLS = 64
"""Larger targets are pictures; they are not typed."""
RATE_NOTCHES = 300
"""Places of the slider for the rate: a hundred for each power of ten from 0.001 to 1."""
_LEAST = -3.0


@dataclass(frozen=True, slots=True)
class RandomLayer:
    """A layer with weights, and whether it starts from random ones."""

    layer: int
    title: str
    random: bool


@dataclass(frozen=True, slots=True)
class LearningForm:
    """How a track learns.

    Attributes
    ----------
    tracks : tuple of (int, str)
        The tracks that learn, with their names.
    track : int
        The one shown; −1 where none learns.
    rate, momentum : str
        As they are typed.
    notch : int
        The place of the rate on its slider.
    may_change_loss : bool
        Whether the last layer gives scores in a line, which both losses take.
    targets : tuple of rows
        The target of the example: rows of all channels one below the other; empty where it is too large to type.
    rows : int
        Rows of a channel of the target.
    batch : int
        Pictures an iteration; 0 for single examples.
    data : str
        The set that they are from.
    hidden : bool
        Whether an audience is asked for the label: it is not shown then.
    """

    tracks: tuple[tuple[int, str], ...] = ()
    track: int = -1
    rate: str = ""
    notch: int = 0
    momentum: str = ""
    iterations: int = 1
    seed: int = 0
    loss: str = "squared_error"
    may_change_loss: bool = False
    reduction: str = "sum"
    example: int = 0
    examples: int = 0
    example_name: str = ""
    targets: tuple[tuple[str, ...], ...] = ()
    rows: int = 1
    layers: tuple[RandomLayer, ...] = ()
    batch: int = 0
    data: str = ""
    hidden: bool = False


def learning_form(lesson: Lesson, track: int, example: int = 0) -> LearningForm:
    """What the panel shows; of the first track that learns where that one does not."""
    own = [(n, t.name or f"Track {n + 1}") for n, t in enumerate(lesson.tracks) if t.recipe is not None]
    if not own:
        return LearningForm()
    at = track if track in dict(own) else own[0][0]
    chain, comma = lesson.tracks[at], lesson.conventions.decimal == "comma"
    recipe = chain.recipe
    assert recipe is not None
    example = min(example, len(recipe.examples) - 1)
    shown = recipe.examples[example]
    return LearningForm(
        tuple(own), at, written(recipe.rate, comma), rate_notch(recipe.rate), written(recipe.momentum, comma),
        recipe.iterations, recipe.seed, recipe.loss, chain.shapes()[-1][1:] == (1, 1), recipe.reduction, example,
        len(recipe.examples), shown.name, _targets(recipe, example, comma), shown.target.shape[-2],
        _layers(chain, recipe), 0 if recipe.batches is None else recipe.batches.size,
        "" if recipe.batches is None else recipe.batches.data,
    )  # fmt: skip


def rate_notch(rate: float) -> int:
    """The place of a rate on the slider, or the nearest end.

    Examples
    --------
    >>> rate_notch(0.001), rate_notch(0.01), rate_notch(1), rate_notch(5)
    (0, 100, 300, 300)
    """
    return round(min(max((math.log10(rate) - _LEAST) * 100, 0), RATE_NOTCHES))


def rate_at(notch: int) -> float:
    """The rate at a place of the slider, to two digits that can be read.

    Examples
    --------
    >>> rate_at(0), rate_at(100), rate_at(130), rate_at(300)
    (0.001, 0.01, 0.02, 1.0)
    """
    return float(f"{10 ** (_LEAST + notch / 100):.2g}")


def _targets(recipe: Recipe, example: int, comma: bool) -> tuple[tuple[str, ...], ...]:
    target = recipe.examples[example].target
    if target.size > MOST_TARGET_CELLS:
        return ()
    rows: list[list[float]] = target.reshape(-1, target.shape[-1]).tolist()
    return tuple(tuple(written(value, comma) for value in row) for row in rows)


def _layers(track: Track, recipe: Recipe) -> tuple[RandomLayer, ...]:
    titles = section_names(track.layers)
    return tuple(
        RandomLayer(n, titles[n], n in recipe.random)
        for n, spec in enumerate(track.layers)
        if needs_params(spec) and track.params[n] is not None
    )
