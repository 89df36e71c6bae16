"""Texts as numbers of glyphs or as outlines, for files that are not drawn by Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from PySide6.QtGui import QGlyphRun, QPainterPath, QRawFont, QTextLayout

from cnnviz.paint.fonts import REFERENCE, font
from cnnviz.paint.truetype import font_tables
from cnnviz.resources import list_resources, resource_bytes
from cnnviz.scene.primitives import Weight


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Glyphs of one font, one after the other on a baseline.

    Attributes
    ----------
    face : str
        The shipped font's resource; empty where letters that it lacks come from another font.
    numbers : tuple of int
        Of the glyphs in that font.
    starts : tuple of float
        Where each starts, in em from the start of the text.
    texts : tuple of str
        The characters that each stands for; one may stand for several, or for none of its own.
    outline : str
        Where there is no face: the shapes, as path data of SVG in `cnnviz.paint.fonts.REFERENCE` to an em.
    """

    face: str
    numbers: tuple[int, ...]
    starts: tuple[float, ...]
    texts: tuple[str, ...]
    outline: str = ""


@lru_cache(maxsize=4096)
def glyphs_of(text: str, weight: Weight) -> tuple[Glyphs, ...]:
    """Set a text, as on the screen."""
    runs = _runs(text, weight)
    places = sorted({place for run in runs for place in run.stringIndexes()})
    return tuple(_glyphs(text, run, places) for run in runs)


@lru_cache(maxsize=2048)
def outline_of(text: str, weight: Weight) -> str:
    """The shapes of a text as path data of SVG, `cnnviz.paint.fonts.REFERENCE` to an em, y downwards."""
    return "".join(_outline(run) for run in _runs(text, weight))


def _runs(text: str, weight: Weight) -> list[QGlyphRun]:
    layout = QTextLayout(text, font(REFERENCE, weight))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e9)
    layout.endLayout()
    # The line stays in the layout, so that its runs are asked for here.
    return layout.glyphRuns(-1, -1, QTextLayout.GlyphRunRetrievalFlag.RetrieveAll)


def _glyphs(text: str, run: QGlyphRun, places: list[int]) -> Glyphs:
    numbers = tuple(run.glyphIndexes())
    starts = tuple(point.x() / REFERENCE for point in run.positions())
    face = _face(run.rawFont())
    texts = _texts(text, run.stringIndexes(), places)
    return Glyphs(face, numbers, starts, texts, "" if face else _outline(run))


def _texts(text: str, own_places: list[int], places: list[int]) -> tuple[str, ...]:
    """Give each glyph the characters up to those of the next: places count units of UTF-16."""
    units = text.encode("utf-16-le")
    ends = dict(pairwise([*places, len(units) // 2]))
    seen: set[int] = set()
    texts = []
    for place in own_places:
        own = "" if place in seen else units[2 * place : 2 * ends[place]].decode("utf-16-le", "ignore")
        texts.append(own)
        seen.add(place)
    return tuple(texts)


def _face(raw: QRawFont) -> str:
    return _shipped().get(bytes(raw.fontTable("head").data()), "")


@cache
def _shipped() -> dict[bytes, str]:
    """The resources of the shipped fonts by a table that no two fonts share: it holds a sum over the whole file."""
    names = [name for name in list_resources("fonts") if name.endswith(".ttf")]
    return {font_tables(resource_bytes(name))["head"]: name for name in names}


def _outline(run: QGlyphRun) -> str:
    raw, parts = run.rawFont(), []
    for number, place in zip(run.glyphIndexes(), run.positions(), strict=True):
        parts.append(path_data(raw.pathForGlyph(number).translated(place.x(), 0)))
    return "".join(parts)


def path_data(path: QPainterPath) -> str:
    """Write a path as SVG does, with absolute M, L, C and Z."""
    data, open_ = [], False
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        place = f"{round(element.x, 2) + 0.0:g} {round(element.y, 2) + 0.0:g}"
        if element.isMoveTo():
            data.append(("Z" if open_ else "") + "M" + place)
            open_ = True
        elif element.isLineTo():
            data.append("L" + place)
        else:
            data.append(("C" if element.isCurveTo() else " ") + place)
    return "".join([*data, "Z" if open_ else ""])
