"""Lets the LeNet-like network that ships learn from MNIST for one epoch, as `cnnviz train` and the window do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.recipe import Batches
from cnnviz.timeline.training import Moment, first_moment, training
from tests.benchmarks.probe_cnnviz import peak_memory
from tests.benchmarks.workloads import processor_time, serve


def make(_kind: str, numbers: list[int]) -> Callable[[], object]:
    """So many iterations with batches of such a size, from random weights."""
    iterations, size = numbers
    (track,) = shipped_lesson("learn-mnist").tracks
    assert track.recipe is not None
    track = replace(track, recipe=replace(track.recipe, batches=Batches("mnist", size)))

    def epoch() -> Moment:
        (*_, last) = islice(training(track, first_moment(track)), iterations)
        return last

    return epoch


if __name__ == "__main__":
    serve(make, peak_memory, processor_time)
