"""What is shown: one Moment, changed in one place only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.progress import beside
from cnnviz.timeline.runs_names import can_be_chosen
from cnnviz.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A lesson cut into steps, the step that is shown, and how it is looked at."""

    timeline: Timeline
    index: int = 0
    viewpoint: Viewpoint = field(default_factory=Viewpoint)


class Session(QObject):
    """Holds the moment; every verb of the program ends in `show`. Lessons that learn never let it wait."""

    moment_changed = Signal(object)

    def __init__(self, moment: Moment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._moment = replace(moment, timeline=beside(moment.timeline))

    @property
    def moment(self) -> Moment:
        """What is shown now."""
        return self._moment

    def show(
        self, timeline: Timeline | None = None, index: int | None = None, viewpoint: Viewpoint | None = None
    ) -> None:
        """Show another lesson, another step or another view; what is not given stays.

        An index beyond either end means that end. A pinned cell is let go when the playhead moves on or when
        the new lesson has no such cell; a curve or a bar of a run stays chosen.
        """
        old = self._moment
        timeline = old.timeline if timeline is None else beside(timeline)
        index = min(max(old.index if index is None else index, 0), timeline.count - 1)
        if viewpoint is None:
            moved = timeline is old.timeline and index != old.index
            viewpoint = _held(old.viewpoint, timeline, moved)
        if timeline is old.timeline and (index, viewpoint) == (old.index, old.viewpoint):
            return
        self._moment = Moment(timeline, index, viewpoint)
        self.moment_changed.emit(self._moment)

    def show_cell(self, ref: CellRef) -> None:
        """Show the step that makes a cell of a feature map, and pin it where the step ends on another one."""
        timeline, viewpoint = self._moment.timeline, self._moment.viewpoint
        iteration = timeline.step(self._moment.index, ref.track).iteration
        index = min(timeline.index_of(ref, iteration=iteration), timeline.count - 1)
        step = timeline.step(index, ref.track)
        shown = step.section.tensor == ref.tensor and step.cell == (ref.plane, ref.row, ref.column)
        self.show(index=index, viewpoint=replace(viewpoint, pinned=None if shown else ref))


def _held(viewpoint: Viewpoint, timeline: Timeline, moved: bool) -> Viewpoint:
    if viewpoint.pinned is None or can_be_chosen(timeline, viewpoint.pinned):
        return viewpoint
    if not moved and has_cell(timeline, viewpoint.pinned):
        return viewpoint
    return replace(viewpoint, pinned=None)


def has_cell(timeline: Timeline, ref: CellRef) -> bool:
    """Whether the cell is one of a feature map of this lesson."""
    if not 0 <= ref.track < len(timeline.sections):
        return False
    cell = (ref.plane, ref.row, ref.column)
    return any(
        section.tensor == ref.tensor and all(0 <= i < n for i, n in zip(cell, section.shape, strict=True))
        for section in timeline.sections[ref.track]
    )
