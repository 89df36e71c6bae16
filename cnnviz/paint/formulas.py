"""Draws typeset formulas: outlines filled with the theme's colours, kept as pictures for the screen."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform

from cnnviz.paint.color import qcolor
from cnnviz.paint.lru import ByteLru
from cnnviz.paint.pixels import px
from cnnviz.scene.formulas import outline, shape
from cnnviz.scene.primitives import Align, Formula

_ROOM = 2  # pixels around a picture, for italics that lean out of their width and for smooth edges
_SHARE = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}

Colors = tuple[tuple[str, str], ...]

_PICTURES: ByteLru[QImage] = ByteLru(32 << 20, QImage.sizeInBytes)


def draw_formula(painter: QPainter, formula: Formula, dpr: float) -> None:
    """Draw a formula; the painter's unit is one device pixel. Its baseline lies on a pixel boundary."""
    em = formula.size * dpr
    x, baseline = (length * dpr for length in start_of(formula))
    picture = _PICTURES.get(
        (formula.name, formula.colors, em), lambda: _picture(formula.name, formula.colors, em)
    )
    # Whole pixels, so that a kept picture is as crisp as one drawn here.
    painter.drawImage(px(x, 1) - _ROOM, px(baseline, 1) - _above(formula.name, em), picture)


def start_of(formula: Formula) -> tuple[float, float]:
    """Give where the formula's baseline starts, in logical pixels."""
    set_out = outline(formula.name)
    spare = formula.box.w - set_out.width * formula.size
    rise = (set_out.ascent - set_out.descent) * formula.size / 2
    return formula.box.x + _SHARE[formula.align] * spare, formula.box.cy + rise


def _above(name: str, em: float) -> int:
    """Pixels of a picture over the baseline."""
    return ceil(outline(name).ascent * em) + _ROOM


def _picture(name: str, colors: Colors, em: float) -> QImage:
    set_out, above = outline(name), _above(name, em)
    width = ceil(set_out.width * em) + 2 * _ROOM
    height = above + ceil(set_out.descent * em) + _ROOM
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(_ROOM, above)
    _fill(painter, name, colors, em)
    painter.end()
    return image


def _fill(painter: QPainter, name: str, colors: Colors, em: float) -> None:
    """Fill the outlines, the painter's origin being the start of the baseline."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = QTransform.fromScale(em, em)
    paths, palette = _paths(name), dict(colors)
    for role, path in paths:
        painter.fillPath(scale.map(path), qcolor(palette[role]))


@lru_cache(maxsize=256)
def _paths(name: str) -> tuple[tuple[str, QPainterPath], ...]:
    """What is filled in each role's colour, in em."""
    paths: dict[str, QPainterPath] = {}
    for mark in outline(name).marks:
        if mark.role not in paths:
            paths[mark.role] = QPainterPath()
            paths[mark.role].setFillRule(Qt.FillRule.WindingFill)
        paths[mark.role].addPath(_shape(mark.shape).translated(mark.x, mark.y))
    return tuple(paths.items())


@lru_cache(maxsize=512)
def _shape(number: int) -> QPainterPath:
    data, em = shape(number)
    path = QPainterPath()
    for command, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", data):
        flat = [float(n) / em for n in numbers.split()]
        points = [QPointF(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True)]
        match command:
            case "M":
                path.moveTo(points[0])
            case "L":
                path.lineTo(points[0])
            case "Q":
                path.quadTo(points[0], points[1])
            case _:
                path.closeSubpath()
    return path
