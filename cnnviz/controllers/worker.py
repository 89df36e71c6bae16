"""A thread that computes beside the window: begun, paused, let end, and never without memory in silence."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Worker(ABC):
    """It knows no Qt, so that it may outlive the window for a moment.

    Parameters
    ----------
    name : str
        The thread's own.
    full : str
        What is said of it when the memory is full.
    """

    def __init__(self, name: str, full: str) -> None:
        self._full = full
        self._stopped = False
        self.going = threading.Event()
        """Cleared while it is paused."""
        self.going.set()
        self.failed = ""
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end after the iteration at hand."""
        self._stopped = True
        self.going.set()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def over(self) -> bool:
        """Whether it has to end: Python waits for its threads when the program ends, so it must see that too."""
        return self._stopped or not threading.main_thread().is_alive()

    def _run(self) -> None:
        try:
            self._work()
        except MemoryError:
            self.failed = self._full

    @abstractmethod
    def _work(self) -> None:
        """What the thread does, until nothing is left or it is over."""
