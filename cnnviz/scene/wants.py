"""What a lesson's stage needs room for: its arithmetic, formulas, words, and the plot of what learns."""

from __future__ import annotations

from math import prod
from typing import Literal

from cnnviz.engine.windows import Sliding, terms_per_cell
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.areas import Wants
from cnnviz.scene.composition import Composition
from cnnviz.scene.depth_near import alone
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import Frame
from cnnviz.timeline.timeline import Timeline

FEW_CELLS = 24
"""Maps of so few cells in all leave room for a large plot beside them."""

MOST_ACROSS = 12
"""So many values beside one another find room as cells with numbers, where a layer has the stage for itself."""

MOST_TERMS = 121
"""A window of so many values is worth a high part of the stage for its arithmetic."""


MOST_PANELS = 12
"""So many panels of several tracks have room for larger type."""

MOST_COLUMNS = 12
"""The overview of a network of so many layers has none."""


def wants_of(timeline: Timeline, frame: Frame, composition: Composition, height: float) -> Wants:
    """What the stage needs room for: the same for all steps of a lesson, so that it stays still.

    Where each layer has the stage for itself it is what the cell at work needs.
    """
    lesson = timeline.lesson
    track = lesson.tracks[timeline.lead]
    windows = [
        (spec.kernel_size[0], terms_per_cell(spec, shape))
        for spec, shape in zip(track.layers, track.shapes(), strict=False)
        if isinstance(spec, Sliding)
    ]
    if alone(track):
        channels, rows, columns = frame.lead.focus.terms.layout
        windows = [(rows, MOST_TERMS + 1 if channels * columns > MOST_ACROSS else rows)]
    sums: Literal["none", "short", "usual", "tall"] = "usual"
    if not composition.has("arithmetic"):
        sums = "none"
    elif any(terms > MOST_TERMS for _, terms in windows):
        sums = "short"  # such windows are too wide for cells with numbers: the maps get the room
    elif any(rows > 4 for rows, _ in windows):
        sums = "tall"
    story = any(w.caption for w in lesson.words)
    has = composition.has
    return Wants(
        has("title", "section"),
        sums,
        lesson.view.formula and has("formula"),
        story and has("caption"),
        len(lesson.tracks),
        _plot_wanted(lesson) if has("plot") else "none",
        has("caption"),
        has("legend"),
        composition.margin * height,
        composition.formula_instead,
    )


def type_of(timeline: Timeline, viewpoint: Viewpoint, composition: Composition) -> float:
    """How large type is set: as the composition asks, but no larger than usual where panels stand close together."""
    tracks = timeline.lesson.tracks
    level = viewpoint.level or timeline.lesson.view.level
    if level == "network":
        crowded = max(len(track.layers) for track in tracks) >= MOST_COLUMNS
    else:
        panels = sum(
            len(t.layers) + 1 + sum(p is not None for p in t.params) + (t.recipe is not None) for t in tracks
        )
        crowded = len(tracks) > 1 and panels > MOST_PANELS
    return min(composition.type, 1.0) if crowded else composition.type


def _plot_wanted(lesson: Lesson) -> Literal["none", "beside", "corner"]:
    """Where a lesson that learns has its plot: large beside few cells, else in the corner under the maps."""
    track = next((t for t in lesson.tracks if t.recipe is not None), None)
    if track is None or lesson.view.plots == "none":
        return "none"
    if track.data and track.recipe is not None and track.recipe.iterations == 1:
        return "none"  # a single loss is no curve, and the arithmetic needs the room
    cells = sum(prod(shape) for shape in track.shapes())
    return "beside" if cells <= FEW_CELLS and len(lesson.tracks) == 1 else "corner"
