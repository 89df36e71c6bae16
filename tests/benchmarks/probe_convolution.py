"""One library in a process of its own: reads convolutions from stdin, a line of JSON each, and answers milliseconds."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Run = Callable[[], object]

BATCHES = 5  # the median of these is answered
SECONDS = 0.02  # each lasts about this long


def main(library: str, threads: int) -> None:
    """Answer until stdin ends. The first line says whether the library is there."""
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = str(threads if library == "torch" else 1)
    try:
        prepare = PREPARE[library](threads)
    except ImportError:
        print("absent", flush=True)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        print(milliseconds(prepare(json.loads(line))), flush=True)


def milliseconds(run: Run) -> float:
    """Time one call: the median of some batches of calls, after two that do not count."""
    run()
    start = time.perf_counter()
    run()
    calls = max(round(SECONDS / (time.perf_counter() - start)), 1)
    taken = []
    for _ in range(BATCHES):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        taken.append((time.perf_counter() - start) / calls)
    return sorted(taken)[BATCHES // 2] * 1e3


def arrays(case: dict[str, Any]) -> tuple[Any, Any]:
    """The same pictures (N, C, H, W) and kernels (O, C/g, k, k) for every library."""
    import numpy as np

    random = np.random.default_rng(0)
    x = random.standard_normal(case["x"], dtype=np.float32)
    out_channels, channels, rows, columns = case["weight"]
    weight = random.standard_normal((out_channels, channels, rows, columns), dtype=np.float32)
    # Filters of pictures know one kernel for all colours.
    return x, np.repeat(weight[:1], out_channels, axis=0) if case["groups"] > 1 else weight


def of_cnnviz(threads: int) -> Callable[[dict[str, Any]], Run]:
    """What the program itself calls; and a change of one weight on top of it."""
    from cnnviz.engine import conv2d
    from cnnviz.engine.incremental import update_weight
    from cnnviz.engine.threads import thread_limit

    limit = thread_limit(threads)
    limit.__enter__()  # until the process ends

    def prepare(case: dict[str, Any]) -> Run:
        x, weight = arrays(case)
        how = {"padding": case["weight"][2] // 2, "groups": case["groups"]}
        if case.get("change"):
            out = conv2d(x, weight, **how)
            return lambda: update_weight(out, x, (0, 0, 0, 0), 0.1, weight.shape[2:], **how)
        return lambda: conv2d(x, weight, **how)

    return prepare


def of_torch(threads: int) -> Callable[[dict[str, Any]], Run]:
    """PyTorch eager, in the faster of its two memory formats."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)

    def prepare(case: dict[str, Any]) -> Run:
        runs = []
        for order in (torch.contiguous_format, torch.channels_last):
            x, weight = (torch.from_numpy(a).contiguous(memory_format=order) for a in arrays(case))
            how = {"padding": case["weight"][2] // 2, "groups": case["groups"]}
            runs.append(lambda x=x, weight=weight, how=how: torch.nn.functional.conv2d(x, weight, **how))
        return min(runs, key=milliseconds)

    return prepare


def of_opencv(threads: int) -> Callable[[dict[str, Any]], Run]:
    """The filter of OpenCV; colours are its last axis."""
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(threads)

    def prepare(case: dict[str, Any]) -> Run:
        x, weight = arrays(case)
        picture = x[0].transpose(1, 2, 0).copy()
        return lambda: cv2.filter2D(picture, -1, weight[0, 0], borderType=cv2.BORDER_CONSTANT)

    return prepare


def of_scipy(threads: int) -> Callable[[dict[str, Any]], Run]:
    """The filter of SciPy, which knows one thread only."""
    ndimage = importlib.import_module("scipy.ndimage")

    def prepare(case: dict[str, Any]) -> Run:
        x, weight = arrays(case)
        return lambda: ndimage.correlate(x[0], weight[:1, 0], mode="constant")

    return prepare


PREPARE = {"cnnviz": of_cnnviz, "torch": of_torch, "opencv": of_opencv, "scipy": of_scipy}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
