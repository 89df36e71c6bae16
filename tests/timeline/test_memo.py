"""What was computed of an array is kept while the array lives, and never given for another."""

import gc
import weakref
from functools import partial

import numpy as np

from cnnviz.timeline.memo import Memo


def _total(array: np.ndarray) -> float:
    return float(array.sum())


def test_computed_once_for_each_array_and_key() -> None:
    memo: Memo[float] = Memo()
    calls: list[str] = []
    a, b = np.ones(3), np.ones(3)

    def total(name: str, array: np.ndarray) -> float:
        return memo.get(array, name, lambda: calls.append(name) or float(array.sum()))  # type: ignore[func-returns-value]  # append gives None

    assert [total("x", a), total("x", a), total("y", a), total("x", b)] == [3, 3, 3, 3]
    assert calls == ["x", "y", "x"]


def test_an_array_at_the_address_of_a_dead_one_is_computed_anew() -> None:
    memo: Memo[float] = Memo()
    for value in range(8):
        array = np.full(4, float(value))
        assert memo.get(array, "sum", partial(_total, array)) == 4.0 * value
        del array
        gc.collect()


def test_the_oldest_is_forgotten() -> None:
    memo: Memo[int] = Memo(2)
    arrays = [np.zeros(1) for _ in range(3)]
    for n, array in enumerate(arrays):
        memo.get(array, "k", partial(int, n))
    assert [memo.get(array, "k", lambda: -1) for array in (arrays[2], arrays[1], arrays[0])] == [2, 1, -1]


def test_a_result_ends_with_its_array() -> None:
    memo: Memo[np.ndarray] = Memo()
    owner = np.zeros(5)
    array = owner[1:]
    result = weakref.ref(memo.get(array, "k", lambda: owner[2:]))
    gc.collect()
    assert result() is not None
    del array
    gc.collect()
    assert result() is None
