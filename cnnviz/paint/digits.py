"""Numbers in cells from an atlas of digits: thousands of them cost less than a few lines of drawn text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from cnnviz.paint.color import qcolor
from cnnviz.paint.fonts import REFERENCE, cap_height, shaped, text_width
from cnnviz.scene.primitives import Weight

CHARACTERS = "0123456789.,−∞Nae"
# A glyph is drawn at quarters of a pixel, as Qt does with text.
PHASES = 4
_CODES = np.full(0x2300, -1, np.int64)
_CODES[[ord(c) for c in CHARACTERS]] = np.arange(len(CHARACTERS))
_FIELDS = 10  # of a QPainter.PixmapFragment, all doubles


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Every character at every phase, a row of the pixmap for each ink (dark, light).

    Attributes
    ----------
    advances : ndarray, (characters,)
        Widths in device pixels, not rounded.
    tile : tuple of int
        Width and height of one tile.
    pen, baseline : int
        Where in a tile the pen starts, from its left, and the baseline lies, from its top.
    cap : float
        Height of a digit.
    """

    pixmap: QPixmap
    advances: NDArray[np.float64]
    tile: tuple[int, int]
    pen: int
    baseline: int
    cap: float


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Texts as characters and pen positions: arrays of shape (texts, longest); code -1 is no character."""

    codes: NDArray[np.int64]
    pens: NDArray[np.float64]
    widths: NDArray[np.float64]


@lru_cache(maxsize=1)
def relative_advances() -> NDArray[np.float64]:
    """Measure the characters of a text of one pixel."""
    advances = np.array([text_width(c, 1.0) for c in CHARACTERS])
    advances.setflags(write=False)
    return advances


@lru_cache(maxsize=24)
def atlas(size: float, dark: str, light: str) -> Atlas:
    """Draw the atlas for numbers ``size`` device pixels high, in two inks."""
    advances = relative_advances() * size
    width, height = int(np.ceil(advances.max())) + 5, int(np.ceil(size * 1.3)) + 2
    pen, baseline = 2, int(np.ceil(size)) + 1
    pixmap = QPixmap(width * PHASES * len(CHARACTERS), height * 2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for row, ink in enumerate((dark, light)):
        painter.setPen(qcolor(ink))
        for column, character in enumerate(c for c in CHARACTERS for _ in range(PHASES)):
            x = column * width + pen + (column % PHASES) / PHASES
            painter.resetTransform()
            painter.setClipRect(column * width, row * height, width, height)
            painter.translate(x, row * height + baseline)
            painter.scale(size / REFERENCE, size / REFERENCE)
            for glyphs in shaped(character, Weight.REGULAR):
                painter.drawGlyphRun(QPointF(0, 0), glyphs)
    painter.end()
    return Atlas(pixmap, advances, (width, height), pen, baseline, cap_height(size))


def lay_out(texts: list[str], advances: NDArray[np.float64]) -> Layout:
    """Set each text from its own left end at 0."""
    letters = np.array(texts, dtype=np.str_)
    longest = max(1, letters.dtype.itemsize // 4)
    points = letters.view(np.uint32).reshape(len(texts), longest).astype(np.int64)
    codes = np.where(points < len(_CODES), _CODES[np.minimum(points, len(_CODES) - 1)], -1)
    steps = np.where(codes >= 0, advances[codes], 0.0)
    ends = np.cumsum(steps, axis=1)
    return Layout(codes, ends - steps, ends[:, -1])


def draw_numbers(
    painter: QPainter,
    atlas: Atlas,
    layout: Layout,
    which: NDArray[np.int64],
    centres: NDArray[np.float64],
    light: NDArray[np.bool_],
) -> None:
    """Draw text ``which[i]`` of the layout centred on ``centres[i]`` (x, y), light where ``light[i]``."""
    starts = centres[:, 0] - layout.widths[which] / 2
    codes = layout.codes[which]
    some, place = np.nonzero(codes >= 0)
    if not len(some):
        return
    pens = starts[some] + layout.pens[which[some], place]
    quarters = np.floor(pens * PHASES + 0.5).astype(np.int64)
    left, phase = np.divmod(quarters, PHASES)
    base = np.floor(centres[some, 1] + atlas.cap / 2 + 0.5)
    width, height = atlas.tile
    fragments = np.zeros((len(some), _FIELDS))
    fragments[:, 0] = left - atlas.pen + width / 2
    fragments[:, 1] = base - atlas.baseline + height / 2
    fragments[:, 2] = (codes[some, place] * PHASES + phase) * width
    fragments[:, 3] = light[some] * height
    fragments[:, 4:6] = width, height
    fragments[:, 6:8] = 1.0
    fragments[:, 9] = 1.0
    _emit(painter, atlas, fragments.ctypes.data, len(fragments))


@lru_cache(maxsize=1 << 12)
def _codes_of(text: str) -> tuple[int, ...]:
    """List the characters that the atlas has."""
    return tuple(CHARACTERS.index(c) for c in text if c in CHARACTERS)


@lru_cache(maxsize=1 << 12)
def width_of(text: str) -> float:
    """Measure a text of one pixel, like `lay_out` does."""
    advances = relative_advances().tolist()
    return float(sum(advances[code] for code in _codes_of(text)))


@lru_cache(maxsize=1 << 12)
def _glyphs(text: str, atlas: Atlas) -> tuple[float, tuple[tuple[int, float], ...]]:
    """Give the width of a text, and of each character the number of its first tile and its pen position."""
    glyphs, pen = [], 0.0
    for code in _codes_of(text):
        glyphs.append((code * PHASES, pen))
        pen += float(atlas.advances[code])
    return pen, tuple(glyphs)


def draw_few(
    painter: QPainter, atlas: Atlas, texts: list[str], centres: list[tuple[float, float]], light: list[bool]
) -> None:
    """Draw each text centred on its (x, y): the same pixels as `draw_numbers`, sooner where there are few."""
    width, height = atlas.tile
    across, down = width / 2 - atlas.pen, height / 2 - atlas.baseline
    fragments = array("d")
    for text, (x, y), in_light in zip(texts, centres, light, strict=True):
        long, glyphs = _glyphs(text, atlas)
        start, base = x - long / 2, floor(y + atlas.cap / 2 + 0.5) + down
        row = height if in_light else 0
        for tile, pen in glyphs:
            left, phase = divmod(floor((start + pen) * PHASES + 0.5), PHASES)
            fragments.extend((left + across, base, (tile + phase) * width, row, width, height, 1, 1, 0, 1))
    if fragments:
        _emit(painter, atlas, fragments.buffer_info()[0], len(fragments) // _FIELDS)


def _emit(painter: QPainter, atlas: Atlas, address: int, count: int) -> None:
    """Draw fragments that lie one behind the other in memory; Qt's Python form takes only the first."""
    first = shiboken6.Shiboken.wrapInstance(address, QPainter.PixmapFragment)
    painter.drawPixmapFragments(cast("QPainter.PixmapFragment", first), count, atlas.pixmap)
