"""Decks read back by python-pptx: the numbers of the trace, one name over all slides, notes, and nothing to repair."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.shapes.base import BaseShape
from pptx.slide import Slide

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import export_steps
from tests.export.decks import MC, P159, deck_task, part, problems, write_deck


def _slides(path: Path) -> list[Slide]:
    return list(Presentation(str(path)).slides)


def _shape(slide: Slide, name: str) -> Any:
    (found,) = [shape for shape in slide.shapes if shape.name == name]
    return found


def _texts(shape: Any) -> list[str]:
    """What stands in the cells of a group or a table, row by row."""
    if shape.has_table:
        return [cell.text for row in shape.table.rows for cell in row.cells]
    return [cell.text_frame.text for cell in shape.shapes]


def _numbers(texts: Iterable[str]) -> list[float]:
    return [float(text.replace("−", "-")) for text in texts]


def _tensors(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {tensor["name"]: tensor for tensor in facts["tensors"]}


@pytest.mark.parametrize("slides", ["shapes", "tables"])
def test_every_number_is_that_of_the_trace(slides: str, tmp_path: Path) -> None:
    task = write_deck("vertical-edge", tmp_path / "a.pptx", slides=slides, frames="::4")
    deck = _slides(tmp_path / "a.pptx")
    assert len(deck) == len(task.shots) == 9
    compared = 0
    for slide, shot in zip(deck, task.shots, strict=True):
        facts = task.facts_at(shot)
        for name, tensor in _tensors(facts).items():
            names = [s.name for s in slide.shapes]
            if (own := f"!!0/{name}/0") in names:
                texts, written = _texts(_shape(slide, own)), tensor["written"]
                assert _numbers(texts[:written]) == tensor["values"][:written]
                assert not any(texts[written:])
                compared += written
        terms = facts["terms"]
        if facts["section"]["op"] == "conv2d":
            for own, term in (("x", "x"), ("w", "w"), ("p", "products")):
                assert _numbers(_texts(_shape(slide, f"!!sum/{own}/0"))) == terms[term]
            assert _shape(slide, "!!sum/total").text_frame.text == f"= {terms['total']:.0f}".replace("-", "−")
    # Of the input and the kernel on every slide, of the sums 1, 5, 9, 13 and then 16, of ReLU the same, pooled 1.
    assert compared == 9 * (36 + 9) + (1 + 5 + 9 + 13 + 5 * 16) + (1 + 5 + 9 + 13 + 16) + 1


def test_opens_without_a_repair(tmp_path: Path) -> None:
    write_deck("tiny-network", tmp_path / "a.pptx", frames="0:14")
    assert problems(tmp_path / "a.pptx") == []
    write_deck("rgb", tmp_path / "b.pptx", slides="tables", theme="dark", frames="3:30:9")
    assert problems(tmp_path / "b.pptx") == []
    write_deck("photo-edges", tmp_path / "c.pptx", theme="transparent", frames="30:34")
    assert problems(tmp_path / "c.pptx") == []


def test_the_window_keeps_its_name_and_moves(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="0:4")
    windows = [_shape(slide, "!!window") for slide in _slides(tmp_path / "a.pptx")]
    assert len({window.top for window in windows}) == 1
    steps = [b.left - a.left for a, b in itertools.pairwise(windows)]
    picture = _shape(_slides(tmp_path / "a.pptx")[0], "!!0/input/0")
    assert steps == [picture.width // 6] * 3
    assert windows[0].left == picture.left


def test_every_slide_but_the_first_morphs_and_fades_elsewhere(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="0:3")
    first, *others = (part(tmp_path / "a.pptx", f"ppt/slides/slide{n}.xml") for n in (1, 2, 3))
    assert first.find(f"{MC}AlternateContent") is None
    for slide in others:
        choice, fallback = slide.findall(f"{MC}AlternateContent/*")
        assert choice.get("Requires") == "p159"
        (morph,) = choice.iter(f"{P159}morph")
        assert morph.get("option") == "byObject"
        assert [child.tag.rpartition("}")[2] for child in fallback.iter()] == [
            "Fallback",
            "transition",
            "fade",
        ]


def test_the_title_is_a_title_and_shapes_are_told_of(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="5")
    (slide,) = _slides(tmp_path / "a.pptx")
    assert slide.shapes.title is not None
    assert slide.shapes.title.text_frame.text == "Vertical edge"

    def told(name: str) -> str:
        element = _shape(slide, name)._element
        return str(element.xpath("./*[1]/p:cNvPr/@descr")[0])

    assert told("!!0/input/0") == "Input: 6×6, from 0 to 10"
    assert told("!!0/conv1/0") == "Feature map: 4×4, 6 of 16 cells written, from 0 to 30"
    assert told("!!0/relu1/0") == "ReLU: 4×4, 0 of 16 cells written"
    assert told("!!sum/p/0") == "products: 3×3, from 0 to 10"
    assert told("!!window") == "The window on Input"
    assert told("!!formula/operation").startswith("Formula: S=I\\star K")
    groups: list[BaseShape] = [
        s for s in slide.shapes if s.shape_type is not None and s.shape_type.name == "GROUP"
    ]
    assert len(groups) > 10
    assert all(group._element.xpath("./p:nvGrpSpPr/p:cNvPr/@descr")[0] for group in groups)


def test_a_slide_without_a_title_has_one_that_is_not_seen(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="5", include=("caption",))
    (slide,) = _slides(tmp_path / "a.pptx")
    title = slide.shapes.title
    assert title is not None
    assert title.text_frame.text == "Vertical edge"
    assert title.top + title.height <= 0


def test_notes_tell_the_whole_arithmetic(tmp_path: Path) -> None:
    task = write_deck("vertical-edge", tmp_path / "a.pptx", frames="5:7")
    for slide, shot in zip(_slides(tmp_path / "a.pptx"), task.shots, strict=True):
        assert slide.notes_slide.notes_text_frame is not None
        text = slide.notes_slide.notes_text_frame.text
        assert text == task.notes_at(shot)
        # One column to the right the middle of the window is dark, too.
        row = "10·1 + 10·0 + 0·(−1)" if shot.index == 5 else "10·1 + 0·0 + 0·(−1)"
        assert f"Σ = {row} + {row} + {row} = 30" in text


def test_a_question_hides_what_its_answer_shows(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="5", pairs=True)
    question, answer = _slides(tmp_path / "a.pptx")
    assert [_shape(s, "!!sum/total").text_frame.text for s in (question, answer)] == ["= ?", "= 30"]
    assert [_texts(_shape(s, "!!0/conv1/0"))[5] for s in (question, answer)] == ["", "30"]
    # Neither in what is read aloud: 30 stands in cells before.
    assert "5 of 16" in str(_shape(question, "!!0/conv1/0")._element.xpath("./p:nvGrpSpPr/p:cNvPr/@descr"))


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_deck("photo-edges", tmp_path / f"{name}.pptx", frames="28:40:4")
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()
    with ZipFile(tmp_path / "a.pptx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_picture_that_stays_is_kept_once(tmp_path: Path) -> None:
    write_deck("photo-edges", tmp_path / "a.pptx", frames="0:4")
    with ZipFile(tmp_path / "a.pptx") as archive:
        media = [name for name in archive.namelist() if name.startswith("ppt/media/")]
    pictures = {}
    for number, slide in enumerate(_slides(tmp_path / "a.pptx")):
        pictures[number] = _shape(slide, "!!0/input/0").image.sha1
    assert len(set(pictures.values())) == 1
    assert 1 <= len(media) <= 4 + 3


def test_the_deck_says_who_and_what(tmp_path: Path) -> None:
    write_deck("vertical-edge", tmp_path / "a.pptx", frames="0:2", size=(1600, 1200))
    deck = Presentation(str(tmp_path / "a.pptx"))
    about = deck.core_properties
    assert (about.title, about.author) == ("Vertical edge", "cnnviz")
    assert (about.created, about.modified) == (about.created, about.created)
    assert (deck.slide_width, deck.slide_height) == (9_144_000, 6_858_000)
    assert [layout.name for layout in deck.slide_layouts] == ["Title Only"]


def test_a_cancel_leaves_nothing_behind(tmp_path: Path) -> None:
    old = tmp_path / "a.pptx"
    old.write_bytes(b"old")
    run = export_steps(deck_task("vertical-edge", old))
    while next(run).done < 9:
        pass
    run.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.pptx"]
    assert old.read_bytes() == b"old"


def test_what_fails_in_a_slide_leaves_nothing_behind(tmp_path: Path) -> None:
    task = deck_task("vertical-edge", tmp_path / "a.pptx")
    calls = itertools.count()
    whole = task.scene_at

    def scene_at(shot: Any) -> Any:
        if next(calls) == 3:
            raise BadInput("step 3: no scene; choose another one")
        return whole(shot)

    object.__setattr__(task, "scene_at", scene_at)
    with pytest.raises(BadInput, match="no scene"):
        for _ in export_steps(task):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_slide_that_no_program_opens_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at most 56 times as long"):
        write_deck("vertical-edge", tmp_path / "a.pptx", frames="0", size=(20, 2000))
    assert list(tmp_path.iterdir()) == []
