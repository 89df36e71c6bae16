"""What a track takes over of what was computed before: its own, or the learning of one that shows another picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.tensors import TrackTensors

Computed: TypeAlias = tuple[TrackTensors, Descent | None]
"""What is computed of a track: its arrays, and its states where it learns."""


def taken_over(
    track: Track, known: Iterable[tuple[Track, TrackTensors, Descent | None]], lends: bool = False
) -> Computed | None:
    """What is computed already of a track with the same content; None where all is to be computed anew.

    Parameters
    ----------
    track : Track
    known : iterable of (Track, TrackTensors, Descent or None)
        What there is of other tracks. It is looked through in order, since an edit of one track may have made all anew.
    lends : bool
        Whether a track of which only the picture is another one may have what was learned from the picture before.
    """
    known = tuple(known)
    made = [_own(track, *other) for other in known]
    if lends:
        made += [(TrackTensors(track), descent) for _, _, descent in known if _fits(track, descent)]
    return next((computed for computed in made if computed is not None), None)


def lent(descent: Descent, track: Track) -> bool:
    """Whether a track has a descent from another picture than its own, which it would learn from."""
    return _learns_from_its_input(descent.recipe) and descent.track.source != track.source


def _own(track: Track, old: Track, tensors: TrackTensors, descent: Descent | None) -> Computed | None:
    """What was computed of the same track, or of one that learns the same and only shows another picture."""
    if descent is None:
        return (tensors, None) if old == track else None
    if descent.track == track or _learn_alike(track, descent.track):
        return (tensors if old == track else TrackTensors(track)), descent
    return None


def _fits(track: Track, descent: Descent | None) -> bool:
    """Whether a descent is that of a track but for its picture; of a heavy one the forward pass comes sooner anew."""
    if descent is None or descent.heavy or descent.recipe != track.recipe:
        return False
    return _differ_in_picture(track, descent.track)


def _learn_alike(one: Track, other: Track) -> bool:
    """Whether two tracks come to the same weights although they show other pictures: none learns from its input."""
    mine, theirs = one.recipe, other.recipe
    if mine is None or theirs is None or _learns_from_its_input(mine) or _learns_from_its_input(theirs):
        return False
    if not _differ_in_picture(one, other):
        return False
    if mine.batches is None or theirs.batches is None:
        return mine == theirs
    return replace(mine, examples=()) == replace(theirs, examples=())


def _differ_in_picture(one: Track, other: Track) -> bool:
    """Whether two tracks are the same network, but for what they look at."""
    return one.source.shape == other.source.shape and (one.layers, one.params) == (other.layers, other.params)


def _learns_from_its_input(recipe: Recipe) -> bool:
    return recipe.batches is None and any(example.source is None for example in recipe.examples)
