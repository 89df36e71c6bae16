"""Memory of large results, used again when nothing refers to them any more.

The system hands out memory page by page at the first touch. For a picture of some millions of pixels this takes longer
than a convolution, and an edit that is shown while the mouse moves asks for such memory again and again. So does a
layer of a small batch: the ordinary allocator gives back what ends its heap, and asks for it again at the next call.
"""

import math
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

# Smaller arrays come from the ordinary allocator, and what it takes to keep them would show.
LARGE = 1 << 17
# Bytes that may wait to be used again, however little is in use: what three colours of 3840 x 2160 pixels take in
# float32. Where more is in use, as much may wait.
IDLE = 96 << 20
# So many pieces may wait, since one is looked for among all of them.
PIECES = 64
_PAGE = 1 << 12

_Memory = npt.NDArray[np.uint8]


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
    return np.asarray(_Lent(_store, _store.take(size)))[:size].view(kind).reshape(shape)


def idle_bytes() -> int:
    """Tell how much memory waits to be used again."""
    return _store.idle_bytes()


def forget_idle() -> None:
    """Give back to the system what waits."""
    _store.forget()


class _Store:
    """The memory that waits, what became idle last at the end, and how much is in use."""

    def __init__(self) -> None:
        self._idle: list[_Memory] = []
        self._used = 0
        # An array may end anywhere, so also while its own thread is in here.
        self._lock = threading.RLock()

    def take(self, size: int) -> _Memory:
        """Find idle memory of about this size, or ask the system for some."""
        with self._lock:
            fitting = (at for at, m in enumerate(self._idle) if size <= m.nbytes <= size + size // 8 + _PAGE)
            at = max(fitting, default=None)
            memory = np.empty(size + -size % _PAGE, np.uint8) if at is None else self._idle.pop(at)
            self._used += memory.nbytes
        return memory

    def put_back(self, memory: _Memory) -> None:
        """Let memory wait, and give the oldest back to the system when that is too much."""
        with self._lock:
            self._used -= memory.nbytes
            self._idle.append(memory)
            while len(self._idle) > PIECES or self.idle_bytes() > max(IDLE, self._used):
                del self._idle[0]

    def idle_bytes(self) -> int:
        with self._lock:
            return sum(memory.nbytes for memory in self._idle)

    def forget(self) -> None:
        with self._lock:
            self._idle.clear()


_store = _Store()


class _Lent:
    """What the array and all its views refer to; when the last of them is gone, the memory waits for the next."""

    def __init__(self, store: _Store, memory: _Memory) -> None:
        self._store = store
        self._memory = memory
        self.__array_interface__ = self._memory.__array_interface__

    def __del__(self) -> None:
        self._store.put_back(self._memory)
