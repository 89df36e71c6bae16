"""A cache bounded in bytes, and keys for arrays by which a hit can never show another array's pixels."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from numpy.typing import NDArray

T = TypeVar("T")

BY_CONTENT_BYTES = 1 << 13
WORTH_KEEPING = 1 << 9
"""The digest of so many bytes takes longer than a look whether it is known."""

_digests: dict[int, tuple[weakref.ref[NDArray[Any]], Hashable]] = {}


class _Same:
    """Equal only to a key of the very same living array; it does not keep the array alive."""

    __slots__ = ("_id", "_ref")

    def __init__(self, array: NDArray[Any]) -> None:
        self._id = id(array)
        self._ref = weakref.ref(array)

    def __hash__(self) -> int:
        return self._id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return NotImplemented
        array = self._ref()
        return array is not None and array is other._ref()


def array_key(array: NDArray[Any] | None) -> Hashable:
    """Make a key for the content of an array: a digest when it is small, its identity when it is large.

    Large arrays that may still be written to get a new key each time, thus nothing of them is found again.
    """
    if array is None:
        return None
    if array.nbytes > BY_CONTENT_BYTES:
        return object() if array.flags.writeable else _Same(array)
    if array.nbytes < WORTH_KEEPING or array.flags.writeable:
        return _digest(array)
    place = id(array)
    known = _digests.get(place)
    if known is None or known[0]() is not array:
        known = weakref.ref(array, lambda _ended: _digests.pop(place, None)), _digest(array)
        _digests[place] = known
    return known[1]


def _digest(array: NDArray[Any]) -> Hashable:
    return blake2b(array.tobytes(), digest_size=16).digest(), array.shape, array.dtype.str


@dataclass(slots=True)
class ByteLru(Generic[T]):
    """The values used last, as many as fit into ``limit`` bytes.

    ``weigh`` says how many bytes a value takes. A value larger than the limit is returned but not kept.
    """

    limit: int
    weigh: Callable[[T], int]
    _values: OrderedDict[Hashable, T] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of ``key``, made when it is not there."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = make()
        self._keep(key, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._bytes = 0

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._values)

    def _keep(self, key: Hashable, value: T) -> None:
        size = self.weigh(value)
        if size > self.limit:
            return
        self._values[key] = value
        self._bytes += size
        while self._bytes > self.limit:
            _, old = self._values.popitem(last=False)
            self._bytes -= self.weigh(old)
