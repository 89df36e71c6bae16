"""What a network answers: its classes by name, how likely it takes each for, and which is right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import Softmax
from cnnviz.files.datasets import DataSet, entry_behind, set_behind
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.frame import TrackFrame
from cnnviz.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The classes of a network, and its answer to its input.

    Attributes
    ----------
    tensor : str
        The last map: scores, or the probabilities themselves.
    names : tuple of str
    probabilities : ndarray, (classes,)
    label : int or None
        The right class, where it is known.
    written : bool
        Whether the answer is there at this step.
    """

    tensor: str
    names: tuple[str, ...]
    probabilities: NDArray[np.float64]
    label: int | None
    written: bool


def answer_of(timeline: Timeline, frame: TrackFrame) -> Answer | None:
    """The answer of a track that classifies: one that ends in a softmax, learns from labels, or names its data."""
    track = timeline.lesson.tracks[frame.track]
    last = [t for t in frame.tensors if t.kind == "map"][-1]
    p = _probabilities(track, last.values)
    if p is None:
        return None
    label, names = _label(timeline, frame.track, frame.step.iteration), _names(track, p.size)
    return Answer(last.name, names, p, label, last.written >= last.values.size)


def answer_at(timeline: Timeline, index: int, track: int = 0) -> Answer | None:
    """The same as it will be once the playhead has come to it, with the weights of the iteration that is shown."""
    step, own = timeline.step(index, track), timeline.lesson.tracks[track]
    learns = bool(timeline.descents) and timeline.descents[track] is not None
    tensors = timeline.iteration(track, step.iteration).tensors if learns else timeline.tensors[track]
    p = _probabilities(own, tensors.arrays[-1])
    if p is None:
        return None
    label, names = _label(timeline, track, step.iteration), _names(own, p.size)
    return Answer(timeline.tensor_names(track)[-1], names, p, label, True)


def answered(timeline: Timeline, index: int, track: int = 0) -> int:
    """The step at which the answer is there, in the iteration of a step; the step itself where that is told in one."""
    iteration = timeline.step(index, track).iteration
    if iteration >= timeline.repeats(track).fine:
        return index
    last = [section for section in timeline.sections[track] if section.kind == "forward"][-1]
    return timeline.index_at(iteration, last.stop - 1, track)


def _probabilities(track: Track, scores: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """What the last map says of each class; None where it is no answer."""
    classes, rows, columns = scores.shape
    recipe, ends = track.recipe, isinstance(track.layers[-1], Softmax)
    labelled = recipe is not None and recipe.loss == "cross_entropy"
    if rows * columns != 1 or classes < 2 or not (ends or labelled or track.data):
        return None
    flat = scores.ravel().astype(np.float64)
    return flat if ends else np.asarray(softmax(flat, axis=0), np.float64)


def _names(track: Track, classes: int) -> tuple[str, ...]:
    """The classes by name; a person's own pictures may be of fewer than the network tells apart."""
    entry, numbers = entry_behind(track), tuple(str(n) for n in range(classes))
    own = (
        track.recipe is not None
        and track.recipe.batches is not None
        and track.recipe.batches.pictures is not None
    )
    if entry is None or len(entry.classes) > classes or (len(entry.classes) < classes and not own):
        return numbers
    return (*entry.classes, *numbers[len(entry.classes) :])


def _label(timeline: Timeline, number: int, iteration: int) -> int | None:
    """The label that is learned, else that of the same picture in the data the track names.

    What learns from batches is shown any picture: nobody knows the right answer to one that is not in the data.
    """
    track = timeline.lesson.tracks[number]
    recipe = track.recipe
    if recipe is not None and recipe.loss == "cross_entropy" and recipe.batches is None:
        return int(timeline.iteration(number, iteration).target.ravel()[0])
    data = set_behind(track)
    return None if data is None else _label_in(track.source, data)


@lru_cache(maxsize=8)
def _label_in(source: Source, data: DataSet) -> int | None:
    """The label of a picture before it was shifted, turned or made noisy; None once cells were typed over."""
    picture = source.array
    whole = np.clip(picture, 0, 255).astype(np.uint8)
    if source.overrides or picture.shape != data.shape or (whole != picture).any():
        return None
    return _labels_by_content(data).get(_content(whole))


@lru_cache(maxsize=2)
def _labels_by_content(data: DataSet) -> dict[bytes, int]:
    """The label of every picture of a set: to compare with each takes longer than a picture of the window."""
    # The first of those that are alike counts.
    pairs = zip(data.images[::-1], data.labels[::-1].tolist(), strict=True)
    return {_content(image): label for image, label in pairs}


def _content(picture: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(picture.tobytes(), digest_size=16).digest()
