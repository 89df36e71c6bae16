"""Where the tracks stand: one under another in rows, or side by side in columns, whichever shows them larger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from cnnviz.scene.layout import READABLE, Item, Place, Spacing, place_row
from cnnviz.scene.primitives import Box

MOST_LINES = 3
"""A track standing in a column is broken into at most so many lines."""

Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a track: the row in which its items stand, and their places in it."""

    row: Box
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class TrackPlaces:
    """The part of the stage that a track has, and its lines."""

    area: Box
    lines: tuple[Line, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All places in the order of the items."""
        return tuple(place for line in self.lines for place in line.places)


@dataclass(frozen=True, slots=True)
class Heads:
    """Heights that stand around every line: of the titles above and the legends below; and of a track's name."""

    above: float
    below: float
    name: float


@lru_cache(maxsize=64)  # the same in every step of a section
def arrange(tracks: tuple[Items, ...], area: Box, spacing: Spacing, heads: Heads) -> tuple[TrackPlaces, ...]:
    """Place the items of every track.

    All ways are weighed: tracks in rows, or in columns with each track broken into up to three lines. Cells that can
    be read come first, then the largest maps. Where cells can be read all tracks get the same cell, so that what
    stands side by side can be compared.
    """
    best = max(_ways(tracks, area, spacing, heads), key=_worth)
    cells = [place.cell for track in best for place in track.places]
    if len(tracks) > 1 and READABLE <= min(cells) < max(cells):
        even = replace(spacing, largest_cell=min(cells))
        areas, parts = [t.area for t in best], [tuple(len(line.places) for line in t.lines) for t in best]
        best = tuple(
            _placed(items, part, counts, even, heads, len(tracks))
            for items, part, counts in zip(tracks, areas, parts, strict=True)
        )
    return best


def _ways(
    tracks: tuple[Items, ...], area: Box, spacing: Spacing, heads: Heads
) -> list[tuple[TrackPlaces, ...]]:
    n = len(tracks)
    rows = [Box(area.x, area.y + i * area.h / n, area.w, area.h / n) for i in range(n)]
    ways = [_all(tracks, rows, spacing, heads, ())]
    if n == 1:
        return ways
    gap = spacing.panel * 1.2
    w = (area.w - gap * (n - 1)) / n
    columns = [Box(area.x + i * (w + gap), area.y, w, area.h) for i in range(n)]
    longest = max(len(items) for items in tracks)
    breaks = [cut for k in range(min(MOST_LINES, longest)) for cut in combinations(range(1, longest), k)]
    return ways + [_all(tracks, columns, spacing, heads, cut) for cut in breaks]


def _all(
    tracks: tuple[Items, ...], areas: list[Box], spacing: Spacing, heads: Heads, breaks: tuple[int, ...]
) -> tuple[TrackPlaces, ...]:
    return tuple(
        _placed(items, area, _counts(len(items), breaks), spacing, heads, len(tracks))
        for items, area in zip(tracks, areas, strict=True)
    )


def _counts(items: int, breaks: tuple[int, ...]) -> tuple[int, ...]:
    """How many items stand in each line."""
    ends = [*(b for b in breaks if b < items), items]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def _placed(
    items: Items, area: Box, counts: tuple[int, ...], spacing: Spacing, heads: Heads, tracks: int
) -> TrackPlaces:
    name = heads.name if tracks > 1 else 0.0
    # Lines share the height by what their tallest item needs at a common cell.
    starts = [sum(counts[:i]) for i in range(len(counts))]
    lines = [items[s : s + c] for s, c in zip(starts, counts, strict=True)]
    needs = [max(_down(item) for item in line) for line in lines]
    free = max(area.h - name - (heads.above + heads.below) * len(lines), 24.0 * len(lines))
    out, y = [], area.y + name
    for line, need in zip(lines, needs, strict=True):
        h = free * need / sum(needs)
        row = Box(area.x, y + heads.above, area.w, h)
        out.append(Line(row, place_row(line, row, spacing)))
        y += heads.above + h + heads.below
    return TrackPlaces(area, _centred(out, area, heads))


def _down(item: Item) -> float:
    """How many cells high an item is, its planes in one line."""
    return float(item.rows)


def _centred(lines: list[Line], area: Box, heads: Heads) -> tuple[Line, ...]:
    """The lines closed up and moved to the middle of their area, so that empty room is shared above and below."""
    used = [max((p.box.h for p in line.places), default=0.0) for line in lines]
    spare = sum(max(0.0, line.row.h - h) for line, h in zip(lines, used, strict=True))
    gap = spare / (len(lines) + 1)
    y = lines[0].row.y - heads.above + gap
    out = []
    for line, h in zip(lines, used, strict=True):
        top = round(y + heads.above)
        row = Box(line.row.x, top, line.row.w, h)
        out.append(Line(row, tuple(_moved(p, top - line.row.y) for p in line.places)))
        y += heads.above + h + heads.below + gap
    return tuple(out)


def _moved(place: Place, dy: float) -> Place:
    def lower(box: Box) -> Box:
        return Box(box.x, box.y + dy, box.w, box.h)

    return Place(place.key, lower(place.box), place.cell, tuple(lower(t) for t in place.tiles))


def _worth(way: tuple[TrackPlaces, ...]) -> tuple[bool, float, float]:
    """Readable first; then the size of what can be seen."""
    places = [p for track in way for p in track.places]
    least = min(p.cell for p in places)
    seen = sum(t.w * t.h for p in places for t in p.tiles)
    return (least >= READABLE, min(least, READABLE * 3) if least >= READABLE else 0.0, seen)
