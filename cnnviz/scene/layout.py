"""Where the panels stand: a row of maps and kernels that share one cell size where cells can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from cnnviz.scene.primitives import Box

MANY = 0.35
"""The power at which the number of planes counts when a width is divided."""

LABELLED = 2.4
"""Planes stand as far apart as their labels want when each has so many times that height."""

READABLE = 18.0
"""From this cell size on, in pixels, numbers are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that wants a place in the row: planes of rows × columns cells.

    ``least`` is the width that its title needs.
    """

    key: str
    planes: int
    rows: int
    columns: int
    least: float = 0.0
    kernel: bool = False
    gap: float = 0.0
    """Room that its planes want between them, where it is more than what all have."""
    waits: bool = False
    """Whether it may be drawn small until its turn comes."""
    short: float = 0.0
    """The width that its short title needs then."""
    grows: bool = False
    """Whether its cells may be larger than those of the others, where room is left."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: its panel's box, the side of its cells, and the box of each plane."""

    key: str
    box: Box
    cell: float
    tiles: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Spacing:
    """Gaps in pixels: between panels, between planes of one panel, and the largest cell."""

    panel: float
    tile: float
    largest_cell: float


@dataclass(frozen=True, slots=True)
class _Tiling:
    """How the planes of an item are arranged."""

    across: int
    cell: float
    gap: float
    below: float
    """The gap between one line of planes and the next."""
    width: float
    height: float


@lru_cache(maxsize=64)  # the same in every step of a section
def place_row(items: tuple[Item, ...], area: Box, spacing: Spacing) -> tuple[Place, ...]:
    """Place the items from left to right, centred in the area, their tops on one line.

    All share the largest whole cell size at which numbers can be read; where there is none each map takes a share of
    the width, as large as its planes allow.
    """
    items = _squeezed(items, area.w - spacing.panel * (len(items) - 1))
    tilings = _common(items, area, spacing) or _shares(items, area, spacing)
    tilings = _grown(items, tilings, area, spacing)
    widths = [max(t.width, i.least) for t, i in zip(tilings, items, strict=True)]
    x = area.x + (area.w - sum(widths) - spacing.panel * (len(items) - 1)) / 2
    places = []
    for item, tiling, width in zip(items, tilings, widths, strict=True):
        left = round(x + (width - tiling.width) / 2)
        places.append(
            Place(item.key, Box(x, area.y, width, tiling.height), tiling.cell,
                  _tiles(item, tiling, left, area.y))
        )  # fmt: skip
        x += width + spacing.panel
    return tuple(places)


def _squeezed(items: tuple[Item, ...], room: float) -> tuple[Item, ...]:
    """The items with less room for their titles where all titles do not fit side by side."""
    share = max(room, 0.0) / max(sum(i.least for i in items), 1.0)
    return items if share >= 1 else tuple(replace(i, least=i.least * share) for i in items)


