"""How fast convolution is, against PyTorch, OpenCV and SciPy where they are there, and how its cost grows.

Each library runs in a process of its own; rounds are interleaved, and the medians of their ratios are noted. The
libraries are taken from this interpreter, or from the one that CNNVIZ_BENCH_PYTHON names. Every library picks the
kernels that it has for this processor: settings that would hold one of them at an older one's are not passed on.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.benchmarks.measuring import TABLES, Report

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS = 5
HELD_BACK = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "ATEN_CPU_CAPABILITY",
)

Case = dict[str, Any]
Ask = Callable[[str, int, Case], float | None]

SIZES = {"1080p": (1080, 1920), "4K": (2160, 3840)}
COLOURS = {"grey": 1, "RGB": 3}


def layer(samples: int, channels: int, size: int, out_channels: int) -> Case:
    """A layer of 3×3 kernels."""
    return {
        "x": (samples, channels, size, size),
        "weight": (out_channels, channels, 3, 3),
        "groups": 1,
    }


def picture(size: tuple[int, int], colours: int, kernel: int) -> Case:
    """One kernel on every colour of a picture."""
    return {"x": (1, colours, *size), "weight": (colours, 1, kernel, kernel), "groups": colours}


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Milliseconds of a library on some threads; None when it is not there."""
    processes: dict[tuple[str, int], subprocess.Popen[str] | None] = {}

    def asked(library: str, threads: int, case: Case) -> float | None:
        key = library, threads
        if key not in processes:
            processes[key] = started(library, threads)
        process = processes[key]
        if process is None:
            return None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(case) + "\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    yield asked
    for process in processes.values():
        if process is not None:
            process.communicate()


def started(library: str, threads: int) -> "subprocess.Popen[str] | None":
    """A process with the library, or None when it cannot be imported."""
    python = sys.executable if library == "cnnviz" else os.environ.get("CNNVIZ_BENCH_PYTHON", sys.executable)
    kept = {name: value for name, value in os.environ.items() if name not in HELD_BACK}
    process = subprocess.Popen(
        [python, str(HERE / "probe_convolution.py"), library, str(threads)],
        env={**kept, "PYTHONPATH": str(HERE.parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() == "ready":
        return process
    process.communicate()
    return None


def compare(
    report: Report, ask: Ask, what: str, case: Case, library: str, limit: float, threads: int = 1
) -> None:
    """Note the ratio of the times, or nothing where the other library is not there."""
    ratios = []
    for _ in range(ROUNDS):
        theirs = ask(library, threads, case)
        if theirs is None:
            return
        ours = ask("cnnviz", threads, case)
        assert ours is not None
        ratios.append(ours / theirs)
    with_threads = f", {threads} threads each" if threads > 1 else ""
    report.add(f"{what} against {library}{with_threads}", ratios, "×", limit)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("kernel", "limit"), [(3, 2.1), (5, 1.5), (7, 1.3), (11, 1.1)])
def test_one_kernel_on_a_picture(
    report: Report, ask: Ask, size: str, colour: str, kernel: int, limit: float
) -> None:
    case = picture(SIZES[size], COLOURS[colour], kernel)
    what = f"one kernel {kernel}×{kernel}, {size} {colour}:"
    compare(report, ask, what, case, "opencv", limit)
    if size == "1080p":
        compare(report, ask, what, case, "scipy", 0.2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("kernel", "limit"), [(3, 3.5), (7, 1.8), (11, 1.5)])
def test_one_kernel_on_two_threads(report: Report, ask: Ask, size: str, kernel: int, limit: float) -> None:
    case = picture(SIZES[size], 1, kernel)
    compare(report, ask, f"one kernel {kernel}×{kernel}, {size} grey:", case, "opencv", limit, threads=2)


@pytest.mark.parametrize(
    "shape", [(64, 1, 28, 8), (64, 8, 14, 16), (64, 32, 8, 32), (32, 64, 16, 64)], ids=str
)
def test_a_layer_called_on_plain_arrays(report: Report, ask: Ask, shape: tuple[int, int, int, int]) -> None:
    samples, channels, size, out_channels = shape
    what = f"conv2d 3×3, ({samples},{channels},{size},{size})→{out_channels}:"
    compare(report, ask, what, layer(*shape), "torch", 3.0)


@pytest.mark.parametrize(("kernel", "limit"), [(3, 0.7), (7, 0.4), (11, 0.25)])
def test_one_changed_weight(report: Report, ask: Ask, kernel: int, limit: float) -> None:
    case = picture(SIZES["4K"], 1, kernel)
    ratios = []
    for _ in range(ROUNDS):
        change, whole = ask("cnnviz", 1, case | {"change": True}), ask("cnnviz", 1, case)
        assert change is not None
        assert whole is not None
        ratios.append(change / whole)
    report.add(f"one changed weight of {kernel}×{kernel} on 4K against all of it again", ratios, "×", limit)


def test_how_the_cost_grows(ask: Ask) -> None:
    series: dict[str, list[tuple[float, Case]]] = {
        "pixels, one kernel 3×3, in millions": [
            (rows * rows * 16 / 9 / 1e6, picture((rows, rows * 16 // 9), 1, 3))
            for rows in (270, 540, 1080, 1620, 2160, 3240)
        ],
        "kernels 3×3 on 3 channels of 256×256": [
            (count, {"x": (1, 3, 256, 256), "weight": (count, 3, 3, 3), "groups": 1})
            for count in (4, 8, 16, 32, 64)
        ],
        "samples, 8 channels of 14×14 to 16": [
            (count, layer(count, 8, 14, 16)) for count in (32, 64, 128, 256)
        ],
    }
    lines = []
    for name, cases in series.items():
        lines += [f"milliseconds by {name}:", "", *plotted([(n, spent(ask, case)) for n, case in cases]), ""]
    TABLES.mkdir(parents=True, exist_ok=True)
    file = TABLES / "growth.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    print(f"\n{file.read_text(encoding='utf-8')}")


def spent(ask: Ask, case: Case) -> float:
    """The median of some times."""
    times = [ask("cnnviz", 1, case) for _ in range(3)]
    return median(time for time in times if time is not None)


def plotted(points: list[tuple[float, float]]) -> list[str]:
    """A bar for each time, and where it would end if the cost were in proportion to the amount."""
    most = max(time for _, time in points)
    amount, time = points[-1]
    lines = []
    for n, taken in points:
        bar = "█" * round(50 * taken / most)
        expected = round(50 * n * time / amount / most)
        marked = bar.ljust(51)[:expected] + "|" + bar.ljust(51)[expected + 1 :]
        lines.append(f"{n:8.4g} {marked.rstrip()} {taken:.3g}")
    return [*lines, "         | would be in proportion to the last"]
