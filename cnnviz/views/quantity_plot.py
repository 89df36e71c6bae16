"""The plot of one quantity over the iterations: its curves, a line at the playhead, a title that tells a number."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from cnnviz.paint.fonts import font
from cnnviz.scene.theme import Theme
from cnnviz.timeline.learning_curves import LearningCurve, Near, Quantity, drawable, near
from cnnviz.views.plot_click import ClickablePlot

PEN_WIDTH = 2
AXIS_WIDTH = 48
"""Alike in all plots, so that their iterations stand one below the other."""
LOWEST = 60
TITLE_PX = 11
HALF, RIGHT = 6, 12
"""Around a plot: of a number at the end of an axis half stands out, up, down or to the right."""
EDGE = 8
DOT = 9
BACK = 0.3
"""So clear are the other curves while one is pointed at."""
SHARES = (-0.05, 1.05)
"""What an axis of shares shows, so that a line at 0 or 1 is seen whole."""
SPARSE = 0.5
"""Of the numbers beside an axis: these plots are low."""


class QuantityPlot(ClickablePlot):
    """One plot, and the label above it.

    Signals
    -------
    iteration_requested : int
        A click at a curve: the iteration there.
    track_pointed : int
        The number of the track whose curve is under the pointer, -1 where there is none.
    """

    iteration_requested = Signal(object)
    track_pointed = Signal(int)

    def __init__(self, quantity: Quantity, name: str, tested: str = "") -> None:
        """``tested`` is its name where it is known of pictures that are never learned from."""
        super().__init__()
        self._quantity, self._names = quantity, (name, tested or name)
        self._name = name
        self._curves: tuple[LearningCurve, ...] = ()
        self._pens: list[QPen] = []
        self._lines: list[pg.PlotDataItem] = []
        self._asked_logarithmic = False
        self.title = QLabel(name)
        self.title.setIndent(EDGE)
        self.title.setFont(font(TITLE_PX))
        # What is pointed at is told there, however narrow the panel is.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head = pg.InfiniteLine(0, angle=90)
        self._dot = pg.ScatterPlotItem(size=DOT, brush=None)
        self._prepare()
        self.clicked.connect(lambda *spot: self._go(self._near(*spot)))
        self.pointed.connect(lambda *spot: self._tell(self._near(*spot)))
        self.left.connect(lambda: self._tell(None))

    def _prepare(self) -> None:
        """A low plot over iterations, without pyqtgraph's buttons."""
        self.setAccessibleName(self._name)
        self.setMinimumHeight(LOWEST)
        plot = self.plotItem
        plot.hideButtons()
        plot.setContentsMargins(0, HALF, RIGHT, HALF)
        plot.getAxis("left").setWidth(AXIS_WIDTH)
        plot.getAxis("left").setTickDensity(SPARSE)
        plot.getAxis("left").setStyle(maxTickLevel=1)
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        plot.vb.setLimits(xMin=-1, minXRange=2)
        self._head.setZValue(10)
        plot.addItem(self._head, ignoreBounds=True)
        self._dot.setZValue(11)
        plot.vb.addItem(self._dot, ignoreBounds=True)

    @property
    def of_shares(self) -> bool:
        """Whether its values lie from 0 to 1."""
        return self._quantity == "accuracy"

    @property
    def _logarithmic(self) -> bool:
        return self._asked_logarithmic and not self.of_shares

    def show_curves(self, curves: tuple[LearningCurve, ...]) -> None:
        """Take the curves as far as they go now; `make_lines` came before, where they are others."""
        self._curves = curves
        for curve, line in zip(curves, self._lines, strict=True):
            line.setData(*drawable(*curve.points(self._quantity), self._logarithmic))

    def make_lines(self, pens: Sequence[QPen], on_others: bool) -> None:
        """A line for each track; ``on_others`` says whether pictures are tested that are never learned from."""
        for line in self._lines:
            self.plotItem.removeItem(line)
        self._pens = list(pens)
        self._lines = [self.plotItem.plot(pen=pen) for pen in pens]
        self._name = self._names[on_others]
        self.title.setText(self._name)

    def bring_forward(self, track: int) -> None:
        """Let the curve of a track come forward, and the others step back; none with -1."""
        for number, (line, pen) in enumerate(zip(self._lines, self._pens, strict=True)):
            line.setPen(pen if track < 0 else _forward(pen) if number == track else _back(pen))
            line.setZValue(int(number == track))

    def show_iteration(self, iteration: int) -> None:
        """Put the line of the playhead there."""
        self._head.setValue(iteration)

    def set_logarithmic(self, on: bool) -> None:
        """Let powers of ten be equally far apart; shares stay as they are."""
        self._asked_logarithmic = on
        self.plotItem.setLogMode(False, self._logarithmic)
        self.show_curves(self._curves)

    def fit(self) -> None:
        """Show all of every curve, also as they grow."""
        self.plotItem.enableAutoRange(x=True, y=not self.of_shares)
        if self.of_shares:
            self.plotItem.vb.setRange(yRange=SHARES)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme: these plots follow no palette."""
        text, line = QColor(theme.text), QColor(theme.muted)
        self.setBackground(QColor(theme.surface))
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(pg.mkPen(line))
            axis.setTextPen(pg.mkPen(text))
            axis.setStyle(tickFont=font(TITLE_PX))
        self._head.setPen(pg.mkPen(QColor(theme.accent), width=PEN_WIDTH))
        self._dot.setPen(pg.mkPen(text, width=PEN_WIDTH))

    def _near(self, x: float, y: float, across: float, up: float) -> Near | None:
        return near(self._curves, self._quantity, (x, y), (across, up), self._logarithmic)

    def _go(self, point: Near | None) -> None:
        if point is not None:
            self.iteration_requested.emit(point.iteration)

    def _tell(self, point: Near | None) -> None:
        """Say in the title what the curve under the pointer is worth there, and mark the place."""
        text, shape, track = self._name, Qt.CursorShape.ArrowCursor, -1
        if point is None:
            self._dot.clear()
        else:
            shape = Qt.CursorShape.PointingHandCursor
            track = next((n for n, c in enumerate(self._curves) if c.name == point.name), -1)
            height = math.log10(point.value) if self._logarithmic else point.value
            self._dot.setData([point.iteration], [height])
            # Counted from 1, as on the stage.
            text += self.tr(": {value} at iteration {iteration}").format(
                value=f"{point.value:.6g}", iteration=point.iteration + 1
            )
            if len(self._curves) > 1:
                text += f", {point.name}"
        self.viewport().setCursor(shape)
        self.track_pointed.emit(track)
        self.title.setText(text)


def _back(pen: QPen) -> QPen:
    """The pen of a curve that steps back."""
    colour = pen.color()
    colour.setAlphaF(BACK)
    return pg.mkPen(colour, width=PEN_WIDTH, style=pen.style())


def _forward(pen: QPen) -> QPen:
    """The pen of a curve that comes forward."""
    return pg.mkPen(pen.color(), width=1.5 * PEN_WIDTH, style=pen.style())
