"""A page of SVG: plain elements with few attributes, a named group for each thing, text that can be edited."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from math import inf
from xml.sax.saxutils import escape, quoteattr

from cnnviz.export.cell_png import cells_png
from cnnviz.export.other_fonts import WIDER
from cnnviz.export.path_data import formula_paths, plain
from cnnviz.paint.canvas import Cells, Colors, Point, Word
from cnnviz.paint.color import rgba
from cnnviz.paint.fonts import REFERENCE, text_width
from cnnviz.paint.glyphs import outline_of
from cnnviz.scene.formula_latex import latex
from cnnviz.scene.primitives import Align, Box, Color, Weight

FAMILY = "Inter, Helvetica, Arial, sans-serif"
_TITLE, _DESC = "page-title", "page-desc"
_SHARE = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}
_ANCHOR = {Align.LEFT: "", Align.CENTER: ' text-anchor="middle"', Align.RIGHT: ' text-anchor="end"'}
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Write text between tags; characters that XML has no way to write are left out."""
    return escape(_CONTROL.sub("", text))


@dataclass(slots=True)
class SvgCanvas:
    """Collects the elements of a page.

    Attributes
    ----------
    as_paths : bool
        Whether letters become outlines.
    width : float
        Of the page.
    parts : list of str
        The elements so far.
    defs : list of str
        What they refer to.
    """

    as_paths: bool
    width: float = inf
    parts: list[str] = field(default_factory=list)
    defs: list[str] = field(default_factory=list)
    _ids: set[str] = field(default_factory=lambda: {_TITLE, _DESC})

    def begin(self, key: str, clip: Box | None = None) -> None:
        """Open a group with an id made from the key."""
        name, clipped = self._name(key), ""
        if clip is not None:
            cut = self._name(f"{key}/clip")
            self.defs.append(f'<clipPath id="{cut}"><rect{_place(clip)}/></clipPath>')
            clipped = f' clip-path="url(#{cut})"'
        self.parts.append(f'<g id="{name}"{clipped}>')

    def end(self) -> None:
        """Close the group, or leave it out where nothing is in it."""
        if self.parts[-1].startswith("<g "):
            self.parts.pop()
        else:
            self.parts.append("</g>\n")

    def rect(self, box: Box, fill: Color, radius: float = 0.0) -> None:
        """Add a rectangle."""
        self.parts.append(f"<rect{_place(box)}{_round(radius)}{_paint('fill', fill)}/>")

    def frame(
        self, box: Box, stroke: Color, width: float, radius: float = 0.0, dash: tuple[float, ...] = ()
    ) -> None:
        """Add a rectangle that is not filled."""
        dashes = f' stroke-dasharray="{" ".join(map(plain, dash))}"' if dash else ""
        self.parts.append(f'<rect{_place(box)}{_round(radius)} fill="none"{_stroke(stroke, width)}{dashes}/>')

    def polygon(
        self, points: Sequence[Point], fill: Color | None, stroke: Color | None, width: float
    ) -> None:
        """Add a polygon."""
        inside = _paint("fill", fill) if fill else ' fill="none"'
        edge = _stroke(stroke, width) if stroke else ""
        self.parts.append(f'<polygon points="{_points(points)}"{inside}{edge}/>')

    def lines(self, lines: Sequence[Sequence[Point]], stroke: Color, width: float) -> None:
        """Add a polyline, or a path for many of them."""
        style = f' fill="none"{_stroke(stroke, width)}/>'
        if len(lines) == 1:
            self.parts.append(f'<polyline points="{_points(lines[0])}"{style}')
        else:
            data = "".join("M" + _points(line) for line in lines)
            self.parts.append(f'<path d="{data}"{style}')

    def ramp(self, box: Box, colors: Sequence[Color]) -> None:
        """Add a rectangle with a gradient."""
        name, last = self._name("ramp"), max(1, len(colors) - 1)
        stops = "".join(
            f'<stop offset="{plain(place / last)}"{_paint("stop-color", color, "stop-opacity")}/>'
            for place, color in enumerate(colors)
        )
        self.defs.append(f'<linearGradient id="{name}">{stops}</linearGradient>')
        self.parts.append(f'<rect{_place(box)} fill="url(#{name})"/>')

    def picture(self, box: Box, cells: Cells) -> None:
        """Add an image that the file itself holds."""
        crisp = "" if cells.smooth else ' image-rendering="optimizeSpeed" style="image-rendering:pixelated"'
        data = b64encode(cells_png(cells)).decode("ascii")
        self.parts.append(
            f'<image{_place(box)} preserveAspectRatio="none"{crisp} xlink:href="data:image/png;base64,{data}"/>'
        )

    def words(self, words: Sequence[Word], baseline: float, size: float, align: Align, width: float) -> None:
        """Add a text whose anchor keeps it in place in another font, too; or its outlines.

        A line of several colours is anchored at its start: LibreOffice would anchor each of them. What a wider font
        would drive from the page says how long it is, in each colour, for the same reason.
        """
        if self.as_paths:
            self.parts += [_outlined(word, baseline, size) for word in words]
            return
        align = align if len(words) == 1 else Align.LEFT
        x = words[0].x + _SHARE[align] * width
        wide = WIDER * width
        left = x - _SHARE[align] * wide
        fixed = size if left < 0 or left + wide > self.width else 0.0
        head = f'<text x="{plain(x)}" y="{plain(baseline)}" font-size="{plain(size)}"{_ANCHOR[align]}'
        if len(words) == 1:
            self.parts.append(
                f"{head}{_style(words[0])}{_long(words[0], fixed)}>{xml_text(words[0].text)}</text>"
            )
            return
        spans = "".join(
            f"<tspan{_style(word)}{_long(word, fixed)}>{xml_text(word.text)}</tspan>" for word in words
        )
        self.parts.append(f"{head}>{spans}</text>")

    def formula(self, name: str, colors: Colors, x: float, baseline: float, em: float) -> None:
        """Add the outlines of a formula, one path for each role; what it says is told in LaTeX."""
        place = f"translate({plain(x)} {plain(baseline)}) scale({em / 1000:.6g})"
        self.parts.append(f'<g transform="{place}"><title>{xml_text(latex(name))}</title>')
        palette = dict(colors)
        for role, data in formula_paths(name):
            self.parts.append(f'<path d="{data}"{_paint("fill", palette[role])}/>')
        self.parts.append("</g>")

    def _name(self, key: str) -> str:
        """Make an id that XML allows, and each only once."""
        name = re.sub(r"[^A-Za-z0-9_.-]", ".", key)
        if not name[:1].isalpha():
            name = f"track{name}"
        counted = (f"{name}-{number}" for number in count(2))
        own = name if name not in self._ids else next(other for other in counted if other not in self._ids)
        self._ids.add(own)
        return own


