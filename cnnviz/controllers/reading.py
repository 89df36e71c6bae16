"""Reads what is opened, dropped or pasted: a lesson, or an edit that brings a picture or a kernel into the lesson."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from cnnviz.controllers.editing import LessonEdit
from cnnviz.lesson.lesson import BadInput, Lesson

Kind: TypeAlias = Literal["lesson", "picture", "kernel"]

Colour: TypeAlias = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)

PNG = "image/png"
FAST = 100
"""The quality of a PNG that is read again at once: all have the same pixels, and this one is written soonest."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was read: a whole lesson, or an edit that brings it into the lesson that is open."""

    name: str
    kind: Kind
    lesson: Lesson | None = None
    edit: LessonEdit | None = None
    notes: tuple[str, ...] = ()


Reader: TypeAlias = Callable[[], Found]


def read_file(path: str, kind: Kind | None = None, background: Colour = WHITE) -> Found:
    """Read a lesson, a picture or a kernel, whichever the file is unless ``kind`` says.

    Transparent parts of a picture are laid on the background.
    """
    # Imported here because Pillow and archives are not needed before the first paint.
    from cnnviz.files.classify import classify
    from cnnviz.files.kernels import read_weights
    from cnnviz.files.lessons import read_lesson
    from cnnviz.files.pictures import read_input

    name = Path(path).name
    kind = kind or classify(path)
    if kind == "lesson":
        return Found(name, kind, lesson=read_lesson(path))
    if kind == "kernel":
        weight, bias = read_weights(path)
        return Found(name, kind, edit=lambda lesson: _take(lesson, weight, bias))
    picture = read_input(path, background)
    return Found(name, kind, edit=_use(picture.array, picture.name), notes=picture.notes)


def read_shipped(lesson_id: str) -> Found:
    """Read a lesson that ships."""
    from cnnviz.files.lessons import shipped_lesson

    return Found(lesson_id, "lesson", lesson=shipped_lesson(lesson_id))


def read_mime(mime: QMimeData, background: Colour = WHITE) -> Reader | None:
    """How to read what a clipboard holds: a picture or a table; None when there is neither."""
    if mime.hasFormat(PNG):
        # As other programs give it: it is not made anew, which takes a second for a large one and holds the window up.
        data = bytes(mime.data(PNG).data())
        return (lambda: _pasted_picture(data, background)) if data else None
    if mime.hasImage():
        image = mime.imageData()
        is_there = isinstance(image, QImage) and not image.isNull()
        return (lambda: _pasted_picture(_png(image), background)) if is_there else None
    if mime.hasText() and mime.text().strip():
        text = mime.text()
        return lambda: _pasted_table(text)
    return None


def _use(array: object, name: str) -> LessonEdit:
    from cnnviz.lesson.inputs import set_picture

    return lambda lesson: set_picture(lesson, array, name)  # type: ignore[arg-type]


def _take(lesson: Lesson, weight: object, bias: object) -> Lesson:
    from cnnviz.lesson.kernel_edits import take_kernels

    return take_kernels(lesson, weight, bias)  # type: ignore[arg-type]


def _pasted_picture(data: bytes, background: Colour) -> Found:
    from cnnviz.files.pictures import decode_picture

    picture = decode_picture(data, "pasted picture", background)
    return Found("pasted picture", "picture", edit=_use(picture.array, picture.name), notes=picture.notes)


def _pasted_table(text: str) -> Found:
    """A table of at most 31×31 is a kernel, as in a file; a larger one is an input."""
    from cnnviz.files.arrays import parse_table
    from cnnviz.files.kernels import parse_kernels
    from cnnviz.lesson.planes import MAX_KERNEL

    try:
        table = parse_table(text, "pasted text")
    except BadInput:
        table = None
    if table is not None and max(table.shape) > MAX_KERNEL:
        return Found("pasted table", "picture", edit=_use(table[None], "pasted table"))
    weight = parse_kernels(text, "pasted text")
    return Found("pasted kernel", "kernel", edit=lambda lesson: _take(lesson, weight, None))


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setQuality(FAST)
    writer.write(image)
    return bytes(buffer.data().data())
