"""Takes the garbage collector up again, which `__main__` put down while the window starts."""

import gc

from PySide6.QtCore import QTimer

SETTLED_MS = 1000
"""So long after the start nothing more is being built."""


def resume_later() -> None:
    """Start the collector once the window has settled."""
    QTimer.singleShot(SETTLED_MS, _resume)


def _resume() -> None:
    # What the start left stays until the end, so the collector need not look through it again and again.
    gc.freeze()
    gc.enable()
