"""What excites a network: for each channel of each layer the pictures of its data that it answers to most."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.branches import other_of
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape
from cnnviz.engine.network import Field, receptive_fields
from cnnviz.files.datasets import DataSet, entry_behind, set_behind
from cnnviz.lesson.lesson import Track

PICTURES = 400
"""So many of the pictures kept for testing are shown to the network."""

BEST = 9

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


_known: OrderedDict[tuple[object, ...], tuple[Excited | None, ...]] = OrderedDict()
_awaited: set[tuple[object, ...]] = set()
_lock = threading.Lock()


def names_data(track: Track) -> bool:
    """Whether there are pictures to show to a chain with its weights, those of an iteration where it learns."""
    return entry_behind(track) is not None


def known(track: Track) -> tuple[Excited | None, ...] | None:
    """What was found of this network, by layer; None where nobody looked yet."""
    with _lock:
        return _known.get(_key(track))


def await_worker(track: Track, waits: bool) -> None:
    """Say whether a worker looks for it: until it is done `found` has nothing, rather than to look itself."""
    with _lock:
        (_awaited.add if waits else _awaited.discard)(_key(track))


def found(track: Track, layer: int, patient: bool = True) -> Excited | None:
    """What excites a layer's channels; None where nothing is to be found, or a worker still looks.

    Where it is not ``patient``, only what was found already is given.
    """
    if not names_data(track):
        return None
    if not patient:
        layers = known(track)
        return None if layers is None else layers[layer]
    with _lock:
        if _key(track) in _awaited:
            return None
    layers = look(track)
    return None if layers is None else layers[layer]


def look(track: Track, stopped: Callable[[], bool] = lambda: False) -> tuple[Excited | None, ...] | None:
    """Show the network the pictures, or find what was found; None when it was ``stopped`` before the end.

    Layers whose output is no map, or whose cells do not all see parts of one size, have None; so has every layer of a
    network that was made to fit another input than the pictures.
    """
    old = known(track)
    if old is not None:
        return old
    data = _set(track)
    made: tuple[Excited | None, ...] = (None,) * len(track.layers)
    if data.shape == track.source.shape:
        numbers = np.arange(data.entry.train, len(data.labels))[:PICTURES]
        answers = _answers(track, data, numbers, stopped)
        if answers is None:
            return None
        parts = zip(track.shapes()[1:], answers, _fields(track), strict=True)
        made = tuple(_best(shape, numbers, own, field) for shape, own, field in parts)
    with _lock:
        _known[_key(track)] = made
        while len(_known) > NETWORKS:
            _known.popitem(last=False)
    return made


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
    track: Track, data: DataSet, numbers: NDArray[np.intp], stopped: Callable[[], bool]
) -> list[_Answer | None] | None:
    """Of each layer that makes maps the largest value of each channel, (pictures, channels), and its flat cell."""
    shapes = track.shapes()[1:]
    kept: list[_Answer | None] = [
        (np.zeros((len(numbers), c)), np.zeros((len(numbers), c), np.intp)) if rows * columns > 1 else None
        for c, rows, columns in shapes
    ]
    deepest = max((n for n, own in enumerate(kept) if own is not None), default=-1)
    for at, number in enumerate(numbers):
        if stopped():
            return None
        arrays: list[NDArray[np.floating]] = [data.images[number].astype(np.float32)]
        for layer in range(deepest + 1):
            spec = track.layers[layer]
            other = other_of(spec)
            second = None if other is None else arrays[other]
            x = apply_layer(spec, track.params[layer], arrays[-1], second)
            arrays.append(x)
            own = kept[layer]
            if own is not None:
                flat = x.reshape(x.shape[0], -1)
                own[1][at] = flat.argmax(axis=1)
                own[0][at] = flat.max(axis=1)
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
