"""How long a seek takes among 10,000 iterations that are computed, and what memory a larger descent needs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.benchmarks.measuring import Report, milliseconds

pytestmark = pytest.mark.bench

ITERATIONS = 10_000
SEEK_LIMIT = 50.0
MEMORY_LIMIT = 400.0
FRAME_LIMIT = 1000 / 60


def computed(name: str) -> Timeline:
    """A lesson with 10,000 iterations, one step each, all of them computed."""
    lesson = shipped_lesson(name)
    track = lesson.tracks[0]
    assert track.recipe is not None
    longer = replace(track, recipe=replace(track.recipe, iterations=ITERATIONS))
    timeline = make_timeline(replace(lesson, tracks=(longer,), pace="iteration"))
    descent = timeline.descents[0]
    assert descent is not None
    descent.reach(ITERATIONS)
    assert descent.filled == ITERATIONS
    return timeline


@pytest.mark.parametrize("name", ["learn-sobel", "learn-edge-labels"])
def test_a_seek_to_any_iteration(report: Report, name: str) -> None:
    timeline = computed(name)
    places = np.random.default_rng(0).integers(0, timeline.count, 200).tolist()
    seeks = milliseconds(lambda n: timeline.frame(places[n]), 190)
    report.add(f"a seek among 10,000 iterations of {name}, median", seeks, "ms", SEEK_LIMIT)
    report.add(f"a seek among 10,000 iterations of {name}, slowest", [max(seeks)], "ms", SEEK_LIMIT)


def test_a_network_of_60_000_parameters_stays_small(report: Report) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.probe_learning", str(ITERATIONS)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    parameters, memory, seconds, shown, exact = map(float, done.stdout.split())
    assert 55_000 < parameters < 65_000
    report.add("peak memory of 10,000 iterations of 60,000 parameters", [memory], "MB", MEMORY_LIMIT)
    report.add("10,000 iterations of 60,000 parameters", [seconds], "s")
    report.add("the slowest of ten seeks among them in the window", [shown * 1e3], "ms", SEEK_LIMIT)
    report.add("the slowest until the exact iteration is there", [exact * 1e3], "ms")


@pytest.mark.parametrize("name", ["learn-sobel", "learn-edge-labels", "backward-convolution", "large"])
def test_a_lesson_that_plays_while_it_learns(report: Report, name: str) -> None:
    done = [
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.probe_playing", name],
            capture_output=True, text=True, check=True,
        ).stdout.split()
        for _ in range(3)
    ]  # fmt: skip
    gaps, slowest, learned = (list(map(float, column)) for column in zip(*done, strict=True))
    what = "60,000 parameters" if name == "large" else name
    report.add(f"frames of {what} apart, playing while it learns", gaps, "ms", FRAME_LIMIT)
    report.add("one of twenty of them at least", slowest, "ms")
    report.add("iterations learned meanwhile", learned, "a second")
