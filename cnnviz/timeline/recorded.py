"""What is true of runs beside each other at one iteration: bars, curves up to there, and where a run ended."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.files.recordings import Floats, Recording, Run, recorded_runs
from cnnviz.files.recordings import recording as recorded
from cnnviz.timeline.plain_numbers import plain_number, plain_numbers

Span: TypeAlias = tuple[float, float]

PUBLISHED: dict[str, float] = {
    "plain-18": 27.94,
    "plain-34": 28.54,
    "residual-18": 27.88,
    "residual-34": 25.03,
}
"""Top-1 validation error on ImageNet in per cent, 10-crop testing, shortcuts of option A: He et al. (2015), table 2."""

MOST_DECADES = 8
"""So many powers of ten an axis of bars has at most, the highest ones; what lies below stands at its foot."""

OUTLIERS = 0.5
"""So many per cent of the numbers, the smallest, do not make an axis longer."""

MEAN_OF = 25
"""The losses of so many batches are averaged: each is that of other pictures."""

LOSS_DECADES = 4
"""So many powers of ten an axis of losses has at most."""

Losses: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RunsFrame:
    """Runs at one of their sampled iterations.

    Attributes
    ----------
    recording : Recording
    place : int
        The number of the sample.
    """

    recording: Recording
    place: int

    @property
    def iteration(self) -> int:
        """The iteration that is shown."""
        return self.recording.samples[self.place]

    @property
    def tested(self) -> int:
        """So many of the tests had taken place by then: one after the last update counts for the last iteration."""
        return bisect_right(self.recording.tests, self.iteration + 1)


def measured(run: Run, place: int, samples: Sequence[int]) -> int | None:
    """The last sample up to this one at which a run was measured; None where there is none yet."""
    last = min(place, bisect_right(samples, run.done - 1) - 1)
    return last if last >= 0 else None


def ended(run: Run, iteration: int) -> bool:
    """Whether it had diverged by then."""
    return run.stopped and iteration >= run.done


def missing(run: Run, iteration: int) -> bool:
    """Whether this iteration of it is not computed yet."""
    return not run.stopped and iteration >= run.done


def errors(run: Run, frame: RunsFrame) -> tuple[tuple[int, ...], Floats, Floats]:
    """After how many updates it was tested so far, and the shares of wrong answers in training and test."""
    count = min(frame.tested, bisect_right(frame.recording.tests, run.done))
    return frame.recording.tests[:count], run.train_errors[:count], run.test_errors[:count]


def losses_so_far(run: Run, iteration: int) -> Losses:
    """The loss of each batch up to that iteration, or to the end of the run."""
    return run.losses[: min(iteration + 1, run.done)].astype(np.float64)


def trailing_means(losses: Losses) -> Losses:
    """Of each number the mean of it and those before it: of `MEAN_OF` numbers, of fewer at the start.

    Examples
    --------
    >>> trailing_means(np.array([2.0, 4.0, 9.0])).tolist()
    [2.0, 3.0, 5.0]
    """
    if not losses.size:
        return losses
    # Not as a difference of running sums: one huge loss would blot out all that follow.
    sums = np.convolve(losses, np.ones(MEAN_OF))[: losses.size]
    return sums / np.minimum(np.arange(1, losses.size + 1), MEAN_OF)


@lru_cache(maxsize=8)
def loss_span(recording: Recording) -> Span:
    """From which to which power of ten the mean losses of all runs reach, at all iterations, as with `span_of`."""
    if _is_live(recording):
        return loss_span(recorded(recording.recipe.id))
    means = [trailing_means(losses_so_far(run, run.done)) for run in recording.runs if not run.stopped]
    every = np.concatenate([np.empty(0), *means])
    kept = np.log10(every[np.isfinite(every) & (every > 0)])
    if not kept.size:
        return (1e-3, 1e1)
    top = math.ceil(kept.max() - 1e-6)
    return (10.0 ** max(min(math.floor(kept.min() + 1e-6), top - 1), top - LOSS_DECADES), 10.0**top)


def _is_live(recording: Recording) -> bool:
    """Whether runs are computed here that ship too: they have the ranges of those."""
    return not recording.made and recording.recipe.id in recorded_runs()


@lru_cache(maxsize=8)
def span_of(recording: Recording, field: str) -> Span:
    """From which to which power of ten the bars of all runs reach, at all iterations.

    Runs that are computed here have the range of those that ship, so that it stays while they come.

    Parameters
    ----------
    field : {"gradients", "spreads"}
    """
    if _is_live(recording):
        return span_of(recorded(recording.recipe.id), field)
    # What a run measures on its way beyond all bounds would leave the others no room: of it only its start counts.
    parts = [
        getattr(run, field)[:1].ravel() if run.stopped else getattr(run, field).ravel()
        for run in recording.runs
    ]
    every = np.concatenate(parts)
    kept = np.log10(every[np.isfinite(every) & (every > 0)].astype(np.float64))
    if not kept.size:
        return (1e-3, 1e1)
    # A power of ten itself may lie a rounding of float32 beside its place.
    low, top = np.percentile(kept, OUTLIERS), math.ceil(kept.max() - 1e-6)
    return (10.0 ** max(math.floor(low + 1e-6), top - MOST_DECADES), 10.0**top)


def runs_facts(frame: RunsFrame) -> dict[str, Any]:
    """The facts of all runs at this iteration as plain values."""
    how, batches = frame.recording.recipe.recipe, frame.recording.recipe.recipe.batches
    assert batches is not None
    return {
        "id": frame.recording.recipe.id,
        "recorded": frame.recording.made or None,
        "iteration": frame.iteration,
        "recipe": {
            "data": batches.data, "batch": batches.size, "rate": how.rate, "momentum": how.momentum,
            "seed": how.seed, "iterations": how.iterations,
        },
        "runs": [_run_facts(run, frame) for run in frame.recording.runs],
    }  # fmt: skip


def runs_text(frame: RunsFrame) -> str:
    """The facts of all runs for people, a line each."""
    lines = [f"iteration {frame.iteration}"]
    for run in frame.recording.runs:
        tests, train, test = errors(run, frame)
        state = f"diverged at iteration {run.done}" if ended(run, frame.iteration) else ""
        if not state and frame.iteration < run.done:
            state = f"loss {run.losses[frame.iteration]:.6g}"
        told = (
            f", wrong {100 * train[-1]:.1f} % and {100 * test[-1]:.1f} % after {tests[-1]}" if tests else ""
        )
        norm = "batch norm" if run.twin.norm else "no batch norm"
        lines.append(f"      {run.twin.name}, {norm}: {state or 'not computed yet'}{told}")
    return "\n".join(lines)


def _run_facts(run: Run, frame: RunsFrame) -> dict[str, Any]:
    place = measured(run, frame.place, frame.recording.samples)
    tests, train, test = errors(run, frame)
    losses = losses_so_far(run, frame.iteration)
    loss, mean = (math.nan, math.nan)
    if losses.size > frame.iteration:
        loss, mean = float(losses[-1]), float(trailing_means(losses)[-1])
    return {
        "name": run.twin.name,
        "batch_norm": run.twin.norm,
        "shortcut": run.twin.shortcut,
        "measured": None if place is None else frame.recording.samples[place],
        "diverged": run.done if ended(run, frame.iteration) else None,
        "gradient_norms": [] if place is None else plain_numbers(run.gradients[place].astype(np.float64)),
        "spreads": [] if place is None else plain_numbers(run.spreads[place].astype(np.float64)),
        "loss": plain_number(loss),
        "loss_mean": plain_number(mean),
        "tests": list(tests),
        "train_errors": plain_numbers(train.astype(np.float64)),
        "test_errors": plain_numbers(test.astype(np.float64)),
        "published_validation_error": PUBLISHED.get(run.twin.name),
    }
