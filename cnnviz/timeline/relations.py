"""What hangs together under the pointer: the outputs a pixel feeds, the inputs a weight meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import Conv, LayerSpec, Relu, Shape, pads_of
from cnnviz.timeline.frame import CellRef, Focus
from cnnviz.timeline.tensors import mode_of, source_indices
from cnnviz.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A lattice of cells of a tensor: every ``step``-th row and column from a start; ``counts`` how often each."""

    tensor: str
    planes: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    counts: NDArray[np.int64]
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

    @property
    def uses(self) -> int:
        """How many products the hovered cell takes part in."""
        area = self.feeds or self.meets
        if area is None:
            return 0
        return int(area.counts.sum()) * (area.planes[1] - area.planes[0])


def places_read(
    spec: LayerSpec, n: int, outputs: int, axis: int, before: int, after: int
) -> NDArray[np.int64]:
    """Which place each output place reads by each tap along one axis, −1 for the fill: (outputs, taps)."""
    if isinstance(spec, Relu):
        return np.arange(n)[:, None]
    dilation = spec.dilation[axis] if isinstance(spec, Conv) else 1
    indices = source_indices(n, before, after, mode_of(spec))
    places = (
        np.arange(outputs)[:, None] * spec.stride[axis]
        + np.arange(spec.kernel_size[axis])[None, :] * dilation
    )
    return np.where(places < indices.size, indices[np.minimum(places, indices.size - 1)], -1)


def fan_out(spec: LayerSpec, in_shape: Shape, out_shape: Shape, row: int, column: int) -> tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]
]:  # fmt: skip
    """Which output rows and columns read input cell (row, column), and how often: (rows, columns, counts)."""
    pads = pads_of(spec, in_shape)
    by_row = (places_read(spec, in_shape[1], out_shape[1], 0, pads.top, pads.bottom) == row).sum(axis=1)
    by_column = (places_read(spec, in_shape[2], out_shape[2], 1, pads.left, pads.right) == column).sum(axis=1)
    rows, columns = np.flatnonzero(by_row), np.flatnonzero(by_column)
    return rows, columns, np.outer(by_row[rows], by_column[columns])


def relate(timeline: Timeline, ref: CellRef) -> Relation | None:
    """What the cell is tied to; None where it is no cell of this lesson."""
    chain, arrays = timeline.lesson.tracks[ref.track], timeline.tensors[ref.track].arrays
    if ref.tensor.endswith(".weight"):
        return _of_weight(timeline, ref)
    names = ["input", *(s.tensor for s in timeline.sections[ref.track])]
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
        feeds = Area(names[number + 1], _fed_planes(spec, shape, ref.plane), rows, columns, counts)
    value = float(arrays[number][cell])
    return Relation(ref, "output" if number else "input", value, focus, feeds)


def _fed_planes(spec: LayerSpec, in_shape: Shape, plane: int) -> tuple[int, int]:
    if not isinstance(spec, Conv):
        return (plane, plane + 1)
    per_group = spec.out_channels // spec.groups
    group = plane // (in_shape[0] // spec.groups)
    return (group * per_group, (group + 1) * per_group)


def _of_weight(timeline: Timeline, ref: CellRef) -> Relation | None:
    chain, arrays = timeline.lesson.tracks[ref.track], timeline.tensors[ref.track].arrays
    for number, (spec, params) in enumerate(zip(chain.layers, chain.params, strict=True)):
        section = timeline.sections[ref.track][number]
        if f"{section.tensor}.weight" != ref.tensor or params is None or not isinstance(spec, Conv):
            continue
        kernel, channel = divmod(ref.plane, params.weight.shape[1])
        if not (
            kernel < params.weight.shape[0]
            and ref.row < params.weight.shape[2]
            and ref.column < params.weight.shape[3]
        ):
            return None
        shape, out = arrays[number].shape, arrays[number + 1].shape
        pads = pads_of(spec, shape)
        by_row = places_read(spec, shape[1], out[1], 0, pads.top, pads.bottom)[:, ref.row]
        by_column = places_read(spec, shape[2], out[2], 1, pads.left, pads.right)[:, ref.column]
        rows, row_counts = np.unique(by_row[by_row >= 0], return_counts=True)
        columns, column_counts = np.unique(by_column[by_column >= 0], return_counts=True)
        first = kernel // (spec.out_channels // spec.groups) * params.weight.shape[1] + channel
        tensor = "input" if number == 0 else timeline.sections[ref.track][number - 1].tensor
        area = Area(tensor, (first, first + 1), rows, columns, np.outer(row_counts, column_counts))
        value = float(params.weight[kernel, channel, ref.row, ref.column])
        return Relation(ref, "weight", value, meets=area)
    return None
