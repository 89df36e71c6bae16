"""An editor that opens over words of the stage: the lesson's title, a section's title, its story line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cnnviz.paint.fonts import font
from cnnviz.scene.primitives import Align, Box, Scene, Text
from cnnviz.views.keys import belongs_to_form, is_override

KEYS: dict[str, str] = {"title": "lesson", "section": "title", "story": "caption", "caption": "caption"}
"""Which words a text of the stage shows, by its key."""

ORDER = ("caption", "title", "lesson")
"""The way Tab takes from editor to editor."""

SMALLEST_TEXT = 13
LEAST_WIDTH = 240
MOST_LINES = 6
PADDING = 10
_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}


def place_at(scene: Scene, x: float, y: float) -> str | None:
    """Which editable words lie under a point: ``lesson``, ``title`` or ``caption``."""
    for text in _texts(scene):
        if text.box.holds(x, y):
            return KEYS[text.key]
    return None


def text_of(scene: Scene, place: str) -> Text | None:
    """The text of the stage that shows those words; the story line before the computed caption."""
    found = [text for text in _texts(scene) if KEYS[text.key] == place]
    return min(found, key=lambda text: text.key != "story", default=None)


def _texts(scene: Scene) -> list[Text]:
    return [p for p in scene.primitives() if isinstance(p, Text) and p.key in KEYS]


class WordsEdit(QPlainTextEdit):
    """Hidden until it is opened; Enter or a click elsewhere takes the words, Esc leaves them, Tab goes on.

    Signals
    -------
    words_edited : str, str
        The place and its new words; not said where nothing was changed.
    next_requested : str
        The place to edit next.
    """

    words_edited = Signal(str, str)
    next_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = ""
        self._before = ""
        self._box = QRect()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)
        self._names = {
            "lesson": self.tr("Title of the lesson"),
            "title": self.tr("Title of the section"),
            "caption": self.tr("Story line of the section"),
        }
        self.setAccessibleName(self.tr("Words"))
        self.hide()

    def open_at(self, shown: Text, place: str, words: str) -> None:
        """Show the editor over a text of the stage, its words selected."""
        self._place, self._before = place, words
        self._box = _rect(shown.box)
        self.setFont(font(max(round(shown.size), SMALLEST_TEXT)))
        self.document().setDefaultTextOption(QTextOption(_ALIGN[shown.align]))
        self.setAccessibleName(self._names[place])
        self.setPlaceholderText(self._names[place])
        self.setPlainText(words)
        self.selectAll()
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        """Hide, give the focus back to the stage, and take the words."""
        had_focus = self.hasFocus()
        self.hide()
        parent = self.parentWidget()
        if had_focus and parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
        # Last, because words that are refused open the editor again.
        self._take()

    def event(self, event: QEvent) -> bool:
        if is_override(event) and (belongs_to_form(event) or event.key() == Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.shut()
        elif key == Qt.Key.Key_Escape:
            self._before = self.toPlainText()
            self.shut()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            place = ORDER[(ORDER.index(self._place) + step) % len(ORDER)]
            self._take()
            self.next_requested.emit(place)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab is a key of the editor.
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.shut()

    def _take(self) -> None:
        words = self.toPlainText()
        if words != self._before:
            self._before = words
            self.words_edited.emit(self._place, words)

    def _fit(self) -> None:
        """As tall as the words, up to some lines, and within the stage."""
        parent = self.parentWidget()
        if parent is None or not self._place:
            return
        width = min(max(self._box.width(), LEAST_WIDTH), parent.width())
        metrics, room = self.fontMetrics(), QRect(0, 0, width - 2 * PADDING, 0)
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.toPlainText() or " ")
        height = min(words.height(), MOST_LINES * metrics.lineSpacing()) + PADDING
        place = QRect(0, 0, width, min(height, parent.height()))
        place.moveCenter(self._box.center())
        place.moveLeft(max(0, min(place.left(), parent.width() - place.width())))
        place.moveTop(max(0, min(place.top(), parent.height() - place.height())))
        self.setGeometry(place)


def _rect(box: Box) -> QRect:
    return QRect(round(box.x), round(box.y), round(box.w), round(box.h))
