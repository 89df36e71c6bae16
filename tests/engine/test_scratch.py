"""Kept memory: arrays side by side, the same for the next call, never shared between threads."""

import threading

import numpy as np
import pytest

from cnnviz.engine.scratch import KEPT, scratch


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
def test_arrays_have_their_shapes_and_lie_apart(dtype: str) -> None:
    arrays = scratch([(3, 5), (7,), (0, 4), (2, 2, 2)], dtype)
    assert [array.shape for array in arrays] == [(3, 5), (7,), (0, 4), (2, 2, 2)]
    for number, array in enumerate(arrays):
        assert array.dtype == dtype
        assert array.flags.c_contiguous
        assert array.ctypes.data % 64 == 0 or not array.size
        array[...] = number
    assert [set(array.ravel().tolist()) for array in arrays] == [{0}, {1}, set(), {3}]


def test_memory_is_kept_unless_it_is_much() -> None:
    (first,) = scratch([(1000,)], "float64")
    (again,) = scratch([(10, 10)], "float32")
    assert np.shares_memory(first, again)
    (much,) = scratch([(KEPT,)], "uint8")
    (small,) = scratch([(1000,)], "float64")
    assert not np.shares_memory(much, small)
    assert np.shares_memory(first, small)


def test_threads_do_not_share() -> None:
    (mine,) = scratch([(1000,)], "float64")
    theirs: list[bool] = []

    def ask() -> None:
        theirs.append(np.shares_memory(mine, scratch([(1000,)], "float64")[0]))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert theirs == [False]
