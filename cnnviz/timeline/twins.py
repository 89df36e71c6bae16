"""Trains the networks of a recipe beside each other and measures them on the way: what a recording holds, live."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.checks import Array
from cnnviz.engine.depth import Weighted, weighted
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.optimisers import Sgd, State
from cnnviz.engine.plan import Plan
from cnnviz.engine.quiet import quiet
from cnnviz.files.datasets import DataSet
from cnnviz.files.recordings import FIELDS, LAYERED, TESTS, Floats, Recording, Run
from cnnviz.lesson.runs import Runs, Twin, examined, layers_of, turns
from cnnviz.timeline.batches import batch_at, data_of

TESTED_AT_ONCE = 120
"""So many pictures are run forward together when a network is tested."""

LARGEST = 1e30
"""A loss beyond that, or one that is no number, ends a run: the next ones could not be kept as float32."""


@dataclass(slots=True, eq=False)
class _Learner:
    """A network on its way: its plan, what optimises it, and what was measured of it."""

    twin: Twin
    places: tuple[Weighted, ...]
    plan: Plan
    tester: Plan
    optimiser: Sgd
    state: State
    kept: dict[str, Floats]
    done: int = 0
    stopped: bool = False


def running(recipe: Runs, breathe: Callable[[], None] = lambda: None) -> Iterator[Recording]:
    """What there is to see after each network's way to the end of its next turn, up to the last.

    All sums are exact (`cnnviz.engine.plan.exact`): the same recipe gives the same weights on every processor, as
    far as `exp` is the same there to some 30 bits.

    Parameters
    ----------
    breathe : callable
        Called between two iterations, and between the parts of a test; what it raises ends the run.
    """
    assert recipe.recipe.batches is not None
    data = data_of(recipe.recipe.batches)
    learners = []
    for twin in recipe.twins:
        learners.append(_learner(recipe, twin, data))
        _test(learners[-1], data, recipe, breathe)
    runs = [_run(one) for one in learners]
    for end in turns(recipe.recipe.iterations):
        for place, learner in enumerate(learners):
            while learner.done < end and not learner.stopped:
                _advance(learner, recipe, data)
                if not learner.stopped and learner.done in examined(recipe.recipe.iterations):
                    _test(learner, data, recipe, breathe)
                breathe()
            runs[place] = _run(learner)
            yield Recording(recipe, tuple(runs))


def _learner(recipe: Runs, twin: Twin, data: DataSet) -> _Learner:
    how, batches = recipe.recipe, recipe.recipe.batches
    assert batches is not None
    layers = layers_of(recipe, twin, len(data.entry.classes))
    first = initial_parameters(layers, data.shape, seed=how.seed)
    plan = Plan(
        layers, data.shape, batches.size, np.float64, loss="cross_entropy", parameters=first, exact=True
    )
    tester = Plan(
        layers, data.shape, TESTED_AT_ONCE, np.float64, store=plan.store, training=False, exact=True
    )
    places = weighted(layers, data.shape)
    shapes = {
        "losses": (how.iterations,),
        **{field: (how.iterations, len(places)) for field in LAYERED},
        **{field: (len(examined(how.iterations)),) for field in TESTS},
    }
    kept = {field: np.full(shapes[field], np.nan, np.float32) for field in FIELDS}
    optimiser = Sgd(how.rate, how.momentum)
    return _Learner(twin, places, plan, tester, optimiser, plan.start(optimiser), kept)


def _advance(learner: _Learner, recipe: Runs, data: DataSet) -> None:
    """One iteration: a batch forward and backward, what is measured of it, and the update."""
    how, number = recipe.recipe, learner.done
    chosen = batch_at(how, number)
    spreads, responses = dict[str, float](), {at.response for at in learner.places}

    def watch(name: str, out: Array) -> None:
        if name in responses:
            spreads[name] = _spread(out)

    loss = learner.plan.step(
        data.images[chosen].astype(np.float64), data.labels[chosen].astype(np.int64), learner.optimiser, learner.state,
        watch=watch,
    )  # fmt: skip
    if not abs(loss) <= LARGEST:
        learner.stopped = True
        return
    norms = [_norm(learner.plan.gradients[f"{at.name}.weight"]) for at in learner.places]
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite
        learner.kept["losses"][number] = loss
        learner.kept["spreads"][number] = [spreads[at.response] for at in learner.places]
        learner.kept["gradients"][number] = norms
    learner.done += 1


def _spread(values: Array) -> float:
    """The standard deviation of all numbers; infinite numbers have none."""
    with quiet():
        return float(np.std(values))


def _norm(gradient: Array) -> float:
    flat = gradient.ravel()
    with quiet():
        return float(np.sqrt(np.dot(flat, flat)))


def _test(learner: _Learner, data: DataSet, recipe: Runs, breathe: Callable[[], None]) -> None:
    """The share of wrong answers on as many pictures to train on as there are to test on, and on these."""
    row = examined(recipe.recipe.iterations).index(learner.done)
    entry = data.entry
    count = min(entry.train, entry.test)
    for field, first, last in (
        ("train_errors", 0, count),
        ("test_errors", entry.train, entry.train + entry.test),
    ):
        learner.kept[field][row] = _error(
            learner.tester, data.images[first:last], data.labels[first:last], breathe
        )


def _error(
    tester: Plan, images: NDArray[np.uint8], labels: NDArray[np.uint8], breathe: Callable[[], None]
) -> float:
    wrong = 0
    whole = np.zeros((tester.batch, *images.shape[1:]))
    for first in range(0, len(images), tester.batch):
        part = images[first : first + tester.batch]
        whole[: len(part)] = part
        scores = tester.forward(whole).reshape(tester.batch, -1)[: len(part)]
        # An answer that is no number is a wrong one.
        right = np.isfinite(scores).all(axis=1) & (
            scores.argmax(axis=1) == labels[first : first + tester.batch]
        )
        wrong += int((~right).sum())
        breathe()
    return wrong / len(images)


def _run(learner: _Learner) -> Run:
    """What was measured so far, as it will stay."""
    kept = {field: array.copy() for field, array in learner.kept.items()}
    for array in kept.values():
        array.setflags(write=False)
    return Run(learner.twin, **kept, done=learner.done, stopped=learner.stopped)
