"""Tools and resources: listed with all facts, narrowed by typing, opened in the browser on a click only."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from pytestqt.qtbot import QtBot

from cnnviz.files.references import references
from cnnviz.views.reading_dialog import ReadingDialog, open_address


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that would be opened."""
    found: list[str] = []

    def keep(url: QUrl) -> bool:
        found.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", keep)
    return found


@pytest.fixture
def dialog(qtbot: QtBot, opened: list[str]) -> ReadingDialog:
    made = ReadingDialog()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_every_reference_stands_there_with_all_its_facts(dialog: ReadingDialog, opened: list[str]) -> None:
    text = dialog.text.toPlainText()
    for group, entries in references():
        assert group in text
        for entry in entries:
            facts = (entry.title, f"{entry.authors}, {entry.year}", entry.use, entry.address)
            assert all(fact in text for fact in facts), entry.title
    assert opened == []


def test_typing_narrows_the_list(dialog: ReadingDialog, qtbot: QtBot) -> None:
    dialog.search.setFocus()
    qtbot.keyClicks(dialog.search, "residual 2015")
    text = dialog.text.toPlainText()
    assert "Deep Residual Learning" in text
    assert "Netron" not in text
    assert "Tools" not in text
    qtbot.keyClicks(dialog.search, " zebra")
    assert dialog.text.toPlainText() == "Nothing here has these words."


def test_an_address_can_be_selected_and_a_click_opens_it(
    dialog: ReadingDialog, qtbot: QtBot, opened: list[str]
) -> None:
    qtbot.keyClicks(dialog.search, "netron")
    address = "https://netron.app/"
    cursor = dialog.text.document().find(address)
    assert cursor.selectedText() == address
    start = QTextCursor(dialog.text.document())
    start.setPosition(cursor.selectionStart() + 3)
    spot = dialog.text.cursorRect(start).center()
    qtbot.mouseClick(dialog.text.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == [address]
    assert address in dialog.text.toPlainText()


def test_the_keyboard_reaches_a_link(dialog: ReadingDialog, qtbot: QtBot, opened: list[str]) -> None:
    qtbot.keyClicks(dialog.search, "manim")
    dialog.text.setFocus()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Tab)
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    assert opened == ["https://www.manim.community/"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "cnnviz:x", ""])
def test_only_web_addresses_are_opened(address: str, opened: list[str], qtbot: QtBot) -> None:
    assert not open_address(QUrl(address))
    assert opened == []
