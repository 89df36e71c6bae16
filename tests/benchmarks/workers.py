"""Processes of their own for what is measured, one for each library and number of threads.

The other libraries are taken from this interpreter, or from the one that CNNVIZ_BENCH_PYTHON names. Every library
picks the kernels that it has for this processor: settings that would hold one of them at an older processor's are
not passed on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
OTHERS_PYTHON = os.environ.get("CNNVIZ_BENCH_PYTHON", sys.executable)
HELD_BACK = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "ATEN_CPU_CAPABILITY",
)
REST = 0.02
"""Seconds before each question: threads that wait for more work by spinning give up by then."""


class Worker:
    """A process that times workloads when asked: a line on its stdin for each, and a number back."""

    def __init__(self, python: str, probe: str, *arguments: str, blas_threads: int = 1) -> None:
        self._probe = probe
        kept = {name: value for name, value in os.environ.items() if name not in HELD_BACK}
        counts = {f"{library}_NUM_THREADS": str(blas_threads) for library in ("OPENBLAS", "OMP", "MKL")}
        self._process = subprocess.Popen(
            [python, str(HERE / f"{probe}.py"), *arguments],
            env={**kept, **counts, "PYTHONPATH": str(HERE.parents[1])},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def ask(self, workload: str) -> float:
        """Milliseconds of one workload, or megabytes for "peak"."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        time.sleep(REST)
        self._process.stdin.write(workload + "\n")
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._probe} ended at {workload}")
        return float(answer)

    def close(self) -> float:
        """End the process; tells the most memory that it ever had, in MB."""
        peak = self.ask("peak")
        self._process.communicate(timeout=30)
        return peak


@cache
def is_there(module: str) -> bool:
    """Tell whether the interpreter of the other libraries can import one."""
    command = [OTHERS_PYTHON, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
