"""Where the memory of a plan comes from: scratch shared by what has one shape, and gradients handed on."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np

from cnnviz.engine.checks import Array, room

_Shared = TypeVar("_Shared")

_LINE = 64
"""Bytes of a cache line, and of the widest register: memory that starts elsewhere is read in two pieces."""


class Arena:
    """Arrays that are made while a plan is built, so that a step makes none."""

    __slots__ = ("_free", "_shared", "dtype", "nbytes")

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.nbytes = 0
        self._shared: dict[Hashable, Any] = {}
        self._free: dict[tuple[int, ...], list[Array]] = {}

    def new(self, *shape: int) -> Array:
        """An array of zeros that one owner keeps; it starts at a cache line."""
        room(shape, "plan", "a buffer", self.dtype.itemsize)
        size = math.prod(shape) * self.dtype.itemsize
        memory = np.zeros(size + _LINE, np.uint8)
        start = -memory.ctypes.data % _LINE
        array: Array = memory[start : start + size].view(self.dtype).reshape(shape)
        self.nbytes += array.nbytes
        return array

    def scratch(self, use: str, *shape: int) -> Array:
        """An array of this use and shape; whoever asks again gets the same, and must not rely on what it holds."""
        key = (use, shape)
        if key not in self._shared:
            self._shared[key] = self.new(*shape)
        array: Array = self._shared[key]
        return array

    def shared(self, key: Hashable, make: Callable[[], _Shared]) -> _Shared:
        """The one object of this key, made when it is first asked for."""
        if key not in self._shared:
            self._shared[key] = make()
        found: _Shared = self._shared[key]
        return found

    def take(self, *shape: int) -> Array:
        """An array for a gradient; `give` hands it on to the next who takes one of its shape."""
        free = self._free.get(shape)
        return free.pop() if free else self.new(*shape)

    def give(self, array: Array) -> None:
        """Let the next one overwrite a gradient that nobody reads any more."""
        self._free.setdefault(array.shape, []).append(array)
