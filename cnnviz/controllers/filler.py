"""The thread that learns: it computes descents in turn, and rests while the window has something to do."""

from __future__ import annotations

import threading
import time
from collections import deque

from cnnviz.timeline.descent import Descent

LONGEST_WAIT = 0.05
"""Seconds for which an iteration waits at most while the window is busy: learning never stands still."""

MOVING = 0.06
"""Seconds for which the window counts as moving after a scene was built."""

FRAME = 0.016
"""Seconds between two iterations while the window moves: learning keeps pace with sixty steps a second, and no more, as
every call of Qt waits when Python goes to and fro between two threads."""

SHARE = 20
"""One part in so many of the time is for learning while the window moves, where an iteration takes long."""


class Filler:
    """It knows no Qt, so that it may outlive the window for a moment.

    Parameters
    ----------
    descents : tuple of Descent
        What to compute to the end; none where the thread only has to bring what is `wanted`.
    """

    def __init__(self, descents: tuple[Descent, ...] = ()) -> None:
        self._left = deque(descent for descent in descents if not descent.complete)
        self._over = False
        self._due = self._begun = self._took = 0.0
        self.going = threading.Event()
        """Cleared while learning is paused; what is wanted comes all the same."""
        self.going.set()
        self.idle = threading.Event()
        """Set while the window has nothing to do."""
        self.idle.set()
        self.touched = 0.0
        """When the window last had a scene to build, by the monotonic clock."""
        self.failed = ""
        self.wanted: tuple[tuple[Descent, int], ...] = ()
        """Iterations that are computed, far from every checkpoint, and shown now."""
        self._thread = threading.Thread(target=self._run, name="cnnviz-training")

    def start(self) -> None:
        """Begin; the thread ends by itself when nothing is left."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end after the iteration at hand."""
        self._over = True
        self.going.set()
        self.idle.set()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._work()
        except MemoryError:
            self.failed = "learning stopped: the memory is full; choose fewer iterations or a smaller lesson"

    def _work(self) -> None:
        # Python waits for its threads when the program ends: an unfinished one must end by itself then.
        while not self._over and threading.main_thread().is_alive():
            self._pause()
            self._due = time.monotonic() + LONGEST_WAIT
            if self._bring():
                continue
            if not self._left:
                return
            if self.going.wait(LONGEST_WAIT):
                self._breathe()
                self._fill()

    def _pause(self) -> None:
        """While the window moves, let it have a frame between two iterations."""
        now = time.monotonic()
        if now - self.touched < MOVING and not self._over:
            time.sleep(max(0.0, self._begun + max(FRAME, SHARE * self._took) - now))
        self._begun = time.monotonic()

    def _bring(self) -> bool:
        """Come one step nearer to what is shown; whether there was a step to do."""
        for descent, iteration in self.wanted:
            if descent.lacks(iteration) and (descent.done or iteration < descent.filled):
                descent.approach(iteration, self._breathe)
                return True
        return False

    def _fill(self) -> None:
        descent, since = self._left.popleft(), time.thread_time()
        descent.advance(1, self._breathe)
        # An example an iteration is enough to keep pace, and holds nothing up.
        descent.examine(self._breathe)
        self._took = time.thread_time() - since
        if not descent.complete:
            self._left.append(descent)

    def _breathe(self) -> None:
        """Between two layers: rest while the window works, so that it never waits for more than one layer."""
        if not self.idle.is_set():
            left = self._due - time.monotonic()
            if left > 0:
                self.idle.wait(left)
