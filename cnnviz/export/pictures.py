"""Writes each frame as a PNG file, encoded by workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cnnviz.export.easel import Easel
from cnnviz.export.plan import Target
from cnnviz.export.raster import PngEncoder
from cnnviz.export.shots import Shot
from cnnviz.export.writing import Idle, Painting, Task, Writer
from cnnviz.files.atomic import atomic_file, atomic_folder

Put = Callable[[str, bytes], int]
"""Writes a file of that name; gives its bytes."""


@dataclass(slots=True)
class Png(Idle):
    """Paints pictures; workers compress and write them."""

    task: Task
    put: Put
    workers: int = 2
    _encoder: PngEncoder = field(default_factory=PngEncoder, init=False)
    _easel: Easel = field(init=False)

    def __post_init__(self) -> None:
        self._easel = Easel(self.task)

    def paint(self, shot: Shot, position: int) -> Painting:
        """Paint; a worker does the rest."""
        image = yield from self._easel.paint(shot)
        name = self.task.target.name(position, shot)
        return lambda: self.put(name, self._encoder.encode(image))


@contextmanager
def open_pngs(task: Task) -> Iterator[Writer]:
    """Give the writer of a folder of pictures, or of a single one."""
    with files_of(task.target) as put:
        yield Png(task, put)


@contextmanager
def files_of(target: Target) -> Iterator[Put]:
    """Give what writes the files of a target; they stand in their place when the block ends well."""
    if target.width:
        with atomic_folder(target.folder) as folder:
            yield lambda name, data: (folder / name).write_bytes(data)
    else:
        with atomic_file(target.place) as stream:
            yield lambda _, data: stream.write(data)
