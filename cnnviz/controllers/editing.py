"""Undo and redo: each edit is a pair of lessons with a name, refused edits change nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from cnnviz.controllers.session import Session
from cnnviz.lesson.lesson import BadInput, Lesson
from cnnviz.timeline.reuse import at_rest, timeline_for
from cnnviz.timeline.timeline import Timeline

RUN_SECONDS = 1.0
"""Edits of the same thing that follow each other within this time are one entry, such as a run of a spin box."""

REST_MS = 120
"""Once no quick edit has followed for so long, forms show the last of them."""

LessonEdit: TypeAlias = Callable[[Lesson], Lesson]

MERGEABLE = 1
"""What Qt asks of commands that may be merged; which of them are is decided by their keys."""


class Edit(QUndoCommand):
    """One entry of the history: the lesson before and after."""

    def __init__(
        self,
        editing: Editing,
        name: str,
        before: Lesson,
        after: Lesson,
        when: float,
        key: Hashable | None = None,
        run_seconds: float = RUN_SECONDS,
    ) -> None:
        super().__init__(name)
        self._editing = editing
        self.before, self.after, self.when = before, after, when
        self.key, self.run_seconds = key, run_seconds

    def id(self) -> int:
        return -1 if self.key is None else MERGEABLE

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802  # Qt's name
        if not isinstance(other, Edit) or other.key != self.key or other.when - self.when > self.run_seconds:
            return False
        self.after, self.when = other.after, other.when
        self.setText(other.text())
        self.setObsolete(self.after == self.before)
        return True

    def redo(self) -> None:
        self._editing.show_lesson(self.after)

    def undo(self) -> None:
        self._editing.show_lesson(self.before)


class _Run(NamedTuple):
    """Edits of the same thing one after the other: the lesson before them, and as it is now."""

    key: Hashable | None
    before: Lesson
    after: Lesson
    when: float


class Editing(QObject):
    """Changes the lesson of a session by named edits that can be taken back; never touches the view of it."""

    refused = Signal(str)
    lesson_changed = Signal(object)

    def __init__(
        self, session: Session, now: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._prepared: Timeline | None = None
        self._run: _Run | None = None
        self._quick = False
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._come_to_rest)
        self.stack = QUndoStack(self)

    def __del__(self) -> None:
        """Let Qt delete the entries while they are whole: the collector would delete some before their stack."""
        if isValid(self.stack):
            self.stack.blockSignals(True)
            self.stack.clear()

    @property
    def lesson(self) -> Lesson:
        """The lesson as it is now."""
        return self._session.moment.timeline.lesson

    def apply(
        self,
        name: str,
        edit: LessonEdit,
        merge: Hashable | None = None,
        run_seconds: float = RUN_SECONDS,
        absolute: bool = False,
        quick: bool = False,
    ) -> bool:
        """Do an edit and say whether it was accepted; a refused one is told by `refused`.

        Parameters
        ----------
        name : str
            What undo and redo call it.
        edit : callable
            A pure function from lesson to lesson.
        merge : hashable, optional
            What is being edited: edits of the same thing in quick succession become one entry.
        run_seconds : float
            How quick that is; infinite for a stroke of the mouse, whose ``merge`` ends with it.
        absolute : bool
            Whether the edit sets a value rather than adding to what there is. A run of such edits starts from the
            lesson before the run each time: a slider drawn past the value of another track must not take that along.
        quick : bool
            Whether many follow each other so fast that only the stage keeps up: `lesson_changed` is told when
            they rest, and what learns from the picture that is changed learns anew only then.
        """
        before, now = self.lesson, self._now()
        run = self._run
        same = run is not None and run.key == merge is not None and run.after is before
        going_on = absolute and same and run is not None and now - run.when <= run_seconds
        start = run.before if going_on and run is not None else before
        try:
            after = edit(start)
            if after != before:
                self._prepared = timeline_for(after, self._session.moment.timeline, lends=quick)
        except BadInput as error:
            self.refused.emit(str(error))
            return False
        if after != before:
            self._quick = quick
            self.stack.push(Edit(self, name, before, after, now, merge, run_seconds))
            self._quick = False
            self._run = _Run(merge, start, self.lesson, now)
        return True

    def put(self, name: str, timeline: Timeline) -> None:
        """Take over a lesson whose timeline was made elsewhere, as one edit."""
        self._prepared = timeline
        self.stack.push(Edit(self, name, self.lesson, timeline.lesson, self._now()))

    def start(self, timeline: Timeline) -> None:
        """Begin with another document: its first step, an empty history."""
        self._rest.stop()
        self._session.show(timeline=timeline, index=0)
        self.stack.clear()
        self.lesson_changed.emit(timeline.lesson)

    def show_lesson(self, lesson: Lesson) -> None:
        """Show a lesson at the cell that is shown now, or the nearest one."""
        moment = self._session.moment
        ready = self._prepared
        timeline = (
            ready
            if ready is not None and ready.lesson is lesson
            else timeline_for(lesson, moment.timeline, self._quick)
        )
        self._prepared = None
        self._session.show(timeline=timeline, index=timeline.nearest(moment.timeline.step(moment.index)))
        if self._quick:
            self._rest.start()
        else:
            self._rest.stop()
            self.lesson_changed.emit(lesson)

    def settle(self) -> None:
        """Tell of the last quick edit now."""
        if self._rest.isActive():
            self._rest.stop()
            self._come_to_rest()

    def _come_to_rest(self) -> None:
        self._session.show(timeline=at_rest(self._session.moment.timeline))
        self.lesson_changed.emit(self.lesson)
