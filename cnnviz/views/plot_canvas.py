"""Plots over the iterations: loss, accuracy, gradient norm and weight norm, with a line at the playhead."""

from __future__ import annotations

from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QRegion
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.timeline.learning_curves import QUANTITIES, LearningCurve, Quantity, shown
from cnnviz.views.plot_legend import PlotLegend
from cnnviz.views.quantity_plot import LOWEST, PEN_WIDTH, QuantityPlot

AXIS_HEIGHT = 24
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


def track_colours(theme: Theme) -> tuple[str, ...]:
    """Colours of the tracks, in their order; with the dashes no two of the first twenty look alike."""
    return (theme.negative, theme.positive, theme.input, theme.weight, theme.hover)


def _pen(theme: Theme, track: int) -> QPen:
    colours = track_colours(theme)
    style = _STYLES[track % len(_STYLES)]
    return pg.mkPen(QColor(colours[track % len(colours)]), width=PEN_WIDTH, style=style)


class PlotCanvas(QWidget):
    """Draws curves; made when they are first seen.

    Signals
    -------
    iteration_requested : int
        A click at a curve: the iteration there.
    """

    iteration_requested = Signal(object)

    def __init__(self, plots: Mapping[Quantity, QuantityPlot], parent: QWidget | None = None) -> None:
        """Hold these plots, one for each of `QUANTITIES`."""
        super().__init__(parent)
        self._theme = LIGHT
        self._curves: tuple[LearningCurve, ...] = ()
        self.iteration = 0
        self._in_front = -1
        self.legend = PlotLegend()
        self.legend.pointed.connect(self._bring_forward)
        self.plots = {quantity: plots[quantity] for quantity in QUANTITIES}
        self._lay_out()
        self._show_plots()
        self.set_theme(LIGHT)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        first, last = self.plots[QUANTITIES[0]], self.plots[QUANTITIES[-1]]
        for plot in self.plots.values():
            plot.iteration_requested.connect(self.iteration_requested)
            plot.track_pointed.connect(self._bring_forward)
            column.addWidget(plot.title)
            column.addWidget(plot, 1)
            if plot is not first:
                plot.plotItem.setXLink(first.plotItem)
            if plot is not last:
                plot.plotItem.hideAxis("bottom")  # one axis of iterations serves all
            plot.fit()
        last.setMinimumHeight(LOWEST + AXIS_HEIGHT)

    def show_curves(self, curves: tuple[LearningCurve, ...]) -> None:
        """Draw the curves as far as they go now."""
        renewed = [c.name for c in curves] != [c.name for c in self._curves]
        self._curves = curves
        if renewed:
            self._make_lines()
            self.fit()
        self._show_plots()
        self._draw()

    def show_iteration(self, iteration: int) -> None:
        """Put the line of the playhead there."""
        self.iteration = iteration
        for plot in self.plots.values():
            plot.show_iteration(iteration)

    def set_logarithmic(self, on: bool) -> None:
        """Let powers of ten be equally far apart."""
        for plot in self.plots.values():
            plot.set_logarithmic(on)
        self.fit()

    def fit(self) -> None:
        """Show all of every curve, also as they grow."""
        for plot in self.plots.values():
            plot.fit()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        for plot in self.plots.values():
            plot.set_theme(theme)
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
        seen = [self.plots[quantity] for quantity in shown(self._curves)]
        painter.save()
        painter.scale(scale, scale)
        for words in (self.legend, *(plot.title for plot in seen)):
            words.render(painter, words.pos(), QRegion(), QWidget.RenderFlag.DrawChildren)
        painter.restore()
        for plot in seen:
            box = plot.geometry()
            target = QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)
            plot.render(painter, target, plot.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)

    # Helpers

    def _make_lines(self) -> None:
        """A line for each track in each plot, in the colours of the theme."""
        self._in_front = -1
        pens = [_pen(self._theme, number) for number in range(len(self._curves))]
        self.legend.show_lines([(curve.name, pen) for curve, pen in zip(self._curves, pens, strict=True)])
        on_others = any(curve.tested for curve in self._curves)
        for plot in self.plots.values():
            plot.make_lines(pens, on_others)

    def _bring_forward(self, track: int) -> None:
        """Let the curves of a track come forward in all plots, and the others step back; none with -1."""
        if len(self._curves) < 2 or track == self._in_front:
            return
        self._in_front = track
        for plot in self.plots.values():
            plot.bring_forward(track)

    def _show_plots(self) -> None:
        """Show the plots that there are curves for."""
        there = shown(self._curves)
        for quantity, plot in self.plots.items():
            plot.setVisible(quantity in there)
            plot.title.setVisible(quantity in there)

    def _draw(self) -> None:
        for plot in self.plots.values():
            plot.show_curves(self._curves)
