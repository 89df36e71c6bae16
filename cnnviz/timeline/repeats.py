"""How often the sections of a track are run through, and which step is in which iteration, by arithmetic."""

from __future__ import annotations

from typing import NamedTuple

from cnnviz.lesson.lesson import Pace, Track


class Repeats(NamedTuple):
    """So many iterations, the first ``fine`` of them step by step, each of the others in one step.

    Examples
    --------
    >>> twice = Repeats(iterations=5, fine=2)
    >>> twice.steps(10), twice.place(13, 10), twice.index_at(1, 3, 10)
    (23, (1, 3), 13)
    >>> twice.place(22, 10), twice.place(99, 10), twice.index_at(4, 0, 10)
    ((4, 9), (4, 9), 22)
    """

    iterations: int
    fine: int

    def steps(self, length: int) -> int:
        """All steps, when one iteration step by step takes ``length``."""
        return self.fine * length + self.iterations - self.fine

    def place(self, index: int, length: int) -> tuple[int, int]:
        """Iteration and step in it; beyond the end the last one."""
        at = min(index, self.steps(length) - 1)
        if at < self.fine * length:
            return divmod(at, length)
        return self.fine + at - self.fine * length, length - 1

    def index_at(self, iteration: int, offset: int, length: int) -> int:
        """The step at which an iteration has come so far; its only one where it is told in one."""
        if iteration < self.fine:
            return iteration * length + offset
        return self.fine * length + min(iteration, self.iterations - 1) - self.fine


def repeats_of(track: Track, pace: Pace) -> Repeats:
    """At the pace "auto" the first iteration is told step by step, at "iteration" none, at any other each."""
    if track.recipe is None:
        return Repeats(1, 1)
    count = track.recipe.iterations
    if track.recipe.batches is not None:
        return Repeats(count, 0)  # what a whole batch does is not told cell by cell
    return Repeats(count, {"auto": 1, "iteration": 0}.get(pace, count))
