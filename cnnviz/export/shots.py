"""The frames of an export one after the other: which step, what is hidden, how far it has glided, for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plans import ANSWERS, Answer, Plan

MAX_FRAMES = 100_000
RATE = 30
"""Pictures a second of what moves."""
GLIDE = 0.25
"""Seconds of a glide, and at most this part of a step's time."""
GLIDE_PART = 0.6


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of an export.

    Attributes
    ----------
    index : int
        The step of the timeline.
    hide : tuple of Answer
        Answers left out of it.
    before : int or None
        While it glides: the step that it comes from.
    part : float
        How much of the glide is done; 1 at rest.
    seconds : float
        How long it is shown.
    role : {"", "question", "answer"}
        Which of a pair it is.
    """

    index: int
    hide: tuple[Answer, ...] = ()
    before: int | None = None
    part: float = 1.0
    seconds: float = 0.2
    role: str = ""


@dataclass(slots=True)
class Clock:
    """Turns seconds into whole ticks such that their sum keeps time, however short each is."""

    ticks: float
    """Of a second."""

    _seconds: float = field(default=0.0, init=False)
    _told: int = field(default=0, init=False)

    def stay(self, seconds: float) -> int:
        """For how many ticks the next picture is shown: at least one, which later ones give back."""
        self._seconds += seconds
        ticks = max(1, round(self._seconds * self.ticks) - self._told)
        self._told += ticks
        return ticks


def shots_of(plan: Plan, indices: Sequence[int], animated: bool = False) -> tuple[Shot, ...]:
    """The pictures of these steps.

    Raises
    ------
    BadInput
        They are more than 100,000.
    """
    pictures = tuple(_moving(plan, indices) if animated and plan.moves else _still(plan, indices))
    if len(pictures) > MAX_FRAMES:
        raise BadInput(
            f"frames: {len(pictures):,} pictures are more than {MAX_FRAMES:,}; choose fewer steps, or none that move"
        )
    return pictures


def _still(plan: Plan, indices: Sequence[int]) -> Iterator[Shot]:
    seconds, last = 1 / plan.fps, len(indices) - 1
    for position, index in enumerate(indices):
        stay = seconds + (plan.hold if position == last else 0)
        if plan.pairs:
            yield Shot(index, plan.hide or ANSWERS, seconds=seconds, role="question")
            yield Shot(index, seconds=stay, role="answer")
        else:
            yield Shot(index, plan.hide, seconds=stay)


def _moving(plan: Plan, indices: Sequence[int]) -> Iterator[Shot]:
    """Each step glides from the one before it, then rests for what is left of its time."""
    count = max(1, int(min(GLIDE, GLIDE_PART / plan.fps) * RATE + 0.5))
    before = None
    for shot in _still(plan, indices):
        if before is None or before == shot.index:
            yield shot
        else:
            for number in range(1, count):
                yield Shot(shot.index, shot.hide, before, number / count, 1 / RATE, shot.role)
            rest = shot.seconds - (count - 1) / RATE
            yield Shot(shot.index, shot.hide, seconds=rest, role=shot.role)
        before = shot.index
