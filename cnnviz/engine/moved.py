"""The padded picture several times, each copy moved by one column of the kernel, a strip of rows at a time."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import Pads
from cnnviz.engine.padding import copy_padded


class Moved(NamedTuple):
    """One sample, and the borders of its padded picture where a copy cannot be taken from the sample alone."""

    sample: Array  # (C, H, W)
    pads: Pads
    mode: str
    copies: int
    gap: int
    inside: slice  # the columns of the copies that lie in the sample for every copy
    left: Array  # (padded rows, C, columns)
    right: Array


def moved(sample: Array, pads: Pads, mode: str, high: int, columns: int, copies: int, gap: int) -> Moved:
    """Prepare copies of `columns` columns, each moved by `gap` further than the one before.

    Copy q holds, in column j, column j + q*gap of the padded picture, whose `high` rows are needed.
    """
    channels, _, width = sample.shape
    reach = (copies - 1) * gap
    start = min(pads.left, columns)
    stop = min(max(width + pads.left - reach, start), columns)
    left = np.empty((high, channels, start + reach), sample.dtype)
    right = np.empty((high, channels, columns - stop + reach), sample.dtype)
    for border, first in ((left, 0), (right, stop)):
        copy_padded(sample, border.transpose(1, 0, 2), 0, pads, mode, first_column=first)
    return Moved(sample, pads, mode, copies, gap, slice(start, stop), left, right)


def fill(source: Moved, first: int, out: Array) -> None:
    """Write the rows of the padded picture from `first` on to `out` (rows, C, copies, columns)."""
    pads, height, rows = source.pads, source.sample.shape[1], len(out)
    begin = min(max(pads.top - first, 0), rows)
    end = min(max(pads.top + height - first, begin), rows)
    if end > begin and source.inside.stop > source.inside.start:
        picture = source.sample.transpose(1, 0, 2)[
            first - pads.top + begin :, :, source.inside.start - pads.left :
        ]
        _copy(picture, out[begin:end, ..., source.inside], source.gap)
    _copy(source.left[first + begin :], out[begin:end, ..., : source.inside.start], source.gap)
    _copy(source.right[first + begin :], out[begin:end, ..., source.inside.stop :], source.gap)
    for part, row in ((out[:begin], first), (out[end:], first + end)):
        _outside(source, row, part)


def _outside(source: Moved, first: int, out: Array) -> None:
    """Write rows that lie above or below the sample."""
    rows, channels, copies, columns = out.shape
    if not rows:
        return
    line = np.empty((rows, channels, columns + (copies - 1) * source.gap), out.dtype)
    copy_padded(source.sample, line.transpose(1, 0, 2), first, source.pads, source.mode)
    _copy(line, out, source.gap)


def _copy(rows: Array, out: Array, gap: int) -> None:
    """Copy the first columns of (rows, C, columns), moved by 0, gap, 2 gap ..., to all of `out`."""
    row, channel, number = rows.strides
    out[...] = as_strided(rows, out.shape, (row, channel, gap * number, number), writeable=False)
