"""Eight runs with numbers that can be told by heart, on the stage of those that ship."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np

from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Recording, Run, recording
from cnnviz.lesson.lesson import Plots
from cnnviz.lesson.runs import Runs, Twin
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.primitives import Link, Rect, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.runs_timeline import with_runs
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.runs import made_run

TIMELINE = make_timeline(shipped_lesson("twins"))
SHIPPED = recording("twins")
LAST = TIMELINE.count - 1
SIZE = (1280.0, 800.0)
GONE = 3
"""The iteration at which the last of the made runs diverges."""


def _grown(twin: Twin, recipe: Runs, gone: bool) -> Run:
    """A run whose bars grow with the iterations, and whose loss falls from 2 to 0.02."""
    count = recipe.recipe.iterations
    run = made_run(twin, recipe, GONE if gone else count, stopped=gone, scale=1e-2)
    times = 1.0 + np.arange(count, dtype=np.float32)[:, None]
    grown = np.minimum(times, GONE) ** 12 if gone else times
    losses = np.geomspace(2.0, 0.02, count).astype(np.float32)
    losses[run.done :] = np.nan
    return replace(run, gradients=run.gradients * grown, spreads=run.spreads * grown, losses=losses)


RECIPE = SHIPPED.recipe
MADE = Recording(
    replace(RECIPE, id="made"),
    tuple(_grown(twin, RECIPE, twin is RECIPE.twins[-1]) for twin in RECIPE.twins),
    "1 January 2026, a machine of a kind with a long name, one thread",
)
"""Eight runs with numbers that can be told by heart; the last one diverges."""


@lru_cache
def timeline(plots: Plots = "auto", made: bool = True) -> Timeline:
    lesson = replace(TIMELINE.lesson, view=replace(TIMELINE.lesson.view, plots=plots))
    own = make_timeline(lesson)
    return with_runs(own, MADE) if made else own


def scene(index: int, viewpoint: Viewpoint | None = None, theme: Theme = LIGHT, size: tuple[float, float] = SIZE,
          composition: Composition = WHOLE, plots: Plots = "auto", made: bool = True) -> Scene:  # fmt: skip
    return build_scene(
        timeline(plots, made), index, viewpoint or Viewpoint(), size, theme, composition=composition
    )


def texts(shown: Scene) -> dict[str, str]:
    return {p.key: p.text for p in shown.primitives() if isinstance(p, Text)}


def links(shown: Scene) -> dict[str, Link]:
    return {p.key: p for p in shown.primitives() if isinstance(p, Link)}


def bars(shown: Scene, start: str) -> list[Rect]:
    return [p for p in shown.primitives() if isinstance(p, Rect) and re.fullmatch(f"{start}/bar\\d+", p.key)]
