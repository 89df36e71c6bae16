"""Imports modules while the window goes on."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS = 16
"""So often is looked whether all are there."""


class Importing(QObject):
    """A thread of its own imports modules one after the other; what needs them begins with ``done``.

    Signals
    -------
    done
        They are there, or cannot be had: whoever imports them then is told why.
    """

    done = Signal()

    def __init__(self, *modules: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = modules
        self._thread: Thread | None = None
        self._collects = False
        # The thread knows no Qt: it may outlive the window for a moment.
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._end)

    def start(self) -> None:
        """Begin, unless it has begun; what is imported already is there at once."""
        if self._thread is not None:
            return
        if all(module in sys.modules for module in self._modules):
            self.done.emit()
            return
        # Python would collect garbage in the thread that makes most, and delete widgets there.
        self._collects = gc.isenabled()
        gc.disable()
        self._thread = Thread(target=_bring, args=(self._modules,), name="cnnviz-importing")
        self._thread.start()
        self._look.start()

    def _end(self) -> None:
        if self._thread is not None and not self._thread.is_alive():
            self._look.stop()
            self._thread = None
            if self._collects:
                gc.enable()
            self.done.emit()


def _bring(modules: tuple[str, ...]) -> None:
    for module in modules:
        try:
            import_module(module)
        except ImportError:
            return  # told where it is needed
