"""Widths of text without a font engine: those of the shipped faces."""

import pytest

from cnnviz.scene.letters import UNKNOWN, width_of
from cnnviz.scene.primitives import Run, Weight
from tests.scene.ink import width_of as measured


@pytest.mark.parametrize("weight", [Weight.REGULAR, Weight.MEDIUM, Weight.BOLD])
@pytest.mark.parametrize(
    "text", ["S(0, 2) = Σ I(2·0+m, 2·2+n)·K(m, n)", "= 10·1 + 10·(−1) + … ≈ 30.5", "⌊(6 + 2·0 − 1)/1⌋ + 1"]
)
def test_lines_of_the_panel_are_as_wide_as_pillow_measures_them(text: str, weight: Weight) -> None:
    # Pillow knows kerning, which narrows a little.
    assert width_of([Run(text, "#000000", weight)], 20) == pytest.approx(measured(text, 20, weight), rel=0.02)


def test_runs_add_up_and_an_unknown_letter_is_taken_for_a_wide_one() -> None:
    a, b = Run("12", "#000000"), Run("3", "#ffffff", Weight.BOLD)
    assert width_of([a, b], 10) == pytest.approx(width_of([a], 10) + width_of([b], 10))
    assert width_of([Run("漢", "#000000")], 10) == UNKNOWN / 100
