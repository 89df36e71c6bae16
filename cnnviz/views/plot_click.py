"""A plot that says where the pointer is and where it was clicked, in the numbers of its axes."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

FARTHEST = 4
"""Pixels between press and release up to which it is a click, and no drag of the plot."""
NEAR = 12
"""Pixels up to which the pointer is at a curve."""


class WholeAxis(pg.AxisItem):
    """An axis of iterations: there is none at a half."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N802, N803  # its names
        """The steps of its ticks, from large to small, each with where they begin."""
        found = super().tickSpacing(minVal, maxVal, size)
        return [(step, start) for step, start in found if step >= 1] or [(1.0, 0.0)]


class ClickablePlot(pg.PlotWidget):
    """A plot whose curves can be pointed at and clicked, and that is dragged and zoomed with the wheel.

    Signals
    -------
    clicked, pointed : x, y, reach x, reach y
        Where on the axes, and how much of each `NEAR` pixels are.
    left
        The pointer is in no plot any more.
    """

    clicked = Signal(float, float, float, float)
    pointed = Signal(float, float, float, float)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, axisItems={"bottom": WholeAxis("bottom")})
        # A menu is made all the same, and belongs to nobody: it goes with the plot.
        menu = self.plotItem.ctrlMenu
        menu.setParent(self, menu.windowFlags())
        self._pressed: QPointF | None = None
        # Tab passes by: all that the plots can do stands in the menu.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self._say(self.pointed, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (event.position() - pressed).manhattanLength() <= FARTHEST:
            self._say(self.clicked, event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _say(self, signal: object, position: QPointF) -> None:
        spot = self.mapToScene(position.toPoint())
        box = self.plotItem.vb
        if box.sceneBoundingRect().contains(spot):
            at, (across, up) = box.mapSceneToView(spot), box.viewPixelSize()
            signal.emit(at.x(), at.y(), NEAR * across, NEAR * up)  # type: ignore[attr-defined]  # a bound signal has no type
        else:
            self.left.emit()
