"""Writes the objects of a PDF one after the other, and at the end the table that finds them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO

_HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"
_LEVEL = 6


def compressed(data: bytes) -> bytes:
    """Compress what a stream holds."""
    return zlib.compress(data, _LEVEL)


def text_string(text: str) -> str:
    """Write text as PDF does outside of pages: UTF-16 in hexadecimal digits."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


@dataclass(slots=True)
class PdfFile:
    """A file that grows: numbers are given out first, objects are written in any order.

    The same objects in the same order give the same bytes: there is no date, and the file's identifier is a digest
    of what it holds.
    """

    stream: BinaryIO
    _places: dict[int, int] = field(default_factory=dict)
    _count: int = 0
    _written: int = 0
    _digest: blake2b = field(default_factory=lambda: blake2b(digest_size=16))

    def __post_init__(self) -> None:
        self._write(_HEADER)

    @property
    def written(self) -> int:
        """Bytes so far."""
        return self._written

    def reserve(self) -> int:
        """Give the number of an object that is written later."""
        self._count += 1
        return self._count

    def put(self, number: int, body: str) -> None:
        """Write an object."""
        self._places[number] = self._written
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))

    def put_stream(self, number: int, head: str, data: bytes) -> None:
        """Write a stream of compressed data; ``head`` holds what its dictionary has besides length and filter."""
        self._places[number] = self._written
        start = f"{number} 0 obj\n<<{head}/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
        self._write(start.encode("ascii") + data + b"\nendstream\nendobj\n")

    def finish(self, root: int, info: int) -> None:
        """Write the table of all objects."""
        start, name = self._written, self._digest.hexdigest().upper()
        lines = [f"xref\n0 {self._count + 1}\n0000000000 65535 f \n"]
        lines += [f"{self._places[number]:010d} 00000 n \n" for number in range(1, self._count + 1)]
        trailer = f"<</Size {self._count + 1}/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]>>"
        self._write("".join([*lines, f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n"]).encode("ascii"))

    def _write(self, data: bytes) -> None:
        self.stream.write(data)
        self._digest.update(data)
        self._written += len(data)
