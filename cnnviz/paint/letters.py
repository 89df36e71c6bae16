"""Large letters as kept pictures: Qt keeps those of up to 64 pixels itself, and fills the outlines of others anew."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform

from cnnviz.paint.color import qcolor
from cnnviz.paint.digits import PHASES
from cnnviz.paint.fonts import REFERENCE, load_fonts, shaped
from cnnviz.paint.lru import ByteLru
from cnnviz.scene.primitives import Color, Weight

LARGE = 64.0
"""Device pixels of an em above which letters are drawn from here."""
_ROOM = 1  # pixels around a letter, for its smooth edge


class Letter(NamedTuple):
    """A letter of a text: its number in the font, its outline at the reference size, where its pen stands in em."""

    number: int
    outline: QPainterPath
    x: float


class Picture(NamedTuple):
    """A letter painted, and where its corner lies as seen from its pen."""

    image: QImage
    left: int
    top: int


_PICTURES: ByteLru[Picture] = ByteLru(32 << 20, lambda picture: int(picture.image.sizeInBytes()))


def draw_letters(
    painter: QPainter,
    letters: tuple[Letter, ...],
    weight: Weight,
    color: Color,
    x: float,
    base: int,
    em: float,
) -> None:
    """Draw letters at quarters of a pixel, as Qt does with smaller ones.

    Parameters
    ----------
    painter : QPainter
        Its unit is one device pixel.
    letters : tuple of Letter
        As `letters_of` gives them for a text of that weight.
    x, base : float, int
        Where the pen starts.
    em : float
        Device pixels.
    """
    for letter in letters:
        left, phase = divmod(floor((x + letter.x * em) * PHASES + 0.5), PHASES)
        picture = _kept(letter, weight, color, phase, em)
        painter.drawImage(left + picture.left, base + picture.top, picture.image)


@lru_cache(maxsize=2048)
def letters_of(text: str, weight: Weight) -> tuple[Letter, ...] | None:
    """List the letters of a text that show something; None where other fonts help out, whose may have no outlines."""
    letters = []
    for run in shaped(text, weight):
        raw = run.rawFont()
        if raw.familyName() != load_fonts():
            return None
        for number, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            letters.append(Letter(number, raw.pathForGlyph(number), place.x() / REFERENCE))
    return tuple(letter for letter in letters if not letter.outline.isEmpty())


def _kept(letter: Letter, weight: Weight, color: Color, phase: int, em: float) -> Picture:
    key = (letter.number, weight, color, phase, em)
    return _PICTURES.get(key, lambda: _picture(letter.outline, color, phase, em))


def _picture(outline: QPainterPath, color: Color, phase: int, em: float) -> Picture:
    path = QTransform(em / REFERENCE, 0, 0, em / REFERENCE, phase / PHASES, 0).map(outline)
    path.setFillRule(Qt.FillRule.WindingFill)
    reach = path.boundingRect()
    left, top = floor(reach.left()) - _ROOM, floor(reach.top()) - _ROOM
    width, height = ceil(reach.right()) + _ROOM - left, ceil(reach.bottom()) + _ROOM - top
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    painter.fillPath(path, qcolor(color))
    painter.end()
    return Picture(image, left, top)
