"""The clock of a lesson that shows runs of networks: a step for each of their sampled iterations."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache

from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.progress import Progress
from cnnviz.timeline.sections import sections_of
from cnnviz.timeline.tensors import TrackTensors
from cnnviz.timeline.timeline import Timeline

STRIDES = ((20, 1), (50, 5), (200, 10), (500, 20))
"""Up to which iteration playing stops at every so-many-th."""

FAR = 50
"""And at every so-many-th of all others."""


def runs_timeline(lesson: Lesson, like: Timeline | None = None) -> Timeline:
    """Cut a lesson of runs into steps, in which its tracks hold their last cell.

    Runs that ``like`` shows under the same name are taken over, also those that were computed here.

    Raises
    ------
    BadInput
        There are no runs of that name.
    """
    runs = _known(lesson, like) or recording(lesson.runs)
    ends = (sections_of(number, track, "layer")[-1] for number, track in enumerate(lesson.tracks))
    sections = tuple((replace(end, start=0, number=0, op="runs", name="Iterations"),) for end in ends)
    tensors = tuple(TrackTensors(track) for track in lesson.tracks)
    return Timeline(
        lesson, "layer", sections, 0, len(runs.samples), tensors, (None,) * len(tensors), runs=runs
    )


def stops_of(timeline: Timeline) -> tuple[int, ...]:
    """The steps at which playing stops: each at the pace "iteration", else at growing distances.

    At first the bars change from iteration to iteration, later slowly, and there are thousands of iterations.
    """
    if timeline.lesson.pace == "iteration":
        return tuple(range(timeline.count))
    return _stops(timeline.count)


@lru_cache(maxsize=4)  # asked for at every step
def _stops(count: int) -> tuple[int, ...]:
    ends = (0, *(end for end, _ in STRIDES), max(count, STRIDES[-1][0]))
    each = (*(stride for _, stride in STRIDES), FAR)
    parts = (range(*part) for part in zip(ends, ends[1:], each, strict=False))
    return tuple(sorted({n for part in parts for n in part if n < count} | {count - 1}))


def with_runs(timeline: Timeline, runs: Recording) -> Timeline:
    """The same steps with other runs of the same recipe, such as those that are computed here by now."""
    return replace(timeline, runs=runs)


def run_progress(runs: Recording, state: str, seconds_left: float | None = None) -> Progress:
    """How far runs are that are computed here: what a run would still have done when it diverged is not planned."""
    iterations = runs.recipe.recipe.iterations
    going = [run.done for run in runs.runs if not run.stopped]
    measured = bisect_left(runs.samples, min(going, default=iterations))
    planned = sum(run.done if run.stopped else iterations for run in runs.runs)
    return Progress(
        sum(run.done for run in runs.runs), planned, state, seconds_left, max(measured - 1, 0), on_stage=True
    )


def _known(lesson: Lesson, like: Timeline | None) -> Recording | None:
    return like.runs if like is not None and like.lesson.runs == lesson.runs else None
