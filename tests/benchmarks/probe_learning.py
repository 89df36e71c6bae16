"""Lets a network of 60,000 parameters learn for 10,000 iterations, and tells what memory and time that took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline.progress import beside
from cnnviz.timeline.timeline import make_timeline
from tests.benchmarks.probe_cnnviz import peak_memory


def network(iterations: int) -> Track:
    """28×28 to ten scores: 8 kernels of 5×5, pooling, 51 numbers; 59,538 parameters."""
    random = np.random.default_rng(0)
    layers = (Conv(8, (5, 5)), Relu(), MaxPool((2, 2), (2, 2)), Flatten(), Linear(51), Relu(), Linear(10))
    weights = (
        random.normal(size=(8, 1, 5, 5)) / 5, random.normal(size=(51, 1152)) / 34, random.normal(size=(10, 51)) / 7,
    )  # fmt: skip
    first, second, third = (Params(w, np.zeros(len(w))) for w in weights)
    examples = tuple(
        Example(np.array([[[float(n)]]]), random.random((1, 28, 28)), f"example {n}") for n in range(10)
    )
    source = examples[0].source
    assert source is not None
    return Track(
        Source(source), layers, (first, None, None, None, second, None, third),
        recipe=Recipe(examples, "cross_entropy", 0.005, iterations),
    )  # fmt: skip


def main(iterations: int) -> None:
    """Print how many parameters there are, the peak of memory in MB, and seconds: of all, and of the slowest seeks.

    The first are those of the window, which shows the nearest state that is kept; the others wait for the exact one.
    """
    track = network(iterations)
    count = sum(p.weight.size + (0 if p.bias is None else p.bias.size) for p in track.params if p is not None)
    timeline = make_timeline(Lesson("Large", (track,), "iteration"))
    descent = timeline.descents[0]
    assert descent is not None
    start = time.perf_counter()
    descent.reach(iterations)
    taken = time.perf_counter() - start
    places = [int(place) for place in np.linspace(0, timeline.count - 1, 12)][1:-1]
    shown = slowest(lambda place: beside(timeline).frame(place), places)
    exact = slowest(lambda place: timeline.frame(place), places)
    print(count, peak_memory(), taken, shown, exact)


def slowest(action: Callable[[int], object], places: list[int]) -> float:
    """The seconds of the slowest call."""
    taken = []
    for place in places:
        start = time.perf_counter()
        action(place)
        taken.append(time.perf_counter() - start)
    return max(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
