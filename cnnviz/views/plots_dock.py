"""The plots panel: the curves of learning, and the pictures that they are exported as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QImage, QShowEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.timeline.learning_curves import QUANTITIES, LearningCurve, Quantity
from cnnviz.views.importing import Importing
from cnnviz.views.keys import ButtonRow
from cnnviz.views.painting import painting

if TYPE_CHECKING:
    from cnnviz.views.plot_canvas import PlotCanvas
    from cnnviz.views.quantity_plot import QuantityPlot

PICTURE = QSize(800, 720)
"""An exported picture in the pixels of its type; a PNG has `SHARP` times as many."""
SHARP = 2
LATER_MS = 50
"""So long after a lesson was opened it is painted."""
PLAYHEAD_MS = 100
"""Moving the line draws all plots anew: ten times a second is enough, and leaves the time to the stage."""
SVG_DPI = 96
LEAST = 120
"""Pixels in height: a plot and its title."""


class PlotsPanel(QWidget):
    """Holds the plots, which are made when the panel is first seen with something to show.

    Signals
    -------
    iteration_requested : int
    shown
        The panel has come into sight and wants the curves of now.
    """

    iteration_requested = Signal(object)
    shown = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._logarithmic = False
        self.canvas: PlotCanvas | None = None
        self._ready: dict[Quantity, QuantityPlot] = {}
        self._iteration = 0
        self._curves: tuple[LearningCurve, ...] = ()
        # Plots take 0.3 s to import: the lesson is painted before that, and the window goes on meanwhile.
        self._making = QTimer(self, interval=LATER_MS, singleShot=True)
        library = Importing("cnnviz.views.plot_canvas", parent=self)
        library.done.connect(self._make_next)
        self._making.timeout.connect(library.start)
        self._moving = QTimer(self, interval=PLAYHEAD_MS, singleShot=True)
        self._moving.timeout.connect(self._move)
        buttons = ButtonRow()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(4, 2, 4, 0)
        row.setSpacing(2)
        texts = (
            ("learn.log", self.tr("Log")),
            ("learn.fit-plots", self.tr("Fit")),
            ("learn.export-plots", self.tr("Export…")),
        )
        for name, text in texts:
            row.addWidget(_button(actions[name], text))
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(buttons)
        self._column.addStretch(1)

    def show_curves(self, curves: tuple[LearningCurve, ...], iteration: int) -> None:
        """Draw curves and the playhead; nothing is drawn while nobody can see it."""
        if not curves or not self.isVisible():
            return
        goes_on = self.canvas is not None and _go_on(self._curves, curves)
        self._curves, self._iteration = curves, iteration
        if goes_on:
            self._draw()
        else:
            self._making.start()

    def _make_next(self) -> None:
        """Make a plot in each turn of the event loop, since each takes as long as a frame; then draw."""
        left = [quantity for quantity in QUANTITIES if quantity not in self._ready]
        if self.canvas is None and left:
            self._ready[left[0]] = self._plot(left[0])
            QTimer.singleShot(0, self, self._make_next)
        else:
            self._draw()

    def _draw(self) -> None:
        canvas = self._made()
        canvas.show_curves(self._curves)
        canvas.show_iteration(self._iteration)

    def show_iteration(self, iteration: int) -> None:
        """Move the line of the playhead; several moves in quick succession are drawn as one."""
        self._iteration = iteration
        if self.canvas is not None and not self._moving.isActive():
            self._moving.start()

    def _move(self) -> None:
        if self.canvas is not None and self.canvas.iteration != self._iteration:
            self.canvas.show_iteration(self._iteration)

    def set_logarithmic(self, on: bool) -> None:
        """Change the scale of all values."""
        self._logarithmic = on
        if self.canvas is not None:
            self.canvas.set_logarithmic(on)

    def fit(self) -> None:
        """Show the curves whole."""
        if self.canvas is not None:
            self.canvas.fit()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        if self.canvas is not None:
            self.canvas.set_theme(theme)

    def picture(self, ending: str) -> bytes:
        """The plots as they are zoomed now, as the bytes of a ``png`` or an ``svg`` of a size of its own."""
        self._draw()
        shown = self._made()
        canvas = self._new({})
        canvas.set_logarithmic(self._logarithmic)
        # Laid out and painted as if it were seen, but nobody sees it.
        canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        canvas.resize(PICTURE)
        canvas.show()
        canvas.take_over(shown)
        made = _svg(canvas, PICTURE) if ending == "svg" else _png(canvas, PICTURE)
        canvas.close()
        canvas.deleteLater()
        return made

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def _made(self) -> PlotCanvas:
        if self.canvas is None:
            self.canvas = self._new(self._ready)
            self._ready = {}
            self.canvas.iteration_requested.connect(self.iteration_requested)
            self.canvas.set_logarithmic(self._logarithmic)
            self._column.insertWidget(1, _scrolling(self.canvas), 10)
        return self.canvas

    def _new(self, ready: Mapping[Quantity, QuantityPlot]) -> PlotCanvas:
        """A canvas with the plots that are ready, and new ones for all others."""
        from cnnviz.views.plot_canvas import PlotCanvas

        made = PlotCanvas({quantity: ready.get(quantity) or self._plot(quantity) for quantity in QUANTITIES})
        made.set_theme(self._theme)
        return made

    def _plot(self, quantity: Quantity) -> QuantityPlot:
        from cnnviz.views.quantity_plot import QuantityPlot

        titles: dict[Quantity, str] = {
            "loss": self.tr("Loss"),
            "accuracy": self.tr("Accuracy"),
            "gradient": self.tr("Norm of the gradient"),
            "weights": self.tr("Norm of the weights"),
        }
        # The title of the accuracy where it is that of pictures that are never learned from.
        tested = self.tr("Test accuracy") if quantity == "accuracy" else ""
        made = QuantityPlot(quantity, titles[quantity], tested)
        for part in (made, made.title):
            part.setParent(self)  # should the panel go before it has a place
        return made


def _go_on(old: tuple[LearningCurve, ...], new: tuple[LearningCurve, ...]) -> bool:
    """Whether curves are those before and what has been learned since; else it is another lesson, painted first."""
    return len(old) == len(new) and all(map(LearningCurve.goes_on, old, new))


def _scrolling(canvas: PlotCanvas) -> QScrollArea:
    """Let a low panel show some of the plots, and leave its height to the fields of learning above."""
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setMinimumHeight(LEAST)
    area.setWidget(canvas)
    return area


def _button(action: QAction, text: str) -> QToolButton:
    button = QToolButton()
    action.setIconText(text)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _png(canvas: PlotCanvas, size: QSize) -> bytes:
    width, height = size.width() * SHARP, size.height() * SHARP
    image = QImage(width, height, QImage.Format.Format_RGB32)
    with painting(image, smooth=True) as painter:
        canvas.draw_into(painter, width, height)
    made, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows paths only
    return bytes(made.data())


def _svg(canvas: PlotCanvas, size: QSize) -> bytes:
    made, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(SVG_DPI)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    with painting(generator) as painter:
        canvas.draw_into(painter, size.width(), size.height())
    return bytes(made.data())
