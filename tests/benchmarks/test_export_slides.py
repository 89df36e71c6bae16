"""How long a slide of native shapes takes, the longest step of such a job, and the memory of a thousand slides."""

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

SLIDE_LIMIT = 100.0  # milliseconds: ten slides a second
STEP_LIMIT = 50.0
MEMORY_LIMIT = 500.0  # MB
ROUNDS = 5
SLIDES = 1000
# The operating system counts kilobytes for the child that took most.
WATCH = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"  # fmt: skip


@pytest.mark.parametrize("slides", ["shapes", "tables"])
@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges"])
def test_slides(slides: str, lesson: str, report: Report, tmp_path: Path, qapp: object) -> None:
    timeline, plan = make_timeline(shipped_lesson(lesson)), Plan(slides=slides)  # type: ignore[arg-type]  # one of three
    each, longest = [], []
    for number in range(1 + ROUNDS):
        task = task_of(timeline, Viewpoint(), plan, tmp_path / f"{number}.pptx")
        whole, step = _timed(task)
        if number:
            each.append(whole / len(task.shots))
            longest.append(step)
    report.add(f"a slide of PPTX with native {slides}, {lesson}", each, "ms", SLIDE_LIMIT)
    report.add(f"longest step of that job (PPTX with {slides}, {lesson})", longest, "ms", STEP_LIMIT)


def _timed(task: Task) -> tuple[float, float]:
    """Milliseconds of a whole export, and of its longest step in the thread that paints."""
    longest, first = 0.0, time.perf_counter()
    before = first
    for _ in export_steps(task):
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return (time.perf_counter() - first) * 1e3, longest * 1e3


def test_memory_of_a_thousand_slides(report: Report, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cnnviz", "export", "photo-edges", str(tmp_path / "slides.pptx")]
    command += ["--pace", "cell", "--frames", f"0:{20 * SLIDES}:20"]
    done = subprocess.run([sys.executable, "-c", WATCH, *command], check=True, capture_output=True, text=True)
    taken = int(done.stdout.split()[-1]) / 1024
    report.add(f"memory of {SLIDES:,} slides of PPTX, photo-edges", [taken], "MB", MEMORY_LIMIT)
