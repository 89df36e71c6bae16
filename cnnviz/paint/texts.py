"""Draws a Text: shaped once, then glyphs at the exact size of the device."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGlyphRun, QPainter, QTextLayout

from cnnviz.paint.color import qcolor
from cnnviz.paint.fonts import REFERENCE, font
from cnnviz.paint.layout import Piece, set_text
from cnnviz.paint.pixels import px
from cnnviz.scene.primitives import Text, Weight


def draw_text(painter: QPainter, text: Text, dpr: float, vector: bool) -> None:
    """Draw a text; the painter's unit is one device pixel. Baselines lie on pixel boundaries, thus crisp."""
    setting = set_text(text)
    scale = setting.size * dpr / REFERENCE
    for piece in setting.pieces:
        painter.save()
        x, y = (text.box.x + piece.x) * dpr, text.box.y + piece.baseline
        painter.translate(x, y * dpr if vector else px(y, dpr))
        painter.scale(scale, scale)
        _draw_piece(painter, piece, vector)
        painter.restore()


def _draw_piece(painter: QPainter, piece: Piece, vector: bool) -> None:
    painter.setPen(qcolor(piece.color))
    if vector:  # as letters, which can be searched and copied
        painter.setFont(font(REFERENCE, piece.weight))
        painter.drawText(QPointF(0, 0), piece.text)
        return
    for glyphs in shaped(piece.text, piece.weight):
        painter.drawGlyphRun(QPointF(0, 0), glyphs)


@lru_cache(maxsize=2048)
def shaped(text: str, weight: Weight) -> tuple[QGlyphRun, ...]:
    """Shape a text at the reference size, baseline at 0; letters the family lacks come from other fonts."""
    layout = QTextLayout(text, font(REFERENCE, weight))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e9)
    line.setPosition(QPointF(0, -line.ascent()))
    layout.endLayout()
    return tuple(layout.glyphRuns())
