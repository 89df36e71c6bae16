"""The plans of the open lesson: kept, renamed and removed as edits that can be undone; read and written as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Session
from cnnviz.export.task import paced
from cnnviz.files.plans import read_plan, write_plan
from cnnviz.lesson.lesson import BadInput, Lesson
from cnnviz.lesson.plan_edits import keep_plan, plan_named, remove_plan, rename_plan
from cnnviz.lesson.plans import Plan


class Cut(NamedTuple):
    """How a pace cuts the lesson: how many steps, which lie between the marks, and which one is shown."""

    steps: int
    marks: range | None
    shown: int


class Planning(QObject):
    """What the dialog of an export asks about plans, and about the steps that they cut a lesson into."""

    plans_changed = Signal(object, str)
    """The plans of the lesson, and the name of the one that was dealt with."""
    plan_read = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        editing: Editing,
        session: Session,
        marks: Callable[[], range | None] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editing, self._session, self._marks = editing, session, marks

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that the lesson keeps."""
        return self._editing.lesson.plans

    def steps(self, plan: Plan) -> Cut:
        """How the plan's pace cuts the lesson."""
        moment, marks = self._session.moment, self._marks()
        now = moment.timeline
        timeline = paced(now, plan)
        if timeline.count == now.count:
            return Cut(timeline.count, marks, moment.index)
        shown = timeline.nearest(now.step(moment.index))
        if marks is None:
            return Cut(timeline.count, None, shown)
        first, last = (timeline.nearest(now.step(step)) for step in (marks[0], marks[-1]))
        return Cut(timeline.count, range(min(first, last), max(first, last) + 1), shown)

    def plan(self, name: str) -> Plan | None:
        """The plan of that name."""
        try:
            return plan_named(self._editing.lesson, name)
        except BadInput as error:
            self.refused.emit(str(error))
            return None

    def keep(self, plan: Plan) -> None:
        """Keep a plan under its name."""
        self._edit(f"Keep plan {plan.name}", lambda lesson: keep_plan(lesson, plan), plan.name)

    def rename(self, old: str, new: str) -> None:
        """Give a plan another name."""
        self._edit(f"Rename plan {old}", lambda lesson: rename_plan(lesson, old, new), new)

    def remove(self, name: str) -> None:
        """Keep a plan no longer."""
        self._edit(f"Delete plan {name}", lambda lesson: remove_plan(lesson, name), "")

    def load(self, path: str) -> None:
        """Read the plan of a file."""
        try:
            plan = read_plan(path)
        except (BadInput, OSError) as error:
            self.refused.emit(str(error))
        else:
            self.plan_read.emit(plan)

    def save(self, path: str, plan: Plan) -> None:
        """Write a plan to a file, whole or not at all."""
        try:
            write_plan(path if "." in path.rpartition("/")[2] else f"{path}.json", plan)
        except (BadInput, OSError) as error:
            self.refused.emit(str(error))

    def _edit(self, name: str, edit: Callable[[Lesson], Lesson], shown: str) -> None:
        said: list[str] = []
        self._editing.refused.connect(said.append)
        accepted = self._editing.apply(name, edit)
        self._editing.refused.disconnect(said.append)
        if accepted:
            self.plans_changed.emit(self.plans, shown)
        else:
            self.refused.emit(said[-1] if said else "")
