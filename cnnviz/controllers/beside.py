"""The one thread that learns beside the window: begun and ended, and held while the window has something to do."""

from __future__ import annotations

import sys
import time
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, QObject

from cnnviz.controllers.filler import Filler

DEFAULT_SWITCH = sys.getswitchinterval()
SWITCH = 1e-4
"""Seconds after which Python lets another thread go on while one computes: its own 5 ms, waited for at every call of Qt
into Python, leave the window standing."""


class Beside(QObject):
    """There is one at a time; those that were told to end may still be at their last iteration."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.filler: Filler | None = None
        self.begun: list[Filler] = []
        self.destroyed.connect(partial(_stop_all, self.begun))

    def start(self, filler: Filler) -> None:
        """Let a thread begin, once the event loop rests."""
        self.begun[:] = [begun for begun in self.begun if begun.alive] + [filler]
        self.filler = filler
        # Until the event loop rests for the first time the window has its work to do: building it, or the new lesson.
        filler.idle.clear()
        events = QAbstractEventDispatcher.instance()
        events.aboutToBlock.connect(self._let)
        events.awake.connect(self._rest)
        # Set and taken back here, in the window's thread: a thread that ends late would undo it for the next one.
        sys.setswitchinterval(SWITCH)
        filler.start()

    def end(self) -> None:
        """Tell the thread to end."""
        if self.filler is None:
            return
        self.filler.stop()
        self.filler = None
        sys.setswitchinterval(DEFAULT_SWITCH)
        events = QAbstractEventDispatcher.instance()
        events.aboutToBlock.disconnect(self._let)
        events.awake.disconnect(self._rest)

    def close(self) -> None:
        """End for good, and wait until all have ended."""
        self.end()
        for filler in self.begun:
            filler.join()

    def hold(self, moves: bool) -> None:
        """The thread rests until the event loop does; while the window ``moves`` it does less for a moment."""
        self._rest()
        if self.filler is not None and moves:
            self.filler.touched = time.monotonic()

    def _rest(self) -> None:
        if self.filler is not None:
            self.filler.idle.clear()

    def _let(self) -> None:
        if self.filler is not None:
            self.filler.idle.set()


def _stop_all(fillers: list[Filler]) -> None:
    for filler in fillers:
        filler.stop()
    for filler in fillers:
        filler.join()
