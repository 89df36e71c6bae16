"""Fonts taken apart and put together again with fewer glyphs."""

import struct
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from cnnviz.paint.truetype import TrueType, font_tables, read_font, subset
from cnnviz.resources import resource_bytes


@pytest.fixture(scope="module")
def inter() -> TrueType:
    """The shipped family's plain font."""
    return read_font(resource_bytes("fonts/Inter-Regular.ttf"))


def _ink(file: bytes, letter: str) -> tuple[float, ...]:
    """Where a letter of 500 pixels is drawn, and how much of it."""
    font = ImageFont.truetype(BytesIO(file), 500)
    image = Image.new("L", (700, 800))
    ImageDraw.Draw(image).text((5, 700), letter, 255, font, anchor="ls")
    return (*(image.getbbox() or (0, 0, 0, 0)), sum(image.histogram()[128:]) / 100)


def _number(letter: str) -> int:
    """The number of a letter's glyph, by the font's own map of characters."""
    cmap = font_tables(resource_bytes("fonts/Inter-Regular.ttf"))["cmap"]
    (count,) = struct.unpack_from(">H", cmap, 2)
    places = [struct.unpack_from(">HHI", cmap, 4 + 8 * n)[2] for n in range(count)]
    (start,) = {place for place in places if struct.unpack_from(">H", cmap, place)[0] == 4}
    (doubled,) = struct.unpack_from(">H", cmap, start + 6)
    ends, starts = start + 14, start + 16 + doubled
    for n in range(doubled // 2):
        last, first = (
            struct.unpack_from(">H", cmap, ends + 2 * n)[0],
            struct.unpack_from(">H", cmap, starts + 2 * n)[0],
        )
        if first <= ord(letter) <= last:
            (delta,) = struct.unpack_from(">h", cmap, starts + doubled + 2 * n)
            (offset,) = struct.unpack_from(">H", cmap, starts + 2 * doubled + 2 * n)
            if offset == 0:
                return (ord(letter) + int(delta)) & 0xFFFF
            place = starts + 2 * doubled + 2 * n + offset + 2 * (ord(letter) - first)
            return int(struct.unpack_from(">H", cmap, place)[0])
    raise AssertionError(f"{letter} has no glyph")


def test_measures_are_those_of_the_font(inter: TrueType) -> None:
    face = ImageFont.truetype(BytesIO(resource_bytes("fonts/Inter-Regular.ttf")), inter.units)
    assert face.getmetrics() == (inter.ascent, -inter.descent)
    assert face.getlength("H", features=["-kern"]) == inter.advances[_number("H")]


def test_a_subset_draws_its_letters_and_no_others(inter: TrueType) -> None:
    # Ä is composed of A and its dots, which are kept with it.
    small = subset(inter, [_number("Ä")])
    assert len(small) < len(inter.tables["glyf"]) / 4
    tables = font_tables(small)
    tables["cmap"] = font_tables(resource_bytes("fonts/Inter-Regular.ttf"))["cmap"]
    file, whole = _file(tables), resource_bytes("fonts/Inter-Regular.ttf")
    # FreeType fits letters to pixels by what it knows of others, which are missing here.
    assert _ink(file, "Ä") == pytest.approx(_ink(whole, "Ä"), abs=3, rel=0.01)
    assert _ink(file, "W") == (0, 0, 0, 0, 0)


def test_a_subset_adds_up_to_the_sum_that_fonts_have(inter: TrueType) -> None:
    small = subset(inter, [_number("1")])
    assert sum(struct.unpack(f">{len(small) // 4}I", small)) & 0xFFFFFFFF == 0xB1B0AFBA
    for name, data in font_tables(small).items():
        assert len(data) == len(inter.tables[name]) or name in ("glyf", "loca")
    assert subset(inter, [5, 3]) == subset(inter, [3, 5, 5])


def _file(tables: dict[str, bytes]) -> bytes:
    """Put tables into a file."""
    directory, body, start = b"", b"", 12 + 16 * len(tables)
    for name in sorted(tables):
        data = tables[name] + bytes(-len(tables[name]) % 4)
        directory += struct.pack(">4s3I", name.encode(), 0, start + len(body), len(tables[name]))
        body += data
    return struct.pack(">I4H", 0x00010000, len(tables), 0, 0, 0) + directory + body
