"""What a player shows: where it stands, how fast it runs, and the ticks of its sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Loop: TypeAlias = Literal["off", "loop", "ping-pong"]

SPEEDS: tuple[float, ...] = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)

MOVE_SECONDS = 0.25
REST_SECONDS = 0.70
STEP_SECONDS = MOVE_SECONDS + REST_SECONDS
"""One step at 1×: a fast move and a rest."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The first and the last step to be played; None for an end that is not marked."""

    first: int | None = None
    last: int | None = None

    def starting(self, index: int) -> Marks:
        """The marks from that step on; a mark of the end that lies before it goes."""
        return Marks(index, None if self.last is not None and self.last < index else self.last)

    def ending(self, index: int) -> Marks:
        """The marks up to that step; a mark of the start that lies behind it goes."""
        return Marks(None if self.first is not None and self.first > index else self.first, index)

    def steps(self, count: int) -> range | None:
        """The steps between the marks of a timeline of so many; None where there are no marks.

        Examples
        --------
        >>> Marks(3).ending(7).steps(36), Marks(last=7).steps(5), Marks().steps(36)
        (range(3, 8), range(0, 5), None)
        """
        if self.first is None and self.last is None:
            return None
        end = count if self.last is None else min(self.last + 1, count)
        return range(min(self.first or 0, end - 1), end)


@dataclass(frozen=True, slots=True)
class TransportState:
    """All that the transport shows. Indices are Python ints of any size."""

    index: int
    count: int
    playing: bool = False
    backwards: bool = False
    speed: float = 1.0
    loop: Loop = "off"
    sections: Sequence[tuple[int, str]] = ()
    iterations: range = range(0)
    """The first steps of iterations that are told step by step."""
    words: str = ""
    marks: range | None = None
    """The steps between the marks, which are played and exported alone."""
    stops: int | None = None
    """At so many steps playing stops, where it leaves some out."""

    @property
    def total_seconds(self) -> float:
        """Playing time at this speed, of all steps that are played or of those between the marks."""
        steps = self.count if self.marks is None else len(self.marks)
        steps = steps if self.stops is None else self.stops
        return steps * STEP_SECONDS / self.speed


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours when there are any.

    Examples
    --------
    >>> clock(34.2), clock(3723)
    ('0:34', '1:02:03')
    """
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
