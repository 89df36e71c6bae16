"""Reads arrays of numbers: NumPy's .npy files and tables of text."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.numbers import decimal_commas, parse_number
from cnnviz.files.reading import PathLike, counted, opened, plain_signs, shown

MAX_ITEMS = 100_000_000
"""So many numbers an array may hold: as many as pixels a picture may have."""

TABLE_BYTES = 128_000_000
"""So large a table of text may be: enough for 3840 × 2160 numbers of 14 characters each."""

NPY_MAGIC = b"\x93NUMPY"

_LONGEST_HEADER = 10_000
_DESCR = re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?[fiub][0-9]{1,2})['"]""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([0-9L, ]*)\)""")
_PLAIN_ROW = re.compile(r"[0-9eE+\-.,;\t ]*")


def read_npy(path: PathLike, max_items: int = MAX_ITEMS) -> NDArray[Any]:
    """Read an array of real numbers from a .npy file.

    Its header is checked before any memory is taken: booleans, whole or floating-point numbers, at most
    `max_items` of them and no more than the file holds. Nothing in it is run or unpickled.

    Returns
    -------
    ndarray
        Of the file's own shape and kind in the machine's byte order; wider than float64 becomes float64.

    Raises
    ------
    BadInput
        The file cannot be read, is no such array, or holds NaN or infinity.
    """
    name = shown(path)
    with opened(path) as (stream, size):
        try:
            return _checked_values(_read_npy(stream, size, max_items, name), name)
        except (OSError, MemoryError) as error:
            raise BadInput(
                f"{name}: cannot be read ({shown(error) or 'no memory'}); give a smaller array"
            ) from error


def parse_table(text: str, where: str = "table") -> NDArray[np.float64]:
    """Read a table of numbers as spreadsheets and programs write it, or as it is pasted from one.

    Rows are lines; blank lines and lines that start with # are skipped, and so is Excel's ``sep=;``. Cells
    are separated by tabs where the table has a tab, else by semicolons where it has one, else by commas,
    else by blanks; `decimal_commas` tells when blanks separate and the comma is a decimal comma, as it is
    between tabs, between semicolons and in quotes. Cells may be quoted, and may be fractions such as
    ``1/9``. A last column that is empty in every row is left out, a semicolon at the end of every row as
    well.

    Returns
    -------
    ndarray of float64, (rows, columns)

    Raises
    ------
    BadInput
        No number, a cell that is none, an empty cell, rows of different lengths, NaN or infinity, or a
        table of more than 128 MB. Lines are told by the number that editors show, the first being 1.
    """
    if len(text) > TABLE_BYTES:
        raise BadInput(
            f"{where}: has {len(text)} characters, the limit is {TABLE_BYTES}; give a smaller table"
        )
    text = plain_signs(text)
    filled = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip(" ;,\t") and not line.lstrip().startswith("#")
    ]
    numbers, lines = [number for number, _ in filled], [line for _, line in filled]
    separator = _separator(lines)
    if lines and re.fullmatch(r"\s*\"?sep=.\"?\s*", lines[0]):
        del numbers[0], lines[0]
    if not lines:
        raise BadInput(f"{where}: there are no numbers; give rows of numbers")
    if separator != ";":
        lines = [line.rstrip(" ;") for line in lines]
    rows = [_plain_row(line, separator) for line in lines]
    for i, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if row is None:
            rows[i] = _quoted_row(line, separator, f"{where}: line {numbers[i]}")
    return _stacked([row for row in rows if row is not None], numbers, where)


def _separator(lines: list[str]) -> str:
    unquoted = [re.sub(r'"[^"]*"', '""', line) if '"' in line else line for line in lines]
    # Marks at the ends do not tell: a tab may be an indent, a semicolon the end of a row.
    for candidate in "\t;":
        if any(candidate in line.strip(" \t;") for line in unquoted):
            return candidate
    return "," if any("," in line for line in unquoted) and not decimal_commas(unquoted) else " "


def _plain_row(line: str, separator: str) -> NDArray[np.float64] | None:
    """Read an ordinary row fast, or None for quotes, fractions, and empty or wrong cells."""
    if not _PLAIN_ROW.fullmatch(line) or (separator != ";" and ";" in line):
        return None
    cells = line.split() if separator == " " else line.strip(" ").split(separator)
    if separator != ",":
        cells = [cell.replace(",", ".", 1) for cell in cells] if "," in line else cells
    try:
        row = np.array([float(cell) for cell in cells])
    except ValueError:
        return None
    return row if np.isfinite(row).all() else None


