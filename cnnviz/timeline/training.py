"""Training without a clock: one iteration after the other, from any of them, to the trained weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.engine.quiet import quiet
from cnnviz.engine.run import run_chain
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import materialise
from cnnviz.timeline.fold import ParamsList, State, first_state, loss_of, stepped, track_at, why_stopped

if TYPE_CHECKING:
    from cnnviz.timeline.batches import Tested


class Diverged(BadInput):
    """A training that cannot go on: its numbers have grown beyond all bounds."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """How far a training has come: so many updates are done, and these are the weights that they led to."""

    done: int
    state: State
    loss: float = math.nan
    """Of the last iteration, before its update; nan where that was not computed."""


def first_moment(track: Track) -> Moment:
    """Before the first update."""
    assert track.recipe is not None
    return Moment(0, first_state(track, track.recipe))


def training(track: Track, start: Moment) -> Iterator[Moment]:
    """Every moment after the start, up to the last iteration; the same bits from whichever moment one starts.

    Raises
    ------
    Diverged
        With the iteration and the reason.
    """
    assert track.recipe is not None
    state = start.state
    for number in range(start.done, track.recipe.iterations):
        after, back = stepped(track, track.recipe, state, number)
        if why := why_stopped(track.recipe, number, back.loss, after):
            raise Diverged(f"diverged: {why}; give a smaller one")
        state = after
        yield Moment(number + 1, state, back.loss)


def tested(track: Track, params: ParamsList) -> Tested | None:
    """How a track that learns from batches does on the pictures kept to test on; None where it learns from none."""
    if track.recipe is None or track.recipe.batches is None:
        return None
    # Imported here: the engine's plans take time to load, and few lessons need them.
    from cnnviz.timeline.batches import evaluate

    return evaluate(track, params, track.recipe.batches)


def mean_loss(track: Track, params: ParamsList) -> float:
    """The loss with these weights, averaged over all examples."""
    assert track.recipe is not None
    losses = []
    with quiet():
        for example in track.recipe.examples:
            x = run_chain(track.layers, params, materialise(track_at(track, example, params).source))[-1]
            losses.append(loss_of(track.recipe, x, example.target))
    return float(np.mean(losses))


def trained(lesson: Lesson, moments: dict[int, Moment]) -> Lesson:
    """The lesson with the weights that its tracks came to, by the number of the track; no layer is random any more."""
    tracks = list(lesson.tracks)
    for number, moment in moments.items():
        recipe = tracks[number].recipe
        assert recipe is not None
        tracks[number] = replace(
            tracks[number], params=moment.state.params, recipe=replace(recipe, random=())
        )
    return replace(lesson, tracks=tuple(tracks))
