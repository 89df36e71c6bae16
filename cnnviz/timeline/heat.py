"""Counts over the input: how often a pixel is used, and what a cell of any later layer sees of it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.branches import other_of
from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import AnyLayer, Flatten
from cnnviz.engine.windows import channels_read, places_read, use_counts
from cnnviz.lesson.lesson import Heat, Track
from cnnviz.timeline.frame import Cell, Focus, HeatMap
from cnnviz.timeline.ways import by_all_ways

Counts = NDArray[np.int64]


@lru_cache(maxsize=16)  # the same in every frame of a lesson
def uses(spec: AnyLayer, in_shape: Shape, out_shape: Shape) -> HeatMap:
    """How many windows of a layer hold each pixel of a plane of its input.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> uses(Conv(1, (3, 3)), (1, 6, 6), (1, 4, 4)).counts[2].tolist()
    [3, 6, 9, 9, 6, 3]
    """
    counts = use_counts(spec, in_shape, out_shape)
    counts.setflags(write=False)
    return HeatMap("uses", "input", counts)


def heat_of(kind: Heat, track: Track, focus: Focus) -> HeatMap | None:
    """The heat-map that a lesson's view asks for, at this cell."""
    shapes = track.shapes()
    match kind:
        case "uses":
            return uses(track.layers[0], shapes[0], shapes[1])
        case "field":
            return field_of(track, focus)
        case "fan-out":
            return fan_out_of(track, focus, middle(track, focus))
    return None


def middle(track: Track, focus: Focus) -> tuple[int, int]:
    """The pixel in the middle of a cell's window: row and column, moved inside where that lies in the padding."""
    window, shape = focus.window, track.shapes()[focus.layer]
    row = min(max(window.row + window.height // 2, 0), shape[1] - 1)
    column = min(max(window.column + window.width // 2, 0), shape[2] - 1)
    return row, column


def fan_out_of(track: Track, focus: Focus, pixel: tuple[int, int]) -> HeatMap:
    """How often each output of the layer at work is fed by a pixel of the layer's input: (rows, columns)."""
    shapes, spec = track.shapes(), track.layers[focus.layer]
    before, after = shapes[focus.layer], shapes[focus.layer + 1]
    if isinstance(spec, Flatten):
        return HeatMap("fan-out", focus.target, np.ones((1, 1), np.int64), pixel)
    rows, columns = ((places_read(spec, before, after, a) == pixel[a]).sum(axis=1) for a in (0, 1))
    return HeatMap("fan-out", focus.target, np.outer(rows, columns), pixel)


def field_of(track: Track, focus: Focus) -> HeatMap:
    """On how many ways a cell of a later layer is reached by each pixel of the input: 0 outside its receptive field.

    Going back layer by layer, a cell's count goes to each place that it reads; rows and columns are counted apart,
    since every window is a rectangle.
    """
    shapes = track.shapes()
    if any(other_of(spec) is not None for spec in track.layers[: focus.layer + 1]):
        return HeatMap("field", "input", by_all_ways(track.layers, shapes, focus.layer, focus.cell))
    rows, columns = _one(shapes[focus.layer + 1], focus.cell)
    channel: int | None = focus.cell[0]
    for number in range(focus.layer, -1, -1):
        spec, before, after = track.layers[number], shapes[number], shapes[number + 1]
        if isinstance(spec, Flatten):
            rows, columns = _unflattened(before, channel)
            channel = None if channel is None else channel // (before[1] * before[2])
            continue
        rows, columns = (_back(spec, before, after, a, c) for a, c in ((0, rows), (1, columns)))
        channel = None if channel is None else _only(*channels_read(spec, before, channel))
    counts = np.outer(rows, columns)
    counts.setflags(write=False)
    return HeatMap("field", "input", counts)


def _only(first: int, stop: int) -> int | None:
    return first if stop == first + 1 else None


def _one(shape: Shape, cell: Cell) -> tuple[Counts, Counts]:
    rows, columns = np.zeros(shape[1], np.int64), np.zeros(shape[2], np.int64)
    rows[cell[1]] = columns[cell[2]] = 1
    return rows, columns


def _unflattened(shape: Shape, channel: int | None) -> tuple[Counts, Counts]:
    """One place for one number of a flattened map; all of them for all."""
    if channel is None:
        return np.ones(shape[1], np.int64), np.ones(shape[2], np.int64)
    _, row, column = np.unravel_index(channel, shape)
    return _one(shape, (0, int(row), int(column)))


def _back(spec: AnyLayer, before: Shape, after: Shape, axis: int, counts: Counts) -> Counts:
    """Counts along one axis handed on to the places that they read."""
    read = np.flatnonzero(counts)
    places = places_read(spec, before, after, axis)[read]
    weights = np.repeat(counts[read], places.shape[1])
    flat = places.ravel()
    out = np.zeros(before[axis + 1], np.int64)
    np.add.at(out, flat[flat >= 0], weights[flat >= 0])
    return out
