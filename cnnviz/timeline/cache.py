"""A memo with a byte limit: arrays that were computed once and may be wanted again after an undo."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

LIMIT = 256 * 2**20


class ByteCache:
    """Keeps the arrays used last, up to a number of bytes; one larger than that is computed anew each time."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[Hashable, NDArray[np.floating]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], NDArray[np.floating]]) -> NDArray[np.floating]:
        """The array of that key, computed when it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        array = compute()
        array.setflags(write=False)
        with self._lock:
            if key not in self._kept and array.nbytes <= self._limit:
                self._kept[key] = array
                self._bytes += array.nbytes
                while self._bytes > self._limit:
                    self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return array
