"""The steps of a timeline that are worth a slide, by kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from cnnviz.engine.geometry import extent
from cnnviz.engine.layers import Conv
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.plans import KEYS, Key
from cnnviz.timeline.sections import Section
from cnnviz.timeline.tensors import TrackTensors
from cnnviz.timeline.timeline import Timeline

MOST_ROWS = 4_096
"""Rows of a section whose ends are looked for: all of 64 maps with 64 rows each."""

ROWS = 64
"""Rows of a map that are looked through at once."""

SAME = 1e-6
"""Totals that differ by less than this part of the largest are alike: they were added up in another order."""


def key_steps(timeline: Timeline, kinds: Collection[Key] = KEYS) -> tuple[int, ...]:
    """The key steps of the track that sets the clock, ascending.

    Parameters
    ----------
    timeline : Timeline
    kinds : collection of Key
        ``first-cell`` is the first cell of each section; ``first-edge`` the first window of a convolution that meets
        an edge of the picture: of the cells whose windows hold no padding, the first whose total is not that of the
        one before; ``row-ends`` the last cell of each row, up to 4,096 rows a section; ``section-ends`` the last cell
        of each section.

    Notes
    -----
    Of a track that learns they are those of its first iteration; the ends of iterations at growing distances (1, 2,
    4, 8, … and the last) count as ends of sections. A step that writes several cells stands for all of them.
    """
    sections, repeats = timeline.sections[timeline.lead], timeline.repeats(timeline.lead)
    keys: set[int] = set()
    for section in sections if repeats.fine else ():
        cells = {cell for kind in kinds for cell in _cells(timeline, section, kind)}
        keys.update(section.start + section.cut.offset_of(cell) for cell in cells)
    if repeats.iterations > 1 and "section-ends" in kinds:
        last = repeats.iterations - 1
        told = {0, last} | {n for n in (2**k for k in range(24)) if n < last}
        keys.update(timeline.index_at(n, sections[-1].stop - 1) for n in told)
    return tuple(sorted(keys))


def _cells(timeline: Timeline, section: Section, kind: Key) -> Iterator[int]:
    """The cells of a section that a kind names, as flat indices."""
    planes, rows, columns = section.shape
    match kind:
        case "first-cell":
            yield 0
        case "first-edge":
            yield from _first_edge(timeline, section)
        case "row-ends":
            yield from range(columns - 1, min(planes * rows, MOST_ROWS) * columns, columns)
        case "section-ends":
            yield section.cells - 1


def _first_edge(timeline: Timeline, section: Section) -> Iterator[int]:
    spec = timeline.lesson.tracks[section.track].layers[section.layer]
    if section.kind != "forward" or not isinstance(spec, Conv):
        return
    (top, bottom), (left, right) = _inside(spec, section)
    tensors = _tensors(timeline, section.track)
    totals = tensors.arrays[section.layer + 1][0]
    least = SAME * max(abs(value) for value in tensors.extremes[section.layer + 1])
    for start in range(top, bottom, ROWS):  # photographs have it at once, and may be large
        part = totals[max(top, start - 1) : min(start + ROWS, bottom), left:right].ravel()
        changes = np.abs(np.diff(part)) > least
        if changes.any():
            row, column = divmod(int(changes.argmax()) + 1, right - left)
            yield (max(top, start - 1) + row) * section.shape[2] + left + column
            return


def _inside(spec: Conv, section: Section) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and behind the last row and column of the cells whose windows hold no padding."""
    pads = pads_around(spec, section.in_shape)
    spans = []
    for axis, before in enumerate((pads.top, pads.left)):
        stride, reach = spec.stride[axis], extent(spec.kernel_size[axis], spec.dilation[axis])
        first, behind = -(-before // stride), (section.in_shape[axis + 1] - reach + before) // stride + 1
        spans.append((first, max(first, behind)))
    return spans[0], spans[1]


def _tensors(timeline: Timeline, track: int) -> TrackTensors:
    """The arrays of a track; of one that learns those of its first iteration."""
    learns = bool(timeline.descents) and timeline.descents[track] is not None
    return timeline.iteration(track, 0).tensors if learns else timeline.tensors[track]
