"""Below one cell its products, one at a step: down to the first of them, and back to the pace there was."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.levels import Levels
from cnnviz.controllers.session import Session, has_cell
from cnnviz.lesson.edits import set_pace
from cnnviz.lesson.lesson import Pace
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Step

NAME = "Step by products"


class Products(QObject):
    """Goes down and up through the levels, and on from a cell to its products; the pace is an edit like any other."""

    def __init__(
        self, editing: Editing, session: Session, levels: Levels, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editing, self._session, self._levels = editing, session, levels
        self._before: Pace | None = None

    def down(self) -> bool:
        """One level nearer, from a cell to its first product; whether there was one."""
        return self._levels.down() or self._open()

    def up(self) -> bool:
        """One level back, from products that were gone down to to their cell; whether there was one."""
        return self._close() or self._levels.up()

    def _open(self) -> bool:
        moment = self._session.moment
        before = moment.timeline.lesson.pace
        if moment.timeline.runs is not None or not self._editing.apply(
            NAME, partial(set_pace, pace="multiply")
        ):
            return False
        first = self._first()
        if first is None:
            if before != "multiply":
                self._editing.stack.undo()
            return False
        self._before = before
        self._session.show(index=first, viewpoint=replace(moment.viewpoint, pinned=None))
        return True

    def _close(self) -> bool:
        stack = self._editing.stack
        opened = any(stack.text(number) == NAME for number in range(stack.index()))
        if not opened or self._editing.lesson.pace != "multiply" or self._levels.level != "cell":
            return False
        if stack.undoText() == NAME:
            stack.undo()  # nothing was edited since, and nothing is to be saved
            return True
        return self._editing.apply(
            f"Pace {self._before or 'by default'}", partial(set_pace, pace=self._before)
        )

    def _first(self) -> int | None:
        """The step of the first product of the chosen cell, else of the one at work."""
        moment = self._session.moment
        timeline, index, chosen = moment.timeline, moment.index, moment.viewpoint.pinned
        if chosen is not None and has_cell(timeline, chosen):
            iteration = timeline.step(index, chosen.track).iteration
            index = min(timeline.index_of(chosen, iteration=iteration), timeline.count - 1)
        here = timeline.step(index)
        place = _place(here)
        while index > 0 and _place(timeline.step(index - 1)) == place:
            index -= 1
        while index < timeline.count and _place(timeline.step(index)) == place:
            if timeline.step(index).beat is Beat.MULTIPLY:
                return index
            index += 1
        return None


def _place(step: Step) -> tuple[int, int, tuple[int, int, int]]:
    return step.section.start, step.iteration, step.cell
