"""Plots over the iterations: loss, accuracy, gradient norm and weight norm, with a line at the playhead."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QRegion
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from cnnviz.paint.fonts import font
from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.scene.track_curves import track_colors
from cnnviz.timeline.learning_curves import QUANTITIES, LearningCurve, Near, Quantity, drawable, near, shown
from cnnviz.views.plot_click import ClickablePlot
from cnnviz.views.plot_legend import PlotLegend

PEN_WIDTH = 2
AXIS_WIDTH = 48
"""Alike in all plots, so that their iterations stand one below the other."""
LOWEST = 60
AXIS_HEIGHT = 24
TITLE_PX = 11
EDGE = 8
DOT = 9
BACK = 0.3
"""So clear are the other curves while one is pointed at."""
SHARES = (-0.05, 1.05)
"""What an axis of shares shows, so that a line at 0 or 1 is seen whole."""
SPARSE = 0.5
"""Of the numbers beside an axis: these plots are low."""
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


def _pen(theme: Theme, track: int) -> QPen:
    colours = track_colors(theme)
    style = _STYLES[track % len(_STYLES)]
    return pg.mkPen(QColor(colours[track % len(colours)]), width=PEN_WIDTH, style=style)


def _back(pen: QPen) -> QPen:
    """The pen of a curve that steps back."""
    colour = pen.color()
    colour.setAlphaF(BACK)
    return pg.mkPen(colour, width=PEN_WIDTH, style=pen.style())


def _forward(pen: QPen) -> QPen:
    """The pen of a curve that comes forward."""
    return pg.mkPen(pen.color(), width=1.5 * PEN_WIDTH, style=pen.style())


def _empty_plot(name: str) -> ClickablePlot:
    """A low plot over iterations, without pyqtgraph's buttons."""
    plot = ClickablePlot()
    plot.setAccessibleName(name)
    plot.setMinimumHeight(LOWEST)
    plot.plotItem.hideButtons()
    plot.plotItem.getAxis("left").setWidth(AXIS_WIDTH)
    plot.plotItem.getAxis("left").setTickDensity(SPARSE)
    plot.plotItem.getAxis("left").setStyle(maxTickLevel=1)
    plot.plotItem.setDownsampling(auto=True, mode="peak")
    plot.plotItem.setClipToView(True)
    plot.plotItem.vb.setLimits(xMin=-1, minXRange=2)
    return plot


