"""A memo by identity of an array: what was derived from it is kept as long as it lives."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Memo(Generic[T]):
    """Results of pure functions of a read-only array, the last ``size`` of them."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._lock = (
            Lock()
        )  # a worker makes the first scene of a large picture while the window shows another
        self._kept: OrderedDict[Hashable, tuple[weakref.ref[NDArray[np.generic]], T]] = OrderedDict()

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
            self._kept[full] = (weakref.ref(array), result)
            self._kept.move_to_end(full)
            for dead in [k for k, (ref, _) in self._kept.items() if ref() is None]:
                del self._kept[dead]
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return result
