"""The labelled pictures of a set: which there are, how each looks, one as the input of a lesson, the worst mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from cnnviz.engine.specs import Softmax
from cnnviz.files.datasets import DataSet
from cnnviz.lesson.edits import set_source, with_track
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Batches
from cnnviz.lesson.source import Source
from cnnviz.timeline.fold import ParamsList

Part = Literal["test", "train"]


class Sample(NamedTuple):
    """A picture by its number in the set, its class, and what a network answers, with its probability."""

    number: int
    label: int
    answer: int = -1
    sure: float = 0.0


def data_name(track: Track) -> str:
    """The set that a track's input is one of, or "" for none."""
    if not track.data and track.recipe is not None and track.recipe.batches is not None:
        return track.recipe.batches.data
    return track.data


def samples_of(data: DataSet, part: Part) -> tuple[Sample, ...]:
    """The pictures to train on, or those kept to test on."""
    train, count = data.entry.train, len(data.labels)
    places = range(train) if part == "train" else range(train, count)
    labels: list[int] = data.labels.tolist()
    return tuple(Sample(n, labels[n]) for n in places)


def mistakes(track: Track, params: ParamsList, name: str) -> tuple[Sample, ...]:
    """The test pictures that are answered wrongly, those first of which the network is surest."""
    from cnnviz.files.datasets import shipped_set
    from cnnviz.timeline.batches import evaluate

    if isinstance(track.layers[-1], Softmax):  # tested on scores
        track, params = replace(track, layers=track.layers[:-1], params=track.params[:-1]), params[:-1]
    tested, data = evaluate(track, params, Batches(name)), shipped_set(name)
    answers, sure = tested.answers.tolist(), tested.sure.tolist()
    wrong = (
        Sample(own.number, own.label, answer, p)
        for own, answer, p in zip(samples_of(data, "test"), answers, sure, strict=True)
        if own.label != answer
    )
    return tuple(sorted(wrong, key=lambda one: -one.sure))


def pixels(data: DataSet, number: int) -> tuple[bytes, int, int]:
    """A picture as red, green and blue bytes row by row, its rows and its columns."""
    channels, rows, columns = data.shape
    image = data.images[number].astype(np.float64) * (255 / data.entry.largest)
    three = image if channels == 3 else np.broadcast_to(image[:1], (3, rows, columns))
    return np.rint(three).astype(np.uint8).transpose(1, 2, 0).tobytes(), rows, columns


def with_sample(lesson: Lesson, data: DataSet, number: int, track: int = 0) -> Lesson:
    """A lesson that shows a picture of the set, its label the one that is wanted where it learns from batches."""
    label = int(data.labels[number])
    name = f"{data.entry.id} {number}: {data.entry.classes[label]}"
    made = set_source(lesson, Source(data.images[number].astype(np.float64), name), track)
    recipe = made.tracks[track].recipe
    if recipe is None or recipe.batches is None:
        return made
    examples = (replace(recipe.examples[0], target=np.full((1, 1, 1), float(label))),)
    own = replace(made.tracks[track], recipe=replace(recipe, examples=examples))
    return with_track(made, track, own)
