"""The parts of the stage and the sizes of its type, all from its height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.primitives import Box
from cnnviz.scene.theme import Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import TrackFrame


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of type and margins, from the height that a 16:9 stage of this width would have."""

    small: float
    body: float
    large: float
    margin: float
    stroke: float

    @classmethod
    def of(cls, width: float, height: float, larger: float = 1.0) -> Metrics:
        """Sizes 1/45, 1/30 and 1/20 of the height, times ``larger``; a narrow stage is measured by its width."""
        unit = min(height, width * 9 / 16)
        of_type = unit * larger
        return cls(
            max(11.0, round(of_type / 45)), max(13.0, round(of_type / 30)), max(16.0, round(of_type / 20)),
            max(12.0, round(unit * 0.04)), max(2.0, round(unit / 240)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Areas:
    """The parts of the stage from top to bottom."""

    title: Box
    maps: Box
    legend: Box
    formula: Box
    sums: Box
    story: Box
    caption: Box
    plot: Box
    """Where a lesson that learns has its plot."""
    instead: bool = False
    """Whether the formulas' place is that of the arithmetic."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What every part of the stage needs to know."""

    viewpoint: Viewpoint
    theme: Theme
    metrics: Metrics
    lesson: Lesson
    tracks: tuple[TrackFrame, ...] = ()
    """All tracks of the frame: those side by side share the ranges of their colours."""


PLOT_BESIDE = 0.38
"""So much of the width a plot has at the right of maps and formulas."""


PLOT_CORNER = 0.27
"""So much of the width a plot has at the right of formulas and arithmetic."""


FORMULA_FROM = 560.0
"""Below this height the maps need the room that formulas would take."""


FOR_FORMULA = 0.04
"""So much of the height the arithmetic gives up where there are formulas."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What a lesson needs room for; the same in all its steps, so that the stage stays still."""

    title: bool = True
    sums: Literal["none", "short", "usual", "tall"] = "usual"
    formula: bool = False
    story: bool = False
    tracks: int = 1
    plot: Literal["none", "beside", "corner"] = "none"
    """Whether a plot stands at the right of the maps, or under them at the right of formulas and arithmetic."""
    caption: bool = True
    legend: bool = True
    margin: float = 0.0
    """Left free on every side beyond the stage's own margin, in logical pixels."""
    instead: bool = False
    """Whether formulas, in place of a strip of their own, stand where the arithmetic does."""


def areas_of(size: tuple[float, float], m: Metrics, wants: Wants) -> Areas:
    """Divide the height: title, maps with their titles and legends, formulas, arithmetic, story, caption."""
    width, height = size
    left, top = m.margin + wants.margin, m.margin + wants.margin
    inner = width - 2 * left
    head = round(m.large * 1.4) if wants.title else 0.0
    caption = round(m.body * 1.7) if wants.caption else 0.0
    story = round(m.body * 1.5) if wants.story else 0.0
    gap = round(m.small * 1.2)
    bottom = height - wants.margin - m.margin * 0.6 - caption - story
    share = {"none": 0.0, "short": 0.15, "usual": 0.22, "tall": 0.30}[wants.sums]
    formula = round(m.body * 3.6) if wants.formula and height >= FORMULA_FROM else 0.0
    if wants.plot == "corner" and wants.tracks > 1 and height >= FORMULA_FROM:
        formula = round(m.body * 5.4)  # the curves of all tracks stand in this strip
    if formula and wants.sums in ("usual", "tall"):
        share -= FOR_FORMULA  # the same numbers stand in the formula: the maps come first
    # Of several tracks each sum is one line of text.
    sums = round(height * share) if wants.tracks == 1 or not share else round(m.large * 1.8)
    maps_top = top + head + (gap if wants.title else 0)
    legend = round(m.small * 2.4) if wants.tracks > 1 and wants.legend else 0.0
    maps_bottom = bottom - sums - formula - 2 * gap - legend
    maps = Box(left, maps_top, inner, max(maps_bottom - maps_top, 40.0))
    strip = Box(left, maps_bottom + legend + gap * 0.5, inner, formula)
    row = Box(left, maps_bottom + legend + formula + gap, inner, sums)
    plot = Box(0.0, 0.0, 0.0, 0.0)
    if wants.plot == "beside":
        high = strip.bottom if formula else maps.bottom
        plot = _parted(Box(maps.x, maps.y, inner, high - maps.y), PLOT_BESIDE, m.body * 1.5)[1]
        maps, strip = (_parted(part, PLOT_BESIDE, m.body * 1.5)[0] for part in (maps, strip))
    elif wants.plot == "corner":
        upper = strip.y if formula else row.y
        plot = _parted(Box(row.x, upper, inner, row.bottom - upper), PLOT_CORNER, m.body * 1.5)[1]
        strip, row = (_parted(part, PLOT_CORNER, m.body * 1.5)[0] for part in (strip, row))
        if wants.tracks > 1:  # their sums need the whole width
            strip, plot = _parted(Box(strip.x, strip.y, inner, strip.h), 0.45, m.body * 1.5)
            row = Box(row.x, row.y, inner, row.h)
    if wants.instead and not formula:
        strip = Box(row.x, row.y - gap * 0.5, row.w, row.h + gap)
    return Areas(
        Box(left, top, inner, head),
        maps,
        Box(left, maps_bottom, inner, legend),
        strip,
        row,
        Box(left, bottom, inner, story),
        Box(left, bottom + story, inner, caption),
        plot,
        wants.instead and not formula,
    )


def _parted(box: Box, share: float, gap: float) -> tuple[Box, Box]:
    """A box without its right part, and that part."""
    wide = round(box.w * share)
    return Box(box.x, box.y, box.w - wide - gap, box.h), Box(box.right - wide, box.y, wide, box.h)


def columns_of(area: Box, count: int, gap: float) -> tuple[Box, ...]:
    """One part of the width for each track."""
    w = (area.w - gap * (count - 1)) / count
    return tuple(Box(area.x + n * (w + gap), area.y, w, area.h) for n in range(count))
