"""Uses lessons in the real window, one after the other, and tells how long it rested at most while it did."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from cnnviz import app
from cnnviz.controllers import collecting
from cnnviz.desk import Desk
from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.timeline import make_timeline

SETTLED_MS = 2500
TICK_MS = 4
SIZE = (1280, 800)
LEVELS = ("network", "layer", "cell")
PANELS = ("kernel", "layer", "input", "words")


class Ticks(QObject):
    """A clock that ticks whenever the window has nothing else to do, and notes the longest time between two ticks."""

    def __init__(self) -> None:
        super().__init__()
        self._last = (0.0, 0.0)
        self.longest = (0.0, 0.0)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def begin(self) -> None:
        """Count from now on."""
        self._last, self.longest = _now(), (0.0, 0.0)

    def _tick(self) -> None:
        now = _now()
        clock, processor = (1e3 * (n - b) for n, b in zip(now, self._last, strict=True))
        self.longest = (max(clock, self.longest[0]), max(processor, self.longest[1]))
        self._last = _now()


def _now() -> tuple[float, float]:
    """The clock, and the processor's time of this thread alone."""
    return time.perf_counter(), time.thread_time()


def uses(desk: Desk, name: str) -> Iterator[tuple[str, int, Callable[[], object]]]:
    """What is done with a lesson, and for how many milliseconds each is watched."""
    yield "opens", 3000, partial(desk.opening.open_shipped, name)
    last = desk.session.moment.timeline.count - 1
    for part in (0.2, 0.9, 0.5, 1.0, 0.0):
        yield "seeks", 250, partial(desk.player.seek, round(last * part))
    desk.player.set_speed(8)
    yield "plays", 1500, desk.player.play
    desk.player.pause()
    desk.player.set_speed(1)
    for _ in range(8):
        yield "steps", 80, partial(desk.player.step, 1)
    for level in LEVELS:
        yield "changes its level", 400, desk.actions[f"view.level-{level}"].trigger
    for factor in (1.2, 1.2, 1.2, 1.2, 1 / 1.2, 1 / 1.2):
        yield "zooms", 60, partial(desk.picking.zoom, factor, 400.0, 300.0)
    desk.picking.fit()
    for panel in PANELS:
        yield "shows a panel", 150, partial(desk.window.show_panel, panel)
    if desk.training.progress.state != "none":
        yield "learns", 2000, lambda: None


def main(names: list[str]) -> None:
    """Print a line for each use of each lesson: lesson, milliseconds by the clock, by the processor, and the use."""
    app.make_application()
    desk = app.build(make_timeline(shipped_lesson("vertical-edge")))
    desk.window.resize(*SIZE)
    desk.window.show()
    app.import_next(desk.window)
    collecting.settle_later()
    wait(SETTLED_MS)
    ticks = Ticks()
    for name in names:
        for use, span, act in uses(desk, name):
            ticks.begin()
            QTimer.singleShot(0, desk.window, act)
            wait(span)
            print(name, *(f"{value:.1f}" for value in ticks.longest), use, flush=True)
    desk.training.close()


def wait(span: int) -> None:
    """Let the window go on."""
    loop = QEventLoop()
    QTimer.singleShot(span, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(sys.argv[1:])
