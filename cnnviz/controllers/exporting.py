"""Drives an export by the event loop, one frame a turn, so that the window stays alive and can cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtGui import QImage

from cnnviz.controllers.session import Moment, Session
from cnnviz.export.job import Steps, export_steps
from cnnviz.export.plan import ExportPlan, existing_files, frame_indices, target_of
from cnnviz.export.raster import png_bytes
from cnnviz.lesson.lesson import BadInput
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import Theme, theme_named
from cnnviz.scene.viewpoint import Hidden
from cnnviz.timeline.progress import patiently

ANSWERS: tuple[Hidden, ...] = ("total", "products", "cell")

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


def scenes_of(moment: Moment, plan: ExportPlan) -> Callable[[int], Scene]:
    """The scenes of an export: the view of the moment, the size, theme and hidden answers of the plan."""
    theme = theme_named(plan.theme)
    hidden = frozenset(word for word in ANSWERS if word in moment.viewpoint.hidden or word in plan.hide)
    viewpoint = replace(moment.viewpoint, hidden=hidden)
    size = (float(plan.size[0]), float(plan.size[1]))
    timeline = patiently(moment.timeline)
    return lambda index: build_scene(timeline, index, viewpoint, size, theme)


def first_plan(moment: Moment, theme: Theme) -> ExportPlan:
    """What an export begins with: all steps, or only the key frames where there are very many, in today's theme."""
    count = moment.timeline.count
    return ExportPlan(range(count), count, theme=theme.name, key_frames=count > MANY)


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

    def replaced_files(self, plan: ExportPlan, out: str) -> list[str]:
        """Which files the export would replace; `BadInput` when the place is none."""
        indices = self._indices(plan)
        return [str(path) for path in existing_files(target_of(out, plan, indices), indices)]

    def estimate(self, plan: ExportPlan) -> Estimate:
        """Measure the first frame and multiply; `BadInput` when there are no frames or too many."""
        indices = self._indices(plan)
        started = time.perf_counter()
        data = png_bytes(scene_image(scenes_of(self._session.moment, plan)(indices[0]), plan.scale))
        return Estimate(
            len(indices), len(data) * len(indices), (time.perf_counter() - started) * len(indices)
        )

    def preview(self, plan: ExportPlan, width: int) -> QImage:
        """Paint the first frame, so many pixels wide."""
        index = self._indices(plan)[0]
        return scene_image(scenes_of(self._session.moment, plan)(index), width / plan.size[0])

    def start(self, plan: ExportPlan, out: str) -> None:
        """Begin; what is shown now decides lesson and view, whatever is changed meanwhile."""
        self.cancel()
        try:
            indices = self._indices(plan)
            self._steps = export_steps(plan, Path(out), scenes_of(self._session.moment, plan), indices)
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

    def _indices(self, plan: ExportPlan) -> Sequence[int]:
        timeline = self._session.moment.timeline
        keys = timeline.key_steps() if plan.key_frames else ()
        return frame_indices(plan, keys)

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
