"""Memory of large results, used again when nothing refers to them any more.

The system hands out memory page by page at the first touch. For a picture of some millions of pixels this takes longer
than a convolution, and an edit that is shown while the mouse moves asks for such memory again and again.
"""

import math
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

# Smaller arrays come from the ordinary allocator, which keeps their memory itself.
LARGE = 1 << 20
# Bytes that may wait to be used again.
IDLE = 160 << 20
_PAGE = 1 << 16

_idle: list[npt.NDArray[np.uint8]] = []  # what became idle last stands last
# An array may end anywhere, so also while this thread looks for memory.
_lock = threading.RLock()


def empty(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Give an array with anything in it, as `numpy.empty` does.

    A large one may lie where an earlier one lay of which nothing is left, not even a view.

    Examples
    --------
    >>> empty((2, 3), "float32").shape
    (2, 3)
    """
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    if size < LARGE:
        return np.empty(shape, kind)
    return np.asarray(_Lent(_taken(size)))[:size].view(kind).reshape(shape)


def idle_bytes() -> int:
    """Tell how much memory waits to be used again."""
    with _lock:
        return sum(memory.nbytes for memory in _idle)


def forget_idle() -> None:
    """Give back to the system what waits."""
    with _lock:
        _idle.clear()


class _Lent:
    """What the array and all its views refer to; when the last of them is gone, the memory waits for the next."""

    def __init__(self, memory: npt.NDArray[np.uint8]) -> None:
        self._memory = memory
        self.__array_interface__ = memory.__array_interface__

    def __del__(self) -> None:
        with _lock:
            _idle.append(self._memory)
            while idle_bytes() > IDLE:
                del _idle[0]


def _taken(size: int) -> npt.NDArray[np.uint8]:
    """Find idle memory of about this size, or ask the system for some."""
    size += -size % _PAGE
    with _lock:
        for at in range(len(_idle) - 1, -1, -1):
            if size <= _idle[at].nbytes <= size + size // 8:
                return _idle.pop(at)
    return np.empty(size, np.uint8)
