"""Drives an export by the event loop, one frame a turn, so that the window stays alive and can cancel it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtGui import QImage

from cnnviz.controllers.session import Moment, Session
from cnnviz.export.job import Steps, export_steps
from cnnviz.export.plan import existing_files
from cnnviz.export.raster import png_bytes
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import KEYS, Plan, PlanTheme
from cnnviz.paint.painter import scene_image
from cnnviz.scene.theme import Theme

MANY = 2000
"""From so many steps on, an export begins with the key frames only."""

PAUSE_MS = 1
"""Between two frames: with no pause at all the window would never be painted."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much an export will be, from its first frame."""

    frames: int
    bytes_expected: int
    seconds: float


def first_plan(moment: Moment, theme: Theme) -> Plan:
    """What an export begins with: all steps, or only the key frames where there are very many, in today's theme."""
    return Plan(theme=cast(PlanTheme, theme.name), keys=KEYS if moment.timeline.count > MANY else ())


def first_place(lesson_file: str) -> str:
    """Where an export goes at first: a folder beside the lesson's file, else among the person's pictures."""
    if lesson_file:
        return str(Path(lesson_file).with_suffix("")) + "-frames"
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return str(Path(pictures if Path(pictures).is_dir() else Path.home()) / "cnnviz-frames")


class Exporting(QObject):
    """One export at a time."""

    progress_changed = Signal(object)
    finished = Signal(object)
    """The report."""
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._steps: Steps | None = None
        self._turn = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._turn.timeout.connect(self._advance)

    @property
    def running(self) -> bool:
        """Whether an export is under way."""
        return self._steps is not None

    def replaced_files(self, plan: Plan, out: str) -> list[str]:
        """Which files the export would replace; `BadInput` when the place is none."""
        task = self._task(plan, out)
        return [str(path) for path in existing_files(task.target, task.shots)]

    def estimate(self, plan: Plan, out: str) -> Estimate:
        """Measure the first frame and multiply; `BadInput` when there are no frames or too many."""
        task = self._task(plan, out)
        started = time.perf_counter()
        data = png_bytes(scene_image(task.scene_at(task.shots[0]), plan.scale))
        count = len(task.shots)
        return Estimate(count, len(data) * count, (time.perf_counter() - started) * count)

    def preview(self, plan: Plan, out: str, width: int) -> QImage:
        """Paint the first frame, so many pixels wide."""
        task = self._task(plan, out)
        return scene_image(task.scene_at(task.shots[0]), width / plan.size[0])

    def start(self, plan: Plan, out: str) -> None:
        """Begin; what is shown now decides lesson and view, whatever is changed meanwhile."""
        self.cancel()
        try:
            self._steps = export_steps(self._task(plan, out))
        except BadInput as error:
            self.failed.emit(str(error))
            return
        self._turn.start()

    def cancel(self) -> None:
        """End it and leave nothing behind."""
        steps, self._steps = self._steps, None
        self._turn.stop()
        if steps is not None:
            steps.close()
            self.cancelled.emit()

    def _task(self, plan: Plan, out: str) -> Task:
        moment = self._session.moment
        return task_of(moment.timeline, moment.viewpoint, plan, out)

    def _advance(self) -> None:
        assert self._steps is not None
        try:
            progress = next(self._steps)
        except StopIteration as end:
            self._steps = None
            self.finished.emit(end.value)
        except (BadInput, OSError) as error:
            self._steps = None
            self.failed.emit(str(error))
        else:
            self.progress_changed.emit(progress)
            if self._steps is not None:  # a listener may have cancelled
                self._turn.start()