def svg_page(canvas: SvgCanvas, size: tuple[float, float], scale: float, title: str, told: str) -> str:
    """Write the whole file of a page.

    Parameters
    ----------
    canvas : SvgCanvas
    size : tuple of float
        Of the scene.
    scale : float
        Pixels of the picture per unit of it.
    title, told : str
        What it shows, in short and in a sentence, for those who cannot see it.
    """
    width, height = (plain(length) for length in size)
    shown = f'width="{int(size[0] * scale + 0.5)}" height="{int(size[1] * scale + 0.5)}"'
    defs = f"<defs>{''.join(canvas.defs)}</defs>\n" if canvas.defs else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'{shown} viewBox="0 0 {width} {height}" role="img" aria-labelledby="{_TITLE} {_DESC}" xml:space="preserve" '
        f"font-family={quoteattr(FAMILY)} style=\"font-feature-settings:'tnum'\">\n"
        f'<title id="{_TITLE}">{xml_text(title)}</title>\n<desc id="{_DESC}">{xml_text(told)}</desc>\n'
        f"{defs}{''.join(canvas.parts)}</svg>\n"
    )


def _place(box: Box) -> str:
    return f' x="{plain(box.x)}" y="{plain(box.y)}" width="{plain(box.w)}" height="{plain(box.h)}"'


def _round(radius: float) -> str:
    return f' rx="{plain(radius)}"' if radius > 0 else ""


@lru_cache(maxsize=4096)
def _paint(attribute: str, color: Color, opacity: str = "") -> str:
    alpha = rgba(color)[3]
    shade = f' {attribute}="{color[:7]}"'
    return shade if alpha == 255 else f'{shade} {opacity or attribute + "-opacity"}="{plain(alpha / 255)}"'


def _stroke(color: Color, width: float) -> str:
    return f'{_paint("stroke", color)} stroke-width="{plain(width)}"'


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{plain(x)},{plain(y)}" for x, y in points)


@lru_cache(maxsize=1024)
def _weighed(color: Color, weight: Weight) -> str:
    bold = "" if weight is Weight.REGULAR else f' font-weight="{weight.value}"'
    return f"{_paint('fill', color)}{bold}"


def _style(word: Word) -> str:
    return _weighed(word.color, word.weight)


def _long(word: Word, size: float) -> str:
    """How long a word is in this size; nothing for 0, which lets every font have its own length."""
    if not size:
        return ""
    length = plain(text_width(word.text, size, word.weight))
    return f' textLength="{length}" lengthAdjust="spacingAndGlyphs"'


def _outlined(word: Word, baseline: float, size: float) -> str:
    place = f"translate({plain(word.x)} {plain(baseline)}) scale({size / REFERENCE:.6g})"
    data = outline_of(word.text, word.weight)
    return f'<path transform="{place}"{_paint("fill", word.color)} d="{data}"/>' if data else ""
