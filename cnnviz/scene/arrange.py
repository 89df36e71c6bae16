"""Where the tracks stand: one under another in rows, or side by side in columns, whichever shows them larger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from cnnviz.scene.layout import READABLE, Item, Place, Spacing, place_row
from cnnviz.scene.primitives import Box

MOST_LINES = 3
"""A track standing in a column is broken into at most so many lines."""

THUMB_CELL = 0.14
"""The cells of a panel that waits for its turn, as a part of the largest, are at most this."""

COMFORTABLE = 0.37
"""Cells of this part of the largest need no thumbnails beside them."""

WORTH_IT = 1.35
"""So much larger cells at work are worth thumbnails of the rest."""

LEAST_DRAWN = 9.0
"""Cells of a kernel, or of the room of a curve, from which on it can be made out."""

FAR = 0.62
"""Gaps beside panels that wait are so much of the others."""

CLOSE = (1.0, 0.84, 0.7)
"""Gaps and titles of panels that wait are made so much smaller, in turn, until what is at work can be read."""

Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a track: the row in which its items stand, and their places in it."""

    row: Box
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class TrackPlaces:
    """The part of the stage that a track has, and its lines.

    ``name`` is where the track's own name stands. With ``compact`` titles and shapes share a line. ``thumbs`` says
    of each item whether it is drawn small, waiting for its turn.
    """

    area: Box
    lines: tuple[Line, ...]
    name: Box
    compact: bool
    thumbs: tuple[bool, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All places in the order of the items."""
        return tuple(place for line in self.lines for place in line.places)


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands around a line of panels.

    Heights of the titles above (in two lines, or ``compact`` in one) and of the legends below; the height of a
    track's name above its panels, and its width where it stands at their left.
    """

    above: float
    compact: float
    below: float
    name: float
    beside: float


def arrange(
    tracks: tuple[Items, ...],
    compact: tuple[Items, ...],
    area: Box,
    spacing: Spacing,
    heads: Heads,
    in_rows: bool = False,
) -> tuple[TrackPlaces, ...]:
    """Place the items of every track.

    One track stands in a row; where that cannot be read, what is at work is large and the rest waits as thumbnails.
    Several stand in rows, or in columns with each track broken into up to three lines. Cells that can be read come
    first, then the largest maps. Where cells can be read all tracks get the same cell, so that what stands side by
    side can be compared.

    Parameters
    ----------
    tracks, compact : tuple of tuple of Item
        The items of each track, with titles in two lines and in one.
    in_rows : bool
        Whether each track must stand in one row, since lines go from panel to panel.
    """
    if len(tracks) == 1:
        return (_alone(tracks[0], area, spacing, heads),)
    return _together(tracks, compact, area, spacing, heads, in_rows)


@lru_cache(maxsize=64)  # the same in every step of a section
def _alone(items: Items, area: Box, spacing: Spacing, heads: Heads) -> TrackPlaces:
    nowhere = Box(area.x, area.y, 0, 0)
    row = Box(area.x, area.y + heads.above, area.w, max(area.h - heads.above - heads.below, 24.0))
    places = place_row(items, row, spacing)
    thumbs = tuple(False for _ in items)
    least = min(p.cell for p in places)
    if least < COMFORTABLE * spacing.largest_cell and any(i.waits for i in items):
        crowded = sum(i.least for i in items) + spacing.panel * (len(items) - 1) > row.w
        focused = _focused(items, row, spacing, LEAST_DRAWN if crowded else READABLE)
        grown = focused is not None and _at_work(items, focused) >= least * WORTH_IT
        if focused is not None and (grown or crowded or least < READABLE):
            places, thumbs = focused, tuple(i.waits for i in items)
    return TrackPlaces(
        area, _centred([Line(row, places)], heads.above, heads.below, area), nowhere, False, thumbs
    )


def _at_work(items: Items, places: tuple[Place, ...]) -> float:
    """The smallest cell of what is at work."""
    return min(place.cell for item, place in zip(items, places, strict=True) if not item.waits)


def _focused(items: Items, row: Box, spacing: Spacing, least: float) -> tuple[Place, ...] | None:
    """What is at work between thumbnails, which stand as close as it takes; None where its cells would be too small."""
    for enough in (READABLE, least):
        for close in CLOSE:
            places = _with_thumbs(items, row, spacing, close)
            if _at_work(items, places) >= enough:
                return places
    return None


def _with_thumbs(items: Items, row: Box, spacing: Spacing, close: float) -> tuple[Place, ...]:
    """What is at work as large as it can be between thumbnails of the rest."""
    near = spacing.panel * FAR * close
    small = replace(spacing, panel=near, largest_cell=max(THUMB_CELL * spacing.largest_cell, 6.0))
    widths = {
        i.key: place_row((replace(i, least=i.short * close),), Box(0, row.y, 2 * i.short, row.h), small)[0]
        for i in items
        if i.waits
    }
    room = row.w - sum(p.box.w + near for p in widths.values())
    at_work = tuple(i for i in items if not i.waits)
    large = {p.key: p for p in place_row(at_work, Box(row.x, row.y, max(room, 1.0), row.h), spacing)}
    gaps = [near if a.waits or b.waits else spacing.panel for a, b in pairwise(items)]
    total = sum((widths.get(i.key) or large[i.key]).box.w for i in items) + sum(gaps)
    x = row.x + (row.w - total) / 2
    out = []
    for item, gap in zip(items, [*gaps, 0.0], strict=True):
        place = widths.get(item.key) or large[item.key]
        out.append(_moved(place, round(x - place.box.x), 0))
        x += place.box.w + gap
    return tuple(out)


@lru_cache(maxsize=64)
def _together(
    tracks: tuple[Items, ...],
    compact: tuple[Items, ...],
    area: Box,
    spacing: Spacing,
    heads: Heads,
    in_rows: bool = False,
) -> tuple[TrackPlaces, ...]:
    best = max(_ways(tracks, compact, area, spacing, heads)[: 1 if in_rows else None], key=_worth)
    cells = [place.cell for track in best for place in track.places]
    if not best[0].compact:
        spacing = _tight(spacing)
    if READABLE <= min(cells) < max(cells):
        spacing = replace(spacing, largest_cell=min(cells))
    chosen = compact if best[0].compact else tracks
    counts = [tuple(len(line.places) for line in t.lines) for t in best]
    again = tuple(
        _placed(items, t.area, c, spacing, heads, t.compact)
        for items, t, c in zip(chosen, best, counts, strict=True)
    )
    return again if best[0].compact else _aligned(again, heads)


def _aligned(tracks: tuple[TrackPlaces, ...], heads: Heads) -> tuple[TrackPlaces, ...]:
    """Columns with like lines at like heights, so that one sees across them."""
    if len({len(track.lines) for track in tracks}) > 1:
        return tracks
    used = [max(line.row.h for line in lines) for lines in zip(*(t.lines for t in tracks), strict=True)]
    out = []
    for track in tracks:
        inner = Box(track.area.x, track.area.y + heads.name, track.area.w, track.area.h - heads.name)
        lines = _centred(list(track.lines), heads.above, heads.below, inner, used)
        name = Box(track.area.x, lines[0].row.y - heads.above - heads.name, track.area.w, heads.name)
        out.append(replace(track, lines=lines, name=name))
    return tuple(out)


def _ways(
    tracks: tuple[Items, ...], compact: tuple[Items, ...], area: Box, spacing: Spacing, heads: Heads
) -> list[tuple[TrackPlaces, ...]]:
    n = len(tracks)
    rows = [Box(area.x, area.y + i * area.h / n, area.w, area.h / n) for i in range(n)]
    gap = spacing.panel * 1.2
    w = (area.w - gap * (n - 1)) / n
    columns = [Box(area.x + i * (w + gap), area.y, w, area.h) for i in range(n)]
    longest = max(len(items) for items in tracks)
    breaks = [cut for k in range(min(MOST_LINES, longest)) for cut in combinations(range(1, longest), k)]
    return [
        _all(compact, rows, spacing, heads, (), True),
        *(_all(tracks, columns, _tight(spacing), heads, cut, False) for cut in breaks),
    ]


def _tight(spacing: Spacing) -> Spacing:
    """Smaller gaps, where several tracks share the width."""
    return replace(spacing, panel=spacing.panel * FAR)


def _all(
    tracks: tuple[Items, ...],
    areas: list[Box],
    spacing: Spacing,
    heads: Heads,
    breaks: tuple[int, ...],
    compact: bool,
) -> tuple[TrackPlaces, ...]:
    return tuple(
        _placed(items, area, _counts(len(items), breaks), spacing, heads, compact)
        for items, area in zip(tracks, areas, strict=True)
    )


def _counts(items: int, breaks: tuple[int, ...]) -> tuple[int, ...]:
    """How many items stand in each line."""
    ends = [*(b for b in breaks if b < items), items]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def _placed(
    items: Items, area: Box, counts: tuple[int, ...], spacing: Spacing, heads: Heads, compact: bool
) -> TrackPlaces:
    above = heads.compact if compact else heads.above
    below = heads.below
    inner = (
        Box(area.x + heads.beside, area.y, area.w - heads.beside, area.h)
        if compact
        else Box(area.x, area.y + heads.name, area.w, area.h - heads.name)
    )
    # Lines share the height by what their tallest item needs at a common cell.
    starts = [sum(counts[:i]) for i in range(len(counts))]
    lines = [items[s : s + c] for s, c in zip(starts, counts, strict=True)]
    needs = [max(float(item.rows) for item in line) for line in lines]
    free = max(inner.h - (above + below) * len(lines), 24.0 * len(lines))
    out, y = [], inner.y
    for line, need in zip(lines, needs, strict=True):
        h = free * need / sum(needs)
        row = Box(inner.x, y + above, inner.w, h)
        out.append(Line(row, place_row(line, row, spacing)))
        y += above + h + below
    centred = _centred(out, above, below, inner)
    first = centred[0].row
    name = (
        Box(area.x, first.y, heads.beside, first.h)
        if compact
        else Box(area.x, first.y - above - heads.name, area.w, heads.name)
    )
    return TrackPlaces(area, centred, name, compact, tuple(False for _ in items))


def _centred(
    lines: list[Line], above: float, below: float, area: Box, heights: list[float] | None = None
) -> tuple[Line, ...]:
    """The lines closed up and moved to the middle of their area, so that empty room is shared above and below.

    ``heights`` are those that the lines are to have, in place of what their panels need.
    """
    used = heights or [max((p.box.h for p in line.places), default=0.0) for line in lines]
    gap = max(0.0, area.h - sum(used) - (above + below) * len(lines)) / (len(lines) + 1)
    y = area.y + gap
    out = []
    for line, h in zip(lines, used, strict=True):
        top = round(y + above)
        row = Box(line.row.x, top, line.row.w, h)
        out.append(Line(row, tuple(_moved(p, 0, top - line.row.y) for p in line.places)))
        y += above + h + below + gap
    return tuple(out)


def _moved(place: Place, dx: float, dy: float) -> Place:
    def put(box: Box) -> Box:
        return Box(box.x + dx, box.y + dy, box.w, box.h)

    return Place(place.key, put(place.box), place.cell, tuple(put(t) for t in place.tiles))


def _worth(way: tuple[TrackPlaces, ...]) -> tuple[bool, float, bool, float]:
    """Readable first; then kernels and curves that can be made out; then the size of what can be seen."""
    places = [p for track in way for p in track.places]
    least = min(p.cell for p in places)
    seen = sum(t.w * t.h for p in places for t in p.tiles)
    drawn = min((p.cell for p in places if p.key.endswith((".weight", ".curve"))), default=READABLE)
    return (least >= READABLE, least if least >= READABLE else 0.0, drawn >= LEAST_DRAWN, seen)
