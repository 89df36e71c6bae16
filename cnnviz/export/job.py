"""Runs an export: paints a frame a step, lets workers encode it, leaves nothing behind if it ends early."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from cnnviz.export.gif import GifWriter, Mapper, delay, shared_palette
from cnnviz.export.plan import ExportPlan, Kind, Target, target_of
from cnnviz.export.raster import pixel_array, png_bytes
from cnnviz.files.atomic import atomic_file, atomic_folder
from cnnviz.paint.app import ensure_gui_app
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Scene

SceneAt = Callable[[int], Scene]
Paint = Callable[[int], QImage]

WORKERS = 2
WAITING = 4  # pictures painted but not encoded yet, and pixels of all of them, which bounds the memory
WAITING_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: frames written of all, seconds so far, bytes written."""

    done: int
    total: int
    seconds: float
    bytes_written: int

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the frames so far; None before the first."""
        return self.seconds / self.done * (self.total - self.done) if self.done else None

    @property
    def bytes_expected(self) -> int | None:
        """An estimate of the whole size from the frames so far; None before the first."""
        return round(self.bytes_written / self.done * self.total) if self.done else None


@dataclass(frozen=True, slots=True)
class Report:
    """What an export has written; no files when it was cancelled."""

    files: int
    place: Path
    bytes_written: int
    seconds: float
    cancelled: bool = False


Steps = Generator[Progress, None, Report]


def export_steps(plan: ExportPlan, out: str | Path, scene_at: SceneAt, indices: Sequence[int]) -> Steps:
    """Export frame by frame, painting at most one a step, in the thread that asks for the next step.

    A window takes a step in each turn of its event loop and calls ``close()`` to cancel. Files appear in
    their place when all is done; on an error or a cancel nothing is left behind, and old files stay as they
    were.

    Parameters
    ----------
    plan : ExportPlan
        How it looks.
    out : str or Path
        The name that decides format and place: see `target_of`.
    scene_at : callable
        Builds the scene of a step, of the plan's size, theme and answers.
    indices : sequence of int
        The steps, from `frame_indices`.

    Yields
    ------
    Progress
        After each frame painted, and while the last ones are encoded.

    Returns
    -------
    Report
        As the value of the generator.
    """
    target = target_of(out, plan, indices)
    ensure_gui_app(headless=True)

    def paint(index: int) -> QImage:
        return scene_image(scene_at(index), plan.scale)

    match target.kind:
        case Kind.GIF:
            return (yield from _gif_steps(plan, target, paint, indices))
        case Kind.PNG:
            return (yield from _single_steps(target, paint, indices))
        case _:
            return (yield from _folder_steps(plan, target, paint, indices))


def run_export(
    plan: ExportPlan,
    out: str | Path,
    scene_at: SceneAt,
    indices: Sequence[int],
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Export all frames; ``progress`` hears of each, and when ``cancelled`` says so all is undone."""
    steps = export_steps(plan, out, scene_at, indices)
    seconds = 0.0
    try:
        while not cancelled():
            try:
                now = next(steps)
            except StopIteration as end:
                report: Report = end.value
                return report
            seconds = now.seconds
            if progress is not None:
                progress(now)
    finally:
        steps.close()
    return Report(0, Path(out), 0, seconds, cancelled=True)


def queue_length(plan: ExportPlan) -> int:
    """Give how many painted pictures may wait for a worker: fewer when they are large, at least one."""
    width, height = plan.pixels()
    return max(1, min(WAITING, WAITING_PIXELS // (width * height)))


def _single_steps(target: Target, paint: Paint, indices: Sequence[int]) -> Steps:
    started = time.monotonic()
    path = target.path(indices[0])
    data = png_bytes(paint(indices[0]))
    with atomic_file(path) as stream:
        stream.write(data)
        yield Progress(1, 1, time.monotonic() - started, len(data))
    return Report(1, path, len(data), time.monotonic() - started)


def _folder_steps(plan: ExportPlan, target: Target, paint: Paint, indices: Sequence[int]) -> Steps:
    started = time.monotonic()
    with atomic_folder(target.folder) as folder, _workers(WORKERS) as pool:

        def write(index: int, image: QImage) -> int:
            data = png_bytes(image)
            return (folder / target.name(index)).write_bytes(data)

        queue = _Queue(pool, write, queue_length(plan), len(indices))
        total = yield from _painted(queue, paint, indices, started)
    return Report(len(indices), target.folder, total, time.monotonic() - started)


def _gif_steps(plan: ExportPlan, target: Target, paint: Paint, indices: Sequence[int]) -> Steps:
    started, count = time.monotonic(), len(indices)
    samples = []
    for place in sorted({0, count // 2, count - 1}):
        samples.append(pixel_array(paint(indices[place])))
        yield Progress(0, count, time.monotonic() - started, 0)
    path = target.path(indices[0])
    with atomic_file(path) as stream, _workers(1) as pool:  # one: a frame holds what differs from the last
        writer = GifWriter(stream, Mapper(shared_palette(samples)), plan.theme == "transparent")
        del samples
        positions = iter(range(count))

        def write(index: int, image: QImage) -> int:
            before = stream.tell()
            writer.add(pixel_array(image), delay(next(positions), count, plan.fps, plan.hold))
            return stream.tell() - before

        yield from _painted(_Queue(pool, write, queue_length(plan), count), paint, indices, started)
        writer.finish()
        total = stream.tell()
    return Report(1, path, total, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Queue:
    """Who writes pictures, by what, and how many may wait."""

    pool: ThreadPoolExecutor
    write: Callable[[int, QImage], int]
    length: int
    total: int


def _painted(
    queue: _Queue, paint: Paint, indices: Sequence[int], started: float
) -> Generator[Progress, None, int]:
    """Paint each frame and hand it to the workers, waiting for the oldest when too many are under way."""
    waiting: deque[Future[int]] = deque()
    done = written = 0
    for index in indices:
        waiting.append(queue.pool.submit(queue.write, index, paint(index)))
        while waiting and (len(waiting) > queue.length or waiting[0].done()):
            written += waiting.popleft().result()
            done += 1
        yield Progress(done, queue.total, time.monotonic() - started, written)
    while waiting:
        written += waiting.popleft().result()
        done += 1
        yield Progress(done, queue.total, time.monotonic() - started, written)
    return written


@contextmanager
def _workers(count: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads that are at rest when the block ends, so that none writes into a folder that is gone."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="export")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
