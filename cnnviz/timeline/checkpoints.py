"""Which states of a fold are kept: some over all iterations, evenly spread, and those that were gone through last."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LEAST = 4
"""So many of those gone through last are kept however large they are: whoever goes on needs where it came from."""

MOST = 256
"""And at most so many: they are searched one by one."""

SHARE = 4
"""One part in so many of the bytes is for those gone through last."""


class Checkpoints(Generic[T]):
    """States of the same size within a limit of bytes; not safe from several threads at once.

    Parameters
    ----------
    start : object
        The state before iteration 0.
    size : int
        Bytes of each state.
    limit : int
        Bytes of all of them.
    """

    def __init__(self, start: T, size: int, limit: int) -> None:
        self._most = max(2, (limit - limit // SHARE) // size)
        self._most_passed = min(MOST, max(LEAST, limit // SHARE // size))
        self.stride = 1
        """Every so many iterations there is a state."""
        self._spread: dict[int, T] = {0: start}
        self._passed: dict[int, T] = {}

    @property
    def kept(self) -> tuple[int, ...]:
        """The iterations of the evenly spread states, rising."""
        return tuple(self._spread)

    def add(self, iteration: int, state: T) -> None:
        """Take the next state of the fold; when there are too many, every second one goes."""
        if iteration % self.stride:
            return
        self._spread[iteration] = state
        while len(self._spread) > self._most:
            self.stride *= 2
            self._spread = {n: kept for n, kept in self._spread.items() if n % self.stride == 0}

    def passed(self, iteration: int, state: T) -> None:
        """Keep a state on the way from one of them to another; the oldest such goes when there are too many."""
        if self.has(iteration):
            return
        self._passed[iteration] = state
        while len(self._passed) > self._most_passed:
            del self._passed[next(iter(self._passed))]

    def has(self, iteration: int) -> bool:
        """Whether the state before that iteration is kept."""
        return iteration in self._spread or iteration in self._passed

    def before(self, iteration: int) -> tuple[int, T]:
        """The last state that is kept up to an iteration."""
        at = iteration - iteration % self.stride
        while at not in self._spread:
            at -= self.stride
        near = max((n for n in self._passed if at < n <= iteration), default=at)
        return near, self._passed[near] if near != at else self._spread[at]

    def nearest(self, iteration: int, below: int) -> int:
        """The nearest iteration, earlier or later but below a limit, whose state is kept."""
        found = [self.before(iteration)[0]]
        ahead = iteration - iteration % self.stride + self.stride
        found += [n for n in (ahead, *self._passed) if n < below and self.has(n)]
        return min(found, key=lambda n: abs(n - iteration))
