"""The gallery: the lessons that ship, with pictures, to be searched and opened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cnnviz.files.systems import systems_in_short
from cnnviz.views.dialogs import EDGE
from cnnviz.views.forms import GAP
from cnnviz.views.lesson_card import LessonCard
from cnnviz.views.look import plain
from cnnviz.views.search_field import search_field
from cnnviz.views.shelves import LEAST_WIDTH, Shelves

SIZE = QSize(1120, 740)
SHARE = 0.8
"""Of a large window the gallery takes so much of each side."""
BETWEEN = " · "
"""Stands between the parts of a lesson's details."""
PICTURE_WIDTH = 400
"""Pictures are painted for cards this wide, in logical pixels, and scaled to those of the window."""


class Lesson(Protocol):
    """What is asked of an entry."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def systems(self) -> tuple[str, ...]: ...


class GalleryDialog(QDialog):
    """Lessons in teaching order under the headings of their groups.

    Parameters
    ----------
    lessons : sequence
        With id, title, group and systems.
    details : sequence of str
        What each of them shows, in words.

    Signals
    -------
    lesson_requested : str
        The id of a lesson; the dialog is closed by then.
    pictures_requested : int
        So many device pixels wide; `show_lesson` takes them one by one.
    """

    lesson_requested = Signal(str)
    pictures_requested = Signal(int)

    def __init__(
        self, lessons: Sequence[Lesson], details: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Lessons"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.search = search_field(
            self.tr("Search lessons"), self.tr("Search titles, notes and what is shown")
        )
        self.shelves = Shelves(_groups(lessons, details))
        self.details = QLabel()
        self.none = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.go = self.buttons.addButton(self.tr("&Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        plain(self.buttons)
        self._chosen: LessonCard | None = None
        self._by_id = {card.lesson_id: card for card in self.shelves.cards}
        self._lay_out()
        self._connect()
        self.resize(_fitting(parent))

    # What is shown

    def show_lesson(self, lesson_id: str, picture: QImage, summary: str) -> None:
        """Show the picture and the first sentence of a lesson."""
        self._by_id[lesson_id].show_lesson(picture, summary)

    @property
    def chosen(self) -> LessonCard | None:
        """The lesson that Open would open."""
        return self._chosen

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_pictures()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._ask_pictures()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down go from the search to the lessons, and Enter open the first one that was found."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
                self._enter()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open()
                return True
        return super().eventFilter(watched, event)

    # Building

    def _lay_out(self) -> None:
        self.search.installEventFilter(self)
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.none.setTextFormat(Qt.TextFormat.PlainText)
        self.none.hide()
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.details.setMinimumHeight(2 * self.details.fontMetrics().lineSpacing())
        self.area = QScrollArea()
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setMinimumSize(LEAST_WIDTH + 40, 240)
        self.area.setWidget(self.shelves)
        self.go.setEnabled(False)
        below = QHBoxLayout()
        below.setSpacing(EDGE)
        below.addWidget(self.details, 1)
        below.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(GAP + 4)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.area, 1)
        column.addLayout(below)
        # Only now does the dialog know its buttons.
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        self.go.setDefault(True)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.shelves.opened.connect(self._ask)
        self.shelves.chosen.connect(self._choose)
        self.shelves.left.connect(self.search.setFocus)
        self.shelves.typed.connect(self._search_on)
        self.go.clicked.connect(self._open)
        self.buttons.rejected.connect(self.reject)

    # What happens

    def _ask_pictures(self) -> None:
        self.pictures_requested.emit(math.ceil(PICTURE_WIDTH * self.devicePixelRatioF()))

    def _narrow(self, search: str) -> None:
        self.shelves.narrow(search)
        found = self.shelves.found
        self.none.setText(self.tr("No lesson has “{words}”.").format(words=search))
        self.none.setVisible(not found)
        if self._chosen not in found:
            self._choose(found[0] if found else None)

    def _choose(self, card: LessonCard | None) -> None:
        self._chosen = card
        self.go.setEnabled(card is not None)
        # What belongs together is not broken.
        parts = [] if card is None else card.details.split(BETWEEN)
        self.details.setText(BETWEEN.join(part.replace(" ", "\u00a0") for part in parts))
        if card is not None:
            card.setChecked(True)
            self.area.ensureWidgetVisible(card, 0, GAP)

    def _enter(self) -> None:
        found = self.shelves.found
        if found:
            card = self._chosen if self._chosen in found else found[0]
            assert card is not None
            card.setFocus(Qt.FocusReason.TabFocusReason)

    def _search_on(self, letter: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.insert(letter)

    def _open(self) -> None:
        if self._chosen is not None:
            self._ask(self._chosen.lesson_id)

    def _ask(self, lesson_id: str) -> None:
        self.accept()
        self.lesson_requested.emit(lesson_id)


def _fitting(parent: QWidget | None) -> QSize:
    """A size that goes with the window it belongs to, and onto the screen."""
    size = SIZE if parent is None else SIZE.expandedTo(parent.size() * SHARE)
    screen = QGuiApplication.primaryScreen() if parent is None else parent.screen()
    return size.boundedTo(screen.availableSize() * 0.9)


def _groups(
    lessons: Sequence[Lesson], details: Sequence[str]
) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """The lessons under their headings; a heading that comes again later continues the first."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for lesson, words in zip(lessons, details, strict=True):
        card = (lesson.id, lesson.title, systems_in_short(lesson.systems), words)
        found.setdefault(lesson.group, []).append(card)
    return list(found.items())
