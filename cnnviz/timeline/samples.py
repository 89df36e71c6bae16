"""The labelled pictures of a set: which there are, how each looks, one as the input of a lesson, what is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from cnnviz.engine.errors import BadInput
from cnnviz.engine.specs import Softmax
from cnnviz.files.datasets import OWN_TRAIN, DataSet, entry_behind, read_data, set_of
from cnnviz.files.reading import PathLike
from cnnviz.lesson.edits import set_source, with_track
from cnnviz.lesson.labels import can_label, set_label, without_old_labels
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.pictures import Pictures
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


class Report(NamedTuple):
    """What a network answers to the pictures to test on.

    Attributes
    ----------
    samples : tuple of Sample
        Those of wrong answers first, of which the network is surest; then the right ones, the least sure first.
    counts : tuple of tuple of int
        ``counts[label][answer]``: how many pictures of a class were taken for which.
    after : int or None
        After so many updates, of a network that learns.
    """

    samples: tuple[Sample, ...]
    counts: tuple[tuple[int, ...], ...]
    after: int | None = None

    @property
    def right(self) -> int:
        """How many are answered rightly."""
        return sum(row[n] for n, row in enumerate(self.counts))

    @property
    def mistakes(self) -> tuple[Sample, ...]:
        """The wrong answers."""
        return tuple(one for one in self.samples if one.answer != one.label)


def own_data(track: Track, path: PathLike) -> DataSet:
    """A person's own pictures, all to test the network of a track on.

    Classes without names are called as the network's own set calls them.

    Raises
    ------
    BadInput
        The file is wrong, its pictures do not fit the track's input, or it has classes that the network cannot answer.
    """
    data, shapes = read_data(path), track.shapes()
    name, answers = data.entry.id, shapes[-1][0]
    if data.shape != shapes[0]:
        raise BadInput(
            f"{name}: its pictures have the shape {data.shape}, the input of this lesson {shapes[0]}: "
            "give pictures of that shape"
        )
    largest = int(data.labels.max())
    if largest >= answers:
        raise BadInput(
            f"{name}: holds the label {largest}, the network gives {answers} scores, for 0…{answers - 1}: "
            "correct the labels, or open a lesson with more classes"
        )
    known, names = entry_behind(track), data.entry.classes
    if not data.named and known is not None and len(known.classes) == answers:
        names = known.classes
    names = (*names, *(str(n) for n in range(len(names), answers)))
    return replace(data, entry=replace(data.entry, classes=names, train=0, test=len(data.labels)))


def samples_of(data: DataSet, part: Part) -> tuple[Sample, ...]:
    """The pictures to train on, or those kept to test on."""
    train, count = data.entry.train, len(data.labels)
    places = range(train) if part == "train" else range(train, count)
    labels: list[int] = data.labels.tolist()
    return tuple(Sample(n, labels[n]) for n in places)


def report_on(track: Track, params: ParamsList, data: DataSet, after: int | None = None) -> Report:
    """What the network of a track with these weights answers to the pictures of a set that are to test on.

    They are those ``after`` so many updates, where it learns.
    """
    from cnnviz.timeline.batches import evaluate_on

    if isinstance(track.layers[-1], Softmax):  # tested on scores
        track, params = replace(track, layers=track.layers[:-1], params=track.params[:-1]), params[:-1]
    tested = evaluate_on(track, params, data)
    answers, sure = tested.answers.tolist(), tested.sure.tolist()
    samples = [
        Sample(own.number, own.label, answer, p)
        for own, answer, p in zip(samples_of(data, "test"), answers, sure, strict=True)
    ]
    samples.sort(
        key=lambda one: (one.answer == one.label, one.sure if one.answer == one.label else -one.sure)
    )
    classes = len(data.entry.classes)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (data.labels[data.entry.train :], tested.answers), 1)
    return Report(tuple(samples), tuple(tuple(row) for row in counts.tolist()), after)


def pixels(data: DataSet, number: int) -> tuple[bytes, int, int]:
    """A picture as red, green and blue bytes row by row, its rows and its columns."""
    channels, rows, columns = data.shape
    image = data.images[number].astype(np.float64) * (255 / data.entry.largest)
    three = image if channels == 3 else np.broadcast_to(image[:1], (3, rows, columns))
    return np.rint(three).astype(np.uint8).transpose(1, 2, 0).tobytes(), rows, columns


def with_sample(lesson: Lesson, data: DataSet, number: int, track: int = 0) -> Lesson:
    """A lesson that shows a picture of the set, its label the one that is wanted."""
    label = int(data.labels[number])
    name = f"{data.entry.id} {number}: {data.entry.classes[label]}"
    made = set_source(lesson, Source(data.images[number].astype(np.float64), name), track)
    recipe = made.tracks[track].recipe
    if can_label(made.tracks[track]) and label < made.tracks[track].shapes()[-1][0]:
        return set_label(made, label, track)
    if recipe is None or recipe.batches is None:
        return without_old_labels(lesson, made)
    target = np.full((1, 1, 1), float(label))
    examples = (replace(recipe.examples[0], target=target, name=data.entry.classes[label]),)
    own = replace(made.tracks[track], recipe=replace(recipe, examples=examples))
    return with_track(made, track, own)


def learns_from_a_set(track: Track) -> bool:
    """Whether a track learns from batches: then it can learn from other pictures too."""
    return track.recipe is not None and track.recipe.batches is not None


def with_pictures(lesson: Lesson, data: DataSet, track: int = 0) -> Lesson:
    """A lesson that learns from a person's pictures, which it keeps, and shows the first of those to test on.

    They are mixed by a fixed seed, since files are often sorted by class; the first nine tenths are to train on.

    Raises
    ------
    BadInput
        The lesson learns from no batches, or the pictures are too many or too few.
    """
    own = lesson.tracks[track]
    if own.recipe is None or own.recipe.batches is None:
        raise BadInput(f"{data.entry.id}: this lesson learns from no batches: open one such as learn-digits")
    count = len(data.labels)
    order = np.random.default_rng(0).permutation(count)
    train = int(count * OWN_TRAIN)
    kept = Pictures(data.entry.id, data.entry.classes, train, data.images[order], data.labels[order])
    size = min(own.recipe.batches.size, train)
    recipe = replace(own.recipe, batches=Batches("", size, kept))
    changed = with_track(lesson, track, replace(own, recipe=recipe, data=""))
    return with_sample(changed, set_of(kept), train, track)
