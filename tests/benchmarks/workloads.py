"""What is trained and timed: the same networks and sizes for every library."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import TypeVar

LENET_BATCHES = (32, 64, 128)
RESIDUAL_SIZES = (8, 16, 28)
RESIDUAL_BLOCKS = ((5, 8), (6, 16), (5, 32))
CONVOLUTIONS = ((64, 1, 28, 28, 8), (64, 8, 14, 14, 16), (64, 32, 8, 8, 32), (32, 64, 16, 16, 64))
POOLS = ((64, 8, 28, 28), (64, 16, 14, 14), (32, 8, 24, 24))

STEPS = [
    *(f"lenet {batch} 28" for batch in LENET_BATCHES),
    *(f"residual 32 {size}" for size in RESIDUAL_SIZES),
]
PARTS = [
    f"conv-{part} {' '.join(map(str, shape))}" for shape in CONVOLUTIONS for part in ("forward", "dx", "dw")
]
EPOCH = "epoch 94 64"
"""Iterations and batch: once through 6,000 pictures."""
POOLING = [f"{kind}-pool {' '.join(map(str, shape))}" for shape in POOLS for kind in ("max", "avg")]

T = TypeVar("T")


def blocks() -> Iterator[tuple[int, int, int]]:
    """Channels in, channels out and stride of each residual block of the narrow 34-layer network."""
    before = RESIDUAL_BLOCKS[0][1]
    for count, width in RESIDUAL_BLOCKS:
        for _ in range(count):
            yield before, width, 1 if width == before else 2
            before = width


def serve(
    make: Callable[[str, list[int]], Callable[[], T]],
    peak: Callable[[], float],
    timed: Callable[[Callable[[], T]], float],
) -> None:
    """Answer workloads, one on each line of stdin: with their time in ms, or the peak of memory for "peak".

    Parameters
    ----------
    make : callable
        Makes what is timed, once for each workload.
    peak : callable
        Tells the peak of memory.
    timed : callable
        Times it.
    """
    made: dict[str, Callable[[], T]] = {}
    for line in sys.stdin:
        workload = line.strip()
        if workload == "peak":
            print(json.dumps(peak()), flush=True)
            continue
        if workload not in made:
            kind, *numbers = workload.split()
            made[workload] = make(kind, [int(number) for number in numbers])
            for _ in range(3):
                made[workload]()
        print(json.dumps(timed(made[workload])), flush=True)


def median_of_calls(call: Callable[[], object]) -> float:
    """Median of the calls made within some hundredths of a second, in ms; at least three calls."""
    return median(calls_within(0.08, call))


def fastest_of_calls(call: Callable[[], object]) -> float:
    """The fastest of more calls: of threads that wait for one another where other programs take processors away."""
    return min(calls_within(0.25, call))


def processor_time(call: Callable[[], object]) -> float:
    """The processor's time for one call that takes long, in ms: others that run meanwhile do not lengthen it."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1e3


def calls_within(seconds: float, call: Callable[[], object]) -> list[float]:
    """Milliseconds of each call until so much time is over, and of at least three."""
    taken: list[float] = []
    began = time.perf_counter()
    while len(taken) < 3 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1e3)
    return taken
