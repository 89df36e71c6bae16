"""Writes GIF animations with one palette for all frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from cnnviz.export.gif import GifWriter, Mapper, shared_palette
from cnnviz.export.raster import pixel_array
from cnnviz.export.shots import Shot
from cnnviz.export.writing import Encode, Task, Writer
from cnnviz.files.atomic import atomic_file
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene


@dataclass(slots=True)
class Gif:
    """Writes a frame after the other; the palette comes from three of them."""

    task: Task
    stream: BinaryIO
    workers: int = 1  # a frame holds what differs from the last
    _writer: GifWriter | None = field(default=None, init=False)
    _clock: float = field(default=0.0, init=False)

    def prepare(self) -> Iterator[None]:
        """Choose the palette."""
        shots, samples = self.task.shots, []
        for place in sorted({0, len(shots) // 2, len(shots) - 1}):
            while not self.task.ready(shots[place], 0.02):
                yield
            samples.append(pixel_array(scene_image(self.task.scene_at(shots[place]), self.task.plan.scale)))
            yield
        clear = self.task.plan.theme == "transparent"
        self._writer = GifWriter(self.stream, Mapper(shared_palette(samples)), clear)

    def paint(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Paint; the worker maps colours and compresses."""
        image = scene_image(scene, self.task.plan.scale)
        # Rounded such that the sum keeps time.
        start = round(100 * self._clock)
        self._clock += shot.seconds
        stay = min(0xFFFF, round(100 * self._clock) - start)

        def write() -> int:
            assert self._writer is not None
            before = self.stream.tell()
            self._writer.add(pixel_array(image), stay)
            return self.stream.tell() - before

        return write

    def finish(self) -> int:
        """Write the end mark."""
        assert self._writer is not None
        self._writer.finish()
        return 1


@contextmanager
def open_gif(task: Task) -> Iterator[Writer]:
    """Give the writer of a GIF that appears in its place when the block ends well."""
    with atomic_file(task.target.place) as stream:
        yield Gif(task, stream)
