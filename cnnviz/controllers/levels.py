"""How near one looks: the whole network, one layer, one cell; going down to what is chosen, and one level back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.session import Moment, Session, has_cell
from cnnviz.lesson.lesson import Level
from cnnviz.timeline.frame import CellRef

FAR_TO_NEAR: tuple[Level, ...] = ("network", "layer", "cell")

ACTIONS: dict[str, Level] = {
    "view.level-network": "network",
    "view.level-layer": "layer",
    "view.level-cell": "cell",
}

INPUT = "input"

GRADIENT = ".grad"
"""Behind the name of a map: its gradient."""

BACK = ("error", "weight", "bias", "input")
"""Kinds of sections on the way back."""


class Levels(QObject):
    """Changes the level, and the map that is chosen: the pinned cell of the viewpoint.

    Signals
    -------
    states_changed : dict of str to bool
        Which level is shown, by the id of the action.
    """

    states_changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._said: Mapping[str, bool] = {}
        session.moment_changed.connect(lambda _moment: self._say_if_other())

    @property
    def level(self) -> Level:
        """The level that is shown."""
        moment = self._session.moment
        return moment.viewpoint.level or moment.timeline.lesson.view.level

    @property
    def states(self) -> dict[str, bool]:
        """Which of the three it is, by the id of the action."""
        return {name: self.level == level for name, level in ACTIONS.items()}

    def refresh(self) -> None:
        """Say which level is shown, whether or not it changed."""
        self._said = self.states
        self.states_changed.emit(self._said)

    @property
    def _fixed(self) -> bool:
        """Whether there is but one distance: runs of networks have no cells."""
        return self._session.moment.timeline.runs is not None

    def show(self, level: Level) -> None:
        """Look from another distance at the same step and the same chosen cell."""
        moment = self._session.moment
        if self._fixed:
            self.refresh()
            return
        own = level == moment.timeline.lesson.view.level
        self._session.show(viewpoint=replace(moment.viewpoint, level=None if own else level))
        self.refresh()

    def up(self) -> bool:
        """One level back; whether there was one."""
        at = 0 if self._fixed else FAR_TO_NEAR.index(self.level)
        if at:
            self.show(FAR_TO_NEAR[at - 1])
        return at > 0

    def down(self, ref: CellRef | None = None) -> bool:
        """One level nearer, to a cell or to what is chosen; whether there was one."""
        at = FAR_TO_NEAR.index(self.level)
        if self._fixed or at + 1 == len(FAR_TO_NEAR):
            return False
        moment = self._session.moment
        chosen = ref or moment.viewpoint.pinned
        if chosen is not None:
            self._go(moment, chosen)
        self.show(FAR_TO_NEAR[at + 1])
        return True

    def open(self, ref: CellRef) -> bool:
        """What a double click means: go down to a cell; whether it did. Numbers of a near level are edited instead."""
        near = self.level != "network" and (ref.tensor == INPUT or ref.tensor.endswith(".weight"))
        known = ref.tensor.removesuffix(GRADIENT) in self._session.moment.timeline.tensor_names(ref.track)
        return known and not near and self.down(ref)

    def choose(self, columns: int, maps: int) -> None:
        """Choose the map that stands so many layers to the right, and so many maps further down.

        At the level of cells it is the cell so many columns to the right and rows further down; of runs the bar or
        the curve.
        """
        moment = self._session.moment
        if self._fixed:
            from cnnviz.timeline.runs_points import next_choice  # few lessons have runs

            chosen = next_choice(moment.timeline, moment.viewpoint.pinned, columns, maps)
            self._session.show(viewpoint=replace(moment.viewpoint, pinned=chosen))
            return
        now = self._chosen(moment)
        chosen = self._next_cell(moment, now, maps, columns)
        if self.level != "cell":
            chosen = self._next_map(moment, now, columns, maps)
        self._session.show(viewpoint=replace(moment.viewpoint, pinned=chosen))

    def _chosen(self, moment: Moment) -> CellRef:
        """The chosen cell: the pinned one, else that of the step."""
        pinned = moment.viewpoint.pinned
        if pinned is not None and pinned.tensor in moment.timeline.tensor_names(pinned.track):
            return pinned
        step = moment.timeline.step(moment.index)
        names = moment.timeline.tensor_names(step.section.track)
        tensor = names[step.section.layer + 1]
        return CellRef(step.section.track, tensor, *step.cell)

    def _next_map(self, moment: Moment, now: CellRef, columns: int, maps: int) -> CellRef:
        names = moment.timeline.tensor_names(now.track)
        shapes = moment.timeline.lesson.tracks[now.track].shapes()
        at = min(max(names.index(now.tensor) + columns, 0), len(names) - 1)
        planes, rows, width = shapes[at]
        plane = min(max(now.plane + maps, 0), planes - 1)
        if names[at] == now.tensor and plane == now.plane:
            return now
        return CellRef(now.track, names[at], plane, rows // 2, width // 2)

    def _next_cell(self, moment: Moment, now: CellRef, rows: int, columns: int) -> CellRef:
        at = moment.timeline.tensor_names(now.track).index(now.tensor)
        planes, height, width = moment.timeline.lesson.tracks[now.track].shapes()[at]
        if height == width == 1:  # numbers in a line
            return now._replace(plane=min(max(now.plane + rows + columns, 0), planes - 1))
        row, column = (
            min(max(i, 0), n - 1) for i, n in ((now.row + rows, height), (now.column + columns, width))
        )
        return now._replace(row=row, column=column)

    def _go(self, moment: Moment, ref: CellRef) -> None:
        """Show the step that makes a cell, or its gradient on the way back; of the input the first that reads it."""
        timeline = moment.timeline
        back = ref._replace(tensor=f"{ref.tensor}{GRADIENT}")
        if timeline.step(moment.index, ref.track).section.kind in BACK and has_cell(timeline, back):
            ref = back
        if has_cell(timeline, ref):
            self._session.show_cell(ref)
            return
        index = timeline.index_at(timeline.step(moment.index, ref.track).iteration, 0, ref.track)
        self._session.show(index=index, viewpoint=replace(moment.viewpoint, pinned=None))

    def _say_if_other(self) -> None:
        if self.states != self._said:
            self.refresh()
