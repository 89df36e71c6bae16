"""Lets a worker find what excites a network while the window goes on, as soon as one looks at a layer of it."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from cnnviz.controllers.levels import Levels
from cnnviz.controllers.session import Session
from cnnviz.lesson.lesson import BadInput, Track
from cnnviz.timeline.timeline import Timeline

REST_MS = 400
"""Of a network that learns an iteration is looked at once it has stood still for so long."""


class Exciting(QObject):
    """Looks for it once for each network; of one that learns at each iteration on which one rests.

    Signals
    -------
    found
        There is more to show.
    """

    found = Signal()
    _done = Signal()

    def __init__(self, session: Session, levels: Levels, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._levels = levels
        self._stopped = False
        self._busy: Track | None = None
        self._wanted: Track | None = None
        self._failed: Track | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._begin)
        self._done.connect(self._on_done)
        session.moment_changed.connect(lambda _moment: self._follow())
        self._follow()

    def close(self) -> None:
        """Stop looking."""
        self._stopped = True
        self._rest.stop()
        self._pool.waitForDone()

    def _follow(self) -> None:
        """Begin at once, or where it learns once it stands still; what is under way for another moment ends."""
        self._wanted = None
        if self._levels.level != "layer" or self._stopped:
            self._rest.stop()
        elif any(track.recipe is not None for track in self._session.moment.timeline.lesson.tracks):
            self._rest.start()
        else:
            self._begin()

    def _begin(self) -> None:
        if self._stopped or self._levels.level != "layer":
            return
        from cnnviz.timeline.excite import await_worker, known, look, names_data  # few look at a layer

        moment = self._session.moment
        shown = (
            _shown(moment.timeline, n, moment.index)
            for n, own in enumerate(moment.timeline.lesson.tracks)
            if names_data(own)
        )
        track = next((t for t in shown if t is not self._failed and known(t) is None), None)
        self._wanted = track
        if track is None or self._busy is not None:
            return
        self._busy, done = track, self._done
        await_worker(track, True)

        def work() -> None:
            try:
                look(track, lambda: self._stopped or self._wanted is not track)
            except BadInput:
                self._failed = track  # told where it is asked for again, in the window's own thread
            finally:
                await_worker(track, False)
                with suppress(RuntimeError):  # the window may be gone by now
                    done.emit()

        self._pool.start(work)

    def _on_done(self) -> None:
        ended, self._busy = self._busy, None
        if self._stopped:
            return
        if ended is self._wanted:
            self.found.emit()
        self._follow()


def _shown(timeline: Timeline, number: int, index: int) -> Track:
    """A track with the weights that are shown: where it learns those of the iteration."""
    if timeline.lesson.tracks[number].recipe is None:
        return timeline.lesson.tracks[number]
    return timeline.iteration(number, timeline.step(index, number).iteration).track
