"""How the cost of convolution grows with pixels, kernels and batch, and that of training with the batch: a picture."""

import json
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.benchmarks.convolutions import Case, layer, picture, started
from tests.benchmarks.growth_plot import Growth, Point, draw
from tests.benchmarks.measuring import TABLES, Report
from tests.benchmarks.workers import Worker

pytestmark = pytest.mark.bench

ROUNDS = 5
HEIGHTS = (270, 540, 1080, 1620, 2160, 3240)
KERNELS = (4, 8, 16, 32, 64, 128)
SAMPLES = (16, 32, 64, 128, 256, 512)
BATCHES = (16, 32, 64, 128, 256)


@pytest.fixture
def convolver() -> Iterator[Worker]:
    """The program's convolution on one thread."""
    worker = started("cnnviz", 1)
    yield worker
    worker.close()


@pytest.fixture
def trainer() -> Iterator[Worker]:
    """A plan, which has one thread."""
    worker = Worker(sys.executable, "probe_training")
    yield worker
    worker.close()


def test_cost_grows_linearly(qtbot: QtBot, report: Report, convolver: Worker, trainer: Worker) -> None:
    def points(cases: dict[int, Case]) -> tuple[Point, ...]:
        return tuple((n, spent(convolver, json.dumps(case))) for n, case in cases.items())

    many = {"x": (1, 3, 256, 256), "groups": 1}
    growths = [
        Growth(
            "conv2d of a picture, one kernel 3×3",
            "pixels",
            points({rows * (rows * 16 // 9): picture((rows, rows * 16 // 9), 1, 3) for rows in HEIGHTS}),
        ),
        Growth(
            "conv2d of 3×256×256",
            "kernels 3×3",
            points({count: many | {"weight": (count, 3, 3, 3)} for count in KERNELS}),
        ),
        Growth(
            "conv2d of 8×14×14 to 16 channels",
            "samples in the batch",
            points({count: layer(count, 8, 14, 16) for count in SAMPLES}),
        ),
        Growth(
            "training step, LeNet, 28×28",
            "samples in the batch",
            tuple((n, spent(trainer, f"lenet {n} 28")) for n in BATCHES),
        ),
    ]
    for growth in growths:
        what = f"{growth.title}: time grows with the power of {growth.amount} (linear: 1)"
        report.add(what, [growth.exponent], "", threads=1)
    TABLES.mkdir(parents=True, exist_ok=True)
    draw(TABLES / "growth.svg", growths)
    report.pictures["growth.svg"] = "Time against pixels, kernels and batch, with lines of slope 1"


def spent(worker: Worker, workload: str) -> float:
    """The fastest of some times: what else runs on the machine can only add to it."""
    return min(worker.ask(workload) for _ in range(ROUNDS))
