"""How long a page of SVG or PDF takes, the longest step of such a job, and the memory of a thousand pages."""

from pathlib import Path

import pytest

from cnnviz.export.task import task_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.benchmarks.measuring import Report
from tests.benchmarks.pages import COUNT, MEMORY_LIMIT, ROUNDS, STEP_LIMIT, memory_of_many, timed

pytestmark = pytest.mark.bench

PAGE_LIMIT = 1000 / 60  # milliseconds


@pytest.mark.parametrize("ending", ["svg", "pdf"])
@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges"])
def test_pages(ending: str, lesson: str, report: Report, tmp_path: Path, qapp: object) -> None:
    timeline, plan = make_timeline(shipped_lesson(lesson)), Plan(format=ending)
    pages, longest = [], []
    for number in range(1 + ROUNDS):
        out = tmp_path / (f"{number}" if ending == "svg" else f"{number}.pdf")
        task = task_of(timeline, Viewpoint(), plan, out)
        whole, steps = timed(task)
        if number:
            pages.append(whole / len(task.shots))
            longest.append(steps)
    report.add(f"a page of {ending.upper()}, {lesson} at 1920×1080", pages, "ms", PAGE_LIMIT)
    report.add(f"longest step of that job ({ending.upper()}, {lesson})", longest, "ms", STEP_LIMIT)


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_memory_of_a_thousand_pages(ending: str, report: Report, tmp_path: Path) -> None:
    taken = memory_of_many(str(tmp_path / ("pages" if ending == "svg" else "pages.pdf")), ending)
    report.add(f"memory of {COUNT:,} pages of {ending.upper()}, photo-edges", [taken], "MB", MEMORY_LIMIT)
