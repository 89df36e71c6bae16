"""Where runs stand beside each other: a column for each, the same rows in all, and what is written at their left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cnnviz.files.recordings import Run
from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.recorded import RunsFrame
from cnnviz.timeline.runs_points import group_of, in_columns

LINE = 1.35
"""The height of a line in sizes of its text."""

GAP = 0.8
"""Between two columns of a group, in sizes of the text."""

PARTED = 2.2
"""Between two groups."""


class Column(NamedTuple):
    """The place of a run: with which others it stands, its left end and its width."""

    run: Run
    group: str
    left: float
    width: float

    def box(self, top: float, high: float) -> Box:
        """A part of the column."""
        return Box(self.left, top, self.width, high)


def columns_of(frame: RunsFrame, left: float, right: float, look: Look) -> tuple[Column, ...]:
    """A column for each run between two ends, those with batch norm first."""
    size = text_size(look)
    runs = in_columns(frame.recording)
    gaps = [0.0] + [size * (GAP if group_of(a) == group_of(b) else PARTED) for a, b in pairwise(runs)]
    wide = max((right - left - sum(gaps)) / len(runs), 1.0)
    columns, at = [], left
    for run, gap in zip(runs, gaps, strict=True):
        at += gap
        columns.append(Column(run, group_of(run), at, wide))
        at += wide
    return tuple(columns)


def groups_of(columns: Sequence[Column]) -> dict[str, tuple[Column, ...]]:
    """The columns of each group."""
    names = dict.fromkeys(column.group for column in columns)
    return {name: tuple(column for column in columns if column.group == name) for name in names}


def at_left(key: str, middle: float, text: str, left: float, look: Look) -> Text:
    """A number or word at the left of the columns, which begin at ``left``: its row is at that height."""
    size = text_size(look)
    wide = width_of((Words(text, look.theme.muted),), size) + 2
    place = Box(left - size * 0.5 - wide, middle - size * LINE / 2, wide, size * LINE)
    return Text(key, place, (Words(text, look.theme.muted),), size, Align.RIGHT)


def broken(text: str, width: float, size: float, weight: Weight = Weight.REGULAR) -> tuple[str, ...]:
    """The lines of a text that is broken between words where it would be too wide."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of((Words(longer, "", weight),), size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
