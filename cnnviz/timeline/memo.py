"""A memo by identity of an array: what was derived from it is kept as long as it lives."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

Key: TypeAlias = tuple[int, Hashable]


class Memo(Generic[T]):
    """Results of pure functions of a read-only array, the last ``size`` of them."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        # A worker makes the first scene of a large picture while the window shows another; and an array may end
        # anywhere, so also while its own thread is in here.
        self._lock = RLock()
        self._kept: OrderedDict[Key, tuple[weakref.ref[NDArray[np.generic]], T]] = OrderedDict()

    def get(self, array: NDArray[np.generic], key: Hashable, compute: Callable[[], T]) -> T:
        """What was computed for this very array and key; an array that only has the old one's address is not it."""
        full = (id(array), key)
        with self._lock:
            found = self._kept.get(full)
            if found is not None and found[0]() is array:
                self._kept.move_to_end(full)
                return found[1]
        result = compute()
        with self._lock:
            # At once, not at the next call: results may be large, and may hold the memory of the array itself.
            self._kept[full] = (weakref.ref(array, lambda ended: self._forget(full, ended)), result)
            self._kept.move_to_end(full)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return result

    def _forget(self, full: Key, ended: weakref.ref[NDArray[np.generic]]) -> None:
        with self._lock:
            found = self._kept.get(full)
            if found is not None and found[0] is ended:
                del self._kept[full]
