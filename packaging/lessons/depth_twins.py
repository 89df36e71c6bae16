"""Plain and residual networks of 18 and 34 layers beside each other: runs that were recorded, and what they show."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import AvgPool
from cnnviz.engine.specs import Normalise
from cnnviz.files.datasets import shipped_set
from cnnviz.files.recordings import Recording, Run, recording
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.lesson.source import Source
from lessons.making import Entry

GROUP = "Depth"
ID = "twins"
PICTURE = 1
"""The picture whose way to the networks the track shows, by its number among those to test on."""

BARS = (
    "A bar stands for a layer with weights: above the norm of its gradient, below how far its response, before the "
    "activation or the addition, spreads over the batch. The scale is logarithmic and stays while the bars move."
)


def twins() -> Lesson:
    """The runs, over the track that a picture goes before the first layer of each network."""
    runs = recording(ID)
    return Lesson(
        "Plain and residual twins",
        (_input(runs),),
        words=(Words(0, "Iterations", _story(runs), _notes(runs)),),
        notes=ABOUT,
        group=GROUP,
        systems=("S61", "S68"),
        runs=ID,
    )


def _input(runs: Recording) -> Track:
    recipe, data = runs.recipe, shipped_set(runs.recipe.data)
    at = data.entry.train + PICTURE
    name = f"{data.entry.title}, picture {at}"
    source = Source(data.images[at].astype(np.float64), name, credit=data.entry.credit)
    size = (recipe.pool, recipe.pool)
    return Track(source, (AvgPool(size, size), Normalise(recipe.mean, recipe.std)), (None, None))


def _run(runs: Recording, name: str, norm: bool) -> Run:
    return next(run for run in runs.runs if run.twin.name == name and run.twin.norm is norm)


def _called(run: Run) -> str:
    return run.twin.name.replace("-", " ")


def _wrong(run: Run) -> str:
    """Its last errors in words."""
    if run.stopped:
        return f"{_called(run)} diverged at iteration {run.done + 1}"
    train, test = (100 * float(errors[-1]) for errors in (run.train_errors, run.test_errors))
    return f"{_called(run)} {train:.1f} % and {test:.1f} %"


def _story(runs: Recording) -> str:
    """The training errors of the networks with batch norm at the end, as they were recorded."""
    plain, residual = (
        " and ".join(
            f"{100 * float(_run(runs, f'{kind}-{depth}', True).train_errors[-1]):.1f}" for depth in (18, 34)
        )
        for kind in ("plain", "residual")
    )
    return f"Recorded training errors of 18 and 34 layers with batch norm: plain {plain} %, residual {residual} %."


def _notes(runs: Recording) -> str:
    """What the runs show, as it was recorded."""
    with_norm, without = (
        "; ".join(_wrong(run) for run in runs.runs if run.twin.norm is norm) for norm in (True, False)
    )
    return (
        f"{BARS} Wrong answers in training and test after {runs.recipe.recipe.iterations:,} iterations, with batch "
        f"normalisation: {with_norm}. Without: {without}. At iteration 1, without normalisation, the spread of the "
        "residual networks grows from block to block, since every addition adds to it, and their gradients are large; "
        "the responses of the plain networks fade. With normalisation every response but the last has spread 1 at "
        "first, and the gradients of the plain network of 34 layers are largest in its first layers: they do not "
        "vanish. He et al. call a higher training error of the deeper plain network degradation, and hold vanishing "
        "gradients for unlikely."
    )


ABOUT = (
    "Eight networks learn from the same pictures in the same order, at the same rate, from the same seed. A plain "
    "network and its residual twin have exactly as many weights, with the same first values. What is shown was "
    "recorded; Learn, Run again here computes it anew, and comes to the same numbers on every processor: what is "
    "multiplied is rounded to 20 bits, so that all sums are exact. One seed and one rate are no proof. The published "
    "figures are of far wider networks on ImageNet, and can be compared with these in kind only."
)

ENTRIES = (Entry(ID, ".json", twins),)
