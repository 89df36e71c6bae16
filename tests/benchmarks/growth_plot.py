"""Draws how times grow: log-log plots side by side, each with a line of slope 1, as one SVG file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator

from cnnviz.paint.fonts import load_fonts

Point = tuple[float, float]
"""An amount, and the milliseconds that it took."""

SIDE, MARGIN, TOP, BOTTOM = 300.0, 64.0, 56.0, 64.0
INK, QUIET, FAINT, MEASURED = (QColor(c) for c in ("#202020", "#8a8a8a", "#e4e4e4", "#1f6fb2"))


@dataclass(frozen=True, slots=True)
class Growth:
    """The times of one kind of work in growing amounts, at least two."""

    title: str
    amount: str
    points: tuple[Point, ...]

    @property
    def exponent(self) -> float:
        """The power p of the amount n that fits the times best: c·n^p by least squares of the logarithms."""
        logs = [(math.log(n), math.log(t)) for n, t in self.points]
        mean_n, mean_t = (sum(axis) / len(logs) for axis in zip(*logs, strict=True))
        together = math.fsum((n - mean_n) * (t - mean_t) for n, t in logs)
        return together / math.fsum((n - mean_n) * (n - mean_n) for n, _ in logs)


@dataclass(frozen=True, slots=True)
class Axes:
    """A square whose two sides span equally many decades, so that slope 1 is a diagonal."""

    left: float
    first_n: int
    first_t: int
    decades: int

    def place(self, n: float, t: float) -> QPointF:
        """Where an amount and its milliseconds are, in pixels."""
        unit = SIDE / self.decades
        across, up = math.log10(n) - self.first_n, math.log10(t) - self.first_t
        return QPointF(self.left + across * unit, TOP + SIDE - up * unit)


def axes_of(growth: Growth, number: int) -> Axes:
    """The axes of the plot with this number from the left: whole decades around all points."""
    lows, highs = [], []
    for values in zip(*growth.points, strict=True):
        lows.append(math.floor(math.log10(min(values))))
        highs.append(math.ceil(math.log10(max(values))))
    decades = max(1, *(high - low for low, high in zip(lows, highs, strict=True)))
    return Axes(MARGIN + number * (SIDE + MARGIN), lows[0], lows[1], decades)


def proportional(growth: Growth) -> tuple[Point, Point]:
    """The ends of the line of slope 1 through the middle of the points, as their logarithms have it."""
    middle = math.exp(sum(math.log(t / n) for n, t in growth.points) / len(growth.points))
    amounts = [n for n, _ in growth.points]
    return (min(amounts), middle * min(amounts)), (max(amounts), middle * max(amounts))


def draw(file: Path, growths: list[Growth]) -> None:
    """Write the picture; needs a QGuiApplication."""
    size = QSize(round(MARGIN + len(growths) * (SIDE + MARGIN)), round(TOP + SIDE + BOTTOM))
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("How the cost grows")
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), Qt.GlobalColor.white)
    for number, growth in enumerate(growths):
        axes = axes_of(growth, number)
        draw_axes(painter, axes, growth)
        draw_times(painter, axes, growth)
    painter.end()


def draw_axes(painter: QPainter, axes: Axes, growth: Growth) -> None:
    """The square with a line at each decade, its numbers, and the titles."""
    unit = SIDE / axes.decades
    for decade in range(axes.decades + 1):
        x, y = axes.left + decade * unit, TOP + SIDE - decade * unit
        painter.setPen(QPen(FAINT, 1))
        painter.drawLine(QPointF(x, TOP), QPointF(x, TOP + SIDE))
        painter.drawLine(QPointF(axes.left, y), QPointF(axes.left + SIDE, y))
        write(painter, QRectF(x - 40, TOP + SIDE + 6, 80, 16), numeral(axes.first_n + decade))
        right = Qt.AlignmentFlag.AlignRight
        write(painter, QRectF(axes.left - 54, y - 8, 48, 16), numeral(axes.first_t + decade), right)
    write(painter, QRectF(axes.left, TOP - 44, SIDE, 18), growth.title, ink=INK, pixels=14)
    note = f"milliseconds; time grows with the power {growth.exponent:.2f}"
    write(painter, QRectF(axes.left, TOP - 24, SIDE, 16), note)
    write(painter, QRectF(axes.left, TOP + SIDE + 26, SIDE, 16), growth.amount)


def numeral(decade: int) -> str:
    """A power of ten as one reads it.

    >>> numeral(-1), numeral(6)
    ('0.1', '1,000,000')
    """
    return f"{10**decade:,}" if decade >= 0 else f"{10.0**decade:g}"


def draw_times(painter: QPainter, axes: Axes, growth: Growth) -> None:
    """What was measured, over a dashed line of slope 1."""
    painter.setPen(QPen(QUIET, 1.5, Qt.PenStyle.DashLine))
    start, end = (axes.place(*point) for point in proportional(growth))
    painter.drawLine(start, end)
    places = [axes.place(*point) for point in growth.points]
    painter.setPen(QPen(MEASURED, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(places)
    painter.setBrush(MEASURED)
    for place in places:
        painter.drawEllipse(place, 4, 4)
    legend = QRectF(axes.left + SIDE / 2, TOP + SIDE - 24, SIDE / 2 - 8, 16)
    write(painter, legend, "dashed: slope 1", Qt.AlignmentFlag.AlignRight)


def write(
    painter: QPainter,
    box: QRectF,
    text: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ink: QColor = QUIET,
    pixels: int = 11,
) -> None:
    """A line of text in a box."""
    font = QFont([load_fonts(), "sans-serif"])
    font.setPixelSize(pixels)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
