"""Lesson files: reads, checks and writes them, and knows those that ship with cnnviz."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array
from cnnviz.files.archive import read_archive, write_archive
from cnnviz.files.atomic import atomic_file, check_target
from cnnviz.files.json_text import json_line, json_text, parse_json
from cnnviz.files.reading import PathLike, naming, opened, read_bytes, read_head, shown
from cnnviz.files.schema import (
    Get,
    array_from_lists,
    array_to_lists,
    lesson_from_document,
    lesson_to_document,
)
from cnnviz.lesson.lesson import Lesson, check
from cnnviz.lesson.plain import Plain
from cnnviz.lesson.recipe import Recipe
from cnnviz.resources import resource_path, resource_text

T = TypeVar("T")

JSON_LIMIT = 16 * 2**20
"""Bytes of the text of a lesson."""

JSON_VALUES = 1 << 16
"""More values than this are not written as text: a picture belongs into a .cnnviz file."""


@dataclass(frozen=True, slots=True)
class ShippedLesson:
    """A lesson that ships: the id by which commands name it, and what a list shows of it."""

    id: str
    title: str
    group: str
    systems: tuple[str, ...]
    file: str


def read_lesson(path: PathLike) -> Lesson:
    """Read a lesson file: a zip with lesson.json and arrays, or the JSON alone; the content tells which.

    Raises
    ------
    BadInput
        The file is missing, damaged, too large or from a newer version, or a field is unknown, missing or
        wrong: one line with the name of the file and the path of the field.
    """
    with naming(path):
        return document_in(path, lesson_from_document)


def document_in(path: PathLike, read: Callable[[Plain, Get], T]) -> T:
    """What ``read`` makes of the document in a lesson file, and of what fetches its arrays."""
    if read_head(path, 2) == b"PK":
        with opened(path) as (stream, size):
            text, get = read_archive(stream, size, JSON_LIMIT)
            return read(parse_json(text), get)
    return read(parse_json(read_bytes(path, JSON_LIMIT)), array_from_lists)


def write_lesson(path: PathLike, lesson: Lesson) -> None:
    """Write a lesson whole or not at all: as JSON when the name ends in .json, otherwise as a .cnnviz file.

    The same lesson gives the same bytes on every machine.

    Raises
    ------
    BadInput
        The lesson does not fit together, holds NaN or infinity or is too large for JSON, or the place
        cannot be written.
    """
    check(lesson)
    as_text = _checked_as_text(path, lesson)
    arrays: dict[str, Array] = {}

    def put(name: str, array: Array) -> Plain:
        arrays[f"{name}.npy"] = array
        return array_to_lists(array) if as_text else {"file": f"{name}.npy"}

    document = lesson_to_document(lesson, put)
    text = (json_text(document) if as_text else json_line(document)).encode()
    if len(text) > JSON_LIMIT:
        raise BadInput(f"{shown(path)}: its text is over {JSON_LIMIT} bytes; shorten its notes")
    with atomic_file(path) as stream:
        _write(stream, text, {} if as_text else arrays, as_text)


def check_place(path: PathLike, lesson: Lesson) -> None:
    """Raise `BadInput` now, before hours of work, where `write_lesson` would: the folder, the name, the size."""
    _checked_as_text(path, lesson)
    check_target(path)


def _checked_as_text(path: PathLike, lesson: Lesson) -> bool:
    """Whether a lesson is written as JSON alone."""
    as_text = Path(path).suffix.lower() == ".json"
    if as_text and (count := _values(lesson)) > JSON_VALUES:
        raise BadInput(f"{shown(path)}: {count} values are too many for .json; save it as .cnnviz")
    return as_text


def _write(stream: BinaryIO, text: bytes, arrays: dict[str, Array], as_text: bool) -> None:
    if as_text:
        stream.write(text)
    else:
        write_archive(stream, text, arrays)


def _values(lesson: Lesson) -> int:
    return sum(
        t.source.array.size
        + 2 * len(t.source.overrides)
        + sum(p.weight.size for p in t.params if p is not None and p.drawn is None)
        + (0 if t.recipe is None else _learned_from(t.recipe))
        for t in lesson.tracks
    )


def _learned_from(recipe: Recipe) -> int:
    own = None if recipe.batches is None else recipe.batches.pictures
    return sum(e.values for e in recipe.examples) + (0 if own is None else own.images.size)


@cache
def shipped() -> tuple[ShippedLesson, ...]:
    """The lessons that ship, in teaching order."""
    entries = json.loads(resource_text("lessons/index.json"))
    return tuple(
        ShippedLesson(e["id"], e["title"], e["group"], tuple(e["systems"]), e["file"]) for e in entries
    )


def shipped_lesson(lesson_id: str) -> Lesson:
    """The lesson with that id; `BadInput` names those that ship."""
    return read_lesson(shipped_path(lesson_id))


def shipped_path(lesson_id: str) -> Path:
    """The file of the lesson with that id; `BadInput` names those that ship."""
    for entry in shipped():
        if entry.id == lesson_id:
            return resource_path(f"lessons/{entry.file}")
    raise BadInput(
        f"lesson {shown(lesson_id)!r} is neither a file nor one that ships; give a file or one of {_ids()}"
    )


def find_lesson(text: str) -> Lesson:
    """The lesson that ships under that id, else the one in that file."""
    ids = [entry.id for entry in shipped()]
    is_path = any(mark in text for mark in "/\\.") or Path(text).exists()
    return read_lesson(text) if text not in ids and is_path else shipped_lesson(text)


def _ids() -> str:
    return ", ".join(entry.id for entry in shipped())
