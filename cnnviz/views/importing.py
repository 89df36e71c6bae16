"""Imports a module while the window goes on."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS = 16
"""So often is looked whether it is there."""


class Importing(QObject):
    """A thread of its own imports one module; what needs it begins with ``done``.

    Signals
    -------
    done
        It is there, or cannot be had: whoever imports it then is told why.
    """

    done = Signal()

    def __init__(self, module: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._module = module
        self._thread: Thread | None = None
        self._collects = False
        # The thread knows no Qt: it may outlive the window for a moment.
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._end)

    def start(self) -> None:
        """Begin, unless it has begun; what is imported already is there at once."""
        if self._thread is not None:
            return
        if self._module in sys.modules:
            self.done.emit()
            return
        # Python would collect garbage in the thread that makes most, and delete widgets there.
        self._collects = gc.isenabled()
        gc.disable()
        self._thread = Thread(target=_bring, args=(self._module,), name=f"import {self._module}")
        self._thread.start()
        self._look.start()

    def _end(self) -> None:
        if self._thread is not None and not self._thread.is_alive():
            self._look.stop()
            self._thread = None
            if self._collects:
                gc.enable()
            self.done.emit()


def _bring(module: str) -> None:
    try:
        import_module(module)
    except ImportError:
        return  # told where it is needed
