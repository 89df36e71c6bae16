"""Paints any frame of a plan, and writes a few of them aside to tell how much all of them will be."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QSize, QTimer, Signal

from cnnviz.controllers.session import Session
from cnnviz.export.job import export_steps
from cnnviz.export.plan import target_of
from cnnviz.export.shots import Shot
from cnnviz.export.task import task_of
from cnnviz.export.type_guard import type_fault
from cnnviz.export.writing import Task, aside
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene

REST_MS = 60
"""A frame is painted once what was asked for rests so long: a slider that is drawn asks for very many."""

PAUSE_MS = 1
TURN = 0.02
SAMPLES = 3
FINER = 2
"""How much finer than its place a frame is painted: at its size numbers of cells would be too small to be there."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much an export will be.

    Attributes
    ----------
    frames, files : int
    plays : float
        Seconds that it lasts when it is played.
    bytes_expected : int or None
        None while it is measured.
    seconds : float or None
        That it takes to write.
    """

    frames: int
    files: int
    plays: float
    bytes_expected: int | None = None
    seconds: float | None = None


Work = Generator[None, None, None]


class Sampling(QObject):
    """Works off the click path, in turns of the event loop; whatever is asked for anew ends what was under way."""

    frames_changed = Signal(int)
    painted = Signal(object, str)
    """A picture, and which step it is."""
    estimated = Signal(object)
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None
        self._smallest = 0.0
        self._estimate: Estimate | None = None
        self._position, self._room = 0, QSize(560, 315)
        self._work: Work | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._advance)

    def choose(self, plan: Plan, out: str, room: QSize, position: int) -> None:
        """Sample another plan; `refused` says why it cannot be written."""
        self.stop()
        self._room, self._position = room, position
        moment = self._session.moment
        try:
            self._smallest = plan.smallest
            # The type is checked beside the picture, so that it is seen.
            self._task = task_of(moment.timeline, moment.viewpoint, replace(plan, smallest=0.0), out)
        except BadInput as error:
            self._task = None
            self.refused.emit(str(error))
            return
        shots = self._task.shots
        files = len(shots) if self._task.target.width else 1
        self._estimate = Estimate(len(shots), files, sum(shot.seconds for shot in shots))
        self.frames_changed.emit(len(shots))
        self.estimated.emit(self._estimate)
        self._begin()

    def seek(self, position: int) -> None:
        """Paint another frame of the same plan."""
        self._position = position
        if self._task is not None:
            self._begin()

    def stop(self) -> None:
        """End what is under way, and take away what was written aside."""
        self._timer.stop()
        work, self._work = self._work, None
        if work is not None:
            work.close()

    def _begin(self) -> None:
        self.stop()
        assert self._task is not None
        self._work = self._sampled(self._task)
        self._timer.start(REST_MS)

    def _advance(self) -> None:
        work = self._work
        if work is None:
            return
        try:
            next(work)
        except StopIteration:
            self._work = None
        except (BadInput, OSError) as error:
            self._work = None
            self.refused.emit(str(error))
        else:
            if self._work is work:  # a listener may have asked for something else
                self._timer.start(PAUSE_MS)

    def _sampled(self, task: Task) -> Work:
        shot = task.shots[min(self._position, len(task.shots) - 1)]
        while not task.ready(shot, TURN):
            yield
        scene = task.scene_at(shot)
        yield
        width, height = task.plan.size
        scale = FINER * min(self._room.width() / width, self._room.height() / height)
        self.painted.emit(scene_image(scene, scale), _words(scene, shot))
        if fault := type_fault(scene, replace(task.plan, smallest=self._smallest), shot):
            self.refused.emit(fault)
        yield
        if self._estimate is not None and self._estimate.bytes_expected is None:
            yield from self._measured(task)

    def _measured(self, task: Task) -> Work:
        """Write one sample, then all of them: what they have beyond the one is the price of a frame."""
        samples = samples_of(task)
        if task.target.format.ending == "pptx":  # its import takes long, and a thread lets the window breathe
            yield from aside(partial(import_module, "pptx"))
        with tempfile.TemporaryDirectory(prefix="cnnviz-estimate-", ignore_cleanup_errors=True) as folder:
            first = yield from _written(task, samples[:1], Path(folder, "one"))
            many = first
            if len(samples) > 1:
                many = yield from _written(task, samples, Path(folder, "all"))
        more = max(1, len(samples) - 1)
        total = len(task.shots) - 1
        size, seconds = (
            one + max(0, (all_ - one) / more) * total for one, all_ in zip(first, many, strict=True)
        )
        assert self._estimate is not None
        self._estimate = replace(self._estimate, bytes_expected=round(size), seconds=seconds)
        self.estimated.emit(self._estimate)


def _words(scene: Scene, shot: Shot) -> str:
    """Section and step, as they are spoken, and whether it asks or answers."""
    place = scene.spoken.partition(". ")[0]
    return f"{place} · {shot.role}" if shot.role else place


def samples_of(task: Task) -> tuple[Shot, ...]:
    """Up to three shots: of pictures the first, the middle and the last; of what plays three that follow each other.

    So do those of slides, which keep a picture that several show only once.
    """
    shots, count = task.shots, len(task.shots)
    if count <= SAMPLES:
        return shots
    if task.target.format.animated or task.target.format.ending == "pptx":
        middle = (count - SAMPLES) // 2
        return shots[middle : middle + SAMPLES]
    return (shots[0], shots[count // 2], shots[-1])


def _written(
    task: Task, samples: tuple[Shot, ...], folder: Path
) -> Generator[None, None, tuple[float, float]]:
    """Export some shots into a folder; gives bytes and seconds of work."""
    folder.mkdir()
    count = max(shot.index for shot in task.shots) + 1
    out = folder if task.target.width else folder / f"sample.{task.target.format.ending}"
    aside = replace(task, shots=samples, target=target_of(out, task.plan, samples, count))
    steps, worked, idle = export_steps(aside), 0.0, 0.0
    try:
        while True:
            before = time.perf_counter()
            try:
                next(steps)
            except StopIteration as end:
                return float(end.value.bytes_written), worked + time.perf_counter() - before
            worked += time.perf_counter() - before
            idle = time.perf_counter()
            yield
            worked += min(time.perf_counter() - idle, PAUSE_MS / 1000)
    finally:
        with suppress(OSError):
            steps.close()
