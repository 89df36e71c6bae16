"""Computes recorded runs again beside the window: a thread trains their networks, and the stage shows what there is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from cnnviz.controllers import collecting
from cnnviz.controllers.beside import DEFAULT_SWITCH, SWITCH
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.worker import Worker
from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.runs import Runs
from cnnviz.timeline.progress import Progress
from cnnviz.timeline.runs_timeline import run_progress, with_runs
from cnnviz.timeline.twins import running

TICK_MS = 250
"""So often the stage shows what has been computed since."""

PAUSE = 1e-3
"""Seconds between two iterations: the window waits for at most one."""


class _OverError(Exception):
    """Ends the thread between two iterations."""


class Runner(Worker):
    """Trains the networks of a recipe, all side by side."""

    def __init__(self, recipe: Runs) -> None:
        super().__init__(
            "cnnviz-runs", "the runs stopped: the memory is full; close other programs and run them again"
        )
        self._recipe = recipe
        self.latest: Recording | None = None
        """What there is so far."""

    def _work(self) -> None:
        with suppress(_OverError):
            for there_is in running(self._recipe, self._breathe):
                self.latest = there_is

    def _breathe(self) -> None:
        time.sleep(PAUSE)
        while not (self.going.wait(0.1) or self.over):
            pass
        if self.over:
            raise _OverError


class Rerunning(QObject):
    """Runs again what the shown lesson has recorded.

    Signals
    -------
    progress_changed : Progress
    failed : str
    """

    progress_changed = Signal(object)
    failed = Signal(str)

    def __init__(
        self, session: Session, parent: QObject | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._runner: Runner | None = None
        self._runs = ""
        self._shown: Recording | None = None
        self._state = "none"
        self._since = (0.0, 0)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._look)
        session.moment_changed.connect(self._follow)
        collecting.keep_to_this_thread(self)

    @property
    def state(self) -> str:
        """none, running, paused, cancelled or done."""
        return self._state

    def begin(self) -> None:
        """Compute the runs of the lesson that is shown, from their first iteration on."""
        timeline = self._session.moment.timeline
        if timeline.runs is None:
            return
        self._end()
        self._runs, self._shown = timeline.lesson.runs, None
        self._runner = Runner(timeline.runs.recipe)
        sys.setswitchinterval(SWITCH)
        self._runner.start()
        self._clock.start()
        self._session.show(index=0)
        self._become("running")

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self._runner is None:
            return
        if self._state == "running":
            self._runner.going.clear()
            self._become("paused")
        elif self._state == "paused":
            self._runner.going.set()
            self._become("running")

    def cancel(self) -> None:
        """End with the iterations that there are."""
        if self._state in ("running", "paused"):
            self._end()
            self._show()
            self._become("cancelled")

    def show_recorded(self) -> None:
        """Show the runs that ship in place of those that were computed here."""
        timeline = self._session.moment.timeline
        if timeline.runs is None:
            return
        self._end()
        self._shown = None
        self._session.show(timeline=with_runs(timeline, recording(timeline.lesson.runs)))
        self._become("none")

    def close(self) -> None:
        """End for good, and wait until the thread has ended."""
        self._end()
        collecting.release(self)

    def _follow(self, moment: Moment) -> None:
        """Another lesson ends what is computed for this one."""
        if self._state != "none" and moment.timeline.lesson.runs != self._runs:
            self._end()
            self._shown = None
            self._become("none")

    def _end(self) -> None:
        self._clock.stop()
        if self._runner is not None:
            self._runner.stop()
            self._runner.join()
            self._show()
            self._runner = None
            sys.setswitchinterval(DEFAULT_SWITCH)

    def _become(self, state: str) -> None:
        self._state = state
        self._since = (self._now(), self._progress().filled)
        self.progress_changed.emit(self._progress())

    def _progress(self) -> Progress:
        if self._shown is None:
            return Progress(state=self._state)
        return run_progress(self._shown, self._state, self._seconds_left())

    def _seconds_left(self) -> float | None:
        since, before = self._since
        if self._state != "running" or self._shown is None:
            return None
        so_far = run_progress(self._shown, self._state)
        if so_far.filled <= before:
            return None
        return (so_far.planned - so_far.filled) * (self._now() - since) / (so_far.filled - before)

    def _look(self) -> None:
        """See what the thread has done since."""
        runner = self._runner
        if runner is None:
            return
        ended = not runner.alive  # asked first, so that what is seen then is all there is
        self._show()
        if runner.failed:
            self.failed.emit(runner.failed)
        if ended:
            self._end()
            self._become("cancelled" if runner.failed else "done")
        else:
            self.progress_changed.emit(self._progress())

    def _show(self) -> None:
        """Bring what there is onto the stage; a playhead at the last measured iteration goes on with it."""
        runner, moment = self._runner, self._session.moment
        latest = None if runner is None else runner.latest
        if latest is None or latest is self._shown or moment.timeline.lesson.runs != self._runs:
            return
        before = 0 if self._shown is None else run_progress(self._shown, "running").reach
        follows = moment.index == before
        self._shown = latest
        index = run_progress(latest, "running").reach if follows else moment.index
        self._session.show(timeline=with_runs(moment.timeline, latest), index=index)
