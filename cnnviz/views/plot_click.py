"""A plot that says where it was clicked, in the numbers of its axis."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

FARTHEST = 4
"""Pixels between press and release up to which it is a click, and no drag of the plot."""


class ClickablePlot(pg.PlotWidget):
    """A plot whose curves can be clicked, dragged and zoomed with the wheel.

    Signals
    -------
    clicked : float
        Where on the lower axis.
    """

    clicked = Signal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        # A menu is made all the same, and belongs to nobody: it goes with the plot.
        menu = self.plotItem.ctrlMenu
        menu.setParent(self, menu.windowFlags())
        self._pressed: QPointF | None = None
        # Tab passes by: all that the plots can do stands in the menu.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or (event.position() - pressed).manhattanLength() > FARTHEST:
            return
        spot = self.mapToScene(event.position().toPoint())
        box = self.plotItem.vb
        if box.sceneBoundingRect().contains(spot):
            self.clicked.emit(box.mapSceneToView(spot).x())