class PlotCanvas(QWidget):
    """Draws curves; made when they are first seen.

    Signals
    -------
    iteration_requested : int
        A click at a curve: the iteration there.
    """

    iteration_requested = Signal(object)

    def __init__(self, titles: dict[Quantity, str], tested: str = "", parent: QWidget | None = None) -> None:
        """``tested`` is the title of the accuracy where it is that of pictures that are never learned from."""
        super().__init__(parent)
        self._theme = LIGHT
        self._curves: tuple[LearningCurve, ...] = ()
        self._logarithmic = False
        self.iteration = 0
        self._in_front = -1
        self._lines: dict[tuple[Quantity, int], pg.PlotDataItem] = {}
        self._titles, self._tested = titles, tested
        self.plots: dict[Quantity, ClickablePlot] = {}
        self._heads: dict[Quantity, pg.InfiniteLine] = {}
        self._dots: dict[Quantity, pg.ScatterPlotItem] = {}
        self._named: dict[Quantity, QLabel] = {}
        self.legend = PlotLegend()
        self.legend.pointed.connect(self._bring_forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        for quantity in QUANTITIES:
            plot = self._make_plot(quantity)
            title = self._named[quantity] = QLabel(titles[quantity])
            title.setIndent(EDGE)
            title.setFont(font(TITLE_PX))
            # What is pointed at is told there, however narrow the panel is.
            title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column.addWidget(title)
            column.addWidget(plot, 1)
        for quantity in QUANTITIES[:-1]:
            # One axis of iterations serves all.
            self.plots[quantity].plotItem.hideAxis("bottom")
        self.plots[QUANTITIES[-1]].setMinimumHeight(LOWEST + AXIS_HEIGHT)
        self.plots["accuracy"].plotItem.vb.setRange(yRange=SHARES)
        self._show_plots()
        self.set_theme(LIGHT)

    def show_curves(self, curves: tuple[LearningCurve, ...]) -> None:
        """Draw the curves as far as they go now."""
        renewed = [c.name for c in curves] != [c.name for c in self._curves]
        self._curves = curves
        if renewed:
            self._named["accuracy"].setText(self._title("accuracy"))
            self._make_lines()
            self.fit()
        self._show_plots()
        self._draw()

    def show_iteration(self, iteration: int) -> None:
        """Put the line of the playhead there."""
        self.iteration = iteration
        for head in self._heads.values():
            head.setValue(iteration)

    def set_logarithmic(self, on: bool) -> None:
        """Let powers of ten be equally far apart."""
        self._logarithmic = on
        for quantity, plot in self.plots.items():
            plot.plotItem.setLogMode(False, on and quantity != "accuracy")
        self._draw()
        self.fit()

    def fit(self) -> None:
        """Show all of every curve, also as they grow."""
        for quantity, plot in self.plots.items():
            plot.plotItem.enableAutoRange(x=True, y=quantity != "accuracy")
        self.plots["accuracy"].plotItem.vb.setRange(yRange=SHARES)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme: these plots follow no palette."""
        self._theme = theme
        text, line = QColor(theme.text), QColor(theme.muted)
        for quantity, plot in self.plots.items():
            plot.setBackground(QColor(theme.surface))
            for side in ("left", "bottom"):
                axis = plot.plotItem.getAxis(side)
                axis.setPen(pg.mkPen(line))
                axis.setTextPen(pg.mkPen(text))
                axis.setStyle(tickFont=font(TITLE_PX))
            self._heads[quantity].setPen(pg.mkPen(QColor(theme.accent), width=PEN_WIDTH))
            self._dots[quantity].setPen(pg.mkPen(text, width=PEN_WIDTH))
        self._make_lines()
        self._draw()

    def take_over(self, other: PlotCanvas) -> None:
        """Show what another one shows: curves, playhead and parts."""
        self.show_curves(other._curves)
        if (layout := self.layout()) is not None:
            layout.activate()
        self.show_iteration(other.iteration)
        self.show_views(other.views())

    def views(self) -> dict[Quantity, list[list[float]]]:
        """What part of each plot is shown: ends of the iterations, ends of the values."""
        return {quantity: plot.plotItem.vb.viewRange() for quantity, plot in self.plots.items()}

    def show_views(self, views: dict[Quantity, list[list[float]]]) -> None:
        """Show these parts."""
        for quantity, ((left, right), (low, high)) in views.items():
            self.plots[quantity].plotItem.vb.setRange(xRange=(left, right), yRange=(low, high), padding=0)

    def draw_into(self, painter: QPainter, width: int, height: int) -> None:
        """Draw all plots as they are shown into a picture of that size."""
        painter.fillRect(0, 0, width, height, QColor(self._theme.surface))
        scale = width / max(1, self.width())
        painter.save()
        painter.scale(scale, scale)
        flags = QWidget.RenderFlag.DrawChildren
        self.legend.render(painter, self.legend.pos(), QRegion(), flags)
        for quantity in shown(self._curves):
            self._named[quantity].render(painter, self._named[quantity].pos(), QRegion(), flags)
        painter.restore()
        for plot in (self.plots[quantity] for quantity in shown(self._curves)):
            box = plot.geometry()
            target = QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)
            plot.render(painter, target, plot.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)

    # Helpers

    def _make_plot(self, quantity: Quantity) -> ClickablePlot:
        plot = _empty_plot(self._titles[quantity])
        head = pg.InfiniteLine(0, angle=90)
        head.setZValue(10)
        plot.plotItem.addItem(head, ignoreBounds=True)
        dot = self._dots[quantity] = pg.ScatterPlotItem(size=DOT, brush=None)
        dot.setZValue(11)
        plot.plotItem.vb.addItem(dot, ignoreBounds=True)
        plot.clicked.connect(lambda *spot: self._go(self._near(quantity, *spot)))
        plot.pointed.connect(lambda *spot: self._tell(quantity, self._near(quantity, *spot)))
        plot.left.connect(lambda: self._tell(quantity, None))
        if self.plots:
            plot.plotItem.setXLink(self.plots["loss"].plotItem)
        self.plots[quantity], self._heads[quantity] = plot, head
        return plot

    def _make_lines(self) -> None:
        """A line for each track in each plot, in the colours of the theme."""
        for (quantity, _), line in self._lines.items():
            self.plots[quantity].plotItem.removeItem(line)
        self._lines.clear()
        self._in_front = -1
        pens = [_pen(self._theme, number) for number in range(len(self._curves))]
        self.legend.show_lines([(curve.name, pen) for curve, pen in zip(self._curves, pens, strict=True)])
        for quantity, plot in self.plots.items():
            for number, pen in enumerate(pens):
                self._lines[quantity, number] = plot.plotItem.plot(pen=pen)

    def _near(self, quantity: Quantity, x: float, y: float, across: float, up: float) -> Near | None:
        return near(self._curves, quantity, (x, y), (across, up), self._is_logarithmic(quantity))

    def _go(self, point: Near | None) -> None:
        if point is not None:
            self.iteration_requested.emit(point.iteration)

    def _tell(self, quantity: Quantity, point: Near | None) -> None:
        """Say in the title what the curve under the pointer is worth there, and mark the place."""
        text = self._title(quantity)
        plot, dot = self.plots[quantity], self._dots[quantity]
        plot.viewport().setCursor(
            Qt.CursorShape.ArrowCursor if point is None else Qt.CursorShape.PointingHandCursor
        )
        if point is None:
            dot.clear()
            self._bring_forward(-1)
        else:
            self._bring_forward(next((n for n, c in enumerate(self._curves) if c.name == point.name), -1))
            height = math.log10(point.value) if self._is_logarithmic(quantity) else point.value
            dot.setData([point.iteration], [height])
            # Counted from 1, as on the stage.
            text += self.tr(": {value} at iteration {iteration}").format(
                value=f"{point.value:.6g}", iteration=point.iteration + 1
            )
            if len(self._curves) > 1:
                text += f", {point.name}"
        self._named[quantity].setText(text)

    def _bring_forward(self, track: int) -> None:
        """Let the curves of a track come forward in all plots, and the others step back; none with -1."""
        if len(self._curves) < 2 or track == self._in_front:
            return
        self._in_front = track
        for (_, number), line in self._lines.items():
            pen = _pen(self._theme, number)
            own = pen if track < 0 else _forward(pen) if number == track else _back(pen)
            line.setPen(own)
            line.setZValue(int(number == track))

    def _title(self, quantity: Quantity) -> str:
        on_others = quantity == "accuracy" and any(curve.tested for curve in self._curves)
        return self._tested if on_others and self._tested else self._titles[quantity]

    def _is_logarithmic(self, quantity: Quantity) -> bool:
        return self._logarithmic and quantity != "accuracy"

    def _show_plots(self) -> None:
        """Show the plots that there are curves for."""
        there = shown(self._curves)
        for quantity in QUANTITIES:
            self.plots[quantity].setVisible(quantity in there)
            self._named[quantity].setVisible(quantity in there)

    def _draw(self) -> None:
        for (quantity, number), line in self._lines.items():
            line.setData(*drawable(*self._curves[number].points(quantity), self._is_logarithmic(quantity)))
