"""Where the panels stand: a row of maps and kernels that share one cell size where cells can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz.scene.primitives import Box

READABLE = 18.0
"""From this cell size on, in pixels, numbers are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that wants a place in the row: planes of rows × columns cells.

    ``weight`` is its share of the width when cells cannot be read; ``least`` the width that its title needs.
    """

    key: str
    planes: int
    rows: int
    columns: int
    weight: float = 1.0
    least: float = 0.0
    kernel: bool = False


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
    width: float
    height: float


def place_row(items: tuple[Item, ...], area: Box, spacing: Spacing) -> tuple[Place, ...]:
    """Place the items from left to right, centred in the area, their tops on one line.

    All share the largest whole cell size at which numbers can be read; where there is none each map takes a share of
    the width by its weight, as large as its planes allow.
    """
    tilings = _common(items, area, spacing) or _shares(items, area, spacing)
    widths = [max(t.width, i.least) for t, i in zip(tilings, items, strict=True)]
    x = area.x + (area.w - sum(widths) - spacing.panel * (len(items) - 1)) / 2
    places = []
    for item, tiling, width in zip(items, tilings, widths, strict=True):
        left = round(x + (width - tiling.width) / 2)
        places.append(
            Place(item.key, Box(x, area.y, width, tiling.height), tiling.cell,
                  _tiles(item, tiling, left, area.y, spacing.tile))
        )  # fmt: skip
        x += width + spacing.panel
    return tuple(places)


def _tiles(item: Item, tiling: _Tiling, left: float, top: float, gap: float) -> tuple[Box, ...]:
    w, h = item.columns * tiling.cell, item.rows * tiling.cell
    return tuple(
        Box(left + (n % tiling.across) * (w + gap), round(top) + (n // tiling.across) * (h + gap), w, h)
        for n in range(item.planes)
    )


def _tiling(item: Item, across: int, cell: float, gap: float) -> _Tiling:
    down = -(-item.planes // across)
    return _Tiling(
        across,
        cell,
        across * item.columns * cell + (across - 1) * gap,
        down * item.rows * cell + (down - 1) * gap,
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


def _narrowest(item: Item, cell: float, height: float, gap: float) -> _Tiling | None:
    """The fewest columns of planes at which they fit into the height."""
    down = int((height + gap) // (item.rows * cell + gap))
    if not down:
        return None
    across = -(-item.planes // down)
    # A few planes stand in one line rather than in a block with a hole.
    ragged = item.planes % across and item.planes <= 4
    return _tiling(item, item.planes if ragged else across, cell, gap)


def _largest(item: Item, width: float, height: float, spacing: Spacing) -> _Tiling:
    """The arrangement with the largest cells in a given room."""

    def cell_at(across: int) -> float:
        down = -(-item.planes // across)
        return min(
            (width - (across - 1) * spacing.tile) / (across * item.columns),
            (height - (down - 1) * spacing.tile) / (down * item.rows),
            spacing.largest_cell,
        )

    whole = [n for n in range(1, item.planes + 1) if item.planes > 4 or item.planes % n == 0]
    across = max(whole, key=cell_at)
    cell = max(cell_at(across), 1e-3)
    return _tiling(item, across, float(int(cell)) if cell >= 4 else cell, spacing.tile)


def _shares(items: tuple[Item, ...], area: Box, spacing: Spacing) -> list[_Tiling]:
    """Kernels first, then maps by weight; room that a map cannot use goes to the others."""
    room = area.w - spacing.panel * (len(items) - 1)
    tilings: dict[str, _Tiling] = {}
    for item in items:
        if item.kernel:
            kernel_room = min(room * 0.16, 8 * spacing.largest_cell)
            tilings[item.key] = _largest(item, max(kernel_room, item.least), area.h, spacing)
    left = room - sum(max(tilings[i.key].width, i.least) for i in items if i.kernel)
    waiting = [i for i in items if not i.kernel]
    while waiting:
        total = sum(i.weight for i in waiting)
        given: Callable[[Item], float] = lambda i, left=left, total=total: left * i.weight / total  # type: ignore[misc]  # noqa: E731
        tried = {i.key: _largest(i, given(i), area.h, spacing) for i in waiting}
        short = [i for i in waiting if max(tried[i.key].width, i.least) < given(i) * 0.98] or waiting
        if len(short) == len(waiting):
            tilings.update(tried)
            break
        for item in short:
            tilings[item.key] = tried[item.key]
            left -= max(tried[item.key].width, item.least)
        waiting = [i for i in waiting if i not in short]
    return [tilings[i.key] for i in items]
