"""One epoch of the LeNet-like network that ships, as the program trains it, against PyTorch: one thread each.

What is compared is the processor's time, which is that of a clock where nothing else runs.
"""

from __future__ import annotations

import sys
from statistics import median

import pytest

from cnnviz.files.lessons import shipped_lesson
from tests.benchmarks.measuring import Report
from tests.benchmarks.workers import OTHERS_PYTHON, Worker, is_there
from tests.benchmarks.workloads import EPOCH

pytestmark = pytest.mark.bench

ROUNDS = 9
PARAMETERS = 18_378
"""Of the network that probe_torch.py writes down: 16 and 32 kernels of 5×5, and ten scores of 512 numbers."""


def test_an_epoch_of_6000_pictures_against_pytorch(report: Report) -> None:
    (track,) = shipped_lesson("mnist-network").tracks
    assert sum(p.weight.size + len(p.weight) for p in track.params if p is not None) == PARAMETERS
    us, them = Worker(sys.executable, "probe_epoch"), []
    if is_there("torch"):
        them = [Worker(OTHERS_PYTHON, "probe_torch", "1", layout, "once") for layout in ("nchw", "nhwc")]
    else:
        report.absent.add("PyTorch")
    rounds = [(us.ask(EPOCH), *(worker.ask(EPOCH) for worker in them)) for _ in range(ROUNDS)]
    own, *others = zip(*rounds, strict=True)
    what = "one epoch of 6,000 MNIST pictures, batch 64"
    report.add(f"{what}: processor's time as trained here", list(own), "ms", threads=1)
    if others:
        best = min(others, key=median)
        report.add(f"{what}: PyTorch's, better format", list(best), "ms", threads=1)
        ratios = [a / b for a, b in zip(own, best, strict=True)]
        report.add(f"{what}: against PyTorch", ratios, "×", 1.0, "1 and 1", best)
    peaks = [worker.close() for worker in (us, *them)]
    report.add(f"{what}: peak memory of the process", peaks[:1], "MB", threads=1)
