"""What a map or a number of a network is made of, and what it feeds, as edges from plane to plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.engine.branches import other_of, own_array, readers
from cnnviz.engine.layers import Shape
from cnnviz.engine.specs import AnyLayer, Back, Flatten, Linear, Softmax
from cnnviz.engine.windows import channels_read
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.frame import Cell, CellRef
from cnnviz.timeline.relations import fed_planes
from cnnviz.timeline.timeline import Timeline

STRONGEST = 5
"""Of a sum over many numbers only so many are told: those whose product with their weight is largest."""


class End(NamedTuple):
    """One end of an edge: an array by its number (0 is the input), and a cell; a row of −1 stands for the whole map."""

    number: int
    plane: int
    row: int = -1
    column: int = -1


class Edge(NamedTuple):
    """From what is read to what it makes; ``strength`` is w·x over the largest such product, 0 where none is told."""

    source: End
    target: End
    strength: float = 0.0


def edges_of(timeline: Timeline, ref: CellRef) -> tuple[Edge, ...]:
    """The edges of a map, or of a number of a line, to the arrays before it and after it.

    Numbers are followed back to the maps that they come from: a class to its score, the inputs that speak most for or
    against it, and the cells where these lie.
    """
    names = timeline.tensor_names(ref.track)
    if ref.tensor not in names:
        return ()
    track, number = timeline.lesson.tracks[ref.track], names.index(ref.tensor)
    shapes = track.shapes()
    if not all(0 <= i < n for i, n in zip((ref.plane, ref.row, ref.column), shapes[number], strict=True)):
        return ()
    net = _Net(timeline, ref.track, track, shapes)
    cell = (ref.plane, ref.row, ref.column)
    return (*_back(net, number, cell, False), *_ahead(net, number, cell))


class _Net(NamedTuple):
    timeline: Timeline
    number: int
    track: Track
    shapes: tuple[Shape, ...]

    def array(self, number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.floating]]:
        """The values of the input or of a layer's output."""
        return self.timeline.tensors[self.number].arrays[number]


def _end(net: _Net, number: int, cell: Cell) -> End:
    """A number of a line by its place, a map as a whole."""
    return End(number, *cell) if net.shapes[number][1] * net.shapes[number][2] == 1 else End(number, cell[0])


def _back(net: _Net, number: int, cell: Cell, crossed: bool) -> Iterator[Edge]:
    """The edges to what an output is made of; of numbers further back until there are maps or other weights."""
    if number == 0:
        return
    spec, shape, target = net.track.layers[number - 1], net.shapes[number - 1], _end(net, number, cell)
    if isinstance(spec, Linear):
        if not crossed:
            for place, strength in _strongest(net, number - 1, cell[0], None):
                yield Edge(_end(net, number - 1, place), target, strength)
                yield from _back(net, number - 1, place, True)
        return
    if isinstance(spec, Flatten):
        channel, row, column = (int(i) for i in np.unravel_index(cell[0], shape))
        yield Edge(End(number - 1, channel, row, column), target)
        if shape[1] * shape[2] == 1:
            yield from _back(net, number - 1, (channel, 0, 0), crossed)
        return
    if isinstance(spec, Softmax):
        yield Edge(_end(net, number - 1, cell), target)
        yield from _back(net, number - 1, cell, crossed)
        return
    if isinstance(spec, Back):
        return  # the array that it goes back to is shown, and has its own edges
    yield from _shortcut(net, number, cell)
    first, stop = channels_read(spec, shape, cell[0])
    if crossed and stop - first > 1:
        return
    read = own_array(net.track.layers, number - 1)
    for channel in range(first, stop):
        yield Edge(_end(net, read, (channel, 0, 0)), target)
    if stop - first == 1 and shape[1] * shape[2] == 1:  # numbers, not maps
        yield from _back(net, number - 1, (first, 0, 0), crossed)


def _shortcut(net: _Net, number: int, cell: Cell) -> Iterator[Edge]:
    """The edge to what a shortcut brings to an addition."""
    other = other_of(net.track.layers[number - 1])
    if other is not None:
        read = own_array(net.track.layers, other)
        yield Edge(_end(net, read, cell), _end(net, number, cell))


def _other_ways(net: _Net, number: int, cell: Cell) -> Iterator[Edge]:
    """The edges to additions, and to what begins at an array anew."""
    for layer in readers(net.track.layers).get(number, ()):
        if isinstance(net.track.layers[layer], Back):
            if layer + 1 < len(net.track.layers):
                spec = net.track.layers[layer + 1]
                for plane in range(*fed_planes(spec, net.shapes[number], cell)):
                    yield Edge(_end(net, number, cell), _end(net, layer + 2, (plane, 0, 0)))
        else:
            yield Edge(_end(net, number, cell), _end(net, layer + 1, cell))


def _ahead(net: _Net, number: int, cell: Cell) -> Iterator[Edge]:
    """The edges to what later layers make of it."""
    yield from _other_ways(net, number, cell)
    if number < len(net.track.layers) and isinstance(net.track.layers[number], Back):
        return
    if number == len(net.track.layers):
        return
    spec: AnyLayer = net.track.layers[number]
    if isinstance(spec, Linear):
        for place, strength in _strongest(net, number, None, cell[0]):
            yield Edge(_end(net, number, cell), _end(net, number + 1, place), strength)
        return
    first, stop = (
        (cell[0], cell[0] + 1) if isinstance(spec, Softmax) else fed_planes(spec, net.shapes[number], cell)
    )
    source = End(number, *cell) if isinstance(spec, Flatten) else _end(net, number, cell)
    for plane in range(first, stop):
        yield Edge(source, _end(net, number + 1, (plane, 0, 0)))


def _strongest(net: _Net, layer: int, output: int | None, source: int | None) -> Iterator[tuple[Cell, float]]:
    """The largest w·x of one output of a fully connected layer, or of one of its inputs, over the largest of them."""
    params = net.track.params[layer]
    assert params is not None
    x = net.array(layer).ravel().astype(np.float64)
    products = params.weight[output] * x if output is not None else params.weight[:, source] * x[source]
    products = np.asarray(products, np.float64).ravel()
    largest = float(np.abs(products).max(initial=0.0))
    if not largest or not np.isfinite(largest):
        return
    for n in np.argsort(-np.abs(products), kind="stable")[:STRONGEST]:
        if products[n]:
            yield (int(n), 0, 0), float(products[n]) / largest
