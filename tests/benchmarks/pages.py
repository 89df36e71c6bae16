"""What measurements of slides and of pages share: one export with its longest step, and the memory of a command."""

import subprocess
import sys
import time

from cnnviz.export.job import export_steps
from cnnviz.export.writing import Task

MEMORY_LIMIT = 500.0  # MB
STEP_LIMIT = 50.0  # ms
ROUNDS = 5
COUNT = 1000
# The operating system counts kilobytes for the child that took most.
_WATCH = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"  # fmt: skip


def timed(task: Task) -> tuple[float, float]:
    """Milliseconds of a whole export, and of its longest step in the thread that paints."""
    longest, first = 0.0, time.perf_counter()
    before = first
    for _ in export_steps(task):
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return (time.perf_counter() - first) * 1e3, longest * 1e3


def memory_of_many(out: str, ending: str) -> float:
    """The most memory, in MB, that a command takes which exports so many steps of a photograph."""
    command = [sys.executable, "-m", "cnnviz", "export", "photo-edges", out, "--format", ending]
    command += ["--pace", "cell", "--frames", f"0:{20 * COUNT}:20"]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *command], check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1]) / 1024
