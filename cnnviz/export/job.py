"""Runs an export: paints a frame a step, lets workers encode it, leaves nothing behind if it ends early."""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

from cnnviz.export.writers import writer_of
from cnnviz.export.writing import PATIENCE, T, Task, Writer, aside
from cnnviz.files.leftovers import sweep, watched
from cnnviz.lesson.plans import Plan

WAITING = 4  # pictures painted but not encoded yet, and pixels of all of them, which bounds the memory
WAITING_PIXELS = 20_000_000
TURN = 0.02
"""Seconds that a step may spend on what a frame needs before it can be painted."""


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

    A window takes a step in each turn of its event loop and calls ``close()`` to cancel, or throws `Cancelled` to
    go on taking steps while all is undone. Files appear in their place when all is done; on an error or a cancel
    nothing is left behind, and old files stay as they were.

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
    tally = _Tally(len(task.shots))
    block = ExitStack()
    try:
        block.enter_context(watched(*_folders(task)))
        # What a format needs is imported beside the window, which may take a tenth of a second.
        opening = yield from tally.during(partial(writer_of, task))
        writer = block.enter_context(opening)
        for _ in writer.prepare():
            yield tally.now()
        yield from _written(task, writer, tally)
    except GeneratorExit as end:  # whoever closes waits until all is undone
        block.__exit__(GeneratorExit, end, end.__traceback__)
        raise
    except BaseException as error:
        # In a thread, as the end below: to delete a thousand files, or to wait for the disk, takes its time.
        yield from tally.during(partial(block.__exit__, type(error), error, error.__traceback__))
        if isinstance(error, Cancelled):
            return Report(0, task.target.place, 0, tally.now().seconds, cancelled=True)
        raise
    yield from tally.during(partial(block.__exit__, None, None, None))
    files = len(task.shots) if task.target.width else 1
    return Report(files, task.target.place, tally.written, tally.now().seconds)


def _folders(task: Task) -> tuple[Path, ...]:
    """Where the hidden files of an export may lie; what others left there is removed."""
    place = task.target.place.resolve()
    folders = (place, place.parent) if place.is_dir() else (place.parent,)
    for folder in folders:
        sweep(folder)
    return folders


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Thrown into the steps of an export: undo all in further steps, and report that."""


def run_export(
    task: Task,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Export all frames; ``progress`` hears of each, and when ``cancelled`` says so all is undone.

    So it is after Ctrl+C and when the process is told to end, which come as `KeyboardInterrupt`.
    """
    with _stop_asked() as stop_asked:
        steps = export_steps(task)
        seconds, told = 0.0, -1
        try:
            while not (stop_asked() or cancelled()):
                try:
                    now = next(steps)
                except StopIteration as end:
                    report: Report = end.value
                    return report
                seconds = now.seconds
                if progress is not None and now.done != told:
                    told = now.done
                    progress(now)
        finally:
            steps.close()
        if stop_asked():
            raise KeyboardInterrupt
    return Report(0, task.target.place, 0, seconds, cancelled=True)


def queue_length(plan: Plan) -> int:
    """Give how many painted pictures may wait for a worker: fewer when they are large, at least one."""
    width, height = plan.pixels()
    return max(1, min(WAITING, WAITING_PIXELS // (width * height)))


@dataclass(slots=True)
class _Tally:
    """Counts what is written."""

    total: int
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    written: int = 0

    def now(self) -> Progress:
        """How it stands."""
        return Progress(self.done, self.total, time.monotonic() - self.started, self.written)

    def add(self, future: Future[int]) -> None:
        """Count a picture, or raise what happened to it."""
        self.add_bytes(future.result())
        self.done += 1

    def add_bytes(self, count: int) -> None:
        """Count bytes that belong to no picture."""
        self.written += count

    def during(self, work: Callable[[], T]) -> Generator[Progress, None, T]:
        """Let a thread do what may take long, and say meanwhile how it stands."""
        return (yield from self.through(aside(work)))

    def through(self, steps: Generator[None, None, T]) -> Generator[Progress, None, T]:
        """Go through smaller steps, and say at each how it stands."""
        try:
            while True:
                next(steps)
                yield self.now()
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            steps.close()


def _written(task: Task, writer: Writer, tally: _Tally) -> Iterator[Progress]:
    """Paint and encode; the threads are at rest at the end, so that none writes into a folder that is gone."""
    pool = ThreadPoolExecutor(writer.workers, thread_name_prefix="export")
    rest = partial(pool.shutdown, wait=True, cancel_futures=True)
    try:
        yield from _painted(task, writer, pool, tally)
    except GeneratorExit:
        writer.stop()
        rest()
        raise
    except BaseException:
        writer.stop()
        yield from tally.during(rest)
        raise
    rest()


def _painted(task: Task, writer: Writer, pool: ThreadPoolExecutor, tally: _Tally) -> Iterator[Progress]:
    """Paint each frame and hand it to the workers; when too many are under way, wait for the oldest."""
    length = queue_length(task.plan)
    waiting: deque[Future[int]] = deque()
    for position, shot in enumerate(task.shots):
        while not task.ready(shot, TURN):
            yield tally.now()
        while len(waiting) >= length:
            if not wait([waiting[0]], PATIENCE).done:
                yield tally.now()
            _collect(waiting, tally)
        encode = yield from tally.through(writer.paint(shot, position))
        waiting.append(pool.submit(encode))
        _collect(waiting, tally)
        yield tally.now()
    while waiting:
        wait([waiting[0]], PATIENCE)
        _collect(waiting, tally)
        yield tally.now()
    yield from tally.during(lambda: tally.add_bytes(writer.finish()))


def _collect(waiting: deque[Future[int]], tally: _Tally) -> None:
    while waiting and waiting[0].done():
        tally.add(waiting.popleft())


@contextmanager
def _stop_asked() -> Iterator[Callable[[], bool]]:
    """Give what says whether Ctrl+C was pressed, or the command was told to end, or its terminal was closed.

    An exception in the midst of painting could leave a painter without its picture, so that nobody is interrupted;
    whoever asks a second time is served at once.
    """
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in known}

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, before[signal.Signals(number)])

    # What somebody ignores, as nohup does, or treats in an own way, stays so.
    ours = [n for n, old in before.items() if old in (signal.SIG_DFL, signal.default_int_handler)]
    for number in ours:
        signal.signal(number, stop)
    try:
        yield lambda: bool(asked)
    finally:
        for number in ours:
            signal.signal(number, before[number])
