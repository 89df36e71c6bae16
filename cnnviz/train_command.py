"""``cnnviz train``: follows the recipes of a lesson without a window, can be interrupted and goes on later."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import check_place, write_lesson
from cnnviz.files.resumes import Point, read_resume, write_resume
from cnnviz.lesson.findings import told_lesson
from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.fold import State
from cnnviz.timeline.training import Diverged, Moment, first_moment, mean_loss, tested, trained, training

KEPT_EVERY = 10.0
"""So many seconds of work a power cut may cost."""

DRAWN_EVERY = 0.1
BAR = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a track: its name, its iterations, and its loss before and after them.

    Of a track that learns from batches the loss is that of the pictures to test on, and `right` says how many of how
    many were answered right before and after.
    """

    name: str
    iterations: int
    before: float
    after: float
    right: tuple[int, int, int] | None = None


def train_lesson(lesson: Lesson, out: str | None = None) -> tuple[Lesson, tuple[Outcome, ...]]:
    """Follow the recipe of every track that has one, and write the lesson with the weights it came to.

    What is done is kept beside `out` as ``OUT.part``, every ten seconds and when Ctrl+C interrupts; the next call with
    the same lesson goes on from there and comes to the same bits. Without `out` nothing is written or kept.

    Raises
    ------
    BadInput
        No track learns, `out` cannot be written or ``OUT.part`` is not of this lesson.
    Diverged
        `out` is as it was, and nothing is kept.
    KeyboardInterrupt
        After what is done has been kept.
    """
    learners = [number for number, track in enumerate(lesson.tracks) if track.recipe is not None]
    if not learners:
        raise BadInput(
            f"lesson {lesson.title!r} does not learn; choose one with a recipe, such as tiny-network"
        )
    part = None if out is None else Path(f"{out}.part")
    if out is not None:
        check_place(out, lesson)
    moments = {number: first_moment(lesson.tracks[number]) for number in learners}
    if part is not None and part.exists():
        moments |= {n: _moment(point) for n, point in read_resume(part, lesson).items() if n in moments}
    try:
        _follow(lesson, moments, part)
        done = trained(lesson, moments)
        if out is not None:
            write_lesson(out, done)
    except KeyboardInterrupt:
        _say(_keep(part, lesson, moments))
        raise
    except Diverged:
        _drop(part)
        raise
    except (BadInput, OSError, MemoryError):  # such as a full disk: what is done can be written elsewhere
        with suppress(BadInput, OSError, MemoryError):
            _keep(part, lesson, moments)
        raise
    _drop(part)
    return done, tuple(_outcomes(lesson, moments))


def as_text(outcome: Outcome) -> str:
    """One line of what came of a track."""
    name = f"{outcome.name}: " if outcome.name else ""
    times = f"{outcome.iterations:,} iteration{'s' if outcome.iterations != 1 else ''}"
    line = f"{name}{times}, loss {outcome.before:.6g} before, {outcome.after:.6g} after"
    if outcome.right is None:
        return line
    before, after, count = outcome.right
    return f"{line}; of {count:,} pictures never trained on {before:,} right before, {after:,} after"


def _follow(lesson: Lesson, moments: dict[int, Moment], part: Path | None) -> None:
    """Bring each track to its last iteration; what is in `moments` is whole at any time."""
    total = sum(t.recipe.iterations for t in lesson.tracks if t.recipe is not None)
    kept = drawn = time.monotonic()
    for number in tuple(moments):
        for moment in training(lesson.tracks[number], moments[number]):
            moments[number] = moment
            now = time.monotonic()
            if now - drawn > DRAWN_EVERY:
                drawn = now
                _draw(sum(m.done for m in moments.values()), total)
            if part is not None and now - kept > KEPT_EVERY:
                kept = now
                write_resume(part, lesson, _points(moments))
    _draw(total, total, end="\n")


def _draw(done: int, total: int, end: str = "") -> None:
    if sys.stderr.isatty():
        filled = BAR * done // total
        line = f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done:,} of {total:,} iterations"
        print(line, end=end, file=sys.stderr, flush=True)


def _keep(part: Path | None, lesson: Lesson, moments: dict[int, Moment]) -> str:
    done = sum(moment.done for moment in moments.values())
    if part is None:
        return f"interrupted after {done:,} iterations; with --out OUT they would be kept"
    write_resume(part, lesson, _points(moments))
    return f"interrupted after {done:,} iterations, kept in {part}; the same command goes on from there"


def _say(line: str) -> None:
    start = "\n" if sys.stderr.isatty() else ""
    print(f"{start}cnnviz: {line}", file=sys.stderr)


def _drop(part: Path | None) -> None:
    if part is not None:
        with suppress(OSError):
            os.unlink(part)


def _outcomes(lesson: Lesson, moments: dict[int, Moment]) -> Iterator[Outcome]:
    names = [track.name for track in told_lesson(lesson).tracks]
    for number, moment in moments.items():
        track = lesson.tracks[number]
        ends = [m.state.params for m in (first_moment(track), moment)]
        tests = [came for came in (tested(track, params) for params in ends) if came is not None]
        if tests:
            first, last = tests
            right = (first.right, last.right, last.count)
            yield Outcome(names[number], moment.done, first.loss, last.loss, right)
        else:
            before, after = (mean_loss(track, params) for params in ends)
            yield Outcome(names[number], moment.done, before, after)


def _points(moments: dict[int, Moment]) -> dict[int, Point]:
    return {n: Point(m.done, m.state.params, m.state.velocity) for n, m in moments.items()}


def _moment(point: Point) -> Moment:
    return Moment(point.done, State(point.params, point.velocity))
