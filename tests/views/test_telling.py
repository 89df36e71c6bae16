"""How a line reaches a screen reader: as the description of what has the focus, else as an announcement."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.views import telling
from cnnviz.views.telling import tell

POLITE, ASSERTIVE = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive


class Reader:
    """Stands for Qt's bridge to a screen reader."""

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self, active: bool) -> None:
        self.active = active
        self.heard: list[tuple[str, object]] = []

    def isActive(self) -> bool:  # noqa: N802 - Qt's name
        return self.active

    def updateAccessibility(self, event: object) -> None:  # noqa: N802 - Qt's name
        self.heard.append((event.message(), event.politeness()))  # type: ignore[attr-defined]  # an announcement


class Fields(QWidget):
    """A window with two fields, the first of which has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(self), QLineEdit(self)
        self.first.setFocus()


@pytest.fixture
def window(qtbot: QtBot) -> Fields:
    window = Fields()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader(active=True)
    monkeypatch.setattr(telling, "QAccessible", reader)
    return reader


def test_what_has_the_focus_is_described_anew(window: Fields, reader: Reader) -> None:
    tell(window.first, "Row 1")
    assert (window.first.accessibleDescription(), reader.heard) == ("Row 1", [])


def test_everything_else_is_announced(window: Fields, reader: Reader) -> None:
    tell(window.second, "Saved")
    tell(window.second, "Not a number", urgent=True)
    assert reader.heard == [("Saved", POLITE), ("Not a number", ASSERTIVE)]
    assert window.second.accessibleDescription() == ""


@pytest.mark.parametrize("platform", ["windows", "cocoa"])
def test_where_announcements_are_said_the_focus_needs_no_other_way(
    window: Fields, reader: Reader, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: platform))
    tell(window.first, "Row 1")
    assert (window.first.accessibleDescription(), reader.heard) == ("", [("Row 1", POLITE)])


def test_nothing_is_announced_to_nobody(window: Fields, reader: Reader) -> None:
    reader.active = False
    tell(window.second, "Saved")
    assert reader.heard == []


def test_a_window_that_is_not_worked_with_keeps_silent(window: Fields, reader: Reader, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    tell(window.first, "Row 1")
    tell(window.second, "Row 1")
    assert (window.first.accessibleDescription(), reader.heard) == ("", [])


def test_an_empty_line_is_no_line(window: Fields, reader: Reader) -> None:
    tell(window.second, "")
    assert reader.heard == []
