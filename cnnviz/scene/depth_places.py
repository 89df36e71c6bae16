"""Where the parts of a deep network stand: stages in rows, blocks in pairs, shortcuts over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cnnviz.scene.areas import Metrics
from cnnviz.scene.primitives import Box
from cnnviz.timeline.depth import Depth

LEAST_GAP = 15.0
"""Between two parts, where ways part and meet."""

WIDEST = 1.5
"""Parts of a short row are at most so many times as wide as those of the longest."""

FEW_LINES = 96.0
"""Rows lower than this have no line that names the stage, and no counts."""

OF_ROW, OF_LOW_ROW = 0.1, 0.18
"""So much of a row's height its titles have: more where they stand alone."""

Point = tuple[float, float]
Path = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a part stands: all of it, its title, its maps and what stands under them."""

    box: Box
    title: Box
    maps: Box
    foot: Box


@dataclass(frozen=True, slots=True)
class Row:
    """A stage: its name's place, the height at which its line runs, and the height of its shortcuts."""

    name: Box
    line: float
    arcs: float


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one track.

    Attributes
    ----------
    spots : dict of int to Spot
        By the part; those on shortcuts too.
    rows : tuple of Row
    steps : dict of int to Path
        The line that comes to a part on the main way from the one before, by the part.
    arcs : tuple of Path
        The shortcut of each block.
    sums : tuple of Point
        Where each block adds.
    type : float
        The size of titles.
    """

    spots: dict[int, Spot]
    rows: tuple[Row, ...]
    steps: dict[int, Path]
    arcs: tuple[Path, ...]
    sums: tuple[Point, ...]
    type: float


@lru_cache(maxsize=16)  # the same in every step, however it is enlarged
def place_depth(depth: Depth, area: Box, m: Metrics) -> Places:
    """Lay the rows one under another; each fills the width where its parts do not become too wide."""
    longest = max(len(row) for row in depth.rows)
    wide = area.w - LEAST_GAP * 1.2  # at the right end the last ways of a row meet
    high = area.h / len(depth.rows)
    least = wide / longest
    share = OF_ROW if high >= FEW_LINES else OF_LOW_ROW
    size = max(9.0, min(m.small * 0.85, least * 0.14, high * share))
    spots: dict[int, Spot] = {}
    rows = []
    for r, parts in enumerate(depth.rows):
        slot = min(wide / len(parts), WIDEST * least)
        gap = max(LEAST_GAP, slot * 0.17)
        row = _row(Box(area.x, area.y + r * high, area.w, high), size)
        rows.append(row)
        for i, n in enumerate(parts):
            left = area.x + i * slot + gap
            spots[n] = _spot(
                Box(left, row.arcs + size * 0.9, slot - gap, area.y + (r + 1) * high - row.arcs - size), size
            )
        middle = spots[parts[0]].maps.cy
        rows[-1] = Row(row.name, middle, row.arcs)
    steps = _steps(depth, spots, tuple(rows), area)
    arcs, sums = [], []
    for joint in depth.joints:
        line = rows[_row_of(depth, joint.last)]
        begin, end = spots[joint.first].box.x, spots[joint.last].box.right
        gap = LEAST_GAP
        meet = (end + gap * 0.42, line.line)
        arcs.append(
            _arc((begin - gap * 0.25, line.line), (meet[0], meet[1] - size * 0.45), line.arcs, gap * 0.3)
        )
        sums.append(meet)
        for n in joint.side:
            across = size * 4.6
            box = Box((begin + meet[0] - across) / 2, line.arcs - size * 0.75, across, size * 1.5)
            spots[n] = Spot(box, box, box, box)
    return Places(spots, tuple(rows), steps, tuple(arcs), tuple(sums), size)


def _row(box: Box, size: float) -> Row:
    named = box.h >= FEW_LINES
    name = Box(box.x, box.y, box.w, size * 1.5 if named else 0.0)
    return Row(name, box.cy, name.bottom + size * 0.85)


def _spot(box: Box, size: float) -> Spot:
    counted = box.h >= FEW_LINES * 0.7
    title = Box(box.x - 4, box.y, box.w + 8, size * 1.3)
    under, free = (1.2, 1.5) if counted else (0.0, 0.3)
    foot = Box(title.x, box.bottom - size * free, title.w, size * under)
    maps = Box(box.x, title.bottom + size * 0.15, box.w, foot.y - title.bottom - size * 0.25)
    return Spot(box, title, maps, foot)


def _row_of(depth: Depth, part: int) -> int:
    return next(r for r, row in enumerate(depth.rows) if part in row)


def _steps(depth: Depth, spots: dict[int, Spot], rows: tuple[Row, ...], area: Box) -> dict[int, Path]:
    """The lines between parts, and from the end of a row to the beginning of the next."""
    steps: dict[int, Path] = {}
    for r, parts in enumerate(depth.rows):
        line = rows[r].line
        for before, n in pairwise(parts):
            steps[n] = ((spots[before].box.right, line), (spots[n].box.x, line))
        if r:
            last, first = spots[depth.rows[r - 1][-1]].box, spots[parts[0]].box
            right, left, turn = last.right + LEAST_GAP * 0.9, area.x + 1, rows[r].name.y
            steps[parts[0]] = (
                (last.right, rows[r - 1].line), (right, rows[r - 1].line), (right, turn), (left, turn), (left, line),
                (first.x, line),
            )  # fmt: skip
    return steps


def _arc(start: Point, end: Point, top: float, bend: float) -> Path:
    """Up, over and down again, with corners cut."""
    return (
        start, (start[0], top + bend), (start[0] + bend, top), (end[0] - bend, top), (end[0], top + bend), end,
    )  # fmt: skip
