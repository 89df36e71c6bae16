"""A memo of arrays: what is in use is never computed again, and of the rest what was wanted last, up to a limit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

LIMIT = 32 * 2**20
"""Little, because memory that is used again is quicker to write to than new memory is to get."""


class ByteCache:
    """Finds every array that somebody still holds, and keeps those used last up to a number of bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[Hashable, NDArray[np.floating]] = OrderedDict()
        self._held: WeakValueDictionary[Hashable, NDArray[np.floating]] = WeakValueDictionary()
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], NDArray[np.floating]]) -> NDArray[np.floating]:
        """The array of that key, computed when there is none."""
        with self._lock:
            array = self._held.get(key)
        if array is None:
            array = compute()
            array.setflags(write=False)
        dropped = []  # let go after the lock
        with self._lock:
            array = self._held.setdefault(key, array)
            if key in self._kept:
                self._kept.move_to_end(key)
            elif array.nbytes <= self._limit:
                self._kept[key] = array
                self._bytes += array.nbytes
            while self._bytes > self._limit:
                dropped.append(self._kept.popitem(last=False)[1])
                self._bytes -= dropped[-1].nbytes
        return array
