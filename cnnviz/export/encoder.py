"""A process of its own that encodes a video: H.264 in MP4, VP9 in WebM, with the colours of BT.709.

PyAV lets no other thread work while it opens an encoder, for longer than a window may stand still. Therefore
`cnnviz.export.encoding` starts this beside the window; nothing else of the program is loaded here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from io import FileIO
from queue import Queue

import av
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from cnnviz.export.encoder_messages import ANSWER, COUNT, Job, fault_message, job_of

WAITING = 1
"""Pictures that are ready while the one before them is encoded."""
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

Picture = tuple[VideoFrame, int]


def main() -> None:
    """Encode what comes through the standard input, tell of it through the standard output, end the process."""
    source, answers, status = FileIO(0), FileIO(1, "w"), 0
    try:
        encode(source, answers)
    except (av.FFmpegError, EOFError, OSError, MemoryError, ValueError) as error:
        status = 1
        with suppress(OSError):
            answers.write(_refusal(error))
    os._exit(status)  # at once: a thread may still wait for pictures


def encode(source: FileIO, answers: FileIO) -> None:
    """Encode one video, whose pictures come from ``source``."""
    (length,) = COUNT.unpack(_read(source, COUNT.size))
    job = job_of(_read(source, length))
    with av.open(job.path, "w", format=job.ending, options=_CONTAINER[job.ending]) as container:
        pictures = Pictures(source, job)
        stream, shown = _stream(container, job), 0
        for frame, times in pictures:
            written = 0
            for _ in range(times):
                frame.pts, frame.time_base = shown, 1 / Fraction(*job.rate)
                shown += 1
                written += _mux(container, stream, frame)
            answers.write(ANSWER.pack(written))
        written = _mux(container, stream, None)
    pictures.wanted = False
    answers.write(ANSWER.pack(written))


class Pictures:
    """Pictures as they come, each as luma and chroma of half the resolution; a thread reads ahead.

    When the pipe breaks because nobody is there any more, that thread removes the file and ends the process.
    """

    def __init__(self, source: FileIO, job: Job) -> None:
        self.wanted = True
        """Whether the file is still to be written when the pipe breaks."""
        self._source, self._job = source, job
        self._ready: Queue[Picture | Exception | None] = Queue(WAITING)
        threading.Thread(target=self._collect, daemon=True).start()

    def __iter__(self) -> Iterator[Picture]:
        while (item := self._ready.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    def _collect(self) -> None:
        try:
            for picture in self._received():
                self._ready.put(picture)
            self._ready.put(None)
            _read(self._source, 1)  # nothing comes: the pipe is closed, in time or not
        except EOFError:
            if self.wanted:
                with suppress(OSError):
                    os.unlink(self._job.path)
                os._exit(1)
        except (av.FFmpegError, OSError, MemoryError, ValueError) as error:
            self._ready.put(error)

    def _received(self) -> Iterator[Picture]:
        painted = VideoFrame(self._job.width, self._job.height, "bgra")
        pixels, reformatter = memoryview(painted.planes[0]).cast("B"), VideoReformatter()
        while times := COUNT.unpack(_read(self._source, COUNT.size))[0]:
            _fill_lines(self._source, pixels, painted.planes[0].line_size, 4 * self._job.width)
            frame = reformatter.reformat(
                painted,
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BILINEAR,
            )
            yield frame, times


def _fill_lines(source: FileIO, pixels: memoryview, line_size: int, length: int) -> None:
    """Read all lines of a picture into memory where each takes ``line_size`` bytes, the last of which may be idle."""
    if line_size == length:
        _fill(source, pixels)
        return
    for start in range(0, len(pixels), line_size):
        _fill(source, pixels[start : start + length])


def _fill(source: FileIO, room: memoryview) -> None:
    while room:
        count = source.readinto(room)
        if not count:
            raise EOFError
        room = room[count:]


def _read(source: FileIO, length: int) -> bytes:
    data = bytearray(length)
    _fill(source, memoryview(data))
    return bytes(data)


def _mux(container: OutputContainer, stream: VideoStream, frame: VideoFrame | None) -> int:
    written = 0
    for packet in stream.encode(frame):
        written += packet.size
        container.mux(packet)
    return written


def _stream(container: OutputContainer, job: Job) -> VideoStream:
    name, options = _CODECS[job.ending]
    stream = container.add_stream(name, rate=Fraction(*job.rate), options=dict(options))
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = job.width, job.height
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _TV
    context.open()
    return stream


def _refusal(error: Exception) -> bytes:
    """What the disk refuses is told by its number, what the encoder refuses by its words."""
    number, words = getattr(error, "errno", None), getattr(error, "strerror", None) or str(error)
    from_system = isinstance(error, OSError) and number and words == os.strerror(number)
    return fault_message(words, number if from_system else None)
