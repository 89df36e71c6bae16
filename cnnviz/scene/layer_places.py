"""Where the blocks of a layer stand: side by side, tops on one line, tied ones tiled alike."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.scene.layer_blocks import Block
from cnnviz.scene.primitives import Box


@dataclass(frozen=True, slots=True)
class Spot:
    """A block's room, the side of its cells, and the box of each plane."""

    room: Box
    cell: float
    tiles: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """The rectangle around all tiles."""
        right, bottom = max(t.right for t in self.tiles), max(t.bottom for t in self.tiles)
        return Box(self.tiles[0].x, self.tiles[0].y, right - self.tiles[0].x, bottom - self.tiles[0].y)


def place_blocks(
    blocks: tuple[Block, ...], area: Box, gap: float, tile: float, largest: float
) -> tuple[Spot, ...]:
    """Divide the width by shares; tied blocks take the arrangement in which their maps are largest."""
    shares = sum(b.share for b in blocks)
    width = area.w - gap * (len(blocks) - 1)
    rooms, x = [], area.x
    for block in blocks:
        w = width * block.share / shares
        rooms.append(Box(x, area.y, w, area.h))
        x += w + gap
    tied = [(b, r) for b, r in zip(blocks, rooms, strict=True) if b.tied]
    across = 1
    if tied:
        count = max(len(b.planes) for b, _ in tied)
        across = max(
            range(1, count + 1), key=lambda n: min(_cell(b, r, n, tile) for b, r in tied if b.share >= 1)
        )
    spots = [_spot(b, r, across if b.tied else 1, tile, largest) for b, r in zip(blocks, rooms, strict=True)]
    high = max((s.tiles[0].h for b, s in zip(blocks, spots, strict=True) if b.tied), default=0.0)
    return tuple(
        _level(spot, across, high, tile) if block.tied else spot
        for block, spot in zip(blocks, spots, strict=True)
    )


def _level(spot: Spot, across: int, high: float, tile: float) -> Spot:
    """The spot with its planes beside those of the highest: each in the middle of a line of that height."""
    top = spot.tiles[0].y
    tiles = tuple(
        Box(t.x, round(top + (n // across) * (high + tile) + (high - t.h) / 2), t.w, t.h)
        for n, t in enumerate(spot.tiles)
    )
    return Spot(spot.room, spot.cell, tiles)


def _size(block: Block) -> tuple[int, int]:
    rows, columns = block.tensor.padded.shape[-2:]
    return int(rows), int(columns)


def _cell(block: Block, room: Box, across: int, tile: float) -> float:
    (rows, columns), down = _size(block), -(-len(block.planes) // across)
    return min(
        (room.w - (across - 1) * tile) / (across * columns), (room.h - (down - 1) * tile) / (down * rows)
    )


def _spot(block: Block, room: Box, across: int, tile: float, largest: float) -> Spot:
    (rows, columns), count = _size(block), len(block.planes)
    cell = min(_cell(block, room, across, tile), largest)
    cell = float(int(cell)) if cell >= 4 else max(cell, 0.01)
    w, h = columns * cell, rows * cell
    left = round(room.x + (room.w - across * w - (across - 1) * tile) / 2)
    top = round(room.y)
    tiles = tuple(
        Box(left + (n % across) * (w + tile), top + (n // across) * (h + tile), w, h) for n in range(count)
    )
    return Spot(room, cell, tiles)
