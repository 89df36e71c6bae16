"""How a line reaches a screen reader: as the description of what has the focus, else as an announcement."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.views import telling
from cnnviz.views.note_line import NoteLine
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


class Field(QLineEdit):
    """A field that remembers how it was described: a screen reader says each line that is not empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.described: list[str] = []

    def setAccessibleDescription(self, description: str) -> None:  # noqa: N802 - Qt's name
        super().setAccessibleDescription(description)
        self.described.append(description)


class Fields(QWidget):
    """A window with two fields, the first of which has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Field(self), Field(self)
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


def test_what_has_the_focus_is_described_by_what_was_told_last(window: Fields, reader: Reader) -> None:
    tell(window.first, "Row 1")
    assert (window.first.accessibleDescription(), reader.heard) == ("Row 1", [])
    tell(window.second, "Saved")
    assert (window.first.accessibleDescription(), reader.heard) == ("Saved", [])


def test_what_concerns_another_widget_is_said_where_the_focus_is(window: Fields, reader: Reader) -> None:
    tell(window.second, "Saved")
    assert (window.first.described, reader.heard) == (["Saved", ""], [])


def test_a_description_of_its_own_stays_and_the_line_is_announced(window: Fields, reader: Reader) -> None:
    window.first.setAccessibleDescription("From 1 to 9")
    tell(window.second, "Saved")
    tell(window.second, "Not a number", urgent=True)
    assert reader.heard == [("Saved", POLITE), ("Not a number", ASSERTIVE)]
    assert window.first.described == ["From 1 to 9"]


def test_without_a_focus_it_is_announced(window: Fields, reader: Reader) -> None:
    window.first.clearFocus()
    tell(window.second, "Saved")
    assert reader.heard == [("Saved", POLITE)]


@pytest.mark.parametrize("platform", ["windows", "cocoa"])
def test_where_announcements_are_said_the_focus_needs_no_other_way(
    window: Fields, reader: Reader, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: platform))
    tell(window.first, "Row 1")
    assert (window.first.accessibleDescription(), reader.heard) == ("", [("Row 1", POLITE)])


def test_nothing_is_announced_to_nobody(window: Fields, reader: Reader) -> None:
    reader.active = False
    window.first.clearFocus()
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


def test_a_note_made_behind_a_dialog_is_said_when_its_window_is_worked_with_again(
    window: Fields, reader: Reader, qtbot: QtBot
) -> None:
    note = NoteLine(window)
    note.show()
    dialog = QDialog(window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    note.show_note("Wrote 3 files")
    assert window.first.described == []
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: "Wrote 3 files" in window.first.described)


def test_an_empty_line_is_no_line(window: Fields, reader: Reader) -> None:
    tell(window.first, "")
    assert (window.first.described, reader.heard) == ([], [])
