"""Opens what people hand over, so that a missing, unreadable or oversized file is one clear line."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cnnviz.engine.errors import BadInput

PathLike = str | Path

# Characters that people's programs write where a number's sign, fraction bar or space belongs.
_SIGNS = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\ufe63": "-",
        "\uff0d": "-",
        "\u2044": "/",
        "\u00f7": "/",
        "\u00d7": "*",
        "\u00b7": "*",
        "\u22c5": "*",
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\ufeff": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
        "\x0b": "\n",
        "\x0c": "\n",
        "\r": "\n",
    }
)


def shown(text: object, most: int = 200) -> str:
    """Bring a name or a piece of text into one printable line, cut in the middle when it is long."""
    line = "".join(c if c.isprintable() else "·" for c in str(text))
    return line if len(line) <= most else f"{line[: most // 2]}…{line[-most // 2 + 1 :]}"


def nth(number: int) -> str:
    """A place in a series: nobody has to ask whether it is counted from 0 or from 1.

    Examples
    --------
    >>> [nth(n) for n in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(n: int, noun: str) -> str:
    """Join a number and its noun: ``1 number``, ``3 numbers``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def reason(error: OSError) -> str:
    """Say in words why the system refused, without the path and the number that `str(error)` carries."""
    return shown(error.strerror or type(error).__name__).rstrip(".").lower()


@contextmanager
def naming(path: PathLike) -> Iterator[None]:
    """Let what is wrong inside begin with the name of the file, once."""
    try:
        yield
    except BadInput as error:
        name, line = shown(path), str(error)
        raise BadInput(line if line.startswith(f"{name}:") else f"{name}: {line}") from error


@contextmanager
def opened(path: PathLike) -> Iterator[tuple[BinaryIO, int]]:
    """Open an ordinary, non-empty file for reading and give it with its size in bytes.

    Raises
    ------
    BadInput
        It is missing, a folder, a device or pipe (which could block for ever), empty, or may not be read.
    """
    name = shown(path)
    try:
        state = os.stat(path)
        _check_kind(name, state)
        stream = open(path, "rb")  # noqa: SIM115 - closed below; errors while it is used are not errors of opening
    except FileNotFoundError as error:
        raise BadInput(f"{name}: there is no such file; check the name and the folder") from error
    except PermissionError as error:
        raise BadInput(f"{name}: may not be read; ask its owner for permission to read it") from error
    except BadInput:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        why = reason(error) if isinstance(error, OSError) else "no name of a file"
        raise BadInput(f"{name}: cannot be opened ({why}); give another file") from error
    with stream:
        yield stream, state.st_size


def _check_kind(name: str, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise BadInput(f"{name}: is a folder; give a file in it")
    if not stat.S_ISREG(state.st_mode):
        raise BadInput(f"{name}: is not an ordinary file; save the data to a file first")
    if state.st_size == 0:
        raise BadInput(f"{name}: is empty; give a file that holds something")


def read_bytes(path: PathLike, limit: int) -> bytes:
    """Read a whole file of at most `limit` bytes; BadInput as in `opened`, and when it is larger."""
    with opened(path) as (stream, size):
        if size > limit:
            raise BadInput(f"{shown(path)}: has {size} bytes, the limit is {limit}; give a smaller file")
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise BadInput(
                f"{shown(path)}: cannot be read ({reason(error)}); copy it to another disk"
            ) from error
    if len(data) > limit:  # it grew since its size was asked
        raise BadInput(f"{shown(path)}: has more than {limit} bytes, the limit; give a smaller file")
    return data


def read_head(path: PathLike, count: int = 16) -> bytes:
    """The first bytes of a file, by which its kind is told; BadInput as in `opened`."""
    with opened(path) as (stream, _):
        try:
            return stream.read(count)
        except OSError as error:
            raise BadInput(
                f"{shown(path)}: cannot be read ({reason(error)}); copy it to another disk"
            ) from error


def decode_text(data: bytes, where: str) -> str:
    """Decode text by its byte order mark, else as UTF-8, else as Windows-1252; BadInput for binary data."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise BadInput(f"{where}: is not text; give numbers as text, or save the array as .npy")
    return text


def plain_signs(text: str) -> str:
    """Replace typographic minus signs, fraction bars, times signs, blanks and line ends by those of ASCII."""
    return text.replace("\r\n", "\n").translate(_SIGNS)
