"""Palettes and icons."""

import pytest
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.controllers.actions import ACTIONS
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.views.look import contrast, icon, mix, palette, window_icon

Role = QPalette.ColorRole
PAIRS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.ButtonText, Role.Button),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(theme: Theme) -> None:
    colors = palette(theme)
    for ink, ground in PAIRS:
        assert contrast(colors.color(ink), colors.color(ground)) >= 4.5, (ink, ground)


def test_contrast_and_mix_are_those_of_the_textbook() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.005)
    assert mix(QColor("#000000"), QColor("#ffffff"), 0.2) == QColor("#333333")


def test_every_icon_of_the_actions_is_there(qtbot: QtBot) -> None:
    for spec in ACTIONS:
        if spec.icon:
            assert not icon(spec.icon).isNull(), spec.icon
    for name in ("pause", "link", "ping-pong"):
        assert not icon(name).isNull(), name
    assert icon("no-such-icon").isNull()
    assert not window_icon().isNull()


def test_an_icon_has_the_colour_of_the_text_and_is_paler_when_disabled(qtbot: QtBot) -> None:
    for theme in (LIGHT, DARK):
        colors = palette(theme)
        image = icon("play", colors).pixmap(40, 40).toImage()
        pale = icon("play", colors).pixmap(40, 40, QIcon.Mode.Disabled).toImage()
        assert image.pixelColor(18, 20) == QColor(theme.text)
        assert pale.pixelColor(18, 20) != image.pixelColor(18, 20)
    assert QApplication.instance() is not None
