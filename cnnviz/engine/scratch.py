"""Memory for what a call needs only until it returns, kept for the next call of the same thread.

Asking the system for some megabytes and touching them for the first time takes as long as a small convolution.
"""

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

# Bytes kept at most; what is larger is given back after use.
KEPT = 8_000_000
_LINE = 64  # bytes of a line of the cache, where each array starts


class _Kept(threading.local):
    """What each thread keeps."""

    def __init__(self) -> None:
        self.memory = np.empty(0, np.uint8)


_kept = _Kept()


def scratch(shapes: Sequence[tuple[int, ...]], dtype: npt.DTypeLike) -> list[npt.NDArray[Any]]:
    """Give arrays of these shapes, side by side, with anything in them.

    The next call on the same thread gives the same memory again, so a function that asks must neither return what it
    got nor call another that asks while it still needs it.

    Examples
    --------
    >>> one, other = scratch([(2, 3), (4,)], "float32")
    >>> one.shape, other.shape, np.shares_memory(one, other)
    ((2, 3), (4,), False)
    """
    kind = np.dtype(dtype)
    sizes = [math.prod(shape) * kind.itemsize for shape in shapes]
    starts = [0]
    for size in sizes:
        starts.append(starts[-1] + size + -size % _LINE)
    memory = _memory(starts[-1] + _LINE)
    first = -memory.ctypes.data % _LINE
    return [
        memory[first + start : first + start + size].view(kind).reshape(shape)
        for start, size, shape in zip(starts, sizes, shapes, strict=False)
    ]


def _memory(size: int) -> npt.NDArray[np.uint8]:
    """Give at least this many bytes."""
    if size > KEPT:
        return np.empty(size, np.uint8)
    if _kept.memory.size < size:
        _kept.memory = np.empty(size, np.uint8)
    return _kept.memory