def _quoted_row(line: str, separator: str, where: str) -> NDArray[np.float64]:
    try:
        cells = next(csv.reader([line.strip(" ")], delimiter=separator, skipinitialspace=True, strict=True))
    except (csv.Error, StopIteration) as error:
        raise BadInput(f"{where} is not well quoted; close every quotation mark on its own line") from error
    if separator == " ":
        cells = [cell for cell in cells if cell] or [""]
    values = [_cell(cell, f"{where}, cell {j + 1}") for j, cell in enumerate(cells)]
    # An empty cell is a gap, which the table as a whole may allow in its last column.
    gaps = [j for j, value in enumerate(values[:-1]) if math.isnan(value)]
    if gaps:
        raise BadInput(f"{where}, cell {gaps[0] + 1} is empty; write 0 where there is nothing")
    return np.array(values)


def _cell(text: str, where: str) -> float:
    return parse_number(text, where) if text.strip() else math.nan


def _stacked(rows: list[NDArray[np.float64]], lines: Sequence[int], where: str) -> NDArray[np.float64]:
    if all(len(row) > 1 and math.isnan(row[-1]) for row in rows):
        rows = [row[:-1] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        if math.isnan(row[-1]):
            raise BadInput(f"{where}: line {line}, cell {len(row)} is empty; write 0 where there is nothing")
        if len(row) != len(rows[0]):
            raise BadInput(
                f"{where}: line {line} has {counted(len(row), 'number')}, line {lines[0]} has {len(rows[0])}; "
                "make all lines equally long"
            )
    return np.stack(rows)


def _read_npy(stream: BinaryIO, size: int, max_items: int, name: str) -> NDArray[Any]:
    header, start = _npy_header(stream, name)
    descr, order, shape = _DESCR.search(header), _ORDER.search(header), _SHAPE.search(header)
    if descr is None or order is None or shape is None:
        raise BadInput(f"{name}: holds no plain array of real numbers; save one with numpy.save(file, array)")
    try:
        dtype = np.dtype(descr[1])
    except TypeError as error:
        raise BadInput(
            f"{name}: numbers of kind {descr[1]!r} cannot be read here; save it as float64"
        ) from error
    sizes = _sizes(shape[1], name)
    count = math.prod(sizes)
    if count > max_items:
        raise BadInput(f"{name}: has the shape {sizes}, the limit is {max_items} numbers; cut or shrink it")
    if count == 0:
        raise BadInput(f"{name}: has the shape {sizes} and holds no numbers; give an array that has some")
    if size - start < count * dtype.itemsize:
        raise BadInput(
            f"{name}: is cut off, {sizes} of {dtype} needs {count * dtype.itemsize} bytes; save it again"
        )
    data = stream.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:  # it shrank since its size was asked
        raise BadInput(f"{name}: is cut off; save it again")
    return np.frombuffer(data, dtype).reshape(sizes, order="F" if order[1] == "True" else "C")


def _sizes(text: str, name: str) -> tuple[int, ...]:
    parts = [part.strip(" L") for part in text.split(",") if part.strip(" L")]  # 3L: as Python 2 wrote it
    if len(parts) > 8 or any(not part.isdigit() or len(part) > 18 for part in parts):
        raise BadInput(
            f"{name}: has the shape ({shown(text, 40)}); give at most 8 sizes that are whole numbers"
        )
    return tuple(int(part) for part in parts)


def _npy_header(stream: BinaryIO, name: str) -> tuple[str, int]:
    """The header's text and where the data starts; NumPy's own reader would evaluate the text."""
    head = stream.read(12)
    if not head.startswith(NPY_MAGIC) or len(head) < 12:
        raise BadInput(f"{name}: is not a .npy file; save the array with numpy.save(file, array)")
    if head[6] not in (1, 2, 3):
        raise BadInput(
            f"{name}: is a .npy file of version {head[6]}, known are 1 to 3; save it with an older NumPy"
        )
    width = 2 if head[6] == 1 else 4
    length = int.from_bytes(head[8 : 8 + width], "little")
    if length > _LONGEST_HEADER:
        raise BadInput(
            f"{name}: has a header of {length} bytes; save the array again with numpy.save(file, array)"
        )
    stream.seek(8 + width)
    header = stream.read(length)
    if len(header) < length:
        raise BadInput(f"{name}: is cut off in its header; save it again")
    return header.decode("latin-1"), 8 + width + length


def _checked_values(array: NDArray[Any], name: str) -> NDArray[Any]:
    kind = array.dtype
    if kind.kind == "f":
        native = np.dtype(f"f{min(kind.itemsize, 8)}")
        with np.errstate(over="ignore"):
            array = array.astype(native, copy=False)
        if not np.isfinite(array).all():
            bad = np.unravel_index(int(np.argmin(np.isfinite(array))), array.shape)
            place = ", ".join(str(int(i)) for i in bad)
            raise BadInput(f"{name}: holds {array[bad]} at [{place}]; give finite numbers only")
    elif kind.kind == "b":
        array = array.view(np.uint8).astype(np.bool_)  # any byte but 0 and 1 would be neither true nor false
    else:
        array = array.astype(kind.newbyteorder("="), copy=False)
    array.setflags(write=False)
    return array
