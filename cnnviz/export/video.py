"""Writes videos: H.264 in MP4, VP9 in WebM, at a constant rate and with the colours of BT.709."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from PySide6.QtGui import QImage

from cnnviz.engine.errors import BadInput
from cnnviz.export.shots import RATE, Shot
from cnnviz.export.writing import Encode, Task, Turns, Writer, aside
from cnnviz.files.atomic import atomic_file
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene

SLOWEST = 10
"""Pictures a second at the least: some players stumble over fewer, so each is shown several times."""
_BT709, _TV = 1, 1  # as H.273 counts primaries, transfer and matrix; and the range 16 to 235

# One thread an encoder, so that the same pictures give the same bytes on every machine. Large flat areas and sharp
# letters cost little at a high quality even with the fastest settings.
_CODECS = {
    "mp4": ("libx264", {"preset": "ultrafast", "qp": "17", "g": "150"}),
    "webm": (
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "8", "crf": "16", "b": "0", "g": "150", "lag-in-frames": "0"},
    ),
}
# No dates and no version of the library; the index before the pictures, so that a browser begins at once.
_CONTAINER = {"mp4": {"fflags": "+bitexact", "movflags": "+faststart"}, "webm": {"fflags": "+bitexact"}}


def rate_of(plan: Plan) -> Fraction:
    """Pictures a second of the video: a multiple of the steps', or 30 where something moves."""
    if plan.moves:
        return Fraction(RATE)
    steps = max(Fraction(1, 1000), Fraction(plan.fps).limit_denominator(1000))
    return steps * max(1, math.ceil(SLOWEST / steps))


@dataclass(slots=True)
class Video:
    """Paints pictures; workers turn them into luma and chroma, and encode them in turn."""

    task: Task
    container: OutputContainer
    path: str
    workers: int = 2
    rate: Fraction = field(init=False)
    _stream: VideoStream | None = field(default=None, init=False)
    _turns: Turns = field(default_factory=Turns, init=False)
    _clock: float = field(default=0.0, init=False)
    _shown: int = field(default=0, init=False)
    _written: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.rate = rate_of(self.task.plan)

    def prepare(self) -> Iterator[None]:
        """Start the encoder; one for large pictures takes its time."""
        self._stream = yield from aside(partial(_stream, self.container, self.task))

    def paint(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Paint; the workers do the rest."""
        image = scene_image(scene, self.task.plan.scale)
        # Rounded such that the sum keeps time.
        start = round(self._clock * self.rate)
        self._clock += shot.seconds
        times = max(1, round(self._clock * self.rate) - start)
        return lambda: self._turns.run(position, lambda: _frame(image), lambda frame: self._add(frame, times))

    def finish(self) -> int:
        """Write what the encoder still holds, and the index."""
        counted = self._written
        self._mux(None)
        self.container.close()
        return os.path.getsize(self.path) - counted

    def stop(self) -> None:
        """Write no more."""
        self._turns.stop()

    def _add(self, frame: VideoFrame, times: int) -> int:
        before = self._written
        for _ in range(times):
            if self._turns.stopped:  # a last picture may be held for minutes
                break
            frame.pts, frame.time_base = self._shown, 1 / self.rate
            self._shown += 1
            self._mux(frame)
        return self._written - before

    def _mux(self, frame: VideoFrame | None) -> None:
        assert self._stream is not None
        for packet in self._stream.encode(frame):
            self._written += packet.size
            self.container.mux(packet)


def _frame(image: QImage) -> VideoFrame:
    """The picture as luma and chroma of half the resolution."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    painted = VideoFrame.from_numpy_buffer(pixels, format="bgra")
    return VideoReformatter().reformat(
        painted,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BILINEAR,
    )


@contextmanager
def open_video(task: Task) -> Iterator[Writer]:
    """Give the writer of a video that appears in its place when the block ends well.

    Raises
    ------
    BadInput
        The encoder refuses the size.
    """
    with atomic_file(task.target.place) as stream, _one_line(task):
        path = os.fspath(stream.name)
        ending = task.target.format.ending
        container = av.open(path, "w", format=ending, options=_CONTAINER[ending])
        try:
            yield Video(task, container, path)
        finally:
            with suppress(av.FFmpegError):
                container.close()


def _stream(container: OutputContainer, task: Task) -> VideoStream:
    name, options = _CODECS[task.target.format.ending]
    plan = task.plan
    stream = container.add_stream(name, rate=rate_of(plan), options=dict(options))
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = plan.pixels()
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _TV
    context.open()
    return stream


@contextmanager
def _one_line(task: Task) -> Iterator[None]:
    """Say what the encoder refuses; what the disk refuses is said by whoever made the file."""
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, OSError) and error.errno and error.strerror == os.strerror(error.errno):
            raise
        width, height = task.plan.pixels()
        raise BadInput(
            f"{task.target.place.name}: the encoder refuses {width}x{height} ({error.strerror}); choose another size"
        ) from error
