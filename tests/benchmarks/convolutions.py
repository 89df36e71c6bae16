"""The convolutions that are compared, and who answers for each library."""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.benchmarks.measuring import Report
from tests.benchmarks.workers import OTHERS_PYTHON, Worker, is_there

Case = dict[str, Any]

SIZES = {"1080p": (1080, 1920), "4K": (2160, 3840)}
COLOURS = {"grey": 1, "RGB": 3}
MODULES = {"opencv": "cv2", "scipy": "scipy.ndimage", "torch": "torch"}
NAMES = {"opencv": "OpenCV", "scipy": "SciPy", "torch": "PyTorch", "cnnviz": "cnnviz"}


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


class Convolvers:
    """A process for each library and number of threads, started when first asked."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._workers: dict[tuple[str, int], Worker] = {}

    def ask(self, library: str, threads: int, case: Case) -> float:
        """Milliseconds of a library on some threads."""
        key = library, threads
        if key not in self._workers:
            self._workers[key] = started(library, threads)
        return self._workers[key].ask(json.dumps(case))

    def compare(
        self, what: str, case: Case, library: str, limit: float, threads: int = 1, rounds: int = 5
    ) -> None:
        """Note the ratios of the times, or that the other library is not there.

        On several threads each of ours is set against their fastest: threads that wait for one another lose far
        more than one thread does when something else runs on the machine, and that must not look like speed of ours.
        """
        if not is_there(MODULES[library]):
            self._report.absent.add(NAMES[library])
            return
        theirs, ours = [], []
        for _ in range(rounds):
            theirs.append(self.ask(library, threads, case))
            ours.append(self.ask("cnnviz", threads, case))
        against = [min(theirs)] * rounds if threads > 1 else theirs
        ratios = [a / b for a, b in zip(ours, against, strict=True)]
        which = f"{NAMES[library]}'s fastest" if threads > 1 else NAMES[library]
        self._report.add(f"{what} against {which}", ratios, "×", limit, f"{threads} each", tuple(theirs))

    def close(self) -> None:
        """End the processes, and note the most memory that each ever had."""
        for (library, threads), worker in self._workers.items():
            what = f"peak memory of the process that convolved, {NAMES[library]}"
            self._report.add(what, [worker.close()], "MB", threads=threads)


def started(library: str, threads: int) -> Worker:
    """A process with the library. NumPy's BLAS keeps to one thread; cnnviz has threads of its own."""
    python = sys.executable if library == "cnnviz" else OTHERS_PYTHON
    blas = threads if library == "torch" else 1
    return Worker(python, "probe_convolution", library, str(threads), blas_threads=blas)
