"""The fonts of a PDF: of each only the glyphs that were used, and which characters these stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import pairwise

from cnnviz.export.pdf_file import PdfFile, compressed
from cnnviz.paint.truetype import TrueType, read_font, subset
from cnnviz.resources import resource_bytes

_SYMBOLIC = 4
_STEM = 80  # a common width of stems; viewers use it only to imitate a font that is missing
_MAPS_AT_ONCE = 100
_MAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
    "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def "
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
)
_MAP_TAIL = "endcmap CMapName currentdict /CMap defineresource pop end end"


@cache
def shipped_font(face: str) -> TrueType:
    """Read a font of the resources once."""
    return read_font(resource_bytes(face))


@dataclass(slots=True)
class PdfFonts:
    """Which glyphs of which fonts pages use, and the names by which they call the fonts."""

    _used: dict[str, dict[int, str]] = field(default_factory=dict)

    def use(self, face: str, numbers: Sequence[int], texts: Sequence[str]) -> None:
        """Remember glyphs of a font and what each stands for."""
        used = self._used.setdefault(face, {})
        for number, text in zip(numbers, texts, strict=True):
            if not used.get(number):
                used[number] = text

    def write(self, file: PdfFile, number: int) -> None:
        """Write all fonts, and as object ``number`` the dictionary of their names."""
        names = []
        for face in sorted(self._used):
            names.append(f"/{face_name(face)} {_written(file, face, self._used[face])} 0 R")
        file.put(number, f"<<{''.join(names)}>>")


@cache
def face_name(face: str) -> str:
    """Give the name of a font without folder and ending.

    Examples
    --------
    >>> face_name("fonts/Inter-Bold.ttf")
    'Inter-Bold'
    """
    return face.rpartition("/")[2].partition(".")[0]


@cache
def glyph_string(face: str, numbers: tuple[int, ...], starts: tuple[float, ...]) -> str:
    """Write glyphs for the operator TJ: their numbers, and where a pair is not as far apart as it is wide."""
    font = shipped_font(face)
    parts = ["[<"]
    for number, (start, following) in zip(numbers, pairwise([*starts, starts[-1]]), strict=True):
        parts.append(f"{number:04X}")
        apart = round(1000 * (font.advances[number] / font.units - (following - start)))
        if apart:
            parts.append(f">{apart}<")
    if parts[-1].startswith(">"):  # nothing follows the last one
        parts.pop()
    return "".join([*parts, ">]"])


def _written(file: PdfFile, face: str, used: dict[int, str]) -> int:
    font, glyphs = shipped_font(face), sorted(used)
    data = subset(font, glyphs)
    name = f"{_tag(data)}+{face_name(face)}"
    whole, inner, about, program, meaning = (file.reserve() for _ in range(5))
    file.put(
        whole,
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{inner} 0 R]/ToUnicode {meaning} 0 R>>",
    )
    file.put(
        inner,
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/FontDescriptor {about} 0 R/CIDToGIDMap/Identity/W[{_widths(font, glyphs)}]>>",
    )
    box = " ".join(str(_thousandths(font, length)) for length in font.box)
    ascent, descent = _thousandths(font, font.ascent), _thousandths(font, font.descent)
    file.put(
        about,
        f"<</Type/FontDescriptor/FontName/{name}/Flags {_SYMBOLIC}/FontBBox[{box}]/ItalicAngle 0/Ascent {ascent}"
        f"/Descent {descent}/CapHeight {ascent}/StemV {_STEM}/FontFile2 {program} 0 R>>",
    )
    file.put_stream(program, f"/Length1 {len(data)}", compressed(data))
    file.put_stream(meaning, "", compressed(_meaning(used).encode("ascii")))
    return whole


def _tag(data: bytes) -> str:
    """Six letters that tell subsets of a font apart."""
    return "".join(chr(65 + byte % 26) for byte in blake2b(data, digest_size=6).digest())


def _thousandths(font: TrueType, length: int) -> int:
    return round(1000 * length / font.units)


def _widths(font: TrueType, glyphs: Sequence[int]) -> str:
    return " ".join(f"{glyph}[{1000 * font.advances[glyph] / font.units:.5g}]" for glyph in glyphs)


def _meaning(used: dict[int, str]) -> str:
    """The characters of each glyph, by which text is found and copied."""
    lines = [
        f"<{glyph:04X}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(used.items()) if text
    ]
    parts = [_MAP_HEAD]
    for start in range(0, len(lines), _MAPS_AT_ONCE):
        some = lines[start : start + _MAPS_AT_ONCE]
        parts.append(f"{len(some)} beginbfchar\n" + "\n".join(some) + "\nendbfchar\n")
    return "".join([*parts, _MAP_TAIL])
