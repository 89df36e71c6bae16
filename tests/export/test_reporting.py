"""An export in words."""

from pathlib import Path

import pytest

from cnnviz.export.job import Progress, Report
from cnnviz.export.reporting import latex_lines, progress_words, size_words, written_words
from cnnviz.export.task import task_of
from cnnviz.lesson.plans import Plan
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.examples import vertical_edge


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(0, 1_200, 0.5, 0), "Frame 0 of 1,200"),
        (Progress(300, 1_200, 10, 9), "Frame 300 of 1,200 · 30 a second · 0:30 left"),
        (Progress(3, 4, 2, 9), "Frame 3 of 4 · 1.5 a second · 0:01 left"),
        (Progress(4, 4, 2, 9), "Frame 4 of 4 · 2.0 a second"),
    ],
)
def test_progress(progress: Progress, words: str) -> None:
    assert progress_words(progress) == words


def test_what_was_written() -> None:
    assert written_words(Report(1, Path("a/edge.gif"), 1_250_000, 1)) == "Wrote edge.gif, 1.2 MB"
    assert written_words(Report(36, Path("a/slides"), 999, 1)) == "Wrote 36 files to slides, 1 kB"
    assert size_words(2_500_000_000) == "2,500.0 MB"


def _latex(out: Path, **fields: object) -> str:
    plan = Plan(**fields)  # type: ignore[arg-type]  # fields by name
    return latex_lines(task_of(make_timeline(vertical_edge()), Viewpoint(), plan, out))


def test_latex_is_told_of_pdf_and_of_counted_pictures_alone(tmp_path: Path) -> None:
    assert _latex(tmp_path / "edge.pdf") == r"\animategraphics[controls,loop,width=\linewidth]{5}{edge}{}{}"
    counted = _latex(tmp_path / "slides", numbering="count").splitlines()
    assert counted[0].endswith(r"{5}{slides/frame-}{0}{35}")
    assert counted[1].startswith(r"\multiinclude")
    assert _latex(tmp_path / "slides") == _latex(tmp_path / "edge.gif") == ""
