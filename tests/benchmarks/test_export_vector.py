"""How long a page of SVG or PDF takes, the longest step of such a job, and the memory of a thousand pages."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnnviz.export.job import export_steps
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

PAGE_LIMIT = 1000 / 60  # milliseconds
STEP_LIMIT = 50.0
MEMORY_LIMIT = 500.0  # MB
ROUNDS = 5
PAGES = 1000
# The operating system counts kilobytes for the child that took most.
WATCH = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"  # fmt: skip


@pytest.mark.parametrize("ending", ["svg", "pdf"])
@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges"])
def test_pages(ending: str, lesson: str, report: Report, tmp_path: Path, qapp: object) -> None:
    timeline, plan = make_timeline(shipped_lesson(lesson)), Plan(format=ending)
    pages, longest = [], []
    for number in range(1 + ROUNDS):
        out = tmp_path / (f"{number}" if ending == "svg" else f"{number}.pdf")
        task = task_of(timeline, Viewpoint(), plan, out)
        whole, steps = _timed(task)
        if number:
            pages.append(whole / len(task.shots))
            longest.append(steps)
    report.add(f"a page of {ending.upper()}, {lesson} at 1920×1080", pages, "ms", PAGE_LIMIT)
    report.add(f"longest step of that job ({ending.upper()}, {lesson})", longest, "ms", STEP_LIMIT)


def _timed(task: Task) -> tuple[float, float]:
    """Milliseconds of a whole export, and of its longest step in the thread that paints."""
    steps, longest, first = export_steps(task), 0.0, time.perf_counter()
    before = first
    for _ in steps:
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return (time.perf_counter() - first) * 1e3, longest * 1e3


@pytest.mark.parametrize("out", ["pages.pdf", "pages"])
def test_memory_of_a_thousand_pages(out: str, report: Report, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cnnviz", "export", "photo-edges", str(tmp_path / out), "--format"]
    command += ["pdf" if out.endswith("pdf") else "svg", "--pace", "cell", "--frames", f"0:{20 * PAGES}:20"]
    done = subprocess.run([sys.executable, "-c", WATCH, *command], check=True, capture_output=True, text=True)
    taken = int(done.stdout.split()[-1]) / 1024
    report.add(f"memory of {PAGES:,} pages of {command[7].upper()}, photo-edges", [taken], "MB", MEMORY_LIMIT)
