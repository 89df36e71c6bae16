"""What was asked for last, kept by key up to a number of things."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last ``most`` things; several threads may ask at once.

    Examples
    --------
    >>> recent: Recent[str] = Recent(2)
    >>> for number, name in enumerate("abc"):
    ...     recent.keep(number, name)
    >>> recent.get(0), recent.get(2)
    (None, 'c')
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """What is kept of that key; it counts as asked for now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, value: T) -> None:
        """Keep a thing; the one that nobody asked for longest goes when there are too many."""
        dropped = []  # let go after the lock
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                dropped.append(self._kept.popitem(last=False))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
