"""The shelves of the gallery: cards in rows under headings, as many beside each other as the width allows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from cnnviz.paint.fonts import font
from cnnviz.scene.primitives import Weight
from cnnviz.views.lesson_card import LessonCard, card_height

LEAST_WIDTH = 260
"""A card is never narrower, except where the shelf itself is."""
ROOMY_WIDTH, MOST_COLUMNS = 400, 5
"""On a large screen cards grow to this width before there are more than five beside each other."""
GAP = 16
HEADING_PX = 18
HEADING = 40
"""Height of a heading with the space under it."""


class Shelves(QWidget):
    """Groups of cards, laid out for the width it gets; arrows go from card to card as they lie.

    Parameters
    ----------
    groups : sequence of (heading, cards as (id, title, systems, details))

    Signals
    -------
    opened : str
        The id of a lesson.
    chosen : LessonCard
        The card that has the keyboard now.
    left
        Up was pressed in the first row.
    typed : str
        A letter was typed on a card.
    """

    opened = Signal(str)
    chosen = Signal(object)
    left = Signal()
    typed = Signal(str)

    def __init__(self, groups: Sequence[tuple[str, Sequence[tuple[str, str, str, str]]]]) -> None:
        super().__init__()
        self._groups: list[tuple[QLabel, list[LessonCard]]] = []
        for heading, lessons in groups:
            self._groups.append((self._heading(heading), [self._card(*lesson) for lesson in lessons]))
        for card in self.cards[:1]:
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def cards(self) -> list[LessonCard]:
        """Every card in its order."""
        return [card for _, cards in self._groups for card in cards]

    @property
    def found(self) -> list[LessonCard]:
        """The cards that the search left."""
        return [card for card in self.cards if not card.isHidden()]

    def narrow(self, search: str) -> None:
        """Show only cards that have every word of the search."""
        words = search.lower().split()
        for heading, cards in self._groups:
            for card in cards:
                card.setVisible(all(word in card.words for word in words))
            heading.setVisible(any(not card.isHidden() for card in cards))
        self._arrange()

    def heightForWidth(self, width: int) -> int:
        return self._places(width)[1]

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, self.heightForWidth(max(self.width(), LEAST_WIDTH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # Building

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(font(HEADING_PX, Weight.BOLD))
        return label

    def _card(self, lesson_id: str, title: str, systems: str, details: str) -> LessonCard:
        card = LessonCard(lesson_id, title, systems, details, self)
        # One stop for Tab: the card that had the keyboard last; arrows go on from there.
        card.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        card.opened.connect(lambda: self.opened.emit(lesson_id))
        card.focused.connect(lambda: self._take(card))
        card.moved.connect(lambda key: self._go(card, Qt.Key(key)))
        card.typed.connect(self.typed)
        return card

    def _take(self, card: LessonCard) -> None:
        for other in self.cards:
            policy = Qt.FocusPolicy.StrongFocus if other is card else Qt.FocusPolicy.ClickFocus
            other.setFocusPolicy(policy)
        self.chosen.emit(card)

    # Layout

    def _arrange(self) -> None:
        places, height = self._places(self.width())
        for widget, place in places:
            widget.setGeometry(place)
        self.setMinimumHeight(height)

    def _places(self, width: int) -> tuple[list[tuple[QWidget, QRect]], int]:
        """Where each visible heading and card goes, and how tall all are together."""
        least = min(max(LEAST_WIDTH, width // MOST_COLUMNS - GAP), ROOMY_WIDTH)
        columns = max(1, (width + GAP) // (least + GAP))
        wide = (width - GAP * (columns - 1)) // columns
        tall, y = card_height(wide), 0
        places: list[tuple[QWidget, QRect]] = []
        for heading, cards in self._groups:
            shown = [card for card in cards if not card.isHidden()]
            if not shown:
                continue
            places.append((heading, QRect(0, y, width, HEADING)))
            y += HEADING
            for number, card in enumerate(shown):
                row, column = divmod(number, columns)
                places.append((card, QRect(column * (wide + GAP), y + row * (tall + GAP), wide, tall)))
            y += -(-len(shown) // columns) * (tall + GAP) + GAP // 2
        return places, max(y - GAP, 0)

    # Keys

    def _go(self, card: LessonCard, key: Qt.Key) -> None:
        target = next_card(self.found, card, key)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_Up:
            self.left.emit()


def next_card(cards: Sequence[LessonCard], card: LessonCard, key: Qt.Key) -> LessonCard | None:
    """The card that a key leads to: beside in reading order, or the nearest one in the row above or below."""
    at = cards.index(card)
    match key:
        case Qt.Key.Key_Left:
            return cards[at - 1] if at else None
        case Qt.Key.Key_Right:
            return cards[at + 1] if at + 1 < len(cards) else None
        case Qt.Key.Key_Home:
            return cards[0]
        case Qt.Key.Key_End:
            return cards[-1]
    down = key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
    middle = card.geometry().center()
    tops = sorted({c.y() for c in cards if (c.y() > card.y() if down else c.y() < card.y())})
    if not tops:
        return None
    row = [c for c in cards if c.y() == (tops[0] if down else tops[-1])]
    return min(row, key=lambda c: _apart(c.geometry().center(), middle))


def _apart(one: QPoint, other: QPoint) -> int:
    return abs(one.x() - other.x())
