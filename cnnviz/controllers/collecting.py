"""When garbage is collected: not while the window starts, and never in a thread that computes beside it."""

import gc
from threading import Thread

from PySide6.QtCore import QTimer

SETTLED_MS = 1000
"""So long after the start nothing more is being built."""

_beside: list[Thread] = []


def resume_later() -> None:
    """Start the collector once the window has settled."""
    QTimer.singleShot(SETTLED_MS, _resume)


def keep_out_of(thread: Thread) -> None:
    """Let garbage be collected only by `sweep` until that thread has ended.

    The collector runs in whichever thread makes things; in one that is not the window's it would delete widgets there,
    and Qt ends the program.
    """
    gc.disable()
    _beside.append(thread)


def sweep() -> bool:
    """Collect what has gathered, in the window's thread; whether the collector works by itself again."""
    young, *older = gc.get_count()
    limits = gc.get_threshold()
    if older[1] > limits[2]:
        gc.collect()
    elif older[0] > limits[1]:
        gc.collect(1)
    elif young > limits[0]:
        gc.collect(0)
    _beside[:] = [thread for thread in _beside if thread.is_alive()]
    if _beside:
        return False
    gc.enable()
    return True


def _resume() -> None:
    # What the start left stays until the end, so the collector need not look through it again and again.
    gc.freeze()
    if not _beside:
        gc.enable()
