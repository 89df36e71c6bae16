"""Wide matrices of fully connected layers, of which the row of one output is shown, broken into lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.specs import Linear
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame, Window

ROW = ".row"
"""Behind the name of a matrix: the weights of the output at work."""

WIDEST = {"weight": 8, "update": 4}
"""Matrices of more columns are shown one row at a time; of an update four stand side by side."""


def in_rows(track: TrackFrame) -> TrackFrame:
    """The track with the row at work in place of a wide matrix; as it is where there is none."""
    focus = track.focus
    if not isinstance(focus.spec, Linear) or focus.kind not in WIDEST:
        return track
    rows, columns = track.tensor(focus.target).shape[-2:]
    if columns <= WIDEST[focus.kind]:
        return track
    row, column = focus.cell[1], focus.cell[2]
    matrices = [t for t in track.tensors if t.shape[-2:] == (rows, columns) and t.layer == focus.layer]
    parts = tuple(_row(t, row) for t in matrices)
    return replace(track, tensors=track.tensors + parts, focus=_moved(focus, column))


def _moved(focus: Focus, column: int) -> Focus:
    """The focus on a number in a line in place of one in a matrix."""
    target = replace(focus, target=focus.target + ROW, cell=(column, 0, 0))
    if focus.kind == "weight":
        return target
    own = Window(0, 0, 1, 1, (1, 1), (column, column + 1))
    return replace(
        target, source=focus.source + ROW, partner=focus.partner + ROW, window=own, partner_window=own
    )


def _row(tensor: Tensor, row: int) -> Tensor:
    columns = tensor.shape[-1]
    values = np.ascontiguousarray(tensor.values.reshape(-1, columns)[row]).reshape(-1, 1, 1)
    values.setflags(write=False)
    written = min(max(tensor.written - row * columns, 0), columns)
    return replace(tensor, name=tensor.name + ROW, kind="grad", values=values, padded=values, written=written)
