"""The clock of a lesson that shows runs of networks: a step for each of their sampled iterations."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.progress import Progress
from cnnviz.timeline.sections import sections_of
from cnnviz.timeline.tensors import TrackTensors
from cnnviz.timeline.timeline import Timeline


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
