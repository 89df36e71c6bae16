"""Palettes and icons."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollBar,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnnviz.controllers.actions import ACTIONS
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.views.look import contrast, dress, icon, luminance, mix, palette, plain, window_icon

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


def test_an_icon_is_there_in_the_pixels_of_every_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icon("play").availableSizes() == [QSize(20, 20)]
    screens = [SimpleNamespace(devicePixelRatio=lambda ratio=ratio: ratio) for ratio in (2.0, 1.25, 2.0)]
    monkeypatch.setattr(QGuiApplication, "screens", lambda: screens)
    assert icon("play").availableSizes() == [QSize(25, 25), QSize(40, 40)]


def test_the_same_look_again_changes_no_widget(qtbot: QtBot) -> None:
    app, label = QApplication.instance(), QLabel("text")
    assert isinstance(app, QApplication)
    qtbot.addWidget(label)
    dress(app, LIGHT)
    label.show()
    changes: list[QEvent.Type] = []
    kinds = (QEvent.Type.ApplicationPaletteChange, QEvent.Type.ApplicationFontChange)

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            changes.extend(kind for kind in kinds if event.type() == kind)
            return False

    watch = Watch()
    app.installEventFilter(watch)
    dress(app, LIGHT)
    assert changes == []
    dress(app, DARK)
    assert kinds[0] in changes
    app.removeEventFilter(watch)
    dress(app, LIGHT)


def test_an_icon_has_the_colour_of_the_text_and_is_paler_when_disabled(qtbot: QtBot) -> None:
    for theme in (LIGHT, DARK):
        colors = palette(theme)
        image = icon("play", colors).pixmap(20, 20).toImage()
        pale = icon("play", colors).pixmap(20, 20, QIcon.Mode.Disabled).toImage()
        assert image.pixelColor(9, 10) == QColor(theme.text)
        assert pale.pixelColor(9, 10) != image.pixelColor(9, 10)
    assert QApplication.instance() is not None


def test_buttons_of_dialogs_are_left_without_icons_of_the_style(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    for button in box.buttons():
        button.setIcon(icon("undo"))
    plain(box)
    assert [button.icon().isNull() for button in box.buttons()] == [True, True]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("kind", [QCheckBox, QLineEdit, QSpinBox, QPushButton, QListWidget])
def test_a_field_has_an_outline_that_is_seen(qtbot: QtBot, kind: type[QWidget], theme: Theme) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        dress(app, theme)
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(120, 60)
        field = kind(window)
        field.setGeometry(10, 10, 100, 40)
        window.show()
        picture = window.grab().toImage()
        ground = QColor(theme.surface)
        column = [contrast(picture.pixelColor(16, y), ground) for y in range(8, 52)]
        assert max(column) >= 3
    finally:
        dress(app, LIGHT)


def test_a_handle_is_seen_in_the_dark(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        dress(app, DARK)
        bar = QScrollBar(Qt.Orientation.Vertical)
        qtbot.addWidget(bar)
        bar.setRange(0, 100)
        bar.setPageStep(100)
        bar.resize(16, 200)
        bar.show()
        picture = bar.grab().toImage()
        handle, groove = picture.pixelColor(8, 60), picture.pixelColor(8, 160)
        assert luminance(handle) > luminance(groove)
        assert contrast(handle, groove) >= 2.5
    finally:
        dress(app, LIGHT)
