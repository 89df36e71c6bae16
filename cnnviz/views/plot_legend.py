"""The names of the tracks beside a sample of their line, in rows above the plots."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnnviz.views.painting import painting

SAMPLE = 22
GAP = 6
EDGE = 8


class PlotLegend(QWidget):
    """Painted rather than made of labels, so that it is drawn into exported pictures as it is.

    Signals
    -------
    pointed : int
        The number of the name under the pointer, -1 where there is none.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, QPen], ...] = ()
        self._at = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[tuple[str, QPen]]) -> None:
        """Show names and the pens that their curves are drawn with; one alone needs no name."""
        self._lines = tuple(lines) if len(lines) > 1 else ()
        self.setAccessibleName(", ".join(name for name, _ in self._lines))
        self._fit()
        self.update()

    def names(self) -> tuple[str, ...]:
        """What it says."""
        return tuple(name for name, _ in self._lines)

    def sizeHint(self) -> QSize:
        return QSize(0, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position()
        self._point(next((n for n, box in enumerate(self._boxes()) if box.contains(spot)), -1))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def _point(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.pointed.emit(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self, smooth=True) as painter:
            ink = self.palette().color(QPalette.ColorRole.WindowText)
            for (name, pen), box in zip(self._lines, self._boxes(), strict=True):
                painter.setPen(pen)
                painter.drawLine(
                    QPointF(box.left(), box.center().y()), QPointF(box.left() + SAMPLE, box.center().y())
                )
                painter.setPen(ink)
                room = box.adjusted(SAMPLE + GAP, 0, 0, 0)
                text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _fit(self) -> None:
        boxes = self._boxes()
        self.setFixedHeight(round(boxes[-1].bottom()) + 2 if boxes else 0)

    def _boxes(self) -> list[QRectF]:
        """Where each name stands: from left to right, in another row when one is full."""
        metrics, widest = self.fontMetrics(), max(self.width() - 2 * EDGE, SAMPLE + GAP + 20)
        boxes, x, y = [], 0, 0
        for name, _ in self._lines:
            width = min(SAMPLE + GAP + metrics.horizontalAdvance(name), widest)
            if x and x + width > widest:
                x, y = 0, y + metrics.height()
            boxes.append(QRectF(EDGE + x, y, width, metrics.height()))
            x += width + 2 * GAP
        return boxes
