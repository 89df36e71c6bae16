"""What lies under a point of the stage."""

from __future__ import annotations

from cnnviz.scene.curve_hit import curve_at
from cnnviz.scene.network_lens import AREA, WHOLE
from cnnviz.scene.primitives import Box, Grid, Link, Panel, Rect, Scene
from cnnviz.timeline.frame import CellRef

BARS = "bars/"
"""With this begin the keys of panels with bars of layers."""


def grid_at(scene: Scene, x: float, y: float) -> Grid | None:
    """The topmost grid of a tensor under a point."""
    for primitive in reversed(scene.primitives()):
        if isinstance(primitive, Grid) and primitive.of_tensor and primitive.box.holds(x, y):
            return primitive
    return None


def cell_at(scene: Scene, x: float, y: float) -> CellRef | None:
    """The cell under a point; a row or column below 0, or beyond the tensor, lies in its padding."""
    grid = grid_at(scene, x, y)
    if grid is None:
        return _class_at(scene, x, y) or _bar_at(scene, x, y) or curve_at(scene, x, y)
    row, column = int((y - grid.origin[1]) // grid.cell), int((x - grid.origin[0]) // grid.cell)
    if not (0 <= row < grid.rows and 0 <= column < grid.columns):
        return None
    name, plane, top, left = grid.ref
    track, tensor = name.split("/", 1)
    if grid.across:
        return CellRef(int(track), tensor, row * grid.across + column, 0, 0)
    return CellRef(int(track), tensor, plane, row - top, column - left)


def _class_at(scene: Scene, x: float, y: float) -> CellRef | None:
    """The class whose bar lies under a point, as a cell of the last map."""
    for panel in scene.panels:
        if not panel.key.endswith("/classes") or not panel.box.holds(x, y):
            continue
        for p in panel.primitives:
            track, tensor, *rest = p.key.split("/")
            if isinstance(p, Rect) and len(rest) == 2 and p.box.holds(x, y):
                return CellRef(int(track), tensor, int(rest[1]), 0, 0)
    return None


def _bar_at(scene: Scene, x: float, y: float) -> CellRef | None:
    """The layer whose bar stands above or below a point, as a cell of the bars of its network."""
    for panel in scene.panels:
        if not panel.key.startswith(BARS) or not panel.box.holds(x, y):
            continue
        rooms = [p for p in panel.primitives if isinstance(p, Link) and p.key.endswith("/axes")]
        for room in rooms:
            (left, top), (_, bottom), (right, _) = room.points
            key = room.key.removesuffix("/axes")
            if left <= x < right and top <= y < bottom:
                return _bar_in(panel, f"{key}/bar", x)
    return None


def _bar_in(panel: Panel, start: str, x: float) -> CellRef | None:
    for p in panel.primitives:
        if isinstance(p, Rect) and p.key.startswith(start) and p.box.x <= x < p.box.right:
            return CellRef(0, start.removesuffix("/bar"), int(p.key.removeprefix(start)), 0, 0)
    return None


def pan_box(scene: Scene) -> Box | None:
    """What moves with the pointer when one pans: the overview, else the largest map; None where there is none."""
    overview = _overview(scene, AREA)
    if overview is not None:
        return overview
    grids = [
        p for p in scene.primitives()
        if isinstance(p, Grid) and p.of_tensor and not p.ref[0].endswith(".weight")
    ]  # fmt: skip
    return max((g.box for g in grids), key=lambda box: box.w * box.h, default=None)


def _overview(scene: Scene, key: str) -> Box | None:
    return next((panel.box for panel in scene.panels if panel.key == key), None)


def fraction_at(scene: Scene, x: float, y: float) -> tuple[float, float] | None:
    """Where a point lies on the map under it, as fractions of its rows and columns: what a zoom keeps in place."""
    whole = _overview(scene, WHOLE)
    if whole is not None:
        return (y - whole.y) / whole.h, (x - whole.x) / whole.w
    grid = grid_at(scene, x, y)
    if grid is None:
        return None
    return (
        (y - grid.origin[1]) / (grid.cell * grid.rows),
        (x - grid.origin[0]) / (grid.cell * grid.columns),
    )
