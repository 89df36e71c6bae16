"""Reads what can be an input: pictures, arrays and tables, from files and from the clipboard."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.arrays import NPY_MAGIC, TABLE_BYTES, parse_table, read_npy
from cnnviz.files.decoding import Colour, decode
from cnnviz.files.matrix_json import JSON_BYTES, parse_json
from cnnviz.files.matrix_text import parse_matrices
from cnnviz.files.matrix_tokens import MAX_TEXT
from cnnviz.files.reading import PathLike, decode_text, opened, read_bytes, read_head, shown

MAX_PIXELS = 100_000_000
MAX_CHANNELS = 64
WHITE: Colour = (255, 255, 255)

PICTURE_SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib"),
    *(".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pbm", ".pnm"),
)
"""The endings of pictures, for the file dialog; what a file is, its content says."""

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".npy")
"""The endings of tables and arrays, which can be inputs and kernels."""

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An input as it came.

    Attributes
    ----------
    array : ndarray, (channels, rows, columns), read-only
        uint8 or uint16 for brightnesses (1 channel for grey, 3 for RGB; arrays up to 64), float64 for other
        numbers.
    name : str
        The file's name without its folder.
    notes : tuple of str
        What was done to the file's own values, in words for people; empty when nothing was.
    """

    array: NDArray[Any]
    name: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.array.setflags(write=False)


def read_picture(path: PathLike, background: Colour = WHITE, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read the first picture in a PNG, JPEG, BMP, GIF, WebP, TIFF, PGM or PPM file.

    16-bit grey stays 16-bit, 16-bit colour becomes 8-bit, transparent parts are laid on the background, and
    the picture is turned as its EXIF says; the notes tell.

    Parameters
    ----------
    path : str or Path
    background : (red, green, blue)
        Each 0 to 255.
    max_pixels : int
        The limit, checked before anything is decoded.

    Raises
    ------
    BadInput
        The file is missing, unreadable, damaged, cut off, too large, or no such picture.
    """
    with opened(path) as (stream, _):
        array, notes = decode(stream, shown(path), background, max_pixels)
    return Picture(array, shown(Path(path).name), notes)


def decode_picture(
    data: bytes, name: str, background: Colour = WHITE, max_pixels: int = MAX_PIXELS
) -> Picture:
    """Decode a picture's bytes, such as the clipboard's, as `read_picture` does; errors call it `name`."""
    array, notes = decode(io.BytesIO(data), shown(name), background, max_pixels)
    return Picture(array, shown(name), notes)


def read_array(path: PathLike) -> Picture:
    """Read an input from a .npy file or from a table or matrix of text (.csv, .tsv, .txt, .json).

    A table is one channel. Three axes are (channels, rows, columns), unless the last one is 3 (RGB) or 1
    and the first is neither: then they are (rows, columns, channels). Four axes need a first one of 1,
    which is left out. uint8 and uint16 stay as brightnesses, everything else becomes float64.

    Raises
    ------
    BadInput
        The file cannot be read, holds other than finite numbers, or has another shape or more than 64
        channels.
    """
    name = shown(path)
    array = read_npy(path) if read_head(path).startswith(NPY_MAGIC) else _text_array(path, name)
    planes, notes = _as_planes(array, name)
    if planes.dtype not in (np.uint8, np.uint16):
        planes = planes.astype(np.float64)
    return Picture(np.ascontiguousarray(planes), shown(Path(path).name), notes)


def read_input(path: PathLike, background: Colour = WHITE) -> Picture:
    """Read any input, by its content first and its ending second: `read_picture` or `read_array`."""
    head = read_head(path)
    suffix = Path(path).suffix.lower()
    if head.startswith(b"PK"):
        raise BadInput(f"{shown(path)}: is an archive, not an input; give a picture, a table or a .npy file")
    if head.startswith(NPY_MAGIC) or (suffix in TABLE_SUFFIXES and not looks_like_picture(head)):
        return read_array(path)
    return read_picture(path, background)


def looks_like_picture(head: bytes) -> bool:
    """Whether a file that begins so is a picture, or pretends to be one."""
    pnm = len(head) > 2 and head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace()
    return head.startswith(_MAGIC) or pnm


def _text_array(path: PathLike, name: str) -> NDArray[np.float64]:
    suffix = Path(path).suffix.lower()
    if suffix == ".npy":
        return read_npy(path)  # without its magic: the error says what is wrong
    text = decode_text(read_bytes(path, JSON_BYTES if suffix == ".json" else TABLE_BYTES), name)
    if suffix == ".json":
        return parse_json(text, name)[0]
    if len(text) <= MAX_TEXT and any(mark in text for mark in "[({"):
        return parse_matrices(text, name)
    return parse_table(text, name)


def _as_planes(array: NDArray[Any], name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim != 3:
        raise BadInput(
            f"{name}: has the shape {array.shape}; give (rows, columns) or (channels, rows, columns)"
        )
    notes: tuple[str, ...] = ()
    if array.shape[2] in (1, 3) and array.shape[0] not in (1, 3):
        notes = (f"its shape {array.shape} was read as rows, columns, channels",)
        array = np.moveaxis(array, 2, 0)
    if len(array) > MAX_CHANNELS:
        raise BadInput(f"{name}: has {len(array)} channels, the limit is {MAX_CHANNELS}; give fewer")
    return array, notes
