"""Plays a lesson sixty steps a second while it learns, and tells how far its painted frames are apart."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from cnnviz import app
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe_edits import set_iterations
from cnnviz.timeline.timeline import make_timeline
from tests.benchmarks.probe_learning import network

ITERATIONS = 100_000
"""More than are learned meanwhile."""
SETTLED_MS = 1500
PLAYED_MS = 5000
STEP_MS = 16
SIZE = (1280, 800)


class Paints(QObject):
    """When a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False


def lesson_of(name: str) -> Lesson:
    """A lesson that ships, one step an iteration; "large" is a network of 60,000 parameters."""
    if name == "large":
        return Lesson("Large", (network(ITERATIONS),), "iteration")
    return set_iterations(replace(shipped_lesson(name), pace="iteration"), ITERATIONS)


def main(name: str) -> None:
    """Print how many milliseconds frames are apart, median and longest of twenty, and the iterations a second."""
    application = app.make_application()
    desk = app.build(make_timeline(lesson_of(name)))
    desk.window.resize(*SIZE)
    desk.window.show()
    paints, before = Paints(), [0]
    desk.window.stage.viewport().installEventFilter(paints)
    steps = QTimer(interval=STEP_MS)
    steps.setTimerType(Qt.TimerType.PreciseTimer)
    steps.timeout.connect(lambda: desk.player.seek(desk.session.moment.index + 1))

    def begin() -> None:
        paints.times.clear()
        before[0] = desk.training.progress.filled
        steps.start()

    QTimer.singleShot(SETTLED_MS, begin)
    QTimer.singleShot(SETTLED_MS + PLAYED_MS, application.quit)
    application.exec()
    learned = desk.training.progress.filled - before[0]
    desk.training.close()
    gaps = sorted((b - a) * 1e3 for a, b in pairwise(paints.times))
    print(gaps[len(gaps) // 2], gaps[len(gaps) * 19 // 20], learned * 1e3 / PLAYED_MS)


if __name__ == "__main__":
    main(sys.argv[1])
