"""PDF pages, as Poppler's programs read them: letters, fonts, sizes, pictures, and pixels like the stage's."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.export.job import export_steps
from cnnviz.export.task import task_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.scene.primitives import Gradient, Grid, Text
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.export.drawings import apart, drawn_by_poppler, exported, run, stage


def _objects(data: bytes) -> dict[int, bytes]:
    """The objects of a file, found by its table."""
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    assert data[start:].startswith(b"xref\n0 ")
    _, count, *lines = data[start:].split(b"\n", 2)[1].split() + data[start:].split(b"\n", 2)[2].split(b"\n")
    found = {}
    for number, line in enumerate(lines[: int(count)]):
        if number:
            assert re.fullmatch(rb"\d{10} 00000 n ", line)
            body = data[int(line[:10]) :]
            assert body.startswith(b"%d 0 obj\n" % number)
            found[number] = body[: body.index(b"endobj")]
    return found


def _info(path: Path) -> dict[str, str]:
    lines = (line.partition(":") for line in run("pdfinfo", path).splitlines())
    return {name: value.strip() for name, _, value in lines}


def _words(path: Path, page: int) -> list[str]:
    return run("pdftotext", "-f", page, "-l", page, "-layout", path, "-").split()


def test_every_object_stands_where_the_table_says(tmp_path: Path) -> None:
    out = tmp_path / "edge.pdf"
    task = exported("vertical-edge", out, frames="0:9")
    objects = _objects(out.read_bytes())
    assert sum(b"/Type/Page/" in body for body in objects.values()) == len(task.shots) == 9
    # What pages share is held once: two formulas, three weights of the family, two colour bars.
    kinds = (b"/Subtype/Form", b"/FontFile2", b"/ShadingType")
    assert [sum(kind in body for body in objects.values()) for kind in kinds] == [2, 3, 2]
    bars = (p for p in task.scene_at(task.shots[0]).primitives() if isinstance(p, Gradient))
    assert len(list(bars)) == 2


@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges", "tiny-network"])
def test_the_same_plan_gives_the_same_bytes(lesson: str, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        exported(lesson, tmp_path / name, frames="3:40:9", theme="dark")
    data = (tmp_path / "one.pdf").read_bytes()
    assert data == (tmp_path / "two.pdf").read_bytes()
    assert b"Date" not in data


@pytest.mark.readers
def test_numbers_titles_and_captions_are_text(tmp_path: Path) -> None:
    out = tmp_path / "edge.pdf"
    exported("vertical-edge", out, frames="4:7")
    text = run("pdftotext", "-f", 2, "-l", 2, "-layout", out, "-")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "Vertical edge Convolution step 6 of 36" in lines
    assert "10 10 10 0 0 0 1 0 −1 0 30 30 0" in lines
    assert any(
        "= 10·1 + 10·0 + 0·(−1) + 10·1 + 10·0 + 0·(−1) + 10·1 + 10·0 + 0·(−1) = 30" in li for li in lines
    )
    assert "Row 1, column 1: 9 products add up to 30, written into the map." in lines


@pytest.mark.readers
@pytest.mark.parametrize(
    ("lesson", "step"), [("tiny-network", "12"), ("photo-edges", "40"), ("chain-rule", "9")]
)
def test_every_word_on_the_stage_can_be_found(lesson: str, step: str, tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    task = exported(lesson, out, frames=step)
    found = "".join(_words(out, 1))
    texts = [p.text for p in task.scene_at(task.shots[0]).primitives() if isinstance(p, Text)]
    single = [word for text in texts for word in text.split()]
    assert len(single) > 20
    assert [word for word in single if word not in found] == []


@pytest.mark.readers
def test_fonts_are_embedded_and_cut_to_what_is_used(tmp_path: Path) -> None:
    exported("vertical-edge", tmp_path / "edge.pdf", frames="0:3")
    rows = [line.split() for line in run("pdffonts", tmp_path / "edge.pdf").splitlines()[2:]]
    assert sorted(row[0].partition("+")[2] for row in rows) == ["Inter-Bold", "Inter-Medium", "Inter-Regular"]
    # Embedded, a subset, with characters for glyphs.
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert (tmp_path / "edge.pdf").stat().st_size < 60_000


@pytest.mark.readers
def test_pages_have_the_size_of_the_scene_and_the_lesson_is_the_title(tmp_path: Path) -> None:
    exported("vertical-edge", tmp_path / "edge.pdf", frames="0:3", size=(1600, 1200), scale=0.5)
    info = _info(tmp_path / "edge.pdf")
    assert (info["Pages"], info["Page size"]) == ("3", "800 x 600 pts")
    assert info["Title"] == "Vertical edge"
    assert info["Producer"].startswith("cnnviz")
    assert "CreationDate" not in info


@pytest.mark.readers
def test_a_page_larger_than_pdf_counts_has_larger_units(tmp_path: Path) -> None:
    exported("vertical-edge", tmp_path / "wall.pdf", frames="0", size=(16_000, 1000))
    assert _info(tmp_path / "wall.pdf")["Page size"] == "8000 x 500 pts"
    assert b"/UserUnit 2" in (tmp_path / "wall.pdf").read_bytes()
    picture = drawn_by_poppler(tmp_path / "wall.pdf", dpi=18)
    assert picture.min() < 100


@pytest.mark.readers
def test_dense_maps_are_pictures_held_once_and_cells_are_none(tmp_path: Path) -> None:
    exported("photo-edges", tmp_path / "photo.pdf", frames="0:3")
    rows = [line.split() for line in run("pdfimages", "-list", tmp_path / "photo.pdf").splitlines()[2:]]
    input_ = [row for row in rows if row[3:5] == ["256", "256"]]
    assert [row[0] for row in input_] == ["1", "2", "3"]
    assert len({row[10] for row in input_}) == 1
    exported("vertical-edge", tmp_path / "edge.pdf", frames="0:3")
    assert run("pdfimages", "-list", tmp_path / "edge.pdf").splitlines()[2:] == []


@pytest.mark.readers
def test_a_picture_has_the_cells_of_its_map(tmp_path: Path) -> None:
    task = exported("photo-edges", tmp_path / "photo.pdf", frames="0")
    run("pdfimages", "-png", tmp_path / "photo.pdf", tmp_path / "image")
    grids = (p for p in task.scene_at(task.shots[0]).primitives() if isinstance(p, Grid))
    (grid,) = (grid for grid in grids if grid.key == "0/input/0")
    with Image.open(tmp_path / "image-000.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), grid.colors())


@pytest.mark.readers
def test_a_transparent_page_lets_through_what_is_behind_it(tmp_path: Path) -> None:
    exported("vertical-edge", tmp_path / "edge.pdf", frames="5", theme="transparent")
    run("pdftocairo", "-png", "-transp", "-r", "72", "-singlefile", tmp_path / "edge.pdf", tmp_path / "page")
    with Image.open(tmp_path / "page.png") as picture:
        alpha = np.asarray(picture.getchannel("A"))
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert alpha[262, 362] == 255  # a cell of the input


@pytest.mark.readers
@pytest.mark.parametrize(
    ("lesson", "step", "theme"),
    [
        ("vertical-edge", "7", "light"),
        ("photo-edges", "40", "dark"),
        ("tiny-network", "12", "dark"),
        ("learn-sobel", "30", "light"),
    ],
)
def test_it_looks_like_the_stage(lesson: str, step: str, theme: str, tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    task = exported(lesson, out, frames=step, theme=theme, size=(1280, 720))
    mean, far = apart(drawn_by_poppler(out), stage(task))
    assert mean < 1.5
    assert far < 0.008


@pytest.mark.readers
def test_pairs_are_two_pages_of_which_one_hides_the_answer(tmp_path: Path) -> None:
    exported("vertical-edge", tmp_path / "quiz.pdf", frames="5", pairs=True, hide=("total",))
    question, answer = (_words(tmp_path / "quiz.pdf", page) for page in (1, 2))
    assert answer.count("30") > question.count("30")


@pytest.mark.parametrize("ending", ["pdf", "svg"])
def test_what_is_cancelled_leaves_the_old_file_and_nothing_else(ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"edge.{ending}"
    out.write_bytes(b"old")
    frames = "0:9" if ending == "pdf" else "5"
    task = task_of(make_timeline(shipped_lesson("vertical-edge")), Viewpoint(), Plan(frames=frames), out)
    steps = export_steps(task)
    next(steps)
    steps.close()
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_bytes() == b"old"
