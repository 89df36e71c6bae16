"""The thread that learns: it computes descents in turn, and rests while the window has something to do."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from cnnviz.controllers.worker import Worker
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete, examine, examine_at, refine

LONGEST_WAIT = 0.05
"""Seconds for which an iteration waits at most while the window is busy: learning never stands still."""

MOVING = 0.06
"""Seconds for which the window counts as moving after a scene was built."""

FRAME = 0.016
"""Seconds between two iterations while the window moves: learning keeps pace with sixty steps a second, and no more, as
every call of Qt waits when Python goes to and fro between two threads."""

SHARE = 20
"""One part in so many of the time is for learning while the window moves, where an iteration takes long."""


class Filler(Worker):
    """It ends by itself when nothing is left. While it is paused, what is `wanted` comes all the same.

    Parameters
    ----------
    descents : tuple of Descent
        What to compute to the end; none where the thread only has to bring what is `wanted`.
    prepare : callable
        Finds out all that is shown of an iteration of a heavy network.
    """

    def __init__(
        self,
        descents: tuple[Descent, ...] = (),
        prepare: Callable[[Descent, int], object] = lambda _descent, _iteration: None,
    ) -> None:
        super().__init__(
            "cnnviz-training",
            "learning stopped: the memory is full; choose fewer iterations or a smaller lesson",
        )
        self._left = deque(descent for descent in descents if not complete(descent))
        self._prepare = prepare
        self._due = self._begun = self._took = 0.0
        self.idle = threading.Event()
        """Set while the window has nothing to do."""
        self.idle.set()
        self.touched = 0.0
        """When the window last had a scene to build, by the monotonic clock."""
        self.wanted: tuple[tuple[Descent, int], ...] = ()
        """Iterations that are computed, far from every checkpoint, and shown now."""
        self.rests_at: tuple[tuple[Descent, int], ...] = ()
        """Iterations that are looked at for longer: their tests come first."""

    def stop(self) -> None:
        """Let the thread end after the iteration at hand."""
        super().stop()
        self.idle.set()

    def _work(self) -> None:
        from cnnviz.timeline.surface import prepare_surface  # not needed for lessons that learn nothing

        self._due = time.monotonic() + LONGEST_WAIT
        for descent in self._left:
            prepare_surface(descent.track, self._breathe)
        while not self.over:
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
        if now - self.touched < MOVING and not self.over:
            time.sleep(max(0.0, self._begun + max(FRAME, SHARE * self._took) - now))
        self._begun = time.monotonic()

    def _bring(self) -> bool:
        """Come one step nearer to what is shown, and to its test; whether there was a step to do."""
        for descent, iteration in self.wanted:
            if descent.lacks(iteration) and (descent.done or iteration < descent.filled):
                if descent.approach(iteration, self._breathe) and descent.heavy:
                    self._prepare(descent, descent.last_up_to(iteration))
                return True
        return any(examine_at(descent, iteration, self._breathe) for descent, iteration in self.rests_at)

    def _fill(self) -> None:
        descent, since = self._left.popleft(), time.thread_time()
        descent.advance(1, self._breathe)
        # An example an iteration is enough to keep pace, and holds nothing up.
        if not examine(descent, self._breathe):
            refine(descent, self._breathe)
        self._took = time.thread_time() - since
        if not complete(descent):
            self._left.append(descent)

    def _breathe(self) -> None:
        """Between two layers: rest while the window works, so that it never waits for more than one layer."""
        if not self.idle.is_set():
            left = self._due - time.monotonic()
            if left > 0:
                self.idle.wait(left)
