"""Texts as glyphs: which characters each stands for, and where it starts."""

import pytest
from PySide6.QtGui import QPainterPath

from cnnviz.paint.fonts import text_width
from cnnviz.paint.glyphs import glyphs_of, outline_of, path_data
from cnnviz.scene.primitives import Weight


def test_digits_are_those_of_one_width_and_still_mean_digits() -> None:
    (ones,) = glyphs_of("1118", Weight.REGULAR)
    assert ones.face == "fonts/Inter-Regular.ttf"
    assert ones.texts == ("1", "1", "1", "8")
    assert len(set(ones.numbers)) == 2
    steps = [b - a for a, b in zip(ones.starts, ones.starts[1:], strict=False)]
    assert steps == pytest.approx([text_width("0", 1.0)] * 3, abs=0.002)


@pytest.mark.parametrize(
    ("weight", "face"),
    [(Weight.REGULAR, "Inter-Regular"), (Weight.MEDIUM, "Inter-Medium"), (Weight.BOLD, "Inter-Bold")],
)
def test_each_weight_has_its_own_font(weight: Weight, face: str) -> None:
    (glyphs,) = glyphs_of("Row 1", weight)
    assert glyphs.face == f"fonts/{face}.ttf"


@pytest.mark.parametrize("text", ["S(1, 3) = Σ I·K − 10 × ŷ²", "e\u0301ß", "漢字 and 🙂!", "-> fi"])
def test_no_character_is_lost(text: str) -> None:
    # Letters of another font are a run of their own.
    found = "".join(part for run in glyphs_of(text, Weight.REGULAR) for part in run.texts)
    assert sorted(found) == sorted(text)


def test_an_empty_text_has_no_glyphs() -> None:
    assert glyphs_of("", Weight.REGULAR) == ()
    assert outline_of("", Weight.REGULAR) == ""


def test_outlines_are_closed_contours_that_stand_on_the_baseline() -> None:
    data = outline_of("H", Weight.REGULAR)
    assert data.startswith("M")
    assert data.endswith("Z")
    numbers = [float(n) for n in data.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert max(numbers[1::2]) == pytest.approx(0, abs=0.1)
    assert min(numbers[1::2]) == pytest.approx(-72.7, abs=0.2)  # capitals of Inter: 1490 of 2048 units


def test_a_path_is_written_contour_by_contour() -> None:
    path = QPainterPath()
    path.moveTo(0, 0)
    path.lineTo(4, 0)
    path.cubicTo(4, 1, 3, 2, 2.5, 2)
    path.moveTo(9, 9)
    path.lineTo(9, 8)
    assert path_data(path) == "M0 0L4 0C4 1 3 2 2.5 2ZM9 9L9 8Z"
