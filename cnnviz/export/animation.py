"""Writes animations of single pictures, such as GIFs: each picture holds what differs from the one before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from PySide6.QtGui import QImage

from cnnviz.export.easel import Easel
from cnnviz.export.shots import Clock, Shot
from cnnviz.export.writing import Painting, Task, Turns, Writer
from cnnviz.files.atomic import atomic_file


class Pieces(Protocol):
    """What the files of a format are made of."""

    ticks: int
    """In which a second is counted."""

    def prepare(self, task: Task) -> Iterator[None]:
        """What is to be known before the first picture, in small steps."""
        ...

    def start(self, task: Task) -> bytes:
        """What comes before the first picture."""
        ...

    def picture(self, before: QImage | None, image: QImage, position: int, ticks: int) -> bytes:
        """A picture that stays so long, by what differs from the one before; several threads may ask."""
        ...

    def finish(self, stream: BinaryIO) -> None:
        """Write what comes after the last picture."""
        ...


@dataclass(slots=True)
class Animation:
    """Paints; workers compare and compress, and write in turn."""

    task: Task
    stream: BinaryIO
    pieces: Pieces
    workers: int = 2
    _easel: Easel = field(init=False)
    _turns: Turns = field(default_factory=Turns, init=False)
    _last: QImage | None = field(default=None, init=False)
    _clock: Clock = field(init=False)
    _counted: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._clock = Clock(self.pieces.ticks)
        self._easel = Easel(self.task)

    def prepare(self) -> Iterator[None]:
        """Prepare the format, and begin the file."""
        yield from self.pieces.prepare(self.task)
        self.stream.write(self.pieces.start(self.task))

    def paint(self, shot: Shot, position: int) -> Painting:
        """Paint; a worker does the rest."""
        image, before = (yield from self._easel.paint(shot)), self._last
        self._last = image
        stay = self._clock.stay(shot.seconds)
        return lambda: self._turns.run(
            position, lambda: self.pieces.picture(before, image, position, stay), self._put
        )

    def finish(self) -> int:
        """End the file."""
        self.pieces.finish(self.stream)
        self.stream.seek(0, 2)
        return self.stream.tell() - self._counted

    def stop(self) -> None:
        """Write no more."""
        self._turns.stop()

    def _put(self, data: bytes) -> int:
        self._counted += len(data)
        return self.stream.write(data)


@contextmanager
def open_animation(task: Task, pieces: Pieces) -> Iterator[Writer]:
    """Give the writer of an animation that appears in its place when the block ends well."""
    with atomic_file(task.target.place) as stream:
        yield Animation(task, stream, pieces)
