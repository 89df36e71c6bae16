"""What one is looking at: exported with the frame, but neither an edit nor undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cnnviz.lesson.lesson import Level, Range
from cnnviz.timeline.frame import CellRef

RangeMode: TypeAlias = Range
Hidden: TypeAlias = Literal["total", "products", "cell"]

MAX_ZOOM = 4096.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Which part of every map is shown: its middle as fractions of rows and columns, and a zoom of at least 1.

    One camera serves all maps of the stage, so that window and cell stay in sight together.
    """

    zoom: float = 1.0
    row: float = 0.5
    column: float = 0.5


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The view of a frame.

    ``pinned`` is a cell whose arithmetic is shown in place of the playhead's. ``range_mode`` says over what a colour
    range is taken, where not as the lesson says. ``hidden`` are the answers left out for an audience to work out.
    ``level`` says how near one looks, where not as the lesson says.
    """

    camera: Camera = Camera()
    pinned: CellRef | None = None
    range_mode: RangeMode | None = None
    hidden: frozenset[Hidden] = frozenset()
    level: Level | None = None

    @property
    def asks(self) -> bool:
        """Whether an audience is asked for answers; hidden products leave those told."""
        return not self.hidden.isdisjoint(("total", "cell"))


def zoomed(camera: Camera, factor: float, row: float, column: float) -> Camera:
    """The camera zoomed by a factor about the point (row, column), given as fractions of the map."""
    zoom = min(max(camera.zoom * factor, 1.0), MAX_ZOOM)
    keep = camera.zoom / zoom
    return clamped(Camera(zoom, row + (camera.row - row) * keep, column + (camera.column - column) * keep))


def panned(camera: Camera, rows: float, columns: float) -> Camera:
    """The camera moved by fractions of what it shows."""
    return clamped(
        Camera(camera.zoom, camera.row + rows / camera.zoom, camera.column + columns / camera.zoom)
    )


def clamped(camera: Camera) -> Camera:
    """The camera moved so that nothing beyond the map is shown."""
    half = 0.5 / camera.zoom
    return Camera(camera.zoom, min(max(camera.row, half), 1 - half), min(max(camera.column, half), 1 - half))
