"""Reads TrueType fonts as far as embedding them needs: tables, widths of glyphs, and a copy with some glyphs only."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

_EMBEDDED = ("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep")
_WORDS, _MORE, _SCALE, _XY_SCALE, _TWO_BY_TWO = 1, 0x20, 8, 0x40, 0x80
_CHECKSUM_PLACE, _CHECKSUM = 8, 0xB1B0AFBA


@dataclass(frozen=True, slots=True, eq=False)
class TrueType:
    """A font file taken apart.

    Attributes
    ----------
    tables : dict of bytes
        By their four-letter names.
    units : int
        Of an em.
    box : tuple of int
        Left, bottom, right, top of all glyphs, in units.
    ascent, descent : int
        In units; the descent is negative.
    advances : tuple of int
        Width of each glyph, in units.
    """

    tables: dict[str, bytes]
    units: int
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    advances: tuple[int, ...]


def read_font(data: bytes) -> TrueType:
    """Take a font file apart."""
    tables = font_tables(data)
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    left, bottom, right, top = struct.unpack_from(">4h", tables["head"], 36)
    ascent, descent = struct.unpack_from(">2h", tables["hhea"], 4)
    (wide,) = struct.unpack_from(">H", tables["hhea"], 34)
    (count,) = struct.unpack_from(">H", tables["maxp"], 4)
    advances = [pair[0] for pair in struct.iter_unpack(">Hh", tables["hmtx"][: 4 * wide])]
    advances += advances[-1:] * (count - wide)
    return TrueType(tables, units, (left, bottom, right, top), ascent, descent, tuple(advances))


def font_tables(data: bytes) -> dict[str, bytes]:
    """Cut a font file into its tables."""
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for index in range(count):
        name, _, start, length = struct.unpack_from(">4s3I", data, 12 + 16 * index)
        tables[name.decode("latin-1")] = data[start : start + length]
    return tables


def subset(font: TrueType, glyphs: Iterable[int]) -> bytes:
    """Make a font file in which only these glyphs, and what they are made of, have outlines.

    Glyphs keep their numbers. Tables that a page does not need are left out.
    """
    places = _places(font)
    kept = _closed(font, places, {0, *glyphs})
    outlines, starts = bytearray(), [0]
    for glyph in range(len(places) - 1):
        if glyph in kept:
            outlines += font.tables["glyf"][places[glyph] : places[glyph + 1]]
            outlines += bytes(-len(outlines) % 4)
        starts.append(len(outlines))
    tables = {name: font.tables[name] for name in _EMBEDDED if name in font.tables}
    tables["glyf"] = bytes(outlines)
    tables["loca"] = struct.pack(f">{len(starts)}I", *starts)
    head = bytearray(tables["head"])
    struct.pack_into(">I", head, _CHECKSUM_PLACE, 0)
    struct.pack_into(">h", head, 50, 1)  # places are 32-bit
    tables["head"] = bytes(head)
    return _assembled(tables)


def _places(font: TrueType) -> list[int]:
    """Where each glyph's outline starts, and the last one ends."""
    (long,) = struct.unpack_from(">h", font.tables["head"], 50)
    loca = font.tables["loca"]
    if long:
        return [place for (place,) in struct.iter_unpack(">I", loca)]
    return [2 * place for (place,) in struct.iter_unpack(">H", loca)]


def _closed(font: TrueType, places: list[int], glyphs: set[int]) -> set[int]:
    """Add the glyphs that these are composed of."""
    found, todo = set(glyphs), list(glyphs)
    while todo:
        glyph = todo.pop()
        for part in _parts(font.tables["glyf"][places[glyph] : places[glyph + 1]]):
            if part not in found:
                found.add(part)
                todo.append(part)
    return found


def _parts(outline: bytes) -> list[int]:
    """List the glyphs that a composite one is made of."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    parts, place, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">2H", outline, place)
        parts.append(part)
        place += 8 if flags & _WORDS else 6
        place += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return parts


def _assembled(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">I4H", 0x00010000, count, 16 << power, power, 16 * (count - (1 << power)))
    directory, body, start = b"", b"", 12 + 16 * count
    for name in sorted(tables):
        data = tables[name]
        directory += struct.pack(">4s3I", name.encode("latin-1"), _sum(data), start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    whole = bytearray(header + directory + body)
    head = whole.index(tables["head"], 12 + 16 * count)
    struct.pack_into(">I", whole, head + _CHECKSUM_PLACE, (_CHECKSUM - _sum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & 0xFFFFFFFF
