"""Tells whether a file that was given is a lesson, an input or a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from cnnviz.engine.errors import BadInput
from cnnviz.files.arrays import NPY_MAGIC, TABLE_BYTES, parse_table, read_npy
from cnnviz.files.matrix_json import JSON_BYTES, NAMES, load_json, nested_array
from cnnviz.files.matrix_text import parse_matrices
from cnnviz.files.matrix_tokens import MAX_TEXT
from cnnviz.files.pictures import PICTURE_SUFFIXES, TABLE_SUFFIXES, looks_like_picture
from cnnviz.files.reading import PathLike, decode_text, read_bytes, read_head, shown
from cnnviz.lesson.planes import MAX_KERNEL

Kind = Literal["lesson", "picture", "kernel"]


def classify(path: PathLike) -> Kind:
    """Tell what a file is: a lesson, a picture (any input) or a kernel.

    ``.cnnviz`` and zip archives are lessons, and so is a JSON object without weights. Of tables and arrays
    of any kind (.txt, .csv, .tsv, .json, .npy), those of at most 31 × 31 are kernels, larger ones are
    inputs. Text that cannot be read as numbers counts as a kernel, so that its reader says what is wrong.
    All else is a picture.

    Raises
    ------
    BadInput
        The file is missing, a folder, unreadable or empty.
    """
    head = read_head(path)
    suffix = Path(path).suffix.lower()
    if suffix == ".cnnviz":
        return "lesson"
    if head.startswith(NPY_MAGIC):
        return _by_size(_npy_shape(path))
    if looks_like_picture(head):
        return "picture"
    if head.startswith(b"PK"):
        return "lesson"
    if suffix == ".json":
        return _json_kind(path)
    if suffix in PICTURE_SUFFIXES or (suffix not in TABLE_SUFFIXES and b"\0" in head):
        return "picture"
    return _by_size(_text_shape(path))


def _by_size(shape: tuple[int, ...]) -> Kind:
    return "kernel" if max(shape[-2:], default=0) <= MAX_KERNEL else "picture"


def _npy_shape(path: PathLike) -> tuple[int, ...]:
    try:
        return read_npy(path).shape
    except BadInput:
        return ()


def _text_shape(path: PathLike) -> tuple[int, ...]:
    """The shape of a matrix or a table in text; () when it is neither, or too long to be a kernel's text."""
    text = decode_text(read_bytes(path, TABLE_BYTES), shown(path))
    for parse in (parse_matrices, parse_table):
        if parse is parse_matrices and len(text) > MAX_TEXT:
            continue
        try:
            return parse(text, "").shape
        except BadInput:
            continue
    return ()


def _json_kind(path: PathLike) -> Kind:
    name = shown(path)
    try:
        value: Any = load_json(decode_text(read_bytes(path, JSON_BYTES), name), name)
    except BadInput:
        return "lesson"  # its reader is the one that can explain broken JSON
    if isinstance(value, dict):
        return "kernel" if any(key in value for key in NAMES) else "lesson"
    try:
        return _by_size(nested_array(value, name).shape)
    except BadInput:
        return "kernel"
