"""How long a slide of native shapes takes, the longest step of such a job, and the memory of a thousand slides."""

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

SLIDE_LIMIT = 100.0  # milliseconds: ten slides a second


@pytest.mark.parametrize("slides", ["shapes", "tables"])
@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges"])
def test_slides(slides: str, lesson: str, report: Report, tmp_path: Path, qapp: object) -> None:
    timeline, plan = make_timeline(shipped_lesson(lesson)), Plan(slides=slides)  # type: ignore[arg-type]  # one of three
    each, longest = [], []
    for number in range(1 + ROUNDS):
        task = task_of(timeline, Viewpoint(), plan, tmp_path / f"{number}.pptx")
        whole, step = timed(task)
        if number:
            each.append(whole / len(task.shots))
            longest.append(step)
    report.add(f"a slide of PPTX with native {slides}, {lesson}", each, "ms", SLIDE_LIMIT)
    report.add(f"longest step of that job (PPTX with {slides}, {lesson})", longest, "ms", STEP_LIMIT)


def test_memory_of_a_thousand_slides(report: Report, tmp_path: Path) -> None:
    taken = memory_of_many(str(tmp_path / "slides.pptx"), "pptx")
    report.add(f"memory of {COUNT:,} slides of PPTX, photo-edges", [taken], "MB", MEMORY_LIMIT)
