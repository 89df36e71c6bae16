"""The cells that a fast stroke of the mouse runs over."""

from __future__ import annotations

from math import ceil, hypot

from cnnviz.scene.hit import cell_at, grid_at
from cnnviz.scene.primitives import Scene
from cnnviz.timeline.frame import CellRef

LONGEST = 4096
"""Samples taken of one stroke at most."""


def cells_between(scene: Scene, start: tuple[float, float], end: tuple[float, float]) -> list[CellRef]:
    """Every cell on the way between two points, each once, in order.

    Mouse events come some dozen pixels apart; a stroke must not leave gaps between them.
    """
    grid = grid_at(scene, *end) or grid_at(scene, *start)
    if grid is None:
        return []
    length = hypot(end[0] - start[0], end[1] - start[1])
    samples = min(LONGEST, ceil(length / max(grid.cell / 2, 0.5)))
    found: dict[CellRef, None] = {}
    for i in range(samples + 1):
        part = i / samples if samples else 1.0
        ref = cell_at(scene, start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
        if ref is not None:
            found[ref] = None
    return list(found)
