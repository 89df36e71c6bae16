"""The lines for LaTeX say what the packages animate and xmpmulti want."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cnnviz.export.latex import animategraphics, multiinclude
from cnnviz.export.plan import target_of
from cnnviz.export.shots import shots_of
from cnnviz.lesson.plans import Plan


def _line(out: Path, indices: Sequence[int], count: int = 36, **fields: object) -> str:
    plan = Plan(**fields)  # type: ignore[arg-type]  # fields by name
    shots = shots_of(plan, indices)
    return animategraphics(target_of(out, plan, shots, count), plan, shots)


def test_a_pdf_is_played_page_by_page(tmp_path: Path) -> None:
    line = _line(tmp_path / "edge.pdf", range(36), fps=2.5)
    assert line == r"\animategraphics[controls,loop,width=\linewidth]{2.5}{edge}{}{}"


def test_a_single_picture_is_included(tmp_path: Path) -> None:
    for name in ("edge.pdf", "edge.png"):
        assert _line(tmp_path / name, [7]) == r"\includegraphics[width=\linewidth]{edge}"


def test_counted_pictures_have_no_zeros_in_front(tmp_path: Path) -> None:
    line = _line(tmp_path / "slides", [3, 7, 30], numbering="count")
    assert line == r"\animategraphics[controls,loop,width=\linewidth]{5}{slides/frame-}{0}{2}"


def test_numbers_of_steps_keep_their_zeros(tmp_path: Path) -> None:
    line = _line(tmp_path / "edge.png", range(4, 12), count=20_000)
    assert line == r"\animategraphics[controls,loop,width=\linewidth]{5}{edge-}{00004}{00011}"


def test_a_step_of_three_is_said_and_so_is_going_backwards(tmp_path: Path) -> None:
    line = _line(tmp_path / "edge.png", range(0, 36, 3))
    assert line == r"\animategraphics[controls,loop,every=3,width=\linewidth]{5}{edge-}{0000}{0033}"
    assert _line(tmp_path / "edge.png", range(9, -1, -1)).endswith("{edge-}{0009}{0000}")


@pytest.mark.parametrize(("indices", "pairs"), [([0, 1, 5], False), ([0, 1], True), ([5], True)])
def test_gaps_and_pairs_ask_for_counted_names(tmp_path: Path, indices: Sequence[int], pairs: bool) -> None:
    line = _line(tmp_path / "edge.png", indices, pairs=pairs)
    assert line.startswith("%")
    assert "numbering by count" in line


@pytest.mark.parametrize(
    "name", ["50%.pdf", "a#b.pdf", "a$b.pdf", "a~.pdf", "a  b.pdf", "{a}.pdf", "a\\b.pdf"]
)
def test_a_name_that_tex_reads_otherwise_is_told(tmp_path: Path, name: str) -> None:
    line = _line(tmp_path / name, range(3))
    assert line.startswith("% LaTeX cannot read the name")
    assert "letters, digits" in line


@pytest.mark.parametrize("name", ["an edge", "v1.2", "Kanten-ä", "a_b+c=d"])
def test_other_names_are_written_as_they_are(tmp_path: Path, name: str) -> None:
    assert _line(tmp_path / f"{name}.pdf", range(3)).endswith(f"{{{name}}}{{}}{{}}")


def test_other_formats_have_no_line(tmp_path: Path) -> None:
    assert _line(tmp_path / "edge.svg", range(3)) == ""
    assert _line(tmp_path / "edge.gif", range(3)) == ""


def test_beamer_shows_counted_pictures_one_a_click(tmp_path: Path) -> None:
    plan = Plan(numbering="count")
    shots = shots_of(plan, range(4))
    line = multiinclude(target_of(tmp_path / "edge.png", plan, shots, 4), shots)
    assert line == r"\multiinclude[<+>][format=png,start=0,end=3,graphics={width=\linewidth}]{edge}"
    plain = Plan()
    assert multiinclude(target_of(tmp_path / "edge.png", plain, shots, 4), shots) == ""
