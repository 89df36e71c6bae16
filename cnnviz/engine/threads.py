"""Threads of our own: a few large pieces of work side by side, with the same bytes on any number of threads."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from queue import Empty, Full, LifoQueue, SimpleQueue

import cnnviz
from cnnviz.engine.geometry import whole

# More threads than this only wait for the same memory.
_MOST = 4
# Multiplications below which handing work to a thread costs more than it saves.
WORTH_IT = 50_000_000
# Numbers of output below which the same holds, however few multiplications each takes.
WORTH_IT_NUMBERS = 2_000_000

_chosen: int | None = None


def thread_count() -> int:
    """Tell how many threads one operation may use: what was chosen, or the processors of this process, at most 4.

    Where BLAS has threads itself it is one, unless chosen: threads that both have wait for each other for seconds.

    Examples
    --------
    >>> with thread_limit(1):
    ...     thread_count()
    1
    """
    if _chosen is not None:
        return _chosen
    return min(_processors(), _MOST) if cnnviz.blas_on_one_thread else 1


@contextmanager
def thread_limit(count: int | None) -> Iterator[None]:
    """Use this many threads inside the block, for all callers; None leaves the choice to the machine.

    Parameters
    ----------
    count : int or None

    Raises
    ------
    TypeError
        If the count is not a whole number.
    BadInput
        If the count is less than one.

    Examples
    --------
    >>> with thread_limit(2):
    ...     thread_count()
    2
    """
    global _chosen
    before, _chosen = _chosen, None if count is None else whole(count, "thread_limit: count")
    try:
        yield
    finally:
        _chosen = before


def turns_for(multiplications: int, numbers: int) -> int:
    """Say in how many turns to share out work: one unless it pays.

    Parameters
    ----------
    multiplications : int
        What the whole work takes.
    numbers : int
        How many numbers come out.
    """
    worth = multiplications >= WORTH_IT or numbers >= WORTH_IT_NUMBERS
    return thread_count() if worth else 1


def side_by_side(work: Callable[[int], None], turns: int) -> None:
    """Call work(0), work(1), ... work(turns - 1), each on a thread of its own, and wait for all.

    The caller's thread does turn 0; the other threads wait for the next call afterwards, since starting one takes as
    long as a part of a small picture. What a turn writes must depend on nothing that another turn writes. If turns
    fail, the error of the first of them is raised when all have ended.

    Examples
    --------
    >>> squares = [0] * 3
    >>> def square(turn: int) -> None:
    ...     squares[turn] = turn * turn
    >>> side_by_side(square, 3)
    >>> squares
    [0, 1, 4]
    """
    errors: dict[int, BaseException] = {}

    def guarded(turn: int) -> None:
        try:
            work(turn)
        except BaseException as error:  # noqa: BLE001 - it is raised again, by the thread that waits
            errors[turn] = error

    ended: SimpleQueue[None] = SimpleQueue()
    for turn in range(1, turns):
        _worker().do(partial(guarded, turn), ended)
    guarded(0)
    for _ in range(1, turns):
        ended.get()
    if errors:
        raise errors[min(errors)]


class _Worker:
    """A thread that does what it is given, and then waits to be given more, unless enough others do."""

    def __init__(self) -> None:
        self._given: SimpleQueue[tuple[Callable[[], None], SimpleQueue[None]]] = SimpleQueue()
        threading.Thread(target=self._run, name="cnnviz-engine", daemon=True).start()

    def do(self, piece: Callable[[], None], ended: SimpleQueue[None]) -> None:
        """Call the piece, which must not raise, and then tell that it has ended."""
        self._given.put((piece, ended))

    def _run(self) -> None:
        waits = True
        while waits:
            piece, ended = self._given.get()
            piece()
            del piece  # with its arrays, whose memory may be used again as soon as all have ended
            try:
                _waiting.put_nowait(self)
            except Full:
                waits = False
            ended.put(None)
            del ended


_waiting: LifoQueue[_Worker] = LifoQueue(_MOST)


def _worker() -> _Worker:
    """Give a thread that nobody else has."""
    try:
        return _waiting.get_nowait()
    except Empty:
        return _Worker()


def _forget() -> None:
    """Know of no thread, as in a copy of this process, which has none but its first."""
    global _waiting
    _waiting = LifoQueue(_MOST)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
