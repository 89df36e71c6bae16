"""The XML of shapes on a slide: places, colours, lines and texts as PresentationML writes them (ECMA-376, part 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QImage

from cnnviz.paint.color import rgba
from cnnviz.scene.primitives import Box, Color
from cnnviz.scene.theme import Theme

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EMU_OF_POINT = 12_700
LONGEST_ALT = 4_000
EMPTY_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
"""What a tree of shapes begins with."""

SANS = 'panose="020B0604020202020204" pitchFamily="34" charset="0"'
"""Of Arial: a program without a family takes one that looks alike."""

DECORATION = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)
"""Inside a shape's properties: who has slides read aloud is not told of it."""

RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
NO_LINE = "<a:ln><a:noFill/></a:ln>"
NO_FILL = "<a:noFill/>"

_ALIGNED = {"left": "l", "center": "ctr", "right": "r"}
# Not by xml.sax.saxutils, which loads half of urllib.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"})
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Picture(NamedTuple):
    """A picture of a slide, and the relationship by which its XML names it."""

    relation: str
    image: QImage


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What all slides of a deck have alike.

    Attributes
    ----------
    unit : float
        English metric units (914,400 an inch) of a logical pixel.
    scale : float
        Device pixels of a logical pixel, by which cells are laid out as on the stage.
    roles : mapping
        Colours of the theme that slides name by their place in it, so that another theme recolours them.
    grids : str
        What grids become: shapes, tables or picture.
    """

    unit: float
    scale: float
    roles: Mapping[Color, str]
    grids: str = "shapes"

    def emu(self, length: float) -> int:
        """A length or place of the scene."""
        return round(length * self.unit)

    def type_size(self, size: float) -> int:
        """Height of type in hundredths of a point, within what the format allows."""
        return min(400_000, max(100, round(100 * size * self.unit / EMU_OF_POINT)))


@dataclass(slots=True, eq=False)
class Sheet:
    """A slide in the making: the numbers of its shapes and the pictures on it."""

    look: Look
    pictures: list[Picture] = field(default_factory=list)
    _last: int = 1  # the tree itself has 1

    def number(self) -> int:
        """A number that no other shape of the slide has."""
        self._last += 1
        return self._last

    def numbers(self, count: int) -> range:
        """So many of them."""
        first = self._last + 1
        self._last += count
        return range(first, first + count)

    def picture(self, image: QImage) -> str:
        """Keep a picture; the name of its relationship."""
        relation = f"rId{3 + len(self.pictures)}"  # after the layout and the notes
        self.pictures.append(Picture(relation, image))
        return relation


def places_of(theme: Theme) -> dict[str, Color]:
    """The colours that the theme of a deck has: dark or light, ``tx1`` is text and ``bg1`` what lies behind."""
    return {
        "tx1": theme.text, "bg1": theme.background or "#ffffff", "tx2": theme.muted, "bg2": theme.surface,
        "accent1": theme.accent, "accent2": theme.input, "accent3": theme.weight, "accent4": theme.negative,
        "accent5": theme.positive, "accent6": theme.hover,
    }  # fmt: skip


def roles_of(theme: Theme) -> dict[Color, str]:
    """The places of a theme's colours, by which slides name them; the first of equal ones counts."""
    return {color: place for place, color in reversed(places_of(theme).items())}


@lru_cache(maxsize=8192)
def xml_text(text: str) -> str:
    """Text as it may stand between tags and in attributes."""
    return _NOT_XML.sub("", text).translate(_ENTITIES)


def name_of(key: str) -> str:
    """The name of a shape: the same on every slide; by the marks in front Morph pairs shapes of one name."""
    return xml_text("!!" + key)


@lru_cache(maxsize=4096)
def _color(red: int, green: int, blue: int, alpha: int, role: str | None) -> str:
    kind, value = ("schemeClr", role) if role else ("srgbClr", f"{red:02X}{green:02X}{blue:02X}")
    if alpha == 255:
        return f'<a:{kind} val="{value}"/>'
    return f'<a:{kind} val="{value}"><a:alpha val="{round(alpha / 255 * 100_000)}"/></a:{kind}>'


