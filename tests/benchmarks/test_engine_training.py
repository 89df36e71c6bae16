"""Training steps, convolutions and pooling of plans against PyTorch: processes of their own, rounds interleaved.

Without PyTorch only our own times are noted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

import pytest

from tests.benchmarks.measuring import Report
from tests.benchmarks.workers import OTHERS_PYTHON, Worker, is_there
from tests.benchmarks.workloads import PARTS, POOLING, STEPS

pytestmark = pytest.mark.bench

ROUNDS = 7
FORMATS = ("nchw", "nhwc")
LIMITS = {"lenet": 0.7, "residual 32 8": 0.7, "residual": 1.0, "conv": 1.5, "max": 0.6, "avg": 0.6}


def ours() -> Worker:
    return Worker(sys.executable, "probe_training")


def torchs(report: Report, threads: int = 1) -> list[Worker]:
    """One process for each memory format, or none where there is no PyTorch."""
    if not is_there("torch"):
        report.absent.add("PyTorch")
        return []
    return [
        Worker(OTHERS_PYTHON, "probe_torch", str(threads), layout, blas_threads=threads) for layout in FORMATS
    ]


@pytest.fixture(scope="module")
def one_thread(report: Report) -> Iterator[tuple[Worker, list[Worker]]]:
    """Our process and PyTorch's, one thread each."""
    workers = ours(), torchs(report)
    yield workers
    for worker in (workers[0], *workers[1]):
        worker.close()


def compare(
    report: Report, workload: str, us: Worker, them: list[Worker], limit: float, threads: int = 1
) -> None:
    """Interleaved rounds; notes our time, and its ratio to PyTorch's better format, round by round.

    On several threads each of ours is set against its fastest: threads that wait for one another lose far more than
    one thread does when something else runs on the machine, and that must not look like speed of ours.
    """
    rounds = [(us.ask(workload), *(worker.ask(workload) for worker in them)) for _ in range(ROUNDS)]
    own, *others = zip(*rounds, strict=True)
    report.add(f"{workload}: a plan", list(own), "ms", threads=1)
    if others:
        best = min(others, key=min if threads > 1 else median)
        calls = ", fastest calls" if threads > 1 else ""
        report.add(f"{workload}: PyTorch, better format{calls}", list(best), "ms", threads=threads)
        against = (min(best),) * ROUNDS if threads > 1 else best
        ratios = [a / b for a, b in zip(own, against, strict=True)]
        which = "PyTorch's fastest" if threads > 1 else "PyTorch"
        report.add(f"{workload}: against {which}", ratios, "×", limit, f"1 and {threads}", best)


@pytest.mark.parametrize("workload", [*STEPS, *PARTS, *POOLING])
def test_against_pytorch_on_one_thread(
    report: Report, one_thread: tuple[Worker, list[Worker]], workload: str
) -> None:
    us, them = one_thread
    limit = next(limit for start, limit in LIMITS.items() if workload.startswith(start))
    compare(report, workload, us, them, limit)


@pytest.mark.parametrize("workload", POOLING)
def test_pooling_against_autograd(
    report: Report, one_thread: tuple[Worker, list[Worker]], workload: str
) -> None:
    """For information: pooling as a network gets it from PyTorch. The limit is for its kernels alone."""
    us, them = one_thread
    with_autograd = workload.replace(" ", "-autograd ", 1)
    rounds = [(us.ask(workload), *(worker.ask(with_autograd) for worker in them)) for _ in range(ROUNDS)]
    own, *others = zip(*rounds, strict=True)
    if others:
        best = min(others, key=median)
        ratios = [a / b for a, b in zip(own, best, strict=True)]
        report.add(f"{workload}: against PyTorch with its autograd", ratios, "×", threads="1 and 1")


def test_training_against_pytorch_on_two_threads(report: Report) -> None:
    us, them = ours(), torchs(report, 2)
    for workload in STEPS:
        compare(report, workload, us, them, 1.5, threads=2)
    for worker in (us, *them):
        worker.close()


@pytest.mark.parametrize("workload", STEPS)
def test_memory_of_the_process(report: Report, workload: str) -> None:
    """A fresh process for each, and PyTorch in the format that needs less."""
    peaks = []
    for worker in (ours(), *torchs(report)):
        worker.ask(workload)
        peaks.append(worker.close())
    report.add(f"{workload}: peak memory of a plan's process", peaks[:1], "MB", threads=1)
    if others := peaks[1:]:
        report.add(f"{workload}: of PyTorch's, better format", [min(others)], "MB", threads=1)
        report.add(f"{workload}: memory against PyTorch's", [peaks[0] / min(others)], "×", 0.4, "1 and 1")
