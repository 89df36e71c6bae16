"""Drives an export by the event loop, one frame a turn, so that the window stays alive and can cancel it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, Signal

from cnnviz.controllers.session import Moment, Session
from cnnviz.export.job import Cancelled, Report, Steps, export_steps
from cnnviz.export.plan import existing_files
from cnnviz.export.reporting import latex_lines
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import KEYS, Plan, PlanTheme
from cnnviz.scene.theme import Theme

MANY = 2000
"""From so many steps on, an export begins with the key frames only."""

PAUSE_MS = 1
"""Between two frames: with no pause at all the window would never be painted."""


LONGEST_NAME = 60


class Last(NamedTuple):
    """What was exported last, the title of its lesson, and the step that was shown."""

    title: str
    plan: Plan
    out: str
    shown: int


def first_plan(moment: Moment, theme: Theme, marks: range | None = None, last: Last | None = None) -> Plan:
    """What an export begins with: the steps between the marks, else all, or the key frames where there are very many.

    Everything else is as it was exported last, and of the same lesson the steps too, where the one that was shown
    becomes the one that is. At first the theme is today's.
    """
    count = moment.timeline.count
    frames = ":" if marks is None or marks == range(count) else f"{marks.start}:{marks.stop}"
    many = (count if marks is None else len(marks)) > MANY
    keys = KEYS if many else ()
    if last is None:
        return Plan(frames=frames, theme=cast(PlanTheme, theme.name), keys=keys)
    if last.title != moment.timeline.lesson.title:
        return replace(last.plan, name="", frames=frames, keys=keys, pace=None)
    if marks is None:
        frames = _one(moment.index) if last.plan.frames == _one(last.shown) else last.plan.frames
    return replace(last.plan, name="", frames=frames)


def _one(index: int) -> str:
    """A step alone, as the dialog of an export writes it."""
    return f"{index}:{index + 1}"


def first_place(lesson_file: str, title: str, last: Last | None = None) -> str:
    """Where an export goes at first, without an ending: named as the lesson's file, else by its title.

    It lies beside what was exported last, else beside that file, else among the person's pictures; of the same lesson
    it is the same place.
    """
    if last is not None and last.title == title:
        return last.out
    name = Path(lesson_file).stem or name_of(title)
    if last is not None:
        return str(Path(last.out).parent / name)
    if lesson_file:
        return str(Path(lesson_file).parent / name)
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return str(Path(pictures if Path(pictures).is_dir() else Path.home()) / name)


def name_of(title: str) -> str:
    """A title as the name of a file that systems and LaTeX read.

    Examples
    --------
    >>> name_of("Padding: 3×3, same & full")
    'padding-3x3-same-full'
    """
    words = re.findall(r"[^\W_]+", title.lower().replace("×", "x"))
    return "-".join(words)[:LONGEST_NAME].strip("-") or "cnnviz"


class Exporting(QObject):
    """One export at a time."""

    progress_changed = Signal(object)
    finished = Signal(object)
    """The report."""
    cancelled = Signal()
    failed = Signal(str)
    ended = Signal()
    """With any of the three: nothing is under way any more. It comes before ``failed``, which people have to read."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exporting")
        self._session = session
        self._steps: Steps | None = None
        self._cancelling = False
        self._latex = ""
        self._last: Last | None = None
        self._turn = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._turn.timeout.connect(self._advance)

    @property
    def running(self) -> bool:
        """Whether an export is under way."""
        return self._steps is not None

    @property
    def last(self) -> Last | None:
        """What was begun last."""
        return self._last

    @property
    def latex(self) -> str:
        """The lines that put what was exported last into a LaTeX document; empty where it reads none of it."""
        return self._latex

    def replaced_files(self, plan: Plan, out: str) -> list[str]:
        """Which files the export would replace; `BadInput` when the place is none."""
        task = self._task(plan, out)
        return [str(path) for path in existing_files(task.target, task.shots)]

    def start(self, plan: Plan, out: str) -> None:
        """Begin; what is shown now decides lesson and view, whatever is changed meanwhile."""
        if self.running:
            return
        try:
            task = self._task(plan, out)
            self._steps = export_steps(task)
        except BadInput as error:
            self.ended.emit()
            self.failed.emit(str(error))
            return
        self._latex, self._cancelling = latex_lines(task), False
        self._last = Last(task.title, plan, out, self._session.moment.index)
        self._turn.start()

    def cancel(self) -> None:
        """End it and leave nothing behind; ``cancelled`` is said once all is undone."""
        if self._steps is not None:
            self._cancelling = True

    def end_then(self, go_on: Callable[[], object]) -> None:
        """Cancel, and go on once nothing is left behind; at once where nothing is under way any more."""
        if self.running:
            self.ended.connect(go_on, Qt.ConnectionType.SingleShotConnection)
            self.cancel()
        else:
            go_on()

    def close(self) -> None:
        """End it at once, waiting until nothing is left behind."""
        steps, self._steps = self._steps, None
        self._turn.stop()
        if steps is not None:
            steps.close()
            self.cancelled.emit()
            self.ended.emit()

    def _task(self, plan: Plan, out: str) -> Task:
        moment = self._session.moment
        return task_of(moment.timeline, moment.viewpoint, plan, out)

    def _advance(self) -> None:
        steps = self._steps
        assert steps is not None
        try:
            if self._cancelling:
                self._cancelling = False
                progress = steps.throw(Cancelled())
            else:
                progress = next(steps)
        except StopIteration as end:
            self._end(end.value)
        except Cancelled:  # before it had begun
            self._end(None)
        except (BadInput, OSError) as error:
            self._steps = None
            self.ended.emit()
            self.failed.emit(str(error))
        else:
            self.progress_changed.emit(progress)
            if self._steps is not None:  # a listener may have closed it
                self._turn.start()

    def _end(self, report: Report | None) -> None:
        self._steps = None
        if report is None or report.cancelled:
            self.cancelled.emit()
        else:
            self.finished.emit(report)
        self.ended.emit()
