"""Training steps, convolutions and pooling of plans against PyTorch: processes of their own, rounds interleaved.

PyTorch is taken from this interpreter, or from the one that CNNVIZ_BENCH_PYTHON names; without it only our own
times are noted. Every library picks the kernels that it has for this processor: settings that would hold one of
them at an older processor's are not passed on to the processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.measuring import Report
from tests.benchmarks.workloads import PARTS, POOLING, STEPS

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS = 7
TORCH_PYTHON = os.environ.get("CNNVIZ_BENCH_PYTHON", sys.executable)
HELD_BACK = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "ATEN_CPU_CAPABILITY",
)
LIMITS = {"lenet": 0.7, "residual 32 8": 0.7, "residual": 1.0, "conv": 1.5, "max": 0.6, "avg": 0.6}


class Worker:
    """A process that times workloads when asked."""

    def __init__(self, python: str, probe: str, threads: int, *arguments: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in HELD_BACK}
        counts = {f"{library}_NUM_THREADS": str(threads) for library in ("OPENBLAS", "OMP", "MKL")}
        self._process = subprocess.Popen(
            [python, str(HERE / f"{probe}.py"), *arguments],
            env={**kept, **counts, "PYTHONPATH": str(HERE.parents[1])},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def ask(self, workload: str) -> float:
        """Milliseconds of one workload, or megabytes for "peak"."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(workload + "\n")
        return float(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=30)


def ours() -> Worker:
    return Worker(sys.executable, "probe_training", 1)


def torchs(threads: int = 1) -> list[Worker]:
    """One process for each memory format, or none where there is no PyTorch."""
    found = subprocess.run([TORCH_PYTHON, "-c", "import torch"], capture_output=True, check=False)
    if found.returncode:
        return []
    return [Worker(TORCH_PYTHON, "probe_torch", threads, str(threads), layout) for layout in ("nchw", "nhwc")]


@pytest.fixture(scope="module")
def one_thread() -> Iterator[tuple[Worker, list[Worker]]]:
    """Our process and PyTorch's, one thread each."""
    workers = ours(), torchs()
    yield workers
    for worker in (workers[0], *workers[1]):
        worker.close()


def compare(report: Report, what: str, workload: str, us: Worker, them: list[Worker], limit: float) -> None:
    """Interleaved rounds; notes our time, and its ratio to PyTorch's better format, round by round."""
    rounds = [(us.ask(workload), *(worker.ask(workload) for worker in them)) for _ in range(ROUNDS)]
    own, *others = zip(*rounds, strict=True)
    report.add(f"{workload}: a plan, one thread", list(own), "ms")
    if others:
        best = min(others, key=median)
        report.add(f"{workload}: {what}", list(best), "ms")
        report.add(f"{workload}: against it", [a / b for a, b in zip(own, best, strict=True)], "×", limit)


@pytest.mark.parametrize("workload", [*STEPS, *PARTS, *POOLING])
def test_against_pytorch_on_one_thread(
    report: Report, one_thread: tuple[Worker, list[Worker]], workload: str
) -> None:
    us, them = one_thread
    limit = next(limit for start, limit in LIMITS.items() if workload.startswith(start))
    compare(report, "PyTorch, one thread, better format", workload, us, them, limit)


def test_training_against_pytorch_on_two_threads(report: Report) -> None:
    us, them = ours(), torchs(2)
    for workload in STEPS:
        compare(report, "PyTorch, two threads, better format", workload, us, them, 1.5)
    for worker in (us, *them):
        worker.close()


@pytest.mark.parametrize("workload", ["lenet 128 28", "residual 32 28"])
def test_memory_of_the_process(report: Report, workload: str) -> None:
    peaks = []
    for worker in (ours(), *torchs()):
        worker.ask(workload)
        peaks.append(worker.ask("peak"))
        worker.close()
    report.add(f"{workload}: peak memory of a plan's process", peaks[:1], "MB")
    if others := peaks[1:]:
        report.add(f"{workload}: of PyTorch's", [min(others)], "MB")
        report.add(f"{workload}: memory against PyTorch's", [peaks[0] / min(others)], "×", 0.4)


def test_cost_grows_linearly_with_the_batch(report: Report, one_thread: tuple[Worker, list[Worker]]) -> None:
    us, _ = one_thread
    times = {batch: median(us.ask(f"lenet {batch} 28") for _ in range(ROUNDS)) for batch in (16, 64, 256)}
    for batch, time in times.items():
        report.add(f"lenet, batch {batch}: microseconds a picture", [time * 1e3 / batch], "µs")
