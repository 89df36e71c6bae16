"""The zip of a lesson: one text and arrays as .npy members, checked before anything of it is unpacked."""

from __future__ import annotations

import io
import math
import re
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array
from cnnviz.files.schema import DTYPES, Get, checked_array
from cnnviz.lesson.plain import Plain, checked_keys, shown

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

TEXT = "lesson.json"

TOTAL_LIMIT = 600 * 2**20
"""Bytes of all members together, unpacked."""

RATIO = 200
"""A member over `RATIO_FROM` bytes may not unpack to more than so many times its packed size."""

RATIO_FROM = 2**20

DIRECTORY_LIMIT = 2**20
"""Bytes of the table of contents: some ten thousand members."""

NARROW = "float32"
"""In a zip numbers may stand in so few bits; they are float64 in the program."""

_NPY_HEADER = re.compile(
    rb"\{'descr': '([<|][uf][0-9])', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n"
)


def read_archive(stream: BinaryIO, size: int, text_limit: int) -> tuple[bytes, Get]:
    """Read the text of a lesson's zip and give a reader for its arrays, which works while the stream is open.

    Raises
    ------
    BadInput
        It is damaged, encrypted, holds strange names or more than the limits, or there is no text in it.
    """
    # Imported here, because most lessons at start-up are plain JSON.
    from zipfile import ZipFile

    with Refusing():
        _check_directory(stream, size)
        archive = ZipFile(stream)
        members = _checked_members(archive)
        if TEXT not in members:
            raise BadInput(f"holds no {TEXT}; give a lesson file")
        if members[TEXT].file_size > text_limit:
            raise BadInput(f"{TEXT} has over {text_limit} bytes, the limit; give a smaller lesson")
        text = archive.read(TEXT)

    def get(value: Plain, ndim: int, where: str) -> NDArray[Any]:
        name = checked_keys(value, where, ("file",))["file"]
        if not isinstance(name, str) or name not in members or name == TEXT:
            raise BadInput(f"{where}.file: there is no {shown(name)} in the file; save the lesson again")
        with Refusing():
            data = archive.read(name)
        return checked_array(array_from_npy(data, name), ndim, where)

    return text, get


def write_archive(stream: BinaryIO, text: bytes, arrays: dict[str, Array]) -> None:
    """Write the zip with fixed dates, sorted and stored, because deflate differs between versions of zlib."""
    from zipfile import ZIP_STORED, ZipFile, ZipInfo

    if (total := len(text) + sum(array.nbytes + 128 for array in arrays.values())) > TOTAL_LIMIT:
        raise BadInput(
            f"a lesson of {total} bytes is over the limit of {TOTAL_LIMIT}; choose a smaller picture"
        )
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name in (TEXT, *sorted(arrays)):
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, text if name == TEXT else npy_from_array(arrays[name]))


def npy_from_array(array: Array) -> bytes:
    """The bytes of a .npy file, little-endian and in rows everywhere; BadInput for NaN or infinity.

    Numbers of 64 bits are written with 32 where those hold all of them exactly, as they do learned weights.
    """
    checked_array(array, array.ndim, "an array of the lesson")
    out = io.BytesIO()
    array = _narrowed(array)
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    np.lib.format.write_array(out, little, version=(1, 0), allow_pickle=False)
    return out.getvalue()


def array_from_npy(data: bytes, name: str) -> NDArray[Any]:
    """The array of a .npy member, read-only, if it is one that `npy_from_array` writes."""
    length = struct.unpack_from("<H", data, 8)[0] if len(data) >= 10 else 0
    header = _NPY_HEADER.fullmatch(data[10 : 10 + length]) if data.startswith(b"\x93NUMPY\x01\x00") else None
    if header is None:
        raise BadInput(f"{name}: is no .npy array of {', '.join(DTYPES)} in rows; save the lesson again")
    dtype = np.dtype(header[1].decode())
    if dtype.name not in (*DTYPES, NARROW):
        raise BadInput(f"{name}: is {dtype.name}; give one of {', '.join((*DTYPES, NARROW))}")
    sizes = [part.strip() for part in header[2].split(b",") if part.strip()]
    if len(sizes) > 4 or any(not part.isdigit() or len(part) > 9 for part in sizes):
        raise BadInput(f"{name}: has a shape that is no shape; save the lesson again")
    shape = tuple(map(int, sizes))
    if len(data) - 10 - length != math.prod(shape) * dtype.itemsize:
        raise BadInput(f"{name}: holds more or less than its header {shape} says; save the lesson again")
    array = np.frombuffer(data, dtype, offset=10 + length).reshape(shape)
    native = np.dtype(np.float64) if dtype.name == NARROW else dtype.newbyteorder("=")
    array = array.astype(native, copy=False)
    array.setflags(write=False)
    return array


def _narrowed(array: Array) -> Array:
    """The same numbers in 32 bits each, if none of them loses anything."""
    if array.dtype != np.float64:
        return array
    with np.errstate(over="ignore", under="ignore"):  # what overflows is another number, and stays as it is
        narrow: Array = array.astype(NARROW)
    return narrow if np.array_equal(narrow, array) else array


class Refusing:
    """Turns what zipfile raises for a damaged file into one line."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from zipfile import BadZipFile
        from zlib import error as deflate_error

        if error is None or isinstance(error, BadInput):
            return
        if isinstance(error, RuntimeError | NotImplementedError):
            raise BadInput("is encrypted or packed in an unusual way; save it as an ordinary zip") from error
        damaged = (
            BadZipFile,
            deflate_error,
            EOFError,
            OSError,
            ValueError,
            LookupError,
            struct.error,
            OverflowError,
        )
        if isinstance(error, damaged):
            raise BadInput("is damaged or cut off; take another copy of the file") from error


def _check_directory(stream: BinaryIO, size: int) -> None:
    """Refuse a table of contents that would fill the memory before a single member is looked at."""
    if size > TOTAL_LIMIT + DIRECTORY_LIMIT:
        raise BadInput(f"has {size} bytes, the limit is {TOTAL_LIMIT}; choose a smaller picture")
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise BadInput("is damaged or cut off; take another copy of the file")
    large = struct.unpack_from("<I", tail, at + 12)[0] > DIRECTORY_LIMIT
    if large or b"PK\x06\x07" in tail[max(0, at - 20) : at]:
        raise BadInput("holds too many members for a lesson; give a lesson file")
    stream.seek(0)


def _checked_members(archive: ZipFile) -> dict[str, ZipInfo]:
    members: dict[str, ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        name = info.filename
        if name in members or name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise BadInput(f"holds {shown(name)} twice or leading elsewhere; give a lesson file")
        if name != TEXT and not name.endswith(".npy"):
            raise BadInput(f"holds {shown(name)}, which is no part of a lesson; give a lesson file")
        total += info.file_size
        if info.file_size > max(RATIO_FROM, RATIO * info.compress_size):
            unpacked = f"{info.compress_size} bytes to {info.file_size}"
            raise BadInput(f"{shown(name)} unpacks from {unpacked}, over {RATIO} times; give an honest file")
        members[name] = info
    if total > TOTAL_LIMIT:
        raise BadInput(f"unpacks to {total} bytes, the limit is {TOTAL_LIMIT}; choose a smaller picture")
    return members
