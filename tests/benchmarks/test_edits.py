"""How soon the stage shows an edit of one weight, beside an edit of all weights, after which nothing can be kept.

The whole program in a process of its own, off screen: from the intent of the kernel editor until the stage is painted.
"""

import sys
from contextlib import closing

import pytest

from tests.benchmarks.measuring import Report
from tests.benchmarks.workers import Worker

pytestmark = pytest.mark.bench

EDITS = 15
CASES = {
    "1920×1080 grey, one kernel 3×3": ("1 1080 1920 1", 50),
    "3840×2160 grey, one kernel 3×3": ("1 2160 3840 1", 100),
    "256×256 RGB, 64 kernels 3×3": ("3 256 256 64", 150),
}


@pytest.mark.parametrize("what", CASES)
def test_an_edited_weight_is_soon_on_the_stage(report: Report, what: str) -> None:
    numbers, limit = CASES[what]
    with (
        closing(Worker(sys.executable, "probe_edits")) as one,
        closing(Worker(sys.executable, "probe_edits")) as every,
    ):
        times = [(one.ask(f"one {numbers}"), every.ask(f"all {numbers}")) for _ in range(EDITS)]
        peak = one.ask("peak")
    single, whole = (list(kind) for kind in zip(*times, strict=True))
    own = "the program's own"
    report.add(f"one weight edited, {what}: until painted", single, "ms", limit, own)
    report.add(f"all weights edited, {what}: computed again and painted", whole, "ms", threads=own)
    report.add(f"peak memory of the process, {what}", [peak], "MB", threads=own)
