"""Writes a PPTX: each slide goes into the file as soon as it is made, so that a thousand need no more memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from cnnviz.export.pptx_notes import notes_xml
from cnnviz.export.pptx_skeleton import deck_size, skeleton
from cnnviz.export.raster import pixel_array, png_bytes
from cnnviz.export.shots import Shot
from cnnviz.export.slides_scene import slide_xml
from cnnviz.export.slides_xml import HEAD, Look, Picture, Sheet, roles_of
from cnnviz.export.writing import Drawn, Encode, Task, Writer, aside
from cnnviz.files.atomic import atomic_file
from cnnviz.scene.formula_latex import latex
from cnnviz.scene.primitives import Scene
from cnnviz.scene.theme import theme_named

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell
_LEVEL = 6
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(slots=True, eq=False)
class Deck(Drawn):
    """Makes the XML of a slide in the thread that paints; a worker packs it, its notes and its pictures."""

    task: Task
    stream: BinaryIO
    archive: ZipFile
    size: tuple[int, int]
    look: Look
    workers: int = 1
    _media: dict[bytes, str] = field(default_factory=dict)
    _layout: str = ""
    _told: int = 0

    def prepare(self) -> Iterator[None]:
        """Write what all slides share; python-pptx takes half a second to load, so a worker does it."""
        yield from aside(self._begin)

    def draw(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Write a slide as XML."""
        sheet = Sheet(self.look)
        slide = slide_xml(scene, sheet, position > 0, self.task.title)
        told = self.task.notes_at(shot) or scene.spoken
        number, pictures = position + 1, tuple(sheet.pictures)
        return lambda: self._pack(number, slide, told, pictures)

    def finish(self) -> int:
        """Write the table of contents; what all slides share counts with it."""
        self.archive.close()
        return self.stream.tell() - self._told

    def _begin(self) -> None:
        latex("")  # reads all pieces
        theme = theme_named(self.task.plan.theme)
        parts = skeleton(self.size, len(self.task.shots), self.task.title, theme)
        layouts = (name for name in parts if name.startswith("ppt/slideLayouts/slideLayout"))
        self._layout = next(layouts).removeprefix("ppt/")
        for name, data in parts.items():
            self._put(name, data)

    def _pack(self, number: int, slide: str, told: str, pictures: tuple[Picture, ...]) -> int:
        before = self.stream.tell()
        relations = [
            ("rId1", "slideLayout", f"../{self._layout}"),
            ("rId2", "notesSlide", f"../notesSlides/notesSlide{number}.xml"),
            *((picture.relation, "image", f"../media/{self._kept(picture)}") for picture in pictures),
        ]
        self._put(f"ppt/slides/slide{number}.xml", slide.encode())
        self._put(f"ppt/slides/_rels/slide{number}.xml.rels", _relations(relations))
        of_notes = [
            ("rId1", "notesMaster", "../notesMasters/notesMaster1.xml"),
            ("rId2", "slide", f"../slides/slide{number}.xml"),
        ]
        self._put(f"ppt/notesSlides/notesSlide{number}.xml", notes_xml(told).encode())
        self._put(f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels", _relations(of_notes))
        packed = self.stream.tell() - before
        self._told += packed
        return packed

    def _kept(self, picture: Picture) -> str:
        """The name of a picture's file, which slides with the same pixels share."""
        pixels = pixel_array(picture.image)
        digest = blake2b(repr(pixels.shape).encode() + pixels.tobytes(), digest_size=16).digest()
        if digest not in self._media:
            self._media[digest] = f"image{len(self._media) + 1}.png"
            self._put(f"ppt/media/{self._media[digest]}", png_bytes(picture.image), ZIP_STORED)
        return self._media[digest]

    def _put(self, name: str, data: bytes, how: int = ZIP_DEFLATED) -> None:
        info = ZipInfo(name, _DATE)
        info.external_attr = 0o600 << 16
        self.archive.writestr(info, data, how, _LEVEL)


def _relations(relations: list[tuple[str, str, str]]) -> bytes:
    inside = "".join(
        f'<Relationship Id="{own}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for own, kind, target in relations
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>'.encode()


@contextmanager
def open_pptx(task: Task) -> Iterator[Writer]:
    """Give the writer of a deck that appears in its place when the block ends well."""
    plan = task.plan
    size = deck_size(*plan.size)
    look = Look(size[1] / plan.size[1], plan.scale, roles_of(theme_named(plan.theme)), plan.slides)
    with atomic_file(task.target.place) as stream:
        archive = ZipFile(stream, "w", ZIP_DEFLATED)
        try:
            yield Deck(task, stream, archive, size, look)
        finally:
            # Nothing is left to do when all went well; else it must not come to its end after the stream.
            with suppress(OSError, ValueError):
                archive.close()
