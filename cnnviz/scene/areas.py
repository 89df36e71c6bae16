"""The parts of the stage and the sizes of its type, all from its height."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.primitives import Box
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of type and margins, from the height that a 16:9 stage of this width would have."""

    small: float
    body: float
    large: float
    margin: float
    stroke: float

    @classmethod
    def of(cls, width: float, height: float) -> Metrics:
        """Sizes 1/45, 1/30 and 1/20 of the height; a narrow stage is measured by its width."""
        unit = min(height, width * 9 / 16)
        return cls(
            max(11.0, round(unit / 45)), max(13.0, round(unit / 30)), max(16.0, round(unit / 20)),
            max(12.0, round(unit * 0.04)), max(2.0, round(unit / 240)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Areas:
    """The parts of the stage from top to bottom."""

    title: Box
    maps: Box
    sums: Box
    caption: Box


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What every part of the stage needs to know."""

    viewpoint: Viewpoint
    theme: Theme
    metrics: Metrics
    lesson: Lesson


def areas_of(size: tuple[float, float], m: Metrics, tall_sums: bool, title: bool, tracks: int) -> Areas:
    """Divide the height: title, maps with their titles and legends, arithmetic, caption."""
    width, height = size
    inner = width - 2 * m.margin
    top = m.margin
    head = round(m.large * 1.4) if title else 0.0
    caption = round(m.body * 1.7)
    gap = round(m.small * 1.2)
    bottom = height - m.margin * 0.6 - caption
    sums = round((height if tracks == 1 else height / 1.4) * (0.30 if tall_sums else 0.22))
    maps_top = top + head + (gap if title else 0)
    maps_bottom = bottom - sums - 2 * gap
    return Areas(
        Box(m.margin, top, inner, head),
        Box(m.margin, maps_top, inner, max(maps_bottom - maps_top, 40.0)),
        Box(m.margin, maps_bottom + gap, inner, sums),
        Box(m.margin, bottom, inner, caption),
    )


def rows_of(area: Box, tracks: int) -> tuple[Box, ...]:
    """One row for each track."""
    h = area.h / tracks
    return tuple(Box(area.x, area.y + n * h, area.w, h) for n in range(tracks))
