"""Computes the iterations of a lesson beside the window: a thread works while the window has nothing to do."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, Signal

from cnnviz.controllers import collecting
from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.progress import Progress, is_pending, learners, progress_of
from cnnviz.timeline.timeline import Timeline

DEFAULT_SWITCH = sys.getswitchinterval()
TICK_MS = 60
"""So often the window looks how far the thread is."""
REDRAW_TICKS = 8
"""Curves on the stage grow every so many of them."""
SWEEP_MS = 250
"""So often garbage is collected while the thread runs."""
MAKE_WAY = 0.001
SWITCH = 1e-4
"""Seconds after which Python lets another thread go on while one computes: its own 5 ms, waited for at every call of Qt
into Python, leave the window standing."""
ACTIVE = 0.15
"""Seconds for which the window counts as moving after a scene was built."""
GIVE_WAY = 0.01
"""Seconds that the thread sleeps after each iteration while the window moves."""
LONGEST_WAIT = 0.02
"""Seconds after which an iteration is computed though the window is busy: learning never stands still."""


class Filler:
    """One thread that computes descents in turn; it knows no Qt, so that it may outlive the window for a moment."""

    def __init__(self, descents: tuple[Descent, ...]) -> None:
        self._descents = descents
        self._over = threading.Event()
        self.going = threading.Event()
        self.going.set()
        self.idle = threading.Event()
        self.idle.set()
        self.failed = ""
        self.touched = -ACTIVE
        """When the window last had a scene to build."""
        self._thread = threading.Thread(target=self._run, name="cnnviz-training")

    def start(self) -> None:
        """Begin; the thread ends by itself when all is computed."""
        collecting.keep_out_of(self._thread)
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end after the iteration at hand."""
        self._over.set()
        self.going.set()
        self.idle.set()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()
        collecting.sweep()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._fill()
        except MemoryError:
            self.failed = "learning stopped: the memory is full; choose fewer iterations or a smaller lesson"

    def _fill(self) -> None:
        left = [descent for descent in self._descents if not descent.done]
        while left:
            for descent in left:
                # Python waits for its threads when the program ends: an unfinished one must end by itself then.
                while not self.going.wait(LONGEST_WAIT) and threading.main_thread().is_alive():
                    pass
                self.idle.wait(LONGEST_WAIT)
                if self._over.is_set() or not threading.main_thread().is_alive():
                    return
                descent.advance()
                # A lock goes to whoever asks first, which would be this thread again and again.
                while descent.awaited:
                    time.sleep(MAKE_WAY)
            left = [descent for descent in left if not descent.done]


