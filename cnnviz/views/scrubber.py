"""The scrubber: a bar for any number of steps, with the sections as named ticks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cnnviz.paint.fonts import font
from cnnviz.timeline.transport import TransportState
from cnnviz.views.painting import painting
from cnnviz.views.section_names import Placed, placed

NAME_PX = 11
BAR = 6
KNOB = 12
EDGE = 8
"""Room at both ends, so that the knob is never cut."""
MARK = 6
"""Pixels from the bar down to the line between the marks."""
CLOSEST = 5
"""Pixels from one tick to the next, at least on average."""
NOTCH = 120
TEN = 10


class Scrubber(QWidget):
    """Painted, because a slider's value ends at 2³¹ and lessons do not.

    Signals
    -------
    seek_requested : int
        The step to go to, 0-based.
    """

    seek_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = TransportState(0, 1)
        self._reach: int | None = None
        self._wheel = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Step"))

    def show_state(self, state: TransportState) -> None:
        """Show where the player stands."""
        self._state = state
        if not state.playing:  # else it would be read out at every step
            self.setAccessibleDescription(self.value_text())
        self.update()

    def show_reach(self, reach: int | None) -> None:
        """Show up to which step all is computed, in a tone of its own; None where all is."""
        if reach != self._reach:
            self._reach = reach
            self.update()

    def value_text(self) -> str:
        """The step in words, for a screen reader."""
        index, marks = self._state.index, self._state.marks
        text = self.tr("{index} of {count}, {section}").format(
            index=index + 1, count=self._state.count, section=self._section(index)
        )
        text = text.rstrip(", ")
        if marks is not None:
            told = self.tr("marked from {first} to {last}").format(first=marks[0] + 1, last=marks[-1] + 1)
            text += f", {told}"
        return text

    # Geometry

    def sizeHint(self) -> QSize:
        return QSize(240, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 36)

    def x_of(self, index: int) -> float:
        """Where a step lies, in pixels."""
        last = max(self._state.count - 1, 1)
        return EDGE + (self.width() - 2 * EDGE) * (index / last)

    def index_at(self, x: float) -> int:
        """The step at a place, in pixels."""
        part = (x - EDGE) / max(self.width() - 2 * EDGE, 1)
        return self._clamped(round(min(max(part, 0.0), 1.0) * (self._state.count - 1)))

    def names(self, metrics: QFontMetrics) -> list[Placed]:
        """The names of sections as far as they have room, that of the step first and whole."""
        index, here = self._state.index, self._at(self._state.index)
        first, sections = 0, self._state.sections
        if not self._fits(sections):  # they are too many to be named
            first, sections = max(here, 0), sections[max(here, 0) : here + 1]
        lefts = [self.x_of(start) + (4 if start else 0) for start, _ in sections]
        names = [self._section(index) if n == here else name for n, (_, name) in enumerate(sections, first)]
        return placed(names, lefts, here - first, self.width(), metrics)

    def ticks(self) -> list[int]:
        """Where sections begin, or iterations, unless they are so many that their ticks would hide the bar."""
        if self._fits(self._state.sections):
            return [start for start, _ in self._state.sections[1:]]
        return self.iteration_ticks()

    def iteration_ticks(self) -> list[int]:
        """Where iterations begin."""
        starts = self._state.iterations[1:]
        return list(starts) if self._fits(starts) else []

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(self.index_at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        self._wheel -= delta.y() or delta.x()
        steps = int(self._wheel / NOTCH)
        self._wheel -= steps * NOTCH
        if steps:
            self._seek(self._state.index + steps)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self._state.index
        targets = {
            Qt.Key.Key_Left: index - 1,
            Qt.Key.Key_Right: index + 1,
            Qt.Key.Key_Up: index - TEN,
            Qt.Key.Key_Down: index + TEN,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._state.count - 1,
        }
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or key not in targets:
            super().keyPressEvent(event)
            return
        self._seek(targets[key])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.index_at(event.pos().x())
            name = self._section(index)
            QToolTip.showText(event.globalPos(), f"{index + 1} · {name}" if name else str(index + 1), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self, smooth=True) as painter:
            bar = QRectF(EDGE, self.height() - 14 - BAR / 2, self.width() - 2 * EDGE, BAR)
            self._paint_bar(painter, bar)
            self._paint_marks(painter, bar)
            self._paint_sections(painter, bar)
            self._paint_knob(painter, bar)

    # Helpers

    def _seek(self, index: int) -> None:
        index = self._clamped(index)
        if index != self._state.index:
            self.seek_requested.emit(index)

    def _clamped(self, index: int) -> int:
        return min(max(index, 0), self._state.count - 1)

    def _fits(self, starts: Sequence[object]) -> bool:
        """Whether ticks at so many places leave the bar to be seen."""
        return len(starts) * CLOSEST <= self.width()

    def _section(self, index: int) -> str:
        """What a step is part of, with its iteration where there are several."""
        at, iterations = self._at(index), self._state.iterations
        name = self._state.sections[at][1] if at >= 0 else ""
        if name and len(iterations) > 1 and index < iterations.stop:
            number = index // iterations.step + 1
            name = self.tr("{section}, iteration {number}").format(section=name, number=number)
        return name

    def _at(self, index: int) -> int:
        """The number of the section that a step lies in; −1 for none."""
        return bisect_right(self._state.sections, index, key=lambda section: section[0]) - 1

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        colors = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        if self._reach is not None:
            computed = QRectF(bar)
            computed.setRight(self.x_of(min(self._reach, self._state.count - 1)))
            painter.setBrush(colors.color(QPalette.ColorRole.PlaceholderText))
            painter.drawRoundedRect(computed, BAR / 2, BAR / 2)
        done = QRectF(bar)
        done.setRight(self.x_of(self._state.index))
        painter.setBrush(colors.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(done, BAR / 2, BAR / 2)

    def _paint_marks(self, painter: QPainter, bar: QRectF) -> None:
        """Brackets under the bar around the steps that are played and exported."""
        marks = self._state.marks
        if marks is None:
            return
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
        left, right = self.x_of(marks[0]), self.x_of(marks[-1])
        bottom = bar.bottom() + MARK
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
        for x in (left, right):
            painter.drawLine(QPointF(x, bar.top() - 1), QPointF(x, bottom))

    def _paint_sections(self, painter: QPainter, bar: QRectF) -> None:
        colors = self.palette()
        painter.setFont(font(NAME_PX))
        painter.setPen(QPen(colors.color(QPalette.ColorRole.PlaceholderText), 1))
        longer = set(self.iteration_ticks())
        for start in self.ticks():
            x = round(self.x_of(start))
            below = MARK if start in longer else 3
            painter.drawLine(x, round(bar.top()) - 4, x, round(bar.bottom()) + below)
        for left, name, here in self.names(painter.fontMetrics()):
            role = QPalette.ColorRole.WindowText if here else QPalette.ColorRole.PlaceholderText
            painter.setPen(colors.color(role))
            room = QRectF(left, 0, self.width() - left, bar.top() - 3)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)

    def _paint_knob(self, painter: QPainter, bar: QRectF) -> None:
        colors = self.palette()
        knob = QRectF(0, 0, KNOB, KNOB)
        knob.moveCenter(bar.center())
        knob.moveLeft(self.x_of(self._state.index) - KNOB / 2)
        painter.setPen(QPen(colors.color(QPalette.ColorRole.Base), 2))
        painter.setBrush(colors.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setPen(QPen(colors.color(QPalette.ColorRole.WindowText), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(knob.adjusted(-2, -2, 2, 2))
