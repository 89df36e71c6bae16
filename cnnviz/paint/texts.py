"""Draws a Text: shaped once, then glyphs at the exact size of the device."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from cnnviz.paint.color import qcolor
from cnnviz.paint.fonts import REFERENCE, shaped
from cnnviz.paint.layout import Piece, Setting, set_text
from cnnviz.paint.letters import LARGE, draw_letters, letters_of
from cnnviz.paint.pixels import px
from cnnviz.scene.primitives import Text


def draw_text(painter: QPainter, text: Text, dpr: float) -> None:
    """Draw a text; the painter's unit is one device pixel. Baselines lie on pixel boundaries, thus crisp."""
    setting = set_text(text)
    if not setting.pieces:
        return
    if setting.size * dpr > LARGE:
        pieces = tuple(
            piece for piece in setting.pieces if not _print_large(painter, text, piece, setting.size, dpr)
        )
        setting = Setting(pieces, setting.size)
    _print(painter, text, setting, dpr)


def _print_large(painter: QPainter, text: Text, piece: Piece, size: float, dpr: float) -> bool:
    """Draw letters that are too large for those that Qt keeps; False where that cannot be."""
    letters = letters_of(piece.text, piece.weight)
    if letters is None:
        return False
    x, base = (text.box.x + piece.x) * dpr, px(text.box.y + piece.baseline, dpr)
    draw_letters(painter, letters, piece.weight, piece.color, x, base, size * dpr)
    return True


def _print(painter: QPainter, text: Text, setting: Setting, dpr: float) -> None:
    """Draw glyphs. The painter moves once a line: moving it for each piece takes as long as drawing that."""
    scale, stretch = setting.size * dpr / REFERENCE, REFERENCE / setting.size
    left, baseline, color = text.box.x * dpr, None, None
    painter.save()
    for piece in setting.pieces:
        if piece.baseline != baseline:
            if baseline is not None:
                painter.restore()
                painter.save()
            baseline, color = piece.baseline, None
            painter.translate(left, px(text.box.y + baseline, dpr))
            painter.scale(scale, scale)
        if piece.color != color:
            color = piece.color
            painter.setPen(qcolor(color))
        start = QPointF(piece.x * stretch, 0)
        for glyphs in shaped(piece.text, piece.weight):
            painter.drawGlyphRun(start, glyphs)
    painter.restore()
