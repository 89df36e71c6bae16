"""A page of PDF: the operators that draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cnnviz.export.path_data import formula_paths, pdf_path, plain
from cnnviz.export.pdf_book import PdfBook
from cnnviz.export.pdf_fonts import face_name, glyph_string
from cnnviz.paint.canvas import Cells, Colors, Point, Word
from cnnviz.paint.color import rgba
from cnnviz.paint.fonts import REFERENCE
from cnnviz.paint.glyphs import Glyphs, glyphs_of
from cnnviz.scene.primitives import Align, Box, Color

_ROUND = 0.5523  # of a quarter circle's radius, where a cubic curve has its handles


@dataclass(slots=True)
class PdfCanvas:
    """Collects the operators of a page.

    Attributes
    ----------
    book : PdfBook
        What pages have in common.
    parts : list of str
        The operators so far.
    shown : dict of int
        Pictures and formulas on this page: their objects by name.
    """

    book: PdfBook
    parts: list[str] = field(default_factory=list)
    shown: dict[str, int] = field(default_factory=dict)
    _groups: list[bool] = field(default_factory=list)
    _state: dict[str, str] = field(default_factory=dict)
    _outside: list[dict[str, str]] = field(default_factory=list)

    def begin(self, key: str, clip: Box | None = None) -> None:
        """Cut off what follows, if anything is to be."""
        self._groups.append(clip is not None)
        if clip is not None:
            self._outside.append(dict(self._state))
            self.parts.append(f"q {_place(clip)} re W n")

    def end(self) -> None:
        """Stop cutting off."""
        if self._groups.pop():
            self._state = self._outside.pop()
            self.parts.append("Q")

    def rect(self, box: Box, fill: Color, radius: float = 0.0) -> None:
        """Fill a rectangle."""
        self._fill(fill)
        self.parts.append(f"{_edge(box, radius)} f")

    def frame(
        self, box: Box, stroke: Color, width: float, radius: float = 0.0, dash: tuple[float, ...] = ()
    ) -> None:
        """Stroke a rectangle."""
        self._stroke(stroke, width)
        if dash:
            self.parts.append(f"[{' '.join(map(plain, dash))}] 0 d {_edge(box, radius)} S [] 0 d")
        else:
            self.parts.append(f"{_edge(box, radius)} S")

    def polygon(
        self, points: Sequence[Point], fill: Color | None, stroke: Color | None, width: float
    ) -> None:
        """Fill and stroke; each apart, since they may be transparent to different degrees."""
        path = _open_path(points) + " h"
        if fill:
            self._fill(fill)
            self.parts.append(f"{path} f")
        if stroke:
            self._stroke(stroke, width)
            self.parts.append(f"{path} S")

    def lines(self, lines: Sequence[Sequence[Point]], stroke: Color, width: float) -> None:
        """Stroke open lines."""
        self._stroke(stroke, width)
        self.parts.append(" ".join(map(_open_path, lines)) + " S")

    def ramp(self, box: Box, colors: Sequence[Color]) -> None:
        """Fill a rectangle with a shading, which is made one unit wide and stretched."""
        name = self.book.shading(tuple(colors))
        self._alpha(255)
        self.parts.append(f"q {_place(box)} re W n {_matrix(box.w, box.h, box.x, box.y)} /{name} sh Q")

    def picture(self, box: Box, cells: Cells) -> None:
        """Show an image; its own first line is the top one."""
        self._alpha(255)
        self._show(*self.book.picture(cells), _matrix(box.w, -box.h, box.x, box.bottom))

    def words(self, words: Sequence[Word], baseline: float, size: float, align: Align, width: float) -> None:
        """Show glyphs where they are on the screen."""
        for word in words:
            self._fill(word.color)
            for glyphs in glyphs_of(word.text, word.weight):
                self._glyphs(glyphs, word.x, baseline, size)

    def formula(self, name: str, colors: Colors, x: float, baseline: float, em: float) -> None:
        """Show a formula, which a document holds once."""
        self._alpha(255)
        self._show(*self.book.formula(name, colors), _matrix(em / 1000, em / 1000, x, baseline))

    def _glyphs(self, glyphs: Glyphs, x: float, baseline: float, size: float) -> None:
        if not glyphs.face:
            scale = size / REFERENCE
            if glyphs.outline:
                self.parts.append(f"q {_matrix(scale, scale, x, baseline)} {pdf_path(glyphs.outline)} f Q")
            return
        self.book.fonts.use(glyphs.face, glyphs.numbers, glyphs.texts)
        string = glyph_string(glyphs.face, glyphs.numbers, glyphs.starts)
        start = plain(x + glyphs.starts[0] * size)
        self.parts.append(
            f"BT /{face_name(glyphs.face)} {plain(size)} Tf 1 0 0 -1 {start} {plain(baseline)} Tm {string} TJ ET"
        )

    def _show(self, name: str, number: int, place: str) -> None:
        self.shown[name] = number
        self.parts.append(f"q {place} /{name} Do Q")

    def _fill(self, color: Color) -> None:
        self._alpha(rgba(color)[3])
        self._set("fill", f"{_rgb(color)} rg")

    def _stroke(self, color: Color, width: float) -> None:
        self._alpha(rgba(color)[3])
        self._set("stroke", f"{_rgb(color)} RG")
        self._set("width", f"{plain(width)} w")

    def _alpha(self, alpha: int) -> None:
        self._set("alpha", f"/{self.book.opacity(alpha)} gs")

    def _set(self, what: str, operator: str) -> None:
        """Say how it is drawn where that changes."""
        if self._state.get(what) != operator:
            self._state[what] = operator
            self.parts.append(operator)


def formula_operators(name: str, colors: Colors) -> str:
    """Fill the outlines of a formula, in thousandths of an em."""
    palette = dict(colors)
    return "\n".join(f"{_rgb(palette[role])} rg {pdf_path(data)} f" for role, data in formula_paths(name))


@lru_cache(maxsize=1024)
def _rgb(color: Color) -> str:
    return " ".join(plain(part / 255) for part in rgba(color)[:3])


def _place(box: Box) -> str:
    return f"{plain(box.x)} {plain(box.y)} {plain(box.w)} {plain(box.h)}"


def _matrix(across: float, down: float, x: float, y: float) -> str:
    return f"{across:.6f} 0 0 {down:.6f} {plain(x)} {plain(y)} cm"


def _open_path(points: Sequence[Point]) -> str:
    first, *others = (f"{plain(x)} {plain(y)}" for x, y in points)
    return " ".join([f"{first} m", *(f"{place} l" for place in others)])


def _edge(box: Box, radius: float) -> str:
    if radius <= 0:
        return f"{_place(box)} re"
    r = min(radius, box.w / 2, box.h / 2)
    handle = r * (1 - _ROUND)
    left, top, right, bottom = box.x, box.y, box.right, box.bottom
    curves = [
        [(right - r, top), (right - handle, top), (right, top + handle), (right, top + r)],
        [(right, bottom - r), (right, bottom - handle), (right - handle, bottom), (right - r, bottom)],
        [(left + r, bottom), (left + handle, bottom), (left, bottom - handle), (left, bottom - r)],
        [(left, top + r), (left, top + handle), (left + handle, top), (left + r, top)],
    ]
    parts = [f"{plain(left + r)} {plain(top)} m"]
    for (x, y), *curve in curves:
        parts.append(f"{plain(x)} {plain(y)} l {' '.join(plain(n) for point in curve for n in point)} c")
    return " ".join([*parts, "h"])
