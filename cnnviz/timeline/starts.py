"""Where the sections of a lesson begin, in every iteration that is told step by step, without a list of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, overload

from cnnviz.timeline.timeline import Timeline

Start: TypeAlias = tuple[int, str]
"""The first step of a section, and its name."""


@dataclass(frozen=True, slots=True)
class Rounds(Sequence[Start]):
    """The same sections again and again: there may be millions of them, and each is there by arithmetic.

    Examples
    --------
    >>> rounds = Rounds(((0, "Forward"), (3, "Update")), 5, 3, ((15, "Iterations"),))
    >>> len(rounds), rounds[3], rounds[-1], rounds[4:6]
    (7, (8, 'Update'), (15, 'Iterations'), ((10, 'Forward'), (13, 'Update')))
    """

    once: tuple[Start, ...]
    """Those of the first iteration."""
    length: int
    """The steps of an iteration."""
    times: int
    """So many iterations have these sections."""
    rest: tuple[Start, ...] = ()
    """What follows them."""

    def __len__(self) -> int:
        return len(self.once) * self.times + len(self.rest)

    @overload
    def __getitem__(self, at: int) -> Start: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Start, ...]: ...
    def __getitem__(self, at: int | slice) -> Start | tuple[Start, ...]:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        number = range(len(self))[at]
        time, own = divmod(number, len(self.once))
        if time >= self.times:
            return self.rest[number - len(self.once) * self.times]
        start, name = self.once[own]
        return start + time * self.length, name


def starts_of(timeline: Timeline) -> Sequence[Start]:
    """The first step of each section of the track that sets the clock, in every iteration that is told step by step."""
    starts, iterations = timeline.section_starts(), iterations_of(timeline)
    if len(iterations) < 2:
        return starts
    own = tuple(start for start in starts if start[0] < iterations.step)
    return Rounds(own, iterations.step, len(iterations), starts[len(own) :])


def iterations_of(timeline: Timeline) -> range:
    """The first step of each iteration that is told step by step; none where nothing learns."""
    track = timeline.lesson.tracks[timeline.lead]
    if track.recipe is None or timeline.runs is not None:
        return range(0)
    length = timeline.sections[timeline.lead][-1].stop
    return range(0, timeline.repeats(timeline.lead).fine * length, length)