class Training(QObject):
    """Follows the session: whatever lesson is shown is computed ahead.

    Signals
    -------
    progress_changed : Progress
    redraw_requested
        What is shown has been computed meanwhile, or its curves have grown.
    curves_changed
        There are more iterations, or another lesson.
    diverged : str
        A track has come to an early end: which, at which iteration and why.
    """

    progress_changed = Signal(object)
    redraw_requested = Signal()
    curves_changed = Signal()
    diverged = Signal(str)

    def __init__(
        self, session: Session, now: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._descents: tuple[Descent, ...] = ()
        self._filler: Filler | None = None
        self._state = "none"
        self._told: tuple[str, ...] = ()
        self._since = (0.0, 0)
        self._seen = (-1, False)
        self._pending = False
        self._ticks = 0
        self._begun: list[Filler] = []
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._look)
        self._sweeper = QTimer(self, interval=SWEEP_MS)
        self._sweeper.timeout.connect(self._sweep)
        session.moment_changed.connect(self._follow)
        self.destroyed.connect(partial(_stop_all, self._begun))

    @property
    def timeline(self) -> Timeline:
        """What is shown."""
        return self._session.moment.timeline

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress_of(self.timeline, self._state, self._seconds_left())

    def begin(self) -> None:
        """Look at the lesson that is shown first."""
        self._follow(self._session.moment)

    def toggle_pause(self) -> None:
        """Pause, or go on; a cancelled run goes on too."""
        if self._state == "running" and self._filler is not None:
            self._filler.going.clear()
            self._become("paused")
        elif self._state == "paused" and self._filler is not None:
            self._filler.going.set()
            self._become("running")
        elif self._state == "cancelled":
            self._start()

    def cancel(self) -> None:
        """End it with what there is; the playhead goes back to the last step that is computed."""
        if self._state not in ("running", "paused"):
            return
        self._end()
        self._become("cancelled")
        if is_pending(self.timeline, self._session.moment.index):
            self._session.show(index=self.progress.reach)

    def close(self) -> None:
        """End for good, and wait until the thread has ended."""
        self._end()
        for filler in self._begun:
            filler.join()
        self._sweep()

    def _sweep(self) -> None:
        if collecting.sweep():
            self._sweeper.stop()

    def hold(self) -> None:
        """The window has something to do: the thread rests meanwhile."""
        self._rest()
        if self._filler is not None:
            self._filler.touched = time.monotonic()

    def _rest(self) -> None:
        if self._filler is not None:
            self._filler.idle.clear()

    def _let(self) -> None:
        if self._filler is not None:
            self._filler.idle.set()

    def _follow(self, moment: Moment) -> None:
        self.hold()
        self._pending = is_pending(moment.timeline, moment.index)
        descents = learners(moment.timeline)
        same = len(descents) == len(self._descents) and all(
            a is b for a, b in zip(descents, self._descents, strict=True)
        )
        if same:
            return
        self._end()
        self._descents, self._told, self._seen = descents, (), (-1, False)
        if descents:
            self._start()
        else:
            self._become("none")
        self.curves_changed.emit()

    def _start(self) -> None:
        for descent in self._descents:
            # What is shown first is computed first, not waited for.
            descent.nearest(0)
        self._begun[:] = [filler for filler in self._begun if filler.alive]
        self._filler = Filler(self._descents)
        # Until the event loop rests for the first time the window has its work to do: building it, or the new lesson.
        self._filler.idle.clear()
        self._begun.append(self._filler)
        events = QAbstractEventDispatcher.instance()
        events.aboutToBlock.connect(self._let)
        events.awake.connect(self._rest)
        self._become("running")
        # Set and taken back here, in the window's thread: a thread that ends late would undo it for the next one.
        sys.setswitchinterval(SWITCH)
        self._filler.start()
        self._clock.start()
        self._sweeper.start()

    def _end(self) -> None:
        self._clock.stop()
        if self._filler is None:
            return
        self._filler.stop()
        self._filler = None
        sys.setswitchinterval(DEFAULT_SWITCH)
        events = QAbstractEventDispatcher.instance()
        events.aboutToBlock.disconnect(self._let)
        events.awake.disconnect(self._rest)

    def _become(self, state: str) -> None:
        self._state = state
        self._since = (self._now(), sum(d.filled for d in self._descents))
        self.progress_changed.emit(self.progress)

    def _seconds_left(self) -> float | None:
        since, before = self._since
        filled = sum(d.filled for d in self._descents)
        left = sum(d.recipe.iterations - d.filled for d in self._descents if not d.done)
        if self._state != "running" or filled <= before:
            return None
        return left * (self._now() - since) / (filled - before)

    def _look(self) -> None:
        """See what the thread has done since."""
        filled, done = sum(d.filled for d in self._descents), all(d.done for d in self._descents)
        failed = self._filler.failed if self._filler is not None else ""
        if failed:
            self._end()
            self._become("cancelled")
            self.diverged.emit(failed)
            return
        if (filled, done) == self._seen:
            return
        self._seen = (filled, done)
        self._ticks += 1
        if done:
            self._end()
            self._state = "done"
        self.progress_changed.emit(self.progress)
        if done or self._pending or self._ticks % REDRAW_TICKS == 0:
            self._pending = is_pending(self.timeline, self._session.moment.index)
            self.redraw_requested.emit()
            self.curves_changed.emit()
        self._tell()

    def _tell(self) -> None:
        stopped = self.progress.stopped
        for line in stopped:
            if line not in self._told:
                self.diverged.emit(line)
        self._told = stopped


def _stop_all(fillers: list[Filler]) -> None:
    for filler in fillers:
        filler.stop()
    for filler in fillers:
        filler.join()
