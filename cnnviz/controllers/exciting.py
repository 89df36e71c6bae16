"""Lets a worker find what excites a network while the window goes on, as soon as one looks at a layer of it."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QThreadPool, Signal

from cnnviz.controllers.levels import Levels
from cnnviz.controllers.session import Session
from cnnviz.lesson.lesson import BadInput, Track


class Exciting(QObject):
    """Looks for it once for each network.

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
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done)
        session.moment_changed.connect(lambda _moment: self._begin())
        self._begin()

    def close(self) -> None:
        """Stop looking."""
        self._stopped = True
        self._pool.waitForDone()

    def _begin(self) -> None:
        if self._busy is not None or self._stopped or self._levels.level != "layer":
            return
        from cnnviz.timeline.excite import await_worker, known, look, names_data  # few look at a layer

        tracks = self._session.moment.timeline.lesson.tracks
        track = next((t for t in tracks if names_data(t) and known(t) is None), None)
        if track is None:
            return
        self._busy, done = track, self._done
        await_worker(track, True)

        def work() -> None:
            try:
                look(track, lambda: self._stopped)
            except BadInput:
                pass  # told where it is asked for again, in the window's own thread
            finally:
                await_worker(track, False)
                with suppress(RuntimeError):  # the window may be gone by now
                    done.emit()

        self._pool.start(work)

    def _on_done(self) -> None:
        self._busy = None
        if not self._stopped:
            self.found.emit()
            self._begin()
