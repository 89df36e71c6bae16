"""The padded picture several times, each copy moved by one column of the kernel, a strip of rows at a time."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import Pads
from cnnviz.engine.padding import copy_padded


class Moved(NamedTuple):
    """One sample, and what its copies hold in each column; a part is (rows, C, copies, some columns)."""

    sample: Array  # (C, H, W)
    pads: Pads
    mode: str
    gap: int
    inside: tuple[tuple[slice, Array], ...]  # the columns that every copy takes from the sample, for its rows
    edges: tuple[tuple[slice, Array], ...]  # the others, for all rows of the padded picture


def moved(sample: Array, pads: Pads, mode: str, high: int, columns: int, copies: int, gap: int) -> Moved:
    """Prepare copies of `columns` columns, each moved by `gap` further than the one before.

    Copy q holds, in column j, column j + q*gap of the padded picture, whose `high` rows are needed.
    """
    channels, _, width = sample.shape
    reach = (copies - 1) * gap
    start = min(pads.left, columns)
    stop = min(max(width + pads.left - reach, start), columns)
    inside, edges = slice(start, stop), []
    for part in (slice(0, start), slice(stop, columns)):
        if part.stop > part.start:
            edge = np.empty((high, channels, part.stop - part.start + reach), sample.dtype)
            copy_padded(sample, edge.transpose(1, 0, 2), 0, pads, mode, first_column=part.start)
            edges.append((part, _copies(edge, part.stop - part.start, copies, gap)))
    rows = sample.transpose(1, 0, 2)
    within = ((inside, _copies(rows, stop - start, copies, gap)),) if stop > start else ()
    return Moved(sample, pads, mode, gap, within, tuple(edges))


def fill(source: Moved, first: int, out: Array) -> None:
    """Write the rows of the padded picture from `first` on to `out` (rows, C, copies, columns)."""
    top, height, rows = source.pads.top, source.sample.shape[1], len(out)
    begin = min(max(top - first, 0), rows)
    end = min(max(top + height - first, begin), rows)
    for columns, part in source.inside:
        out[begin:end, ..., columns] = part[first - top + begin : first - top + end]
    for columns, part in source.edges:
        out[begin:end, ..., columns] = part[first + begin : first + end]
    for part, row in ((out[:begin], first), (out[end:], first + end)):
        if len(part):
            _outside(source, row, part)


def _outside(source: Moved, first: int, out: Array) -> None:
    """Write rows that lie above or below the sample."""
    rows, channels, copies, columns = out.shape
    line = np.empty((rows, channels, columns + (copies - 1) * source.gap), out.dtype)
    copy_padded(source.sample, line.transpose(1, 0, 2), first, source.pads, source.mode)
    out[...] = _copies(line, columns, copies, source.gap)


def _copies(rows: Array, columns: int, copies: int, gap: int) -> Array:
    """See the first columns of (rows, C, columns), moved by 0, gap, 2 gap ..., as (rows, C, copies, columns)."""
    row, channel, number = rows.strides
    shape = (*rows.shape[:2], copies, columns)
    return as_strided(rows, shape, (row, channel, gap * number, number), writeable=False)
