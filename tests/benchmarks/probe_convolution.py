"""One library in a process of its own: reads convolutions from stdin, a line of JSON each, and answers milliseconds."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from tests.benchmarks.probe_cnnviz import peak_memory

Run = Callable[[], object]
Case = dict[str, Any]
Prepare = Callable[[Case], list[Run]]
"""From a case to the ways in which the library does it; the fastest counts."""

BATCHES = 5  # the median of these is answered
SECONDS = 0.02  # each lasts about this long
PATIENCE = 0.5  # as long for all of them; who is slower is timed less often

UNTIL_THE_END = ExitStack()
"""What holds until the process ends; a context that nothing refers to would end at once."""


def main(library: str, threads: int) -> None:
    """Answer until stdin ends."""
    prepare = PREPARE[library](threads)

    @lru_cache(maxsize=2)  # a case is asked for several times in a row, sometimes in turn with another
    def prepared(line: str) -> list[Run]:
        runs = prepare(json.loads(line))
        for run in runs:
            run()
        return runs

    for line in sys.stdin:
        if line.strip() == "peak":
            print(peak_memory(), flush=True)
        else:
            print(min(milliseconds(run) for run in prepared(line)), flush=True)


def milliseconds(run: Run) -> float:
    """Time one call: the median of some batches of calls, or the first call when that takes long."""
    start = time.perf_counter()
    run()
    once = time.perf_counter() - start
    if once > PATIENCE:
        return once * 1e3
    calls = max(round(SECONDS / once), 1)
    taken: list[float] = []
    while len(taken) < BATCHES and time.perf_counter() - start < PATIENCE:
        began = time.perf_counter()
        for _ in range(calls):
            run()
        taken.append((time.perf_counter() - began) / calls)
    return sorted(taken)[len(taken) // 2] * 1e3


def arrays(case: Case) -> tuple[Any, Any]:
    """The same pictures (N, C, H, W) and kernels (O, C/g, k, k) for every library."""
    import numpy as np

    random = np.random.default_rng(0)
    x = random.standard_normal(case["x"], dtype=np.float32)
    out_channels, channels, rows, columns = case["weight"]
    weight = random.standard_normal((out_channels, channels, rows, columns), dtype=np.float32)
    # Filters of pictures know one kernel for all colours.
    return x, np.repeat(weight[:1], out_channels, axis=0) if case["groups"] > 1 else weight


def of_cnnviz(threads: int) -> Prepare:
    """What the program itself calls; a change of one weight on top of it; and the gradients after it."""
    from cnnviz.engine import conv2d, conv2d_backward
    from cnnviz.engine.incremental import update_weight
    from cnnviz.engine.threads import thread_limit

    UNTIL_THE_END.enter_context(thread_limit(threads))

    def prepare(case: Case) -> list[Run]:
        x, weight = arrays(case)
        how = {"padding": case["weight"][2] // 2, "groups": case["groups"]}

        def forward() -> Any:
            return conv2d(x, weight, **how)

        if case.get("change"):
            out = forward()
            return [lambda: update_weight(out, x, (0, 0, 0, 0), 0.1, weight.shape[2:], **how)]
        if case.get("backward"):
            dout = forward()
            return [lambda: (forward(), conv2d_backward(dout, x, weight, **how))]
        return [forward]

    return prepare


def of_torch(threads: int) -> Prepare:
    """PyTorch in either memory format; its gradients without the bookkeeping of autograd."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)

    def prepare(case: Case) -> list[Run]:
        return [run(case, order) for order in (torch.contiguous_format, torch.channels_last)]

    def run(case: Case, order: Any) -> Run:
        x, weight = (torch.from_numpy(a).contiguous(memory_format=order) for a in arrays(case))
        pad, groups = [case["weight"][2] // 2] * 2, case["groups"]

        def forward() -> Any:
            return torch.nn.functional.conv2d(x, weight, padding=pad, groups=groups)

        if not case.get("backward"):
            return forward
        dout, back, every = forward(), torch.ops.aten.convolution_backward, [True] * 3
        more = [len(weight)], [1, 1], pad, [1, 1], False, [0, 0], groups, every
        return lambda: (forward(), back(dout, x, weight, *more))

    return prepare


def of_opencv(threads: int) -> Prepare:
    """The filter of OpenCV; colours are its last axis."""
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(threads)

    def prepare(case: Case) -> list[Run]:
        x, weight = arrays(case)
        picture = x[0].transpose(1, 2, 0).copy()
        return [lambda: cv2.filter2D(picture, -1, weight[0, 0], borderType=cv2.BORDER_CONSTANT)]

    return prepare


def of_scipy(threads: int) -> Prepare:
    """The filter of SciPy, which knows one thread only."""
    ndimage = importlib.import_module("scipy.ndimage")

    def prepare(case: Case) -> list[Run]:
        x, weight = arrays(case)
        return [lambda: ndimage.correlate(x[0], weight[:1, 0], mode="constant")]

    return prepare


PREPARE = {"cnnviz": of_cnnviz, "torch": of_torch, "opencv": of_opencv, "scipy": of_scipy}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
