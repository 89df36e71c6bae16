"""Exports beside the window and tells the longest that its event loop took for one turn."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from cnnviz import app
from cnnviz.controllers.exporting import Exporting
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.timeline.timeline import make_timeline

SETTLED_MS = 2000


def main(out: str, scale: float) -> None:
    """Print the longest turn and, of a hundred, the second longest, in milliseconds."""
    application = app.make_application()
    desk = app.build(make_timeline(shipped_lesson("vertical-edge")))
    desk.window.resize(1280, 800)
    desk.window.show()
    exporting = Exporting(desk.session, desk.window)
    turns: list[float] = []
    clock = QTimer(interval=1)
    clock.setTimerType(Qt.TimerType.PreciseTimer)
    clock.timeout.connect(lambda: turns.append(time.perf_counter()))

    def begin() -> None:
        clock.start()
        exporting.start(Plan(scale=scale, moves=Path(out).suffix in (".gif", ".mp4")), out)

    exporting.failed.connect(lambda line: sys.exit(line))
    exporting.finished.connect(lambda report: QTimer.singleShot(100, application.quit))
    QTimer.singleShot(SETTLED_MS, begin)
    application.exec()
    gaps = sorted((b - a) * 1e3 for a, b in pairwise(turns))
    print(gaps[-1], gaps[len(gaps) * 99 // 100])


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
