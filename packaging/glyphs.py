"""Which characters the shipped fonts hold, and the signs drawn here because Inter lacks them."""

from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Tabular figures, kerning and accents. No contextual alternates: they would turn "->" and "4x4" into
# other signs, and the stage shows exactly what is written.
KEPT_FEATURES = (
    "ccmp",
    "kern",
    "locl",
    "mark",
    "mkmk",
    "tnum",
    "case",
    "subs",
    "sups",
    "frac",
    "numr",
    "dnom",
)

_RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x17F),  # Latin-1 and Latin Extended-A: European languages
    (0x218, 0x21B),  # Romanian
    (0x300, 0x30C),  # accents: ŷ, x̂
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x490, 0x491),  # Ukrainian
    (0x1EF2, 0x1EF3),
    (0x2000, 0x206F),  # spaces, dashes, quotes, dots, primes
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # letterlike
    (0x2150, 0x215F),  # fractions
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # operators
    (0x2300, 0x23FF),  # technical: keys
    (0x25A0, 0x25FF),  # shapes
    (0x2713, 0x2717),  # check marks
    (0x27F5, 0x27FA),  # long arrows
)

Point = tuple[float, float]


def shipped_characters() -> list[int]:
    """Code points to keep, as far as Inter has them."""
    return [code for first, last in _RANGES for code in range(first, last + 1)]


def add_drawn_glyphs(face: "TTFont") -> None:
    """Draw the signs of the field that Inter lacks, from the strokes and sizes of the face itself.

    They are ⋆ (cross-correlation), ∗ (convolution), ∇, floor and ceiling brackets, and small triangles.
    Each keeps the weight of its face: the asterisk, the brackets, the triangles and Delta are Inter's own.
    """
    middle = _middle_of(face, "=")
    _add(face, "∗", _moved(_outline(face, "*"), middle - _middle_of(face, "*")), _width(face, "*"))
    _add(face, "⋆", [_star(_width(face, "+") / 2, middle, 0.40 * _width(face, "+"))], _width(face, "+"))
    for sign, triangle in (("▸", "▶"), ("◂", "◀"), ("▾", "▼")):
        width = _width(face, triangle)
        small = _scaled(_outline(face, triangle), (width / 2, _middle_of(face, triangle)), 0.6)
        _add(face, sign, _moved(small, middle - _middle_of(face, triangle)), width)
    width = _width(face, "∆")
    twice = 2 * _middle_of(face, "∆")
    _add(face, "∇", [[(x, twice - y) for x, y in reversed(ring)] for ring in _outline(face, "∆")], width)
    _add_brackets(face)


def _add_brackets(face: "TTFont") -> None:
    # A bracket is one ring of eight corners; floor and ceiling lack its arm at one end.
    for sign, bracket, bottom in (("⌊", "[", True), ("⌈", "[", False), ("⌋", "]", True), ("⌉", "]", False)):
        ring = _outline(face, bracket)[0]
        xs, ys = sorted({x for x, _ in ring}), sorted({y for _, y in ring})
        stem_left, stem_right = (xs[0], xs[1]) if bracket == "[" else (xs[-2], xs[-1])
        arm_low, arm_high = (ys[0], ys[1]) if bottom else (ys[-2], ys[-1])
        stem = [(stem_left, ys[0]), (stem_left, ys[-1]), (stem_right, ys[-1]), (stem_right, ys[0])]
        arm = [(xs[0], arm_low), (xs[0], arm_high), (xs[-1], arm_high), (xs[-1], arm_low)]
        _add(face, sign, [stem, arm], _width(face, bracket))


def _star(x: float, y: float, radius: float) -> list[Point]:
    # Five points, the inner radius that of the regular pentagram; clockwise, as TrueType fills.
    inner = radius * cos(2 * pi / 5) / cos(pi / 5)
    turns = [(radius if corner % 2 == 0 else inner, pi / 2 - corner * pi / 5) for corner in range(10)]
    return [(x + r * cos(angle), y + r * sin(angle)) for r, angle in turns]


def _outline(face: "TTFont", sign: str) -> list[list[Point]]:
    """Rings of straight lines, which is all that Inter draws the signs used here with."""
    glyph = face["glyf"][face.getBestCmap()[ord(sign)]]
    points, ends, flags = glyph.getCoordinates(face["glyf"])
    if not all(flag & 1 for flag in flags):
        raise ValueError(f"{sign!r} has curves in this release of Inter; draw what is made from it anew")
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [[(float(x), float(y)) for x, y in points[a : b + 1]] for a, b in zip(starts, ends, strict=True)]


def _moved(rings: list[list[Point]], up: float) -> list[list[Point]]:
    return [[(x, y + up) for x, y in ring] for ring in rings]


def _scaled(rings: list[list[Point]], about: Point, factor: float) -> list[list[Point]]:
    u, v = about
    return [[(u + factor * (x - u), v + factor * (y - v)) for x, y in ring] for ring in rings]


def _width(face: "TTFont", sign: str) -> int:
    return int(face["hmtx"][face.getBestCmap()[ord(sign)]][0])


def _middle_of(face: "TTFont", sign: str) -> float:
    heights = [y for ring in _outline(face, sign) for _, y in ring]
    return (min(heights) + max(heights)) / 2


def _add(face: "TTFont", sign: str, rings: list[list[Point]], width: int) -> None:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for ring in rings:
        corners = [(round(x), round(y)) for x, y in ring]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    name = f"uni{ord(sign):04X}"
    glyph = pen.glyph()
    face.setGlyphOrder([*face.getGlyphOrder(), name])
    face["glyf"][name] = glyph
    glyph.recalcBounds(face["glyf"])
    face["hmtx"][name] = (width, glyph.xMin)
    for table in face["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(sign)] = name
