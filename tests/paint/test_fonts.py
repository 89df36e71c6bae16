"""The shipped family is there, with figures of one width, and widths scale with the size."""

import pytest
from PySide6.QtGui import QFontInfo

from cnnviz.paint.fonts import ascent, cap_height, font, load_fonts, text_width
from cnnviz.scene.primitives import Weight


def test_the_shipped_family_is_used() -> None:
    assert load_fonts() == "Inter"
    for weight in Weight:
        info = QFontInfo(font(20, weight))
        assert (info.family(), info.pixelSize(), info.weight()) == ("Inter", 20, weight.value)


@pytest.mark.parametrize("weight", list(Weight))
def test_figures_have_one_width(weight: Weight) -> None:
    widths = {text_width(digit, 20, weight) for digit in "0123456789"}
    assert len(widths) == 1


def test_the_minus_sign_is_as_wide_as_a_figure_is_not_assumed() -> None:
    assert text_width("−30", 10) == pytest.approx(text_width("−", 10) + 2 * text_width("0", 10))


def test_widths_are_proportional_to_the_size() -> None:
    assert text_width("Feature map", 30) == pytest.approx(3 * text_width("Feature map", 10))


def test_bold_is_wider_than_regular() -> None:
    assert text_width("Kernel", 20, Weight.BOLD) > text_width("Kernel", 20)


def test_heights_are_those_that_inter_publishes() -> None:
    # Inter's files say: 2048 units an em, capitals 1490, ascender 1984.
    assert cap_height(2048) == pytest.approx(1490, rel=0.02)
    assert ascent(2048) == pytest.approx(1984, rel=0.02)
