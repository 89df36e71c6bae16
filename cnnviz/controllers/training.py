"""Computes the iterations of a lesson beside the window: a thread works while the window has nothing to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from cnnviz.controllers import collecting
from cnnviz.controllers.beside import Beside
from cnnviz.controllers.filler import Filler
from cnnviz.controllers.session import Moment, Session
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete
from cnnviz.timeline.outlook import settled
from cnnviz.timeline.progress import (
    Progress,
    far,
    is_pending,
    learners,
    patiently,
    prepare,
    progress_of,
    tests_at,
    wanted,
)
from cnnviz.timeline.timeline import Timeline

TICK_MS = 60
"""So often the window looks how far the thread is."""
CURVES_TICKS = 16
"""The plots grow every so many of them: to draw curves anew takes as long as a frame of the stage."""
REST_SECONDS = 0.5
"""A step that is shown for so long is tested before others."""
REDRAW_TICKS = 4
"""So often the nearest iteration follows the one that is waited for."""


class Training(QObject):
    """Follows the session: whatever lesson is shown is computed ahead.

    Signals
    -------
    progress_changed : Progress
    redraw_requested
        What is shown has been computed meanwhile.
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
        self,
        session: Session,
        now: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
        warm: Callable[[Timeline, int], object] = Timeline.frame,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._now = now
        self._warm = warm
        self._descents: tuple[Descent, ...] = ()
        self._beside = Beside(self)
        self._state = "none"
        self._told: tuple[str, ...] = ()
        self._since = (0.0, 0)
        self._seen = (-1, False, 0)
        self._pending = False
        self._drawn = 0
        """So many tests the step that is shown was drawn with at rest."""
        self._settled = True
        """Whether the axes of the step that is shown are those of the whole run."""
        self._ticks = 0
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._look)
        session.moment_changed.connect(self._follow)
        collecting.keep_to_this_thread(self)

    @property
    def timeline(self) -> Timeline:
        """What is shown."""
        return self._session.moment.timeline

    @property
    def progress(self) -> Progress:
        """How far it is."""
        running = self._state == "running"
        left = _seconds_left(self._descents, self._since, self._now()) if running else None
        return progress_of(self.timeline, self._state, left)

    def begin(self) -> None:
        """Look at the lesson that is shown first."""
        self._follow(self._session.moment)

    def toggle_pause(self) -> None:
        """Pause, or go on; a cancelled run goes on too."""
        if self._state == "running" and self._beside.filler is not None:
            self._beside.filler.going.clear()
            self._become("paused")
        elif self._state == "paused" and self._beside.filler is not None:
            self._beside.filler.going.set()
            self._become("running")
        elif self._state == "cancelled":
            self._fill()

    def cancel(self) -> None:
        """End it with what there is; the playhead goes back to the last step that is computed."""
        if self._state not in ("running", "paused"):
            return
        self._end()
        self._become("cancelled")
        if self._session.moment.index > self.progress.reach:
            self._session.show(index=self.progress.reach)
        self._bring()

    def close(self) -> None:
        """End for good, and wait until the thread has ended."""
        self._clock.stop()
        self._beside.close()
        collecting.release(self)

    def hold(self) -> None:
        """The window has a scene to show: the thread rests meanwhile, and does less while it moves.

        Not where the window itself waits for the thread.
        """
        self._beside.hold(not self._pending)

    def _follow(self, moment: Moment) -> None:
        self.hold()
        descents = learners(moment.timeline)
        if descents != self._descents:
            self._end()
            self._descents, self._seen = descents, (-1, False, 0)
            self._told = tuple(line for line in self._told if line in self.progress.stopped)
            if all(complete(descent) for descent in descents):
                self._become("done" if descents else "none")
            else:
                self._fill()
            self.curves_changed.emit()
        self._pending = is_pending(moment.timeline, moment.index)
        self._drawn, self._settled = 0, settled(descents)
        if self._beside.filler is not None:
            self._beside.filler.rests_at = ()
        self._bring()

    def _fill(self) -> None:
        for descent in self._descents:
            # What is shown first is computed first, not waited for; of a heavy network its forward pass is shown.
            if not descent.heavy:
                descent.nearest(0)
        self._start(Filler(self._descents, partial(_prepare, self._warm, self.timeline)))
        self._become("running")

    def _bring(self) -> None:
        """Let a thread compute what is shown and lies far from every checkpoint."""
        away = far(self.timeline, self._session.moment.index) if self._pending else ()
        if away and (self._beside.filler is None or not self._beside.filler.alive):
            self._end()
            self._start(Filler((), partial(_prepare, self._warm, self.timeline)), away)
        elif self._beside.filler is not None:
            self._beside.filler.wanted = away

    def _start(self, filler: Filler, away: tuple[tuple[Descent, int], ...] = ()) -> None:
        filler.wanted = away
        self._beside.start(filler)
        self._clock.start()

    def _end(self) -> None:
        self._clock.stop()
        self._beside.end()

    def _become(self, state: str) -> None:
        self._state = state
        self._since = (self._now(), sum(d.filled for d in self._descents))
        self.progress_changed.emit(self.progress)

    def _look(self) -> None:
        """See what the thread has done since."""
        filler = self._beside.filler
        if filler is not None and filler.failed:
            self._end()
            self._become("cancelled")
            self.diverged.emit(filler.failed)
            return
        # Asked before what is seen, so that what is seen then is all there is.
        ended = filler is not None and not filler.alive
        seen = (
            sum(d.filled for d in self._descents),
            all(d.done for d in self._descents),
            sum(d.accuracy.count for d in self._descents),
        )
        grown, self._seen = seen != self._seen, seen
        if grown:
            self._ticks += 1
            if seen[1]:
                self._state = "done"
            self.progress_changed.emit(self.progress)
            if seen[1] or self._ticks % CURVES_TICKS == 0:
                self.curves_changed.emit()
            self._tell()
        if not self._settled and settled(self._descents):
            self._settled = True
            self.redraw_requested.emit()
        if self._pending:
            self._pending = is_pending(self.timeline, self._session.moment.index)
            if self._pending:
                self._bring()
            if not self._pending or (grown and self._ticks % REDRAW_TICKS == 0):
                self.redraw_requested.emit()
        else:
            self._test()
        if ended and filler is self._beside.filler:
            self._end()
            self.curves_changed.emit()
            if tests_at(self.timeline, self._session.moment.index) != self._drawn:
                self.redraw_requested.emit()

    def _test(self) -> None:
        """Let a step that is looked at be tested before others, and draw it again when tests have come in."""
        filler, timeline, index = self._beside.filler, self.timeline, self._session.moment.index
        if filler is None or time.monotonic() - filler.touched < REST_SECONDS:
            return
        filler.rests_at = wanted(timeline, index)
        tests = tests_at(timeline, index)
        if tests != self._drawn:
            self._drawn = tests
            self.redraw_requested.emit()

    def _tell(self) -> None:
        stopped = self.progress.stopped
        for line in stopped:
            if line not in self._told:
                self.diverged.emit(line)
        self._told = stopped


def _prepare(
    warm: Callable[[Timeline, int], object], timeline: Timeline, descent: Descent, iteration: int
) -> None:
    """Find out all that is shown of an iteration, and draw its end where nobody sees it: what that found is kept."""
    if all(other.filled > iteration or other.done for other in learners(timeline)):
        length = timeline.sections[timeline.lead][-1].stop
        warm(patiently(timeline), timeline.index_at(iteration, length - 1))
    prepare(timeline, descent, iteration)


def _seconds_left(descents: tuple[Descent, ...], since: tuple[float, int], now: float) -> float | None:
    """How long learning goes on at the speed since a time at which so many iterations were computed."""
    began, before = since
    filled = sum(d.filled for d in descents)
    left = sum(d.recipe.iterations - d.filled for d in descents if not d.done)
    return left * (now - began) / (filled - before) if filled > before else None