def color_xml(color: Color, look: Look | None = None) -> str:
    """A colour; by its place in the theme where ``look`` knows it."""
    role = None if look is None else look.roles.get(color[:7])
    return _color(*rgba(color), role)


def fill(color: Color, look: Look | None = None) -> str:
    """A plain fill, or none where the colour cannot be seen."""
    if rgba(color)[3] == 0:
        return NO_FILL
    return f"<a:solidFill>{color_xml(color, look)}</a:solidFill>"


def stroke(color: Color, width: float, look: Look, more: str = "") -> str:
    """A line so many logical pixels wide, with flat ends; ``more`` stands where dashes and arrows do."""
    if rgba(color)[3] == 0:
        return NO_LINE
    dash, _, ends = more.partition("|")
    wide = max(1, look.emu(width))
    return f'<a:ln w="{wide}" cap="flat">{fill(color, look)}{dash}<a:miter lim="800000"/>{ends}</a:ln>'


def frame_of(box: Box, look: Look) -> tuple[int, int, int, int]:
    """Left, top, width and height, so rounded that neighbours touch."""
    left, top = look.emu(box.x), look.emu(box.y)
    return left, top, max(0, look.emu(box.right) - left), max(0, look.emu(box.bottom) - top)


def transform(frame: tuple[int, int, int, int], tag: str = "a", flags: str = "") -> str:
    """Where a shape lies."""
    x, y, w, h = frame
    return f'<{tag}:xfrm{flags}><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></{tag}:xfrm>'


def geometry(wide: int, tall: int, path: str, filled: bool = True) -> str:
    """A geometry of its own: a path in a frame of that size."""
    unfilled = "" if filled else ' fill="none"'
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{wide}" h="{tall}"{unfilled}>{path}</a:path></a:pathLst></a:custGeom>'
    )


def shape(
    sheet: Sheet, name: str, frame: tuple[int, int, int, int], drawn: str, body: str = "", alt: str = "",
    kind: str = "<p:cNvSpPr/><p:nvPr/>", decoration: bool = False,
) -> str:  # fmt: skip
    """A shape: ``drawn`` is its geometry, fill and line, ``body`` its text."""
    return (
        f"<p:sp><p:nvSpPr>{properties(sheet, name, alt, decoration)}{kind}</p:nvSpPr>"
        f"<p:spPr>{transform(frame)}{drawn}</p:spPr>{body}</p:sp>"
    )


def properties(sheet: Sheet, name: str, alt: str = "", decoration: bool = False) -> str:
    """Number, name and alternative text of a shape."""
    described = f' descr="{alternative(alt)}"' if alt else ""
    head = f'<p:cNvPr id="{sheet.number()}" name="{name}"{described}'
    return f"{head}>{DECORATION}</p:cNvPr>" if decoration else f"{head}/>"


def group(sheet: Sheet, name: str, box: Box, children: Iterable[str], alt: str) -> str:
    """Shapes that are moved and named as one."""
    x, y, w, h = frame_of(box, sheet.look)
    place = f'<a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/><a:chOff x="{x}" y="{y}"/><a:chExt cx="{w}" cy="{h}"/>'
    return (
        f"<p:grpSp><p:nvGrpSpPr>{properties(sheet, name, alt)}"
        f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>{place}</a:xfrm></p:grpSpPr>"
        f"{''.join(children)}</p:grpSp>"
    )


def alternative(text: str) -> str:
    """A text for those who do not see, no longer than programs show."""
    return xml_text(text if len(text) <= LONGEST_ALT else text[: LONGEST_ALT - 1] + "…")


def body_frame(wrap: bool = False, anchor: str = "ctr", shrinks: bool = False) -> str:
    """How text stands in its shape: without a rim; what ``shrinks`` is set smaller by programs where it is too wide."""
    fit = "norm" if shrinks else "no"
    return (
        f'<a:bodyPr wrap="{"square" if wrap else "none"}" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" '
        f'anchor="{anchor}"><a:{fit}Autofit/></a:bodyPr><a:lstStyle/>'
    )


def paragraph(runs: str, align: str, spacing: str = "") -> str:
    """A paragraph: left, center or right."""
    return f'<a:p><a:pPr algn="{_ALIGNED[align]}">{spacing}</a:pPr>{runs}</a:p>'
