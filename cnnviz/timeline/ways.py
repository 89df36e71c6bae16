"""How a cell is reached through a chain with branches: counts that go back by all ways of its blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.branches import own_array
from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import Add, AnyLayer, Back, Flatten, Layers
from cnnviz.engine.windows import places_read
from cnnviz.timeline.frame import Cell

Counts = NDArray[np.int64]


def by_all_ways(layers: Layers, shapes: tuple[Shape, ...], layer: int, cell: Cell) -> Counts:
    """On how many ways each pixel of the input reaches a cell of a layer's output: (rows, columns).

    A window hands its count to each place it reads; an addition hands it to both of its summands.
    """
    found = {layer + 1: np.zeros(shapes[layer + 1][1:], np.int64)}
    found[layer + 1][cell[1], cell[2]] = 1
    for number in range(layer, -1, -1):
        counts = found.pop(number + 1, None)
        if counts is None or not counts.any():
            continue
        spec = layers[number]
        if isinstance(spec, Back):
            _hand(found, spec.start, counts)
            continue
        if isinstance(spec, Add) and spec.shortcut:
            _hand(found, own_array(layers, spec.other), counts)
        _hand(
            found,
            number,
            _before(spec, shapes[number], shapes[number + 1], counts, cell if number == layer else None),
        )
    out = found.get(0, np.zeros(shapes[0][1:], np.int64))
    out.setflags(write=False)
    return out


def _hand(found: dict[int, Counts], array: int, counts: Counts) -> None:
    found[array] = found[array] + counts if array in found else counts


def _before(spec: AnyLayer, before: Shape, after: Shape, counts: Counts, cell: Cell | None) -> Counts:
    """The counts on what a layer reads; ``cell`` where it is the one that all began with."""
    if isinstance(spec, Flatten):
        if cell is None:
            return np.full(before[1:], counts.sum())
        one = np.zeros(before[1:], np.int64)
        one[np.unravel_index(cell[0] % (before[1] * before[2]), before[1:])] = 1
        return one
    down, across = (_taps(spec, before, after, axis) for axis in (0, 1))
    handed: Counts = down.T @ counts @ across
    return handed


def _taps(spec: AnyLayer, before: Shape, after: Shape, axis: int) -> Counts:
    """How often each place along an axis of the output reads each place of the input: (after, before)."""
    places = places_read(spec, before, after, axis)
    out = np.zeros((len(places), before[axis + 1]), np.int64)
    for taps in places.T:
        inside = np.flatnonzero(taps >= 0)
        np.add.at(out, (inside, taps[inside]), 1)
    return out
