"""How far the descents of a lesson are computed, as plain facts for the window."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from cnnviz.lesson.findings import told_lesson
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a lesson has learned.

    Attributes
    ----------
    filled, planned : int
        Iterations of all tracks together.
    state : {"none", "running", "paused", "cancelled", "done"}
        "none" where nothing learns.
    seconds_left : float or None
        At the speed so far; None before there is one.
    reach : int
        The last step that is computed.
    stopped : tuple of str
        Which tracks ended early, and why.
    on_stage : bool
        Whether the stage itself has the plots of learning, of a network that learns from batches; or a single
        iteration is shown, of which a plot would be a dot.
    """

    filled: int = 0
    planned: int = 0
    state: str = "none"
    seconds_left: float | None = None
    reach: int = 0
    stopped: tuple[str, ...] = ()
    on_stage: bool = False


def beside(timeline: Timeline) -> Timeline:
    """The timeline that never waits for an iteration: one that is not computed shows the nearest that is."""
    return replace(timeline, patient=False) if timeline.patient and learners(timeline) else timeline


def patiently(timeline: Timeline) -> Timeline:
    """The timeline whose frames wait for their iteration, as an export needs them."""
    return timeline if timeline.patient else replace(timeline, patient=True)


def learners(timeline: Timeline) -> tuple[Descent, ...]:
    """The descents of the tracks that learn."""
    return tuple(descent for descent in timeline.descents if descent is not None)


def progress_of(timeline: Timeline, state: str, seconds_left: float | None = None) -> Progress:
    """How far a lesson has learned by now."""
    own = learners(timeline)
    if not own:
        return Progress()
    # What is planned behind a stop will never come.
    planned = sum(d.filled if d.done else d.recipe.iterations for d in own)
    done = all(d.done for d in own)
    return Progress(
        sum(d.filled for d in own),
        planned,
        "done" if done else state,
        None if done else seconds_left,
        reach_of(timeline),
        stops_of(timeline),
        any(d.recipe.batches is not None for d in own) or all(d.recipe.iterations == 1 for d in own),
    )


def reach_of(timeline: Timeline) -> int:
    """The last step whose iteration is computed in every track."""
    reach = timeline.count - 1
    for number, descent in enumerate(timeline.descents):
        if descent is not None and not descent.done:
            reach = min(reach, timeline.index_at(descent.filled, 0, number) - 1)
    return max(0, reach)


def is_pending(timeline: Timeline, index: int) -> bool:
    """Whether an iteration that this step shows is still to come, or not at hand."""
    return any(descent.lacks(iteration) for descent, iteration in wanted(timeline, index))


def computed(timeline: Timeline, index: int) -> bool:
    """Whether the frame of a step can be made at once."""
    return not is_pending(timeline, index)


def advance(timeline: Timeline, index: int, seconds: float) -> bool:
    """Compute what the frame of a step needs for so many seconds, or an iteration longer; whether all is there.

    Called again and again, between other work, it comes to the end: nothing that was done is lost.
    """
    end = time.perf_counter() + seconds
    for descent, iteration in wanted(timeline, index):
        while not descent.approach(iteration):
            if time.perf_counter() >= end:
                return False
    return True


def far(timeline: Timeline, index: int) -> tuple[tuple[Descent, int], ...]:
    """The descents and iterations of a step that are computed, but not at hand: a worker can bring them."""
    return tuple(
        (descent, iteration)
        for descent, iteration in wanted(timeline, index)
        if (iteration < descent.filled or descent.done) and descent.lacks(iteration)
    )


def prepare(timeline: Timeline, descent: Descent, iteration: int) -> None:
    """Find out all that is shown of an iteration of a heavy network: a worker looks through its millions of numbers."""
    number = timeline.descents.index(descent)
    patiently(timeline).track_frame(number, timeline.index_at(iteration, 0, number))
    descent.prepared = iteration


def wanted(timeline: Timeline, index: int) -> tuple[tuple[Descent, int], ...]:
    """The descents of a step, and the iteration that it shows of each."""
    return tuple(
        (descent, timeline.step(index, number).iteration)
        for number, descent in enumerate(timeline.descents)
        if descent is not None
    )


def tests_at(timeline: Timeline, index: int) -> int:
    """So many tests are known of what a step shows, on pictures that are never learned from."""
    return sum(len(d.accuracy.curve(n)[0]) for d, n in wanted(timeline, index) if d.accuracy.tested)


def stops_of(timeline: Timeline) -> tuple[str, ...]:
    """Which tracks have diverged, at which iteration and why."""
    names = [track.name for track in told_lesson(timeline.lesson).tracks]
    return tuple(
        f"{names[number]}: {descent.stopped}" if len(names) > 1 and names[number] else descent.stopped
        for number, descent in enumerate(timeline.descents)
        if descent is not None and descent.stopped
    )
