"""Writes videos: paints pictures for an encoder that is a process of its own, at a constant rate."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from PySide6.QtGui import QImage

from cnnviz.export.easel import Easel
from cnnviz.export.encoder_messages import Job
from cnnviz.export.encoding import Encoder
from cnnviz.export.shots import RATE, Clock, Shot
from cnnviz.export.writing import Painting, Task, Turns, Writer, aside
from cnnviz.files.atomic import atomic_file
from cnnviz.lesson.plans import Plan

SLOWEST = 10
"""Pictures a second at the least: some players stumble over fewer, so each is shown several times."""


def rate_of(plan: Plan) -> Fraction:
    """Pictures a second of the video: a multiple of the steps', or 30 where there is time to move."""
    if plan.moves and plan.fps <= RATE:
        return Fraction(RATE)
    steps = max(Fraction(1, 1000), Fraction(plan.fps).limit_denominator(1000))
    return steps * max(1, math.ceil(SLOWEST / steps))


@dataclass(slots=True)
class Video:
    """Paints pictures; workers hand them to the encoder in turn."""

    task: Task
    encoder: Encoder
    workers: int = 2  # so that one picture is handed over while another is encoded
    rate: Fraction = field(init=False)
    _easel: Easel = field(init=False)
    _turns: Turns = field(default_factory=Turns, init=False)
    _clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.rate = rate_of(self.task.plan)
        self._clock = Clock(float(self.rate))
        self._easel = Easel(self.task)

    def prepare(self) -> Iterator[None]:
        """Start the encoder."""
        yield from aside(self.encoder.start)

    def paint(self, shot: Shot, position: int) -> Painting:
        """Paint; the encoder does the rest."""
        image = yield from self._easel.paint(shot)
        times = self._clock.stay(shot.seconds)
        return lambda: self._encode(position, image, times)

    def finish(self) -> int:
        """Write what the encoder still holds, and the index."""
        counted = self.encoder.written
        self.encoder.finish()
        return os.path.getsize(self.encoder.job.path) - counted

    def stop(self) -> None:
        """Write no more."""
        self._turns.stop()
        self.encoder.kill()

    def _encode(self, position: int, image: QImage, times: int) -> int:
        def hand_over(_: None) -> int:
            self.encoder.put(image, times)
            return 1

        if not self._turns.run(position, lambda: None, hand_over):
            return 0
        return self.encoder.answer()


@contextmanager
def open_video(task: Task) -> Iterator[Writer]:
    """Give the writer of a video that appears in its place when the block ends well.

    Raises
    ------
    BadInput
        The encoder refuses the size.
    """
    with atomic_file(task.target.place) as stream:
        path, rate = os.fspath(stream.name), rate_of(task.plan)
        job = Job(path, task.target.format.ending, *task.plan.pixels(), rate.as_integer_ratio())
        with closing(Encoder(job, task.target.place.name)) as encoder:
            yield Video(task, encoder)
