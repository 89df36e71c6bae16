"""The right answer to a picture: nobody knows that of one's own until it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.engine.specs import Softmax
from cnnviz.lesson.edits import with_track
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe

RATE = 0.01


def is_labelled(track: Track) -> bool:
    """Whether a track learns from nothing but the label of the picture that it is shown."""
    recipe = track.recipe
    return (
        recipe is not None
        and bool(track.data)
        and recipe.batches is None
        and recipe.loss == "cross_entropy"
        and len(recipe.examples) == 1
        and recipe.examples[0].source is None
    )


def without_old_labels(before: Lesson, after: Lesson) -> Lesson:
    """The lesson after another picture was put into it: the label of the one before says nothing about that.

    Without a label there is no loss, thus no way back from it: such tracks only go forward.
    """
    tracks = tuple(
        replace(new, recipe=None) if is_labelled(new) and new.source != old.source else new
        for old, new in zip(before.tracks, after.tracks, strict=True)
    )
    return after if tracks == after.tracks else replace(after, tracks=tracks)


def tells_class(track: Track) -> bool:
    """Whether a track says which class a picture is of: it learns from labels, or from a set of pictures."""
    return bool(track.data) or (track.recipe is not None and track.recipe.loss == "cross_entropy")


def can_label(track: Track) -> bool:
    """Whether one can say which class the picture of a track is of."""
    _, rows, columns = track.shapes()[-1]
    scores = rows * columns == 1 and not isinstance(track.layers[-1], Softmax)
    return bool(track.data) and scores and (track.recipe is None or is_labelled(track))


def label_of(track: Track) -> int | None:
    """The class that was said, if it was."""
    recipe = track.recipe
    return int(recipe.examples[0].target.ravel()[0]) if recipe is not None and is_labelled(track) else None


def set_label(lesson: Lesson, label: int | None, track: int = 0) -> Lesson:
    """Say which class the picture of a track is of: then the way back from its loss is told; None takes it back.

    Raises
    ------
    BadInput
        The track does not tell classes of known pictures apart, learns from other examples, or has fewer classes.
    """
    own = lesson.tracks[track]
    if not can_label(own):
        raise BadInput(
            "label: this lesson's input is no picture of a known set: open one such as mnist-network"
        )
    if label is None:
        return with_track(lesson, track, replace(own, recipe=None))
    classes = own.shapes()[-1][0]
    if not 0 <= label < classes:
        raise BadInput(f"label {label}: the network has {classes} classes: give 0 to {classes - 1}")
    example = Example(np.full((1, 1, 1), float(label)))
    recipe = own.recipe or Recipe((example,), "cross_entropy", RATE, 1)
    return with_track(lesson, track, replace(own, recipe=replace(recipe, examples=(example,))))
