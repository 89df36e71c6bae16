"""What excites a network: for each channel of each layer the pictures of its data that it answers to most."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply_batch import apply_batch
from cnnviz.engine.branches import other_of
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.engine.network import Field, receptive_fields
from cnnviz.files.datasets import DataSet, entry_behind, set_behind
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.recent import Recent

PICTURES = 400
"""So many of the pictures kept for testing are shown to the network."""

BEST = 9

AT_ONCE = 50
"""So many pictures are shown together; between two such parts one may stop."""

NETWORKS = 8
"""Answers of so many networks are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Excited:
    """The strongest answers of the channels of one layer, at most one of each picture.

    Attributes
    ----------
    pictures : ndarray, (channels, BEST)
        Numbers of pictures in the data, the most exciting one first.
    cells : ndarray, (channels, BEST, 2)
        Row and column of the cell that answers most.
    values : ndarray, (channels, BEST)
    field : Field
        What of the picture a cell sees.
    """

    pictures: NDArray[np.intp]
    cells: NDArray[np.intp]
    values: NDArray[np.float64]
    field: Field


_known: Recent[tuple[Excited | None, ...]] = Recent(NETWORKS)
"""Of each network its layers, or of those of which one layer was asked for that one."""
_awaited: set[tuple[object, ...]] = set()
_lock = threading.Lock()


def names_data(track: Track) -> bool:
    """Whether there are pictures to show to a chain with its weights, those of an iteration where it learns."""
    return entry_behind(track) is not None


def known(track: Track) -> tuple[Excited | None, ...] | None:
    """What was found of this network, by layer; None where nobody looked yet."""
    return _known.get(_key(track))


def await_worker(track: Track, waits: bool) -> None:
    """Say whether a worker looks for it: until it is done `found` has nothing, rather than to look itself."""
    with _lock:
        (_awaited.add if waits else _awaited.discard)(_key(track))


def found(track: Track, layer: int, patient: bool = True) -> Excited | None:
    """What excites a layer's channels; None where nothing is to be found, or a worker still looks.

    Where it is not ``patient``, only what was found already is given. No other layer is looked at: in an export of what
    learns each picture shows another network.
    """
    if not names_data(track):
        return None
    key = _key(track)
    layers = _known.get(key)
    if layers is not None:
        return layers[layer]
    with _lock:
        if not patient or key in _awaited:
            return None
    own = (*key, layer)
    alone = _known.get(own)
    if alone is None:
        alone = _looked(track, range(layer, layer + 1), lambda: False)
        assert alone is not None
        _known.keep(own, alone)
    return alone[0]


def look(track: Track, stopped: Callable[[], bool] = lambda: False) -> tuple[Excited | None, ...] | None:
    """Show the network the pictures, or find what was found; None when it was ``stopped`` before the end.

    Layers whose output is no map, or whose cells do not all see parts of one size, have None; so has every layer of a
    network that was made to fit another input than the pictures.
    """
    key = _key(track)
    old = _known.get(key)
    if old is not None:
        return old
    made = _looked(track, range(len(track.layers)), stopped)
    if made is not None:
        _known.keep(key, made)
    return made


def _looked(track: Track, layers: range, stopped: Callable[[], bool]) -> tuple[Excited | None, ...] | None:
    """What excites these layers."""
    data = _set(track)
    if data.shape != track.source.shape:
        return (None,) * len(layers)
    numbers = np.arange(data.entry.train, len(data.labels))[:PICTURES]
    answers = _answers(track, data, numbers, layers, stopped)
    if answers is None:
        return None
    shapes, fields = track.shapes(), _fields(track)
    return tuple(_best(shapes[n + 1], numbers, answers.get(n), fields[n]) for n in layers)


def patch(track: Track, excited: Excited, channel: int, n: int) -> NDArray[np.uint8]:
    """What the cell sees of the n-th picture, (channels, rows, columns); black where it looks beyond the border."""
    picture = _set(track).images[excited.pictures[channel, n]]
    out = np.zeros((picture.shape[0], *excited.field.size), np.uint8)
    taken, given = [], []
    for axis in (0, 1):
        start = excited.field.start[axis] + excited.field.jump[axis] * int(excited.cells[channel, n, axis])
        stop = start + excited.field.size[axis]
        low, high = max(start, 0), min(stop, picture.shape[axis + 1])
        taken.append(slice(low, high))
        given.append(slice(low - start, high - start))
    out[:, given[0], given[1]] = picture[:, taken[0], taken[1]]
    return out


def white(track: Track) -> int:
    """The value of white in the pictures."""
    return _set(track).entry.largest


def _set(track: Track) -> DataSet:
    data = set_behind(track)
    assert data is not None, "asked for a track without data"
    return data


def _key(track: Track) -> tuple[object, ...]:
    batches = None if track.recipe is None else track.recipe.batches
    own = None if batches is None else batches.pictures
    entry = entry_behind(track)
    return (own or (entry and entry.id), repr(track.layers), *(p.digest if p else b"-" for p in track.params))


def _fields(track: Track) -> list[Field | None]:
    """What a cell of each layer sees; None from the first layer on whose cells see parts of different sizes."""
    fields: list[Field | None] = []
    for count in range(1, len(track.layers) + 1):
        try:
            fields.append(receptive_fields(track.layers[:count], track.source.shape)[-1])
        except BadInput:
            fields.append(None)
    return fields


_Answer: TypeAlias = tuple[NDArray[np.float64], NDArray[np.intp]]


def _answers(
    track: Track,
    data: DataSet,
    numbers: NDArray[np.intp],
    layers: range,
    stopped: Callable[[], bool],
) -> dict[int, _Answer] | None:
    """Of each of these layers that makes maps the largest value of each channel, (pictures, channels), and its cell."""
    shapes, count = track.shapes()[1:], len(numbers)
    kept = {
        n: (np.zeros((count, c)), np.zeros((count, c), np.intp))
        for n, (c, rows, columns) in enumerate(shapes)
        if n in layers and rows * columns > 1
    }
    for first in range(0, count, AT_ONCE):
        if stopped():
            return None
        part = slice(first, first + AT_ONCE)
        arrays: list[NDArray[np.floating]] = [data.images[numbers[part]].astype(np.float32)]
        for layer in range(max(kept, default=-1) + 1):
            spec = track.layers[layer]
            other = other_of(spec)
            second = None if other is None else arrays[other]
            arrays.append(apply_batch(spec, track.params[layer], arrays[-1], second))
            if layer in kept:
                values, cells = kept[layer]
                flat = arrays[-1].reshape(*arrays[-1].shape[:2], -1)
                cells[part] = flat.argmax(axis=2)
                values[part] = flat.max(axis=2)
    return kept


def _best(
    shape: Shape, numbers: NDArray[np.intp], own: _Answer | None, field: Field | None
) -> Excited | None:
    """The pictures in the order of the answers to them, those of equal answers in their own."""
    if own is None or field is None:
        return None
    values, places = own
    order = np.argsort(-values, axis=0, kind="stable")[:BEST].T
    channels = np.arange(values.shape[1])[:, None]
    cells = np.stack(np.divmod(places[order, channels], shape[2]), axis=-1)
    return Excited(numbers[order], cells, values[order, channels], field)
