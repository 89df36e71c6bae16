"""Points of the curves of runs: which one a pointer means, its number, the step it belongs to; and the next choice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import Literal, NamedTuple, TypeAlias

from cnnviz.files.recordings import Recording, Run
from cnnviz.lesson.lesson import Plots
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import MEAN_OF, RunsFrame, errors, losses_so_far
from cnnviz.timeline.runs_names import BARS, BOLD, CURVES, EVERY, FINE, FREE
from cnnviz.timeline.timeline import Timeline

Curves: TypeAlias = Literal["errors", "losses"]

LINES = ("gradients", "spreads", BOLD, FINE)
"""What stands below one another in the column of each run, as far as keys can choose it."""


class RunPoint(NamedTuple):
    """A point of a curve: after so many updates, at which iteration it is the last one, and both numbers there."""

    run: Run
    updates: int
    iteration: int
    fine: float
    """The share of wrong answers in training, or the loss of a batch."""
    bold: float
    """The share of wrong answers in the test, or the mean of the last losses."""


def drawn_curves(asked: Plots) -> Curves | None:
    """Which curves of each run stand below its bars, by what the lesson's view asks for."""
    if asked == "none":
        return None
    return "losses" if asked == "loss" else "errors"


def group_of(run: Run) -> str:
    """With which runs one stands in a group, as it is called in keys."""
    return "norm" if run.twin.norm else "bare"


def in_columns(recording: Recording) -> tuple[Run, ...]:
    """The runs as they stand from left to right: those with batch norm first."""
    return tuple(sorted(recording.runs, key=lambda run: not run.twin.norm))


def run_of(recording: Recording, name: str) -> Run | None:
    """The run of a name such as ``norm/plain-18``."""
    return next((run for run in recording.runs if name_of(run) == name), None)


def name_of(run: Run) -> str:
    """The name of a run in keys."""
    return f"{group_of(run)}/{run.twin.name}"


def point_near(frame: RunsFrame, run: Run, curves: Curves, updates: int) -> RunPoint | None:
    """The point that is nearest to a number of updates, of those up to the playhead; None where there is none yet."""
    if curves == "errors":
        tests, train, test = errors(run, frame)
        if not tests:
            return None
        n = min(range(len(tests)), key=lambda i: abs(tests[i] - updates))
        return RunPoint(run, tests[n], max(tests[n] - 1, 0), float(train[n]), float(test[n]))
    losses = losses_so_far(run, frame.iteration)
    if not losses.size:
        return None
    n = min(max(updates, 0), losses.size - 1)
    return RunPoint(run, n, n, float(losses[n]), float(losses[max(n + 1 - MEAN_OF, 0) : n + 1].mean()))


def until(frame: RunsFrame, iteration: int) -> RunsFrame:
    """The runs as they were at an iteration, or at the sample before it."""
    return replace(frame, place=max(bisect_right(frame.recording.samples, iteration) - 1, 0))


def index_pointed(timeline: Timeline, index: int, ref: CellRef) -> int | None:
    """The step that a click at a curve goes to: where its point is the last one; None where it is none."""
    runs, curves = timeline.runs, drawn_curves(timeline.lesson.view.plots)
    kind, _, rest = ref.tensor.partition("/")
    if runs is None or curves is None or kind != CURVES or rest.startswith(EVERY):
        return None
    name, _, line = rest.rpartition("/")
    iteration, run = max(ref.plane - 1, 0), run_of(runs, name)
    if line != FREE and run is not None:
        point = point_near(RunsFrame(runs, index), run, curves, ref.plane)
        iteration = iteration if point is None else point.iteration
    return min(bisect_left(runs.samples, iteration), timeline.count - 1)


def next_choice(timeline: Timeline, chosen: CellRef | None, columns: int, rows: int) -> CellRef | None:
    """What stands so many places to the right of what is chosen, and so many rows below.

    Bars go layer by layer and on into the next run, curves from run to run; at first it is the curve of the first run.
    """
    assert timeline.runs is not None
    runs = in_columns(timeline.runs)
    lines = LINES if drawn_curves(timeline.lesson.view.plots) else LINES[:2]
    place = None if chosen is None else _place_of(runs, chosen)
    if place is None:
        return _ref_at(runs[0], lines[-2], 0)
    n, line, layer = place
    if line not in lines or rows:
        before = lines.index(line) if line in lines else len(lines) - 1
        line = lines[min(max(before + rows, 0), len(lines) - 1)]
    if line in (FINE, BOLD):
        return _ref_at(runs[min(max(n + columns, 0), len(runs) - 1)], line, 0)
    n, layer = _layer_beside(runs, n, layer + columns)
    return _ref_at(runs[n], line, layer)


def _layer_beside(runs: tuple[Run, ...], n: int, layer: int) -> tuple[int, int]:
    """The run and its layer, where one before the first is the last of the run before."""
    if layer < 0:
        return (n - 1, runs[n - 1].twin.depth - 1) if n else (0, 0)
    if layer >= runs[n].twin.depth:
        return (n + 1, 0) if n + 1 < len(runs) else (n, runs[n].twin.depth - 1)
    return n, layer


def _place_of(runs: tuple[Run, ...], ref: CellRef) -> tuple[int, str, int] | None:
    """Which run, line and layer a choice is; of a name its curve."""
    kind, *rest = ref.tensor.split("/")
    match kind, rest:
        case "bars", [group, line, name]:
            layer = ref.plane
        case "curves", [group, name, line]:
            layer = 0
        case "names", [group, name]:
            line, layer = BOLD, 0
        case _:
            return None
    n = next((n for n, run in enumerate(runs) if name_of(run) == f"{group}/{name}"), None)
    return None if n is None else (n, line, layer)


def _ref_at(run: Run, line: str, layer: int) -> CellRef:
    if line in (FINE, BOLD):
        return CellRef(0, f"{CURVES}/{name_of(run)}/{line}", 0, 0, 0)
    return CellRef(0, f"{BARS}/{group_of(run)}/{line}/{run.twin.name}", layer, 0, 0)
