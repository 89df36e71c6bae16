"""When garbage is collected, and memory given back: not while the window starts, and never in a worker's thread.

Python's collector runs in whichever thread makes things. In a worker it would delete widgets there, and Qt ends the
program. So it is off as long as there is a window, and what has gathered is collected by a timer in its thread.
"""

import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer

SETTLED_MS = 1000
"""So long after the start nothing more is being built."""
SWEEP_MS = 250
"""So often is looked what has gathered."""

OPENED_MS = 2000
"""So long after a document was opened nothing is left of the one before."""

_owners: set[int] = set()


def keep_to_this_thread(owner: QObject) -> None:
    """Let garbage be collected by this thread's event loop only, until `release` or the end of the owner."""
    key = id(owner)
    _owners.add(key)
    gc.disable()
    timer = QTimer(owner, interval=SWEEP_MS)
    timer.timeout.connect(sweep)
    # Not before the window has settled.
    QTimer.singleShot(SETTLED_MS, timer, timer.start)
    owner.destroyed.connect(lambda: _let_go(key))


def release(owner: QObject) -> None:
    """Let the collector work by itself again, once no other owner is left."""
    _let_go(id(owner))


def sweep() -> None:
    """Collect what has gathered, by the limits that the collector itself would keep to."""
    young, *older = gc.get_count()
    limits = gc.get_threshold()
    if older[1] > limits[2]:
        gc.collect()
    elif older[0] > limits[1]:
        gc.collect(1)
    elif young > limits[0]:
        gc.collect(0)


def settle_later() -> None:
    """Once the window has settled: what the start left stays to the end, and need not be looked through."""
    QTimer.singleShot(SETTLED_MS, gc.freeze)


def give_back_later(owner: QObject) -> None:
    """Give back what the document before took, once it is gone."""
    QTimer.singleShot(OPENED_MS, owner, give_back)


def give_back() -> None:
    """Give memory that is free back to the system; glibc keeps it until it is asked, though it be a gigabyte."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _let_go(key: int) -> None:
    _owners.discard(key)
    if not _owners:
        gc.enable()
