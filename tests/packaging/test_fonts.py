"""The shipped faces hold every sign that lessons and formulas use, with figures that can be of one width."""

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont
from pytestqt.qtbot import QtBot

from cnnviz.resources import list_resources, resource_path

SIGNS = "0123456789+−×·÷=≈≠≤≥±√∞∂∇Σ∑∏∫ηδσμαβγλθρφ²³⁻¹₀₁₂₉ₙ→←↑↓⇒⋆∗⌊⌋⌈⌉▸▶◂◀▾▼●○■□…–—’“”ŷ′″äöüßéñçőžЖя€"
FACES = list_resources("fonts", ".ttf")


def test_four_weights_are_shipped() -> None:
    assert [name.rpartition("-")[2] for name in FACES] == [
        "Bold.ttf",
        "Medium.ttf",
        "Regular.ttf",
        "SemiBold.ttf",
    ]
    assert sum(resource_path(name).stat().st_size for name in FACES) < 500_000


@pytest.mark.parametrize("name", FACES)
def test_a_face_has_every_sign_and_draws_it(name: str, qtbot: QtBot) -> None:
    font = QRawFont(str(resource_path(name)), 40.0)
    missing = [sign for sign in SIGNS if not font.supportsCharacter(ord(sign))]
    assert missing == []
    empty = [sign for sign in SIGNS if font.pathForGlyph(font.glyphIndexesForString(sign)[0]).isEmpty()]
    assert empty == []


def test_tabular_figures_have_one_width(qtbot: QtBot) -> None:
    family = QFontDatabase.applicationFontFamilies(
        QFontDatabase.addApplicationFont(str(resource_path("fonts/Inter-Regular.ttf")))
    )
    assert family == ["Inter"]
    font = QFont(family)
    font.setPixelSize(100)
    proportional = {QFontMetricsF(font).horizontalAdvance(digit) for digit in "0123456789"}
    font.setFeature(QFont.Tag("tnum"), 1)
    tabular = {QFontMetricsF(font).horizontalAdvance(digit) for digit in "0123456789"}
    assert len(proportional) > 1
    assert len(tabular) == 1
