"""What hangs together under the pointer: the outputs a pixel feeds, the inputs a weight meets, what a cell sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.branches import readers
from cnnviz.engine.layers import Conv, Shape
from cnnviz.engine.specs import Add, AnyLayer, ConvTranspose, Flatten, Linear, Softmax
from cnnviz.engine.windows import places_read
from cnnviz.timeline.frame import Cell, CellRef, Focus
from cnnviz.timeline.timeline import Timeline
from cnnviz.timeline.weights import shown_weight, weight_index

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A lattice of cells of a tensor: chosen rows and columns of some planes; ``counts`` how often each."""

    tensor: str
    planes: tuple[int, int]
    rows: Counts
    columns: Counts
    counts: Counts
    """(rows, columns): how often each of these cells meets the hovered one."""


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """What the hovered cell is tied to.

    ``focus`` is set for a cell of a feature map (where it looks), ``feeds`` for a cell that a later layer reads,
    ``meets`` for a weight.
    """

    ref: CellRef
    kind: Literal["output", "input", "weight"]
    value: float
    focus: Focus | None = None
    feeds: Area | None = None
    meets: Area | None = None
    also: tuple[Area, ...] = ()
    """What it feeds by the other ways of a block: additions, and layers behind a way back."""

    @property
    def uses(self) -> int:
        """How many products the hovered cell takes part in."""
        area = self.feeds or self.meets
        if area is None:
            return 0
        return int(area.counts.sum()) * (area.planes[1] - area.planes[0])


def fan_out(
    spec: AnyLayer, in_shape: Shape, out_shape: Shape, row: int, column: int
) -> tuple[Counts, Counts, Counts]:
    """Which output rows and columns read input cell (row, column), and how often: (rows, columns, counts)."""
    if isinstance(spec, Flatten):
        one = np.zeros(1, np.int64)
        return one, one, np.ones((1, 1), np.int64)
    by_row = (places_read(spec, in_shape, out_shape, 0) == row).sum(axis=1)
    by_column = (places_read(spec, in_shape, out_shape, 1) == column).sum(axis=1)
    rows, columns = np.flatnonzero(by_row), np.flatnonzero(by_column)
    return rows, columns, np.outer(by_row[rows], by_column[columns])


def relate(timeline: Timeline, ref: CellRef) -> Relation | None:
    """What the cell is tied to; None where it is no cell of this lesson."""
    chain, arrays = timeline.lesson.tracks[ref.track], timeline.tensors[ref.track].arrays
    if ref.tensor.endswith(".weight"):
        return _of_weight(timeline, ref)
    names = timeline.tensor_names(ref.track)
    if ref.tensor not in names:
        return None
    number = names.index(ref.tensor)
    shape = arrays[number].shape
    cell = (ref.plane, ref.row, ref.column)
    if not all(0 <= i < n for i, n in zip(cell, shape, strict=True)):
        return None
    focus = timeline.focus(ref.track, number - 1, cell) if number else None
    feeds = None
    if number < len(chain.layers):
        spec, out = chain.layers[number], arrays[number + 1].shape
        rows, columns, counts = fan_out(spec, shape, out, ref.row, ref.column)
        feeds = Area(names[number + 1], fed_planes(spec, shape, cell), rows, columns, counts)
    value = float(arrays[number][cell])
    also = tuple(_other_ways(timeline, ref.track, number, cell))
    return Relation(ref, "output" if number else "input", value, focus, feeds, also=also)


def _other_ways(timeline: Timeline, track: int, number: int, cell: Cell) -> Iterator[Area]:
    """Where the other ways of a block take a cell: to the cell it is added to, and to what begins at it anew."""
    chain, arrays = timeline.lesson.tracks[track], timeline.tensors[track].arrays
    names = timeline.tensor_names(track)
    one = np.ones((1, 1), np.int64)
    for layer in readers(chain.layers).get(number, ()):
        if isinstance(chain.layers[layer], Add):
            rows, columns = np.array([cell[1]]), np.array([cell[2]])
            yield Area(names[layer + 1], (cell[0], cell[0] + 1), rows, columns, one)
        elif layer + 1 < len(chain.layers):
            spec, shape, out = chain.layers[layer + 1], arrays[number].shape, arrays[layer + 2].shape
            places = fan_out(spec, shape, out, cell[1], cell[2])
            yield Area(names[layer + 2], fed_planes(spec, shape, cell), *places)


def fed_planes(spec: AnyLayer, in_shape: Shape, cell: tuple[int, int, int]) -> tuple[int, int]:
    """The output channels that read a cell of the input: the first and one past the last."""
    match spec:
        case Conv() | ConvTranspose():
            per_group = spec.out_channels // spec.groups
            group = cell[0] // (in_shape[0] // spec.groups)
            return (group * per_group, (group + 1) * per_group)
        case Linear():
            return (0, spec.out_features)
        case Softmax():
            return (0, in_shape[0])
        case Flatten():
            flat = (cell[0] * in_shape[1] + cell[1]) * in_shape[2] + cell[2]
            return (flat, flat + 1)
    return (cell[0], cell[0] + 1)


def _of_weight(timeline: Timeline, ref: CellRef) -> Relation | None:
    chain, names = timeline.lesson.tracks[ref.track], timeline.tensor_names(ref.track)
    for number, (spec, params) in enumerate(zip(chain.layers, chain.params, strict=True)):
        if f"{names[number + 1]}.weight" != ref.tensor or params is None:
            continue
        index = weight_index(spec, params.weight.shape, ref.plane, ref.row, ref.column)
        if index is None:
            return None
        area = _met(timeline, ref, number, names[number])
        return Relation(ref, "weight", float(params.weight[index]), meets=area)
    return None


def _met(timeline: Timeline, ref: CellRef, number: int, tensor: str) -> Area:
    """The cells of a layer's input that a weight is multiplied with."""
    arrays = timeline.tensors[ref.track].arrays
    chain = timeline.lesson.tracks[ref.track]
    spec, shape, out = chain.layers[number], arrays[number].shape, arrays[number + 1].shape
    if isinstance(spec, Linear):
        one = np.zeros(1, np.int64)
        return Area(tensor, (ref.column, ref.column + 1), one, one, np.ones((1, 1), np.int64))
    params = chain.params[number]
    assert params is not None
    shown = shown_weight(spec, params).shape
    kernel, channel = divmod(ref.plane, shown[1])
    rows, row_counts = _read_by(places_read(spec, shape, out, 0)[:, ref.row])
    columns, column_counts = _read_by(places_read(spec, shape, out, 1)[:, ref.column])
    groups = spec.groups if isinstance(spec, Conv | ConvTranspose) else 1
    first = kernel // (shown[0] // groups) * shown[1] + channel
    return Area(tensor, (first, first + 1), rows, columns, np.outer(row_counts, column_counts))


def _read_by(places: Counts) -> tuple[Counts, Counts]:
    found, counts = np.unique(places[places >= 0], return_counts=True)
    return found, counts
