"""How long the window rests at most while lessons of every kind open, seek, play, learn and are looked at."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import pytest

from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

LIMIT = 50.0
LESSONS = (
    "vertical-edge", "photo-edges", "sixty-four-kernels", "strides", "tiny-network", "learning-rates",
    "backward-convolution", "gradient-check", "mnist-network", "learn-mnist", "residual-norm", "resnet-34", "twins",
)  # fmt: skip


def test_the_window_never_rests_for_long(report: Report) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.probe_resting", *LESSONS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    longest: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for line in done.stdout.splitlines():
        name, clock, processor, use = line.split(maxsplit=3)
        longest[name, use].append((float(clock), float(processor)))
    assert {name for name, _ in longest} == set(LESSONS)
    for use in dict.fromkeys(use for _, use in longest):
        worst = {name: max(p for _, p in spans) for (name, own), spans in longest.items() if own == use}
        slowest = max(worst, key=lambda name: worst[name])
        clocks = [clock for (_, own), spans in longest.items() if own == use for clock, _ in spans]
        what = f"longest turn of the window while a lesson {use} ({slowest} of {len(worst)})"
        report.add(f"{what}, of the processor", [worst[slowest]], "ms", LIMIT)
        report.add(f"{what}, by the clock", [max(clocks)], "ms")
