"""One lesson of the gallery: its picture, title, what it shows and its first sentence, as a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from cnnviz.paint.fonts import font
from cnnviz.scene.primitives import Weight
from cnnviz.views.painting import painting

ASPECT = 0.46
"""Height of the picture by its width."""
EDGE = 12
GAP = 4
RADIUS = 8
TITLE_PX, TEXT_PX = 15, 13
LINES = 3
"""Of title and sentence together: a title over two lines leaves one to the sentence."""
RING = 2.0

_Role = QPalette.ColorRole
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_JUMPS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def card_height(width: int) -> int:
    """How tall a card of that width is."""
    title, text = QFontMetrics(_title_font()), QFontMetrics(font(TEXT_PX))
    # Title, sentence and one line for the systems; of the first three lines two may be the title's.
    words = 2 * title.lineSpacing() + (LINES - 1) * text.lineSpacing() + 2 * GAP
    return round(width * ASPECT) + words + 2 * EDGE


def in_lines(text: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Break a text between words into so many lines; the last one ends in "…" where it does not fit."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and metrics.horizontalAdvance(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if words:
        lines.append(" ".join(words))
    # Widths are rounded, so a line that just fits may count as a pixel too wide.
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width + 1) for line in lines]


class LessonCard(QAbstractButton):
    """A click chooses it, a double click or Enter opens it.

    Signals
    -------
    opened
    focused
        It has the keyboard now.
    moved : int
        An arrow, Home, End or a page key was pressed on it.
    typed : str
        A letter was typed on it, which belongs to the search.
    """

    opened = Signal()
    focused = Signal()
    moved = Signal(int)
    typed = Signal(str)

    def __init__(self, lesson_id: str, title: str, systems: str, details: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.lesson_id = lesson_id
        self._systems = systems
        self._details = details
        self._summary = ""
        self._picture = QImage()
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._describe()

    @property
    def words(self) -> str:
        """All that a search looks through."""
        return f"{self.lesson_id} {self.text()} {self._systems} {self._details} {self._summary}".lower()

    @property
    def picture(self) -> QImage:
        """The picture that is shown; a null image until it is painted."""
        return self._picture

    @property
    def details(self) -> str:
        """What the lesson shows, in words."""
        return self._details

    def show_lesson(self, picture: QImage, summary: str) -> None:
        """Show the picture and the first sentence."""
        self._picture, self._summary = picture, summary
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, card_height(320))

    # Keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (*_ARROWS, *_JUMPS):
            self.moved.emit(int(key))
        elif event.text().isprintable() and event.text().strip() and not held:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.setChecked(True)
            self.focused.emit()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self, smooth=True) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            colors, whole = self.palette(), self.rect()
            inner = whole.toRectF().adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2)
            shape = QPainterPath()
            shape.addRoundedRect(inner, RADIUS, RADIUS)
            painter.fillPath(shape, colors.color(_Role.Base))
            top = QRect(0, 0, whole.width(), round(whole.width() * ASPECT))
            painter.save()
            painter.setClipPath(shape)
            if self._picture.isNull():
                painter.fillRect(top, colors.color(_Role.Window))
            else:
                painter.drawImage(top, self._picture)
            painter.setPen(colors.color(_Role.Midlight))
            painter.drawLine(top.bottomLeft(), top.bottomRight())
            painter.restore()
            self._paint_words(
                painter, QRect(0, top.bottom() + 1, whole.width(), whole.height() - top.height())
            )
            chosen, near = self.isChecked(), self.underMouse()
            edge = _Role.Highlight if chosen else (_Role.Dark if near else _Role.Mid)
            painter.setPen(QPen(colors.color(edge), RING if chosen else 1.0))
            painter.drawPath(shape)

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        colors, area = self.palette(), area.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        title = in_lines(self.text(), QFontMetrics(_title_font()), area.width(), LINES - 1)
        text = in_lines(self._summary, QFontMetrics(font(TEXT_PX)), area.width(), LINES - len(title))
        y = _draw(painter, title, _title_font(), colors.color(_Role.Text), area.topLeft())
        _draw(painter, text, font(TEXT_PX), colors.color(_Role.Text), QPoint(area.left(), y + GAP))
        # What it shows stands at the bottom, whether the sentence above is long or short.
        metrics = QFontMetrics(font(TEXT_PX))
        bottom = QPoint(area.left(), area.bottom() + 1 - metrics.lineSpacing())
        systems = in_lines(self._systems, metrics, area.width(), 1)
        _draw(painter, systems, font(TEXT_PX), colors.color(_Role.PlaceholderText), bottom)

    def _describe(self) -> None:
        self.setAccessibleDescription(" ".join(part for part in (self._summary, self._details) if part))
        self.setToolTip(self._details)


def _title_font() -> QFont:
    return font(TITLE_PX, Weight.BOLD)


def _draw(painter: QPainter, lines: list[str], face: QFont, ink: QColor, at: QPoint) -> int:
    """Draw lines of text one under the other; where the next one would stand."""
    painter.setFont(face)
    painter.setPen(ink)
    metrics, y = painter.fontMetrics(), at.y()
    for line in lines:
        painter.drawText(at.x(), y + metrics.ascent(), line)
        y += metrics.lineSpacing()
    return y
