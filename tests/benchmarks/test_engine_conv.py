"""How fast convolution is, against PyTorch, OpenCV and SciPy where they are there.

Each library runs in a process of its own; rounds are interleaved, and the medians of their ratios are noted.
"""

from collections.abc import Iterator

import pytest

from tests.benchmarks.convolutions import COLOURS, SIZES, Convolvers, layer, picture
from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

ROUNDS = 5
SHAPES = ((64, 1, 28, 8), (64, 8, 14, 16), (64, 32, 8, 32), (32, 64, 16, 64))


@pytest.fixture(scope="module")
def convolvers(report: Report) -> Iterator[Convolvers]:
    """Every library in a process of its own."""
    them = Convolvers(report)
    yield them
    them.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("kernel", "limit"), [(3, 2.1), (5, 1.5), (7, 1.3), (11, 1.1)])
def test_one_kernel_on_a_picture(
    convolvers: Convolvers, size: str, colour: str, kernel: int, limit: float
) -> None:
    case = picture(SIZES[size], COLOURS[colour], kernel)
    what = f"one kernel {kernel}×{kernel}, {size} {colour}:"
    convolvers.compare(what, case, "opencv", limit)
    # SciPy takes seconds for the largest.
    convolvers.compare(what, case, "scipy", 0.2, rounds=5 if size == "1080p" else 2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("kernel", "limit"), [(3, 3.5), (7, 1.8), (11, 1.5)])
def test_one_kernel_on_two_threads(convolvers: Convolvers, size: str, kernel: int, limit: float) -> None:
    case = picture(SIZES[size], 1, kernel)
    convolvers.compare(f"one kernel {kernel}×{kernel}, {size} grey:", case, "opencv", limit, threads=2)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_layer_called_on_plain_arrays(convolvers: Convolvers, shape: tuple[int, int, int, int]) -> None:
    samples, channels, size, out_channels = shape
    what = f"3×3, ({samples},{channels},{size},{size})→{out_channels}, plain arrays:"
    case = layer(*shape)
    convolvers.compare(f"conv2d {what}", case, "torch", 3.0)
    convolvers.compare(f"conv2d and conv2d_backward {what}", case | {"backward": True}, "torch", 2.5)


@pytest.mark.parametrize(("kernel", "limit"), [(3, 0.7), (7, 0.4), (11, 0.25)])
def test_one_changed_weight(report: Report, convolvers: Convolvers, kernel: int, limit: float) -> None:
    case = picture(SIZES["4K"], 1, kernel)
    ratios = []
    for _ in range(ROUNDS):
        change = convolvers.ask("cnnviz", 1, case | {"change": True})
        ratios.append(change / convolvers.ask("cnnviz", 1, case))
    what = f"one changed weight of {kernel}×{kernel} on 4K against all of it again"
    report.add(what, ratios, "×", limit, "1 each")
