"""Small runs beside each other, for tests: they are trained in a moment."""

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import AvgPool
from cnnviz.files.recordings import Recording, Run
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Batches, Recipe
from cnnviz.lesson.runs import Runs, Twin, examined
from cnnviz.lesson.source import Source
from cnnviz.timeline.runs_timeline import runs_timeline
from cnnviz.timeline.timeline import Timeline


def small_runs(iterations: int = 4, rate: float = 0.05) -> Runs:
    """A plain and a residual network of one block, on digits of 8×8."""
    recipe = Recipe(
        (), "cross_entropy", rate=rate, iterations=iterations, momentum=0.5, seed=3, batches=Batches("digits", 10)
    )  # fmt: skip
    twins = (Twin("plain-4", (1,), "none", True), Twin("residual-4", (1,), "zero-padding", False))
    return Runs("small", "Small", recipe, 2, (5.0,), (6.0,), (4,), twins)


def runs_lesson(runs: Runs) -> Timeline:
    """A lesson of runs that are not computed so far."""
    track = Track(Source(np.zeros((1, 4, 4)), "Nothing"), (AvgPool((2, 2), (2, 2)),), (None,))
    nothing = tuple(made_run(twin, runs, 0) for twin in runs.twins)
    like = Timeline(
        Lesson("Small", (track,), runs=runs.id), "layer", (), 0, 0, (), (), runs=Recording(runs, nothing)
    )
    return runs_timeline(like.lesson, like)


def made_run(twin: Twin, runs: Runs, done: int, *, stopped: bool = False, scale: float = 1.0) -> Run:
    """A run with numbers that can be told by heart: layer n has the gradient n and the spread 10 n, times the scale."""
    iterations = runs.recipe.iterations
    tests = examined(iterations)
    layers = np.arange(1, twin.depth + 1, dtype=np.float32)
    measured = np.array([[1.0] if at < done else [np.nan] for at in range(iterations)], np.float32)
    tried = np.array([at <= done for at in tests])
    errors: NDArray[np.float32] = np.where(tried, 1.0 / (1 + np.arange(len(tests))), np.nan).astype(
        np.float32
    )
    losses = np.where(np.arange(iterations) < done, 2.0, np.nan).astype(np.float32)
    return Run(
        twin, losses, measured * layers * np.float32(scale), measured * layers * np.float32(10 * scale), errors,
        errors / np.float32(2), done, stopped,
    )  # fmt: skip
