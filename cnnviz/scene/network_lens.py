"""The overview seen through the camera: what is laid out once is enlarged about a point and cut off at its part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cnnviz.scene.layout import Place
from cnnviz.scene.primitives import Box, Grid, Link, Panel, Primitive, Rect, Ring, Text
from cnnviz.scene.viewpoint import Camera

AREA = "network"
WHOLE = "network/whole"
"""Keys of two empty panels: the part of the stage that the overview has, and how large it is when it is enlarged."""

STROKE = 8.0
"""What lies so far inside is not cut, nor is its outline."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Enlarges boxes by the camera's zoom; ``area`` is what is seen."""

    area: Box
    camera: Camera

    def box(self, box: Box) -> Box:
        """Where a box lies when it is enlarged."""
        zoom, area = self.camera.zoom, self.area
        left = area.cx - self.camera.column * area.w * zoom
        top = area.cy - self.camera.row * area.h * zoom
        return Box(left + (box.x - area.x) * zoom, top + (box.y - area.y) * zoom, box.w * zoom, box.h * zoom)

    def place(self, place: Place) -> Place:
        """A column's place when it is enlarged."""
        if self.camera.zoom == 1.0:
            return place
        tiles = tuple(self.box(tile) for tile in place.tiles)
        return Place(place.key, self.box(place.box), place.cell * self.camera.zoom, tiles)

    def in_sight(self, tiles: tuple[Box, ...]) -> tuple[int, int]:
        """The first tile that is seen, and one past the last: the others need not be drawn."""
        if self.camera.zoom == 1.0:
            return 0, len(tiles)
        seen = [n for n, t in enumerate(tiles) if min(t.meets(self.area)[2:]) > 0]
        return (seen[0], seen[-1] + 1) if seen else (0, 0)

    def panels(self) -> tuple[Panel, Panel]:
        """What tells a pointer how far the overview is enlarged."""
        return (
            Panel(AREA, self.area, "Network", ()),
            Panel(WHOLE, self.box(self.area), "Network", ()),
        )

    def seen(self, panel: Panel) -> Panel:
        """A panel without what lies beyond the area."""
        if self.camera.zoom == 1.0:
            return panel
        return replace(panel, primitives=tuple(self.cut(panel.primitives)))

    def cut(self, primitives: tuple[Primitive, ...]) -> Iterator[Primitive]:
        """What of some primitives is seen."""
        if self.camera.zoom == 1.0:
            yield from primitives
            return
        for p in primitives:
            if isinstance(p, Grid | Ring | Rect) and self._surrounds(p.box):
                yield p  # most are
                continue
            if isinstance(p, Link):
                if all(self._holds(x, y) for x, y in p.points):
                    yield p
                continue
            inside = p.box.meets(self.area)
            if min(inside.w, inside.h) <= 0:
                continue
            if isinstance(p, Grid):
                yield replace(p, box=inside)
            elif isinstance(p, Ring | Rect):
                yield replace(p, clip=self.area if p.clip is None else p.clip.meets(self.area))
            elif not isinstance(p, Text) or (inside.h > p.box.h - 1 and inside.w > p.box.w - 1):
                yield p

    def _surrounds(self, box: Box) -> bool:
        x, y, right, bottom = self.area.x, self.area.y, self.area.right, self.area.bottom
        return (
            x + STROKE <= box.x
            and y + STROKE <= box.y
            and box.x + box.w <= right - STROKE
            and box.y + box.h <= bottom - STROKE
        )

    def _holds(self, x: float, y: float) -> bool:
        return self.area.x <= x <= self.area.right and self.area.y <= y <= self.area.bottom
