"""Texts of the stage as text boxes: their letters, sizes and places."""

import re
import xml.etree.ElementTree as ET

import pytest

from cnnviz.export.slides_text import hidden_title, text_shape
from cnnviz.export.slides_xml import NAMESPACES, Look, Sheet
from cnnviz.paint.fonts import text_width
from cnnviz.paint.layout import set_text
from cnnviz.scene.primitives import Align, Box, Run, Text, Weight
from tests.export.decks import A, P

LOOK = Look(6350, 1.0, {})


def _element(xml: str) -> ET.Element:
    (shape,) = ET.fromstring(f"<root {NAMESPACES}>{xml}</root>")
    return shape


def _shape(text: Text, title: bool = False) -> ET.Element:
    return _element(text_shape(Sheet(LOOK), text, title))


def _lines(shape: ET.Element) -> list[str]:
    lines = [""]
    for element in shape.iter():
        if element.tag == f"{A}br":
            lines.append("")
        elif element.tag == f"{A}t":
            lines[-1] += element.text or ""
    return lines


def _size(shape: ET.Element) -> set[str | None]:
    return {run.get("sz") for run in shape.iter(f"{A}rPr")}


def test_runs_keep_their_colours_weights_and_places() -> None:
    runs = (Run("= ", "#112233"), Run("30", "#d1006c", Weight.BOLD), Run(" px", "#112233", Weight.MEDIUM))
    shape = _shape(Text("sum/total", Box(100, 50, 400, 40), runs, 20, Align.RIGHT))
    assert _lines(shape) == ["= 30 px"]
    assert [run.get("b") for run in shape.iter(f"{A}rPr")] == ["0", "1", "0"]
    assert [c.get("val") for c in shape.iter(f"{A}srgbClr")] == ["112233", "D1006C", "112233"]
    assert [face.get("typeface") for face in shape.iter(f"{A}latin")] == ["Inter Medium"]
    offset, extent = (shape.find(f".//{A}{tag}") for tag in ("off", "ext"))
    assert offset is not None
    assert extent is not None
    assert (offset.get("x"), offset.get("y")) == (str(100 * 6350), str(50 * 6350))
    assert (extent.get("cx"), extent.get("cy")) == (str(400 * 6350), str(40 * 6350))
    assert [p.get("algn") for p in shape.iter(f"{A}pPr")] == ["r"]
    assert _size(shape) == {"1000"}


def test_nothing_is_written_for_no_letters() -> None:
    assert text_shape(Sheet(LOOK), Text("a", Box(0, 0, 9, 9), (Run(" ", "#000000"),), 9)) == ""


def test_a_line_too_long_is_as_small_and_as_short_as_on_the_stage() -> None:
    text = Text("a", Box(0, 0, 100, 30), (Run("a line of many words that cannot stand here", "#000000"),), 20)
    shape = _shape(text)
    (line,) = _lines(shape)
    assert line.endswith("…")
    assert line == set_text(text).pieces[0].text
    assert _size(shape) == {"700"}  # 0.7 of 20 pixels, half a point each


def test_lines_that_fit_are_broken_by_whoever_shows_them() -> None:
    text = Text(
        "a", Box(0, 0, 200, 90), (Run("one two three four five six\nseven", "#000000"),), 20, wrap=True
    )
    shape = _shape(text)
    assert len({piece.baseline for piece in set_text(text).pieces}) == 3
    assert _lines(shape) == ["one two three four five six", "seven"]
    assert [b.get("wrap") for b in shape.iter(f"{A}bodyPr")] == ["square"]
    assert [s.get("val") for s in shape.iter(f"{A}spcPts")] == ["1400"]  # 1.4 of 10 points


def test_lines_that_the_stage_cuts_are_cut() -> None:
    words = "one two three four five six seven eight nine ten " * 4
    shape = _shape(Text("a", Box(0, 0, 150, 40), (Run(words, "#000000"),), 20, wrap=True))
    assert _lines(shape)[-1].endswith("…")
    assert "".join(_lines(shape)).count("ten") == 0


@pytest.mark.parametrize("title", [False, True])
def test_only_the_title_is_a_placeholder(title: bool) -> None:
    shape = _shape(Text("title", Box(0, 0, 300, 30), (Run("Edges", "#000000"),), 20), title)
    assert [ph.get("type") for ph in shape.iter(f"{P}ph")] == (["title"] if title else [])


def test_a_hidden_title_stands_above_the_slide() -> None:
    xml = hidden_title(Sheet(LOOK), "Edges", (1920, 1080), "#000000")
    (top,) = re.findall(r'<a:off x="0" y="(-?\d+)"', xml)
    (height,) = re.findall(r'<a:ext cx="\d+" cy="(\d+)"', xml)
    assert int(top) + int(height) < 0
    assert _lines(_element(xml)) == ["Edges"]


def _frame(shape: ET.Element) -> list[float]:
    """Left, top, width and height in pixels."""
    offset, extent = (shape.find(f".//{A}{tag}") for tag in ("off", "ext"))
    assert offset is not None
    assert extent is not None
    return [
        int(e.get(name, "")) / 6350
        for e, name in zip((offset, offset, extent, extent), ("x", "y", "cx", "cy"), strict=True)
    ]


def _fits(shape: ET.Element) -> list[str]:
    return [child.tag.removeprefix(A) for body in shape.iter(f"{A}bodyPr") for child in body]


def test_a_line_that_a_wider_family_would_drive_out_of_its_box_may_be_set_smaller() -> None:
    words = (Run("The weight met the input 3, so its gradient is 3 × δ = 9.6", "#000000"),)
    wide = text_width(words[0].text, 20)
    loose = _shape(Text("a", Box(0, 100, 1.3 * wide, 60), words, 20, Align.CENTER))
    tight = _shape(Text("a", Box(0, 100, 1.01 * wide, 60), words, 20, Align.CENTER))
    assert (_fits(loose), _fits(tight)) == (["noAutofit"], ["normAutofit"])
    assert [b.get("wrap") for shape in (loose, tight) for b in shape.iter(f"{A}bodyPr")] == ["none", "square"]
    assert _size(loose) == _size(tight) == {"1000"}  # where Inter is, both are as on the stage


@pytest.mark.parametrize(("align", "share"), [(Align.LEFT, 0), (Align.CENTER, 0.5), (Align.RIGHT, 1)])
def test_the_box_of_a_tight_line_spares_a_little_and_keeps_its_anchor(align: Align, share: float) -> None:
    words = (Run("6×6, padded 8×8", "#000000"),)
    wide = text_width(words[0].text, 20)
    left, top, across, down = _frame(_shape(Text("a", Box(300, 100, wide, 90), words, 20, align)))
    assert across == pytest.approx(wide + 10, abs=0.01)  # half of 20 pixels
    assert left + share * across == pytest.approx(300 + share * wide, abs=0.01)
    assert (top + down / 2, down) == pytest.approx((145, 30), abs=0.01)  # 1.5 lines, so that two do not fit


def test_a_tight_text_of_several_lines_has_room_for_all_of_them() -> None:
    text = Text(
        "a", Box(0, 0, 200, 80), (Run("one two three four five six\nseven", "#000000"),), 20, wrap=True
    )
    assert len({piece.baseline for piece in set_text(text).pieces}) == 3
    shape = _shape(text)
    assert _fits(shape) == ["normAutofit"]
    left, top, across, down = _frame(shape)
    assert (left, across, down) == pytest.approx((0, 200, 3 * 1.4 * 20), abs=0.01)
    assert top + down / 2 == pytest.approx(40, abs=0.01)
