"""The gallery in the whole window: by keys and by mouse, searched, followed by theme and first start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cnnviz import app
from cnnviz.commands import show_gallery
from cnnviz.controllers.opening import start_with
from cnnviz.files.lessons import shipped
from cnnviz.scene.theme import DARK
from cnnviz.views import ask
from cnnviz.views.gallery_dialog import GalleryDialog
from cnnviz.views.lesson_card import LessonCard, in_lines
from cnnviz.views.reading_dialog import ReadingDialog
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
IDS = [lesson.id for lesson in shipped()]


class Gallery(Stand):
    """A window with its gallery open."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, *start_with(()))

    def open(self) -> GalleryDialog:
        """Open the gallery by its key."""
        # Without a window manager nobody gives the focus back when a dialog closes.
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.qtbot.keyClick(self.window, Key.Key_L, CTRL)
        dialog = self.dialog(GalleryDialog)
        self.qtbot.waitExposed(dialog)
        self.qtbot.waitUntil(lambda: dialog.search.hasFocus())
        return dialog

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is, in the window or its dialog."""
        widget = QApplication.focusWidget()
        assert widget is not None
        self.qtbot.keyClick(widget, key, modifier)

    def wait_for(self, lesson_id: str) -> None:
        """Wait until that lesson is shown."""
        title = next(lesson.title for lesson in shipped() if lesson.id == lesson_id)
        self.qtbot.waitUntil(lambda: self.desk.editing.lesson.title == title)


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Gallery]:
    made = Gallery(qtbot)
    yield made
    made.close()


def focused() -> LessonCard:
    card = QApplication.focusWidget()
    assert isinstance(card, LessonCard)
    return card


def test_every_lesson_has_its_card_under_its_heading_in_order(stand: Gallery) -> None:
    dialog = stand.open()
    assert [card.lesson_id for card in dialog.shelves.cards] == IDS
    for card, lesson in zip(dialog.shelves.cards, shipped(), strict=True):
        assert card.accessibleName() == card.text() == lesson.title
        assert all(system in card.accessibleDescription() for system in lesson.systems)


def test_pictures_and_first_sentences_come_while_it_is_open(stand: Gallery) -> None:
    dialog = stand.open()
    cards = dialog.shelves.cards
    assert all(card.picture.isNull() for card in cards[1:])
    stand.qtbot.waitUntil(lambda: not any(card.picture.isNull() for card in cards), timeout=60_000)


def test_arrows_and_enter_open_a_lesson(stand: Gallery) -> None:
    dialog = stand.open()
    stand.key(Key.Key_Down)
    assert focused() is dialog.shelves.cards[0]
    assert focused().isChecked()
    stand.key(Key.Key_End)
    assert focused() is dialog.shelves.cards[-1]
    stand.key(Key.Key_Home)
    stand.key(Key.Key_Right)
    assert focused() is dialog.shelves.cards[1]
    stand.key(Key.Key_Left)
    stand.key(Key.Key_Up)
    assert dialog.search.hasFocus()
    stand.key(Key.Key_Down)
    stand.key(Key.Key_End)
    stand.key(Key.Key_Return)
    assert not dialog.isVisible()
    stand.wait_for(IDS[-1])


def test_down_goes_to_the_nearest_card_of_the_next_row(stand: Gallery) -> None:
    dialog = stand.open()
    dialog.resize(700, 600)
    stand.key(Key.Key_Down)
    stand.key(Key.Key_Right)
    second = focused()
    stand.key(Key.Key_Down)
    below = focused()
    assert below.y() > second.y()
    rows = sorted({card.y() for card in dialog.shelves.cards})
    assert rows.index(below.y()) == rows.index(second.y()) + 1
    stand.key(Key.Key_Up)
    assert focused().y() == second.y()


def test_a_double_click_opens_and_a_click_only_chooses(stand: Gallery) -> None:
    dialog = stand.open()
    card = dialog.shelves.cards[1]
    dialog.area.ensureWidgetVisible(card)
    stand.qtbot.mouseClick(card, LEFT, pos=QPoint(20, 20))
    assert dialog.isVisible()
    assert dialog.chosen is card
    assert dialog.details.text().replace("\u00a0", " ") == card.details != ""
    stand.qtbot.mouseDClick(card, LEFT, pos=QPoint(20, 20))
    assert not dialog.isVisible()
    stand.wait_for(IDS[1])


def test_the_button_opens_what_is_chosen(stand: Gallery) -> None:
    dialog = stand.open()
    assert not dialog.go.isEnabled()
    stand.qtbot.mouseClick(dialog.shelves.cards[1], LEFT, pos=QPoint(20, 20))
    stand.qtbot.mouseClick(dialog.go, LEFT)
    stand.wait_for(IDS[1])


def test_escape_closes_and_nothing_changes(stand: Gallery) -> None:
    before = stand.desk.editing.lesson
    dialog = stand.open()
    stand.key(Key.Key_Down)
    stand.key(Key.Key_Escape)
    assert not dialog.isVisible()
    assert stand.desk.editing.lesson is before


@pytest.mark.parametrize("words", ["rgb", "S21", "many kernels", "THREE channels"])
def test_the_search_finds_by_title_number_and_what_is_shown(stand: Gallery, words: str) -> None:
    dialog = stand.open()
    stand.qtbot.keyClicks(dialog.search, words)
    found = [card.lesson_id for card in dialog.shelves.found]
    assert "rgb" in found
    assert len(found) < len(IDS)
    assert dialog.chosen is dialog.shelves.found[0]


def test_enter_in_the_search_opens_the_first_that_is_found(stand: Gallery) -> None:
    dialog = stand.open()
    stand.qtbot.keyClicks(dialog.search, "horizontal")
    first = dialog.shelves.found[0].lesson_id
    stand.key(Key.Key_Return)
    assert not dialog.isVisible()
    stand.wait_for(first)


def test_a_search_without_an_answer_says_so(stand: Gallery) -> None:
    dialog = stand.open()
    stand.qtbot.keyClicks(dialog.search, "zebra")
    assert dialog.none.isVisible()
    assert "zebra" in dialog.none.text()
    assert not dialog.go.isEnabled()
    stand.key(Key.Key_Return)
    assert dialog.isVisible()


def test_letters_on_a_card_go_to_the_search(stand: Gallery) -> None:
    dialog = stand.open()
    stand.key(Key.Key_Down)
    stand.key(Key.Key_E)
    assert dialog.search.hasFocus()
    assert dialog.search.text() == "e"


def test_a_changed_lesson_is_asked_about_first(stand: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.desk.words.answer("caption", "Mine")
    mine = stand.desk.editing.lesson
    asked: list[str] = []

    def cancel(_parent: QWidget, name: str) -> str:
        asked.append(name)
        return "cancel"

    monkeypatch.setattr(ask, "confirm_save", cancel)
    dialog = stand.open()
    stand.qtbot.keyClicks(dialog.search, "horizontal")
    stand.key(Key.Key_Return)
    stand.qtbot.waitUntil(lambda: len(asked) == 1)
    assert stand.desk.editing.lesson is mine


def test_it_is_opened_once_and_brought_back(stand: Gallery) -> None:
    dialog = stand.open()
    show_gallery(stand.desk)
    assert stand.dialog(GalleryDialog) is dialog
    dialog.reject()
    again = stand.open()
    assert again is not dialog
    # The pictures were kept.
    assert stand.desk.preferences.gallery_shown
    stand.qtbot.waitUntil(lambda: not again.shelves.cards[0].picture.isNull())


def test_pictures_follow_the_theme(stand: Gallery) -> None:
    dialog = stand.open()
    card = dialog.shelves.cards[0]
    stand.desk.preferences.set_theme("light")
    stand.qtbot.waitUntil(lambda: not card.picture.isNull())
    stand.desk.preferences.set_theme("dark")
    stand.qtbot.waitUntil(lambda: card.picture.pixelColor(0, 0) == QColor(DARK.background or ""))


@pytest.mark.parametrize("size", [(420, 400), (1120, 740), (2400, 1400)])
def test_cards_never_overlap_or_leave_the_shelf(stand: Gallery, size: tuple[int, int]) -> None:
    dialog = stand.open()
    dialog.resize(*size)
    shelves = dialog.shelves
    stand.qtbot.waitUntil(lambda: shelves.width() <= dialog.area.viewport().width())
    places = [card.geometry() for card in shelves.cards]
    assert all(shelves.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[:n])
    assert all(260 <= place.width() <= 540 for place in places)


def test_it_grows_with_a_large_window_and_stays_on_the_screen(stand: Gallery) -> None:
    screen = stand.window.screen().availableSize()
    stand.window.resize(3000, 2000)
    dialog = stand.open()
    assert dialog.width() <= 0.9 * screen.width() + 1
    assert dialog.height() <= 0.9 * screen.height() + 1


def test_words_break_between_words_and_end_in_dots(stand: Gallery) -> None:
    metrics = stand.window.fontMetrics()
    text = "one two three four five six seven"
    assert in_lines(text, metrics, 10_000, 2) == [text]
    width = metrics.horizontalAdvance("one two three")
    lines = in_lines(text, metrics, width, 2)
    assert lines[0] == "one two three"
    assert lines[1].endswith("…")
    assert all(
        metrics.horizontalAdvance(line) <= metrics.horizontalAdvance("one two three") for line in lines
    )
    assert in_lines("", metrics, 100, 2) == []


def test_tools_and_resources_stand_in_the_help_menu(stand: Gallery) -> None:
    stand.desk.actions["help.reading"].trigger()
    shown = [d for d in stand.window.findChildren(ReadingDialog) if d.isVisible()]
    assert len(shown) == 1
    stand.qtbot.keyClick(shown[0], Key.Key_Escape)


@pytest.mark.parametrize(
    ("files", "shown_before", "screenshot", "want"),
    [
        ((), False, None, True),
        ((), True, None, False),
        (("rgb",), False, None, False),
        ((), False, "window.png", False),
    ],
)
def test_the_first_start_shows_it_unless_something_was_asked_for(
    files: tuple[str, ...], shown_before: bool, screenshot: str | None, want: bool, qtbot: QtBot
) -> None:
    app.make_application()
    desk = app.build(*start_with(files))
    if shown_before:
        desk.preferences.set_gallery_shown()
    assert app.is_first_start(desk, files, screenshot) is want
    desk.window.leave()
    desk.window.deleteLater()
