"""Memory that is used again: only when nothing refers to it, and never too much of it."""

import numpy as np
import pytest

from cnnviz.engine import blocks
from cnnviz.engine.blocks import LARGE, empty, forget_idle, idle_bytes

SHAPE = (1, 600, 700)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_store", blocks._Store())


def address(array: np.ndarray) -> int:
    return int(array.ctypes.data)


def test_large_memory_is_used_again() -> None:
    array = empty(SHAPE, np.dtype("float32"))
    place = address(array)
    assert (array.shape, array.dtype) == (SHAPE, np.dtype("float32"))
    assert array.flags.carray
    assert idle_bytes() == 0
    del array
    assert idle_bytes() >= 4 * 600 * 700
    assert address(empty(SHAPE, np.dtype("float32"))) == place


def test_memory_waits_for_the_last_view() -> None:
    array = empty(SHAPE, np.float64)
    array[...] = 7
    view = array[0].T[3:5]
    del array
    other = empty(SHAPE, np.float64)
    other[...] = 0
    assert idle_bytes() == 0
    assert (view == 7).all()
    del view
    assert idle_bytes() > 0


def test_small_arrays_are_ordinary() -> None:
    array = empty((LARGE // 4 - 1,), np.float32)
    assert array.flags.owndata
    del array
    assert idle_bytes() == 0


def test_memory_of_another_size_is_not_taken() -> None:
    place = address(empty((LARGE * 4,), np.uint8))
    smaller = empty((LARGE * 2,), np.uint8)
    assert idle_bytes() >= LARGE * 4
    larger = empty((LARGE * 8,), np.uint8)
    assert place not in (address(smaller), address(larger))


def test_as_much_may_wait_as_is_in_use_and_a_little_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "IDLE", 5 * LARGE)
    arrays = [empty((2 * LARGE,), np.uint8) for _ in range(8)]
    del arrays[:4]
    assert idle_bytes() == 8 * LARGE
    arrays.clear()
    assert idle_bytes() == 4 * LARGE
    forget_idle()
    assert idle_bytes() == 0


def test_a_large_picture_of_three_colours_may_wait() -> None:
    array = empty((3, 2160, 3840), np.float32)
    place = address(array)
    del array
    assert address(empty((3, 2160, 3840), np.float32)) == place
    assert address(empty((3, 2160, 3840), np.float64)) != place


def test_not_too_many_pieces_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "PIECES", 3)
    arrays = [empty((LARGE,), np.uint8) for _ in range(5)]
    arrays.clear()
    assert idle_bytes() == 3 * LARGE


def test_empty_and_scalar_shapes() -> None:
    assert empty((0, 5), np.float32).shape == (0, 5)
    assert empty((), np.float64).shape == ()


def test_what_no_memory_holds_leaves_nothing_behind() -> None:
    with pytest.raises(MemoryError):
        empty((2**50,), np.float32)
    assert idle_bytes() == 0
    assert empty(SHAPE, np.float32).shape == SHAPE
