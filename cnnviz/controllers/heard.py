"""Whether anybody listens: before the panels are made nobody does, and what they show need not be found out."""

from __future__ import annotations

from PySide6.QtCore import QMetaMethod, QObject, SignalInstance


def is_heard(owner: QObject, signal: SignalInstance) -> bool:
    """Whether a signal of this object is connected to anything.

    Examples
    --------
    >>> from PySide6.QtCore import QTimer
    >>> clock = QTimer()
    >>> is_heard(clock, clock.timeout), bool(clock.timeout.connect(clock.stop)), is_heard(clock, clock.timeout)
    (False, True, True)
    """
    return owner.isSignalConnected(QMetaMethod.fromSignal(signal))
