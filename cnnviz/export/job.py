"""Runs an export: paints a frame a step, lets workers encode it, leaves nothing behind if it ends early."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cnnviz.export.writers import writer_of
from cnnviz.export.writing import Encode, Task, Writer
from cnnviz.lesson.plans import Plan

WAITING = 4  # pictures painted but not encoded yet, and pixels of all of them, which bounds the memory
WAITING_PIXELS = 40_000_000
TURN = 0.02
"""Seconds that a step may spend on what a frame needs before it can be painted."""
PATIENCE = 0.01
"""Seconds that a step waits for the workers when there is nothing to paint."""


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
    def frames_per_second(self) -> float | None:
        """Frames written a second so far; None before the first."""
        return self.done / self.seconds if self.done and self.seconds else None

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


def export_steps(task: Task) -> Steps:
    """Export frame by frame, painting at most one a step, in the thread that asks for the next step.

    A window takes a step in each turn of its event loop and calls ``close()`` to cancel. Files appear in
    their place when all is done; on an error or a cancel nothing is left behind, and old files stay as they
    were.

    Parameters
    ----------
    task : Task

    Yields
    ------
    Progress

    Returns
    -------
    Report

    Raises
    ------
    BadInput
        The format's package is missing, the place cannot be written, the disk is full, a scene cannot be built.
    """
    started = time.monotonic()
    with writer_of(task) as writer:
        for _ in writer.prepare():
            yield Progress(0, len(task.shots), time.monotonic() - started, 0)
        with _workers(writer.workers) as pool:
            total = yield from _painted(task, writer, pool, started)
    files = len(task.shots) if task.target.width else 1
    return Report(files, task.target.place, total, time.monotonic() - started)


def run_export(
    task: Task,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Export all frames; ``progress`` hears of each, and when ``cancelled`` says so all is undone."""
    steps = export_steps(task)
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
    return Report(0, task.target.place, 0, seconds, cancelled=True)


def queue_length(plan: Plan) -> int:
    """Give how many painted pictures may wait for a worker: fewer when they are large, at least one."""
    width, height = plan.pixels()
    return max(1, min(WAITING, WAITING_PIXELS // (width * height)))


def _painted(
    task: Task, writer: Writer, pool: ThreadPoolExecutor, started: float
) -> Generator[Progress, None, int]:
    """Paint each frame and hand it to the workers, waiting for the oldest when too many are under way."""
    length, total = queue_length(task.plan), len(task.shots)
    waiting: deque[Future[int]] = deque()
    done = written = 0
    for position, shot in enumerate(task.shots):
        while not task.ready(shot, TURN):
            yield Progress(done, total, time.monotonic() - started, written)
        waiting.append(pool.submit(writer.paint(task.scene_at(shot), shot, position)))
        while waiting and (len(waiting) > length or waiting[0].done()):
            written += waiting.popleft().result()
            done += 1
        yield Progress(done, total, time.monotonic() - started, written)
    while waiting:
        written += waiting.popleft().result()
        done += 1
        yield Progress(done, total, time.monotonic() - started, written)
    now = Progress(done, total, time.monotonic() - started, written)
    return written + (yield from _waited_for(pool, writer.finish, now))


def _waited_for(pool: ThreadPoolExecutor, work: Encode, now: Progress) -> Generator[Progress, None, int]:
    """Let a worker do what may take long, and say meanwhile how it stands."""
    future = pool.submit(work)
    while not wait([future], PATIENCE).done:
        yield now
    return future.result()


@contextmanager
def _workers(count: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads that are at rest when the block ends, so that none writes into a folder that is gone."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="export")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
