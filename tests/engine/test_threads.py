"""Threads of our own: every turn runs once, errors arrive, and the bytes do not depend on how many there are."""

import threading
import weakref

import numpy as np
import pytest

from cnnviz.engine import conv2d, threads
from cnnviz.engine.threads import (
    WORTH_IT,
    WORTH_IT_NUMBERS,
    side_by_side,
    thread_count,
    thread_limit,
    turns_for,
)


def test_every_turn_runs_once_and_on_a_thread_of_its_own() -> None:
    seen: list[tuple[int, int]] = []
    together = threading.Barrier(3)

    def work(turn: int) -> None:
        together.wait(10)  # passes only when all three run at the same time
        seen.append((turn, threading.get_ident()))

    side_by_side(work, 3)
    assert sorted(turn for turn, _ in seen) == [0, 1, 2]
    assert len({thread for _, thread in seen}) == 3
    assert (0, threading.get_ident()) in seen


def test_turns_of_a_turn_have_threads_too() -> None:
    together = threading.Barrier(9)
    passed = []

    def inner(turn: int) -> None:
        together.wait(10)
        passed.append(turn)

    side_by_side(lambda _: side_by_side(inner, 3), 3)
    assert sorted(passed) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def threads_of(turns: int) -> set[threading.Thread]:
    """Tell which threads do so many turns."""
    together, seen = threading.Barrier(turns), set()

    def work(_: int) -> None:
        seen.add(threading.current_thread())
        together.wait(10)

    side_by_side(work, turns)
    return seen


def test_threads_are_used_again_and_few_wait() -> None:
    three, nine = threads_of(3), threads_of(9)
    assert len(three) == 3
    assert len(nine) == 9
    assert three < nine
    assert threads_of(3) < nine
    assert len(threads_of(9) & nine) == 1 + 4


def test_a_copy_of_the_process_starts_threads_of_its_own() -> None:
    before = threads_of(3)
    threads._forget()
    assert threads_of(3) & before == {threading.current_thread()}


def test_what_a_turn_worked_on_is_let_go() -> None:
    array = np.zeros(7)
    gone = weakref.ref(array)

    def work(turn: int, array: np.ndarray = array) -> None:
        array[turn] = turn

    side_by_side(work, 3)
    assert array.sum() == 3
    del array, work
    assert gone() is None


def test_the_first_error_is_raised_when_all_have_ended() -> None:
    ended = []

    def work(turn: int) -> None:
        ended.append(turn)
        if turn:
            raise KeyError(turn)

    with pytest.raises(KeyError, match="1"):
        side_by_side(work, 3)
    assert sorted(ended) == [0, 1, 2]


def test_a_limit_holds_inside_its_block() -> None:
    before = thread_count()
    assert 1 <= before <= 4
    with thread_limit(3):
        assert thread_count() == 3
        with thread_limit(None):
            assert thread_count() == before
        assert thread_count() == 3
    assert thread_count() == before
    with pytest.raises(ValueError, match="count is 0"), thread_limit(0):
        pass


def test_small_work_stays_on_one_thread() -> None:
    with thread_limit(4):
        assert turns_for(WORTH_IT - 1, WORTH_IT_NUMBERS - 1) == 1
        assert turns_for(WORTH_IT, 1) == 4
        assert turns_for(1, WORTH_IT_NUMBERS) == 4


@pytest.mark.parametrize(
    ("x", "weight"),
    [
        ((1, 1, 700, 900), (1, 1, 11, 11)),  # one kernel on a wide picture
        ((3, 1, 300, 400), (8, 1, 7, 7)),
        ((130, 64, 12, 12), (48, 64, 3, 3)),  # many small ones
        ((400, 3, 28, 28), (8, 3, 5, 5)),
    ],
)
def test_convolution_gives_the_same_bytes_on_any_number_of_threads(
    x: tuple[int, ...], weight: tuple[int, ...]
) -> None:
    random = np.random.default_rng(0)
    pictures, kernels = (random.standard_normal(shape, dtype=np.float32) for shape in (x, weight))
    results = []
    for count in (1, 2, 3):
        with thread_limit(count):
            assert turns_for(pictures.size * kernels[:, 0].size, 1) == count
            results.append(conv2d(pictures, kernels, padding=1).tobytes())
    assert results[0] == results[1] == results[2]


def test_numbers_that_overflow_on_a_thread_do_not_warn() -> None:
    x = np.full((1, 1, 700, 900), 3e38, np.float32)
    with thread_limit(2):
        assert np.isposinf(conv2d(x, np.ones((1, 1, 11, 11), np.float32))).all()
