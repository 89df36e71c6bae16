"""Writes each frame as a PNG file, encoded by workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cnnviz.export.plan import Target
from cnnviz.export.raster import PngEncoder
from cnnviz.export.shots import Shot
from cnnviz.export.writing import Encode, Plain, Task, Writer
from cnnviz.files.atomic import atomic_file, atomic_folder
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene

Put = Callable[[str, bytes], int]
"""Writes a file of that name; gives its bytes."""


@dataclass(slots=True)
class Png(Plain):
    """Paints pictures; workers compress and write them."""

    task: Task
    put: Put
    workers: int = 2
    _encoder: PngEncoder = field(default_factory=PngEncoder, init=False)

    def paint(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Paint; a worker does the rest."""
        image = scene_image(scene, self.task.plan.scale)
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