def _tiles(item: Item, tiling: _Tiling, left: float, top: float) -> tuple[Box, ...]:
    gap, w, h = tiling.gap, item.columns * tiling.cell, item.rows * tiling.cell
    return tuple(
        Box(
            left + (n % tiling.across) * (w + gap),
            round(top) + (n // tiling.across) * (h + tiling.below),
            w,
            h,
        )
        for n in range(item.planes)
    )


def _tiling(item: Item, across: int, cell: float, gap: float, below: float = 0.0) -> _Tiling:
    down, below = -(-item.planes // across), max(below, gap)
    return _Tiling(
        across,
        cell,
        gap,
        below,
        across * item.columns * cell + (across - 1) * gap,
        down * item.rows * cell + (down - 1) * below,
    )


def _common(items: tuple[Item, ...], area: Box, spacing: Spacing) -> list[_Tiling] | None:
    """One readable cell size for all, the largest that fits; None where none does."""
    room = area.w - spacing.panel * (len(items) - 1)
    for cell in range(int(spacing.largest_cell), int(READABLE) - 1, -1):
        tilings = [_narrowest(item, cell, area.h, spacing.tile) for item in items]
        fitting = [t for t in tilings if t is not None]
        if len(fitting) == len(items) and sum(
            max(t.width, i.least) for t, i in zip(fitting, items, strict=True)
        ) <= room:  # fmt: skip
            return fitting
    return None


def _grown(items: tuple[Item, ...], tilings: list[_Tiling], area: Box, spacing: Spacing) -> list[_Tiling]:
    """The tilings with the cells of what may grow as large as the room that is left allows."""
    if not any(i.grows for i in items):
        return tilings
    room = area.w - spacing.panel * (len(items) - 1)
    for cell in range(int(spacing.largest_cell), int(READABLE), -1):
        ready = [
            _narrowest(item, cell, area.h, spacing.tile) if item.grows and cell > tiling.cell else tiling
            for item, tiling in zip(items, tilings, strict=True)
        ]
        fitting = [t for t in ready if t is not None]
        if len(fitting) == len(items) and sum(
            max(t.width, i.least) for t, i in zip(fitting, items, strict=True)
        ) <= room:  # fmt: skip
            return fitting
    return tilings


def _narrowest(item: Item, cell: float, height: float, gap: float) -> _Tiling | None:
    """The fewest columns of planes at which they fit into the height."""
    below = max(gap, item.gap)
    down = int((height + below) // (item.rows * cell + below))
    if not down:
        return None
    across = -(-item.planes // down)
    # A few planes stand in one line rather than in a block with a hole.
    ragged = item.planes % across and item.planes <= 4
    return _tiling(item, item.planes if ragged else across, cell, gap, below)


def _largest(item: Item, width: float, height: float, spacing: Spacing) -> _Tiling:
    """The arrangement with the largest cells in a given room."""

    def gaps_at(across: int) -> tuple[float, float]:
        # Where planes are many the gaps between them give way first; labels need theirs, unless planes are tiny.
        down = -(-item.planes // across)
        gap = min(spacing.tile, width / (4 * across), height / (4 * down))
        gap = float(int(gap)) if gap >= 1 else gap
        return gap, item.gap if item.gap and height / down >= LABELLED * item.gap else gap

    def cell_at(across: int) -> float:
        down, (gap, below) = -(-item.planes // across), gaps_at(across)
        return min(
            (width - (across - 1) * gap) / (across * item.columns),
            (height - (down - 1) * below) / (down * item.rows),
            spacing.largest_cell,
        )

    whole = [n for n in range(1, item.planes + 1) if item.planes > 4 or item.planes % n == 0]
    across = max(whole, key=cell_at)
    cell = cell_at(across)
    return _tiling(item, across, float(int(cell)) if cell >= 4 else max(cell, 1e-6), *gaps_at(across))


def _shares(items: tuple[Item, ...], area: Box, spacing: Spacing) -> list[_Tiling]:
    """Kernels first, then maps; what one cannot use goes to the others."""
    tilings: dict[str, _Tiling] = {}

    def used(item: Item, width: float) -> float:
        tilings[item.key] = _largest(item, width, area.h, spacing)
        return max(tilings[item.key].width, item.least)

    room = area.w - spacing.panel * (len(items) - 1)
    kernels, waiting = [i for i in items if i.kernel], [i for i in items if not i.kernel]
    spare = max(0.0, room - sum(i.least for i in items))
    kernel_room = min(room * 0.11, 8 * spacing.largest_cell)
    left = room - sum(used(i, min(max(kernel_room, i.least), i.least + spare / len(items))) for i in kernels)
    while waiting:
        given = _portions(waiting, left)
        widths = {i.key: used(i, given[i.key]) for i in waiting}
        settled = [i for i in waiting if widths[i.key] < given[i.key] * 0.98] or waiting
        left -= sum(widths[i.key] for i in settled)
        waiting = [i for i in waiting if i not in settled]
    return [tilings[i.key] for i in items]


def _portions(items: list[Item], room: float) -> dict[str, float]:
    """Divide a width, more of it to items of many planes, but give no item less than its title needs."""
    given: dict[str, float] = {}
    free = items
    while free:
        share = room / sum(_weight(i) for i in free)
        cramped = [i for i in free if i.least > share * _weight(i)]
        given |= {i.key: i.least if cramped else share * _weight(i) for i in cramped or free}
        room -= sum(i.least for i in cramped)
        free = [i for i in free if cramped and i not in cramped]
    return given


def _weight(item: Item) -> float:
    """How much of a width an item of several planes is worth: 64 of them about four times one."""
    return float(item.planes**MANY)
