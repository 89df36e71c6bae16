"""Writes the frames as the pages of one PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from cnnviz import __version__
from cnnviz.export.pdf_book import PdfBook
from cnnviz.export.pdf_canvas import PdfCanvas, formula_operators
from cnnviz.export.pdf_file import PdfFile
from cnnviz.export.shots import Shot
from cnnviz.export.writing import Drawn, Encode, Task, Writer
from cnnviz.files.atomic import atomic_file
from cnnviz.paint.vector import draw_scene
from cnnviz.scene.primitives import Scene


@dataclass(slots=True)
class Pdf(Drawn):
    """Draws a page after the other; fonts come last, since only then all their glyphs are known."""

    task: Task
    stream: BinaryIO
    workers: int = 1  # objects stand in one file
    _book: PdfBook = field(init=False)
    _told: int = field(default=0, init=False)  # bytes

    def __post_init__(self) -> None:
        self._book = PdfBook(PdfFile(self.stream), formula_operators)

    def draw(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Draw; the worker compresses and writes."""
        canvas, scale = PdfCanvas(self._book), self.task.plan.scale
        draw_scene(canvas, scene, scale)
        write = self._book.page(canvas.parts, canvas.shown, scene.size, scale)

        def encode() -> int:
            write()
            return self._news()

        return encode

    def finish(self) -> int:
        """Write the fonts and the table of objects."""
        self._book.finish(self.task.title, f"cnnviz {__version__}")
        return self._news()

    def _news(self) -> int:
        """Bytes written since it was asked last."""
        before, self._told = self._told, self._book.file.written
        return self._told - before


@contextmanager
def open_pdf(task: Task) -> Iterator[Writer]:
    """Give the writer of a PDF that appears in its place when the block ends well."""
    with atomic_file(task.target.place) as stream:
        yield Pdf(task, stream)
