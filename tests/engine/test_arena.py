"""Memory of plans: where it starts, and who shares it."""

import numpy as np
import pytest

from cnnviz.engine.plan.arena import Arena


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_are_zeros_that_start_at_a_cache_line(dtype: type[np.floating]) -> None:
    arena = Arena(np.dtype(dtype))
    arrays = [arena.new(*shape) for shape in ((3,), (1, 5, 7, 3), (4, 4))]
    assert [array.ctypes.data % 64 for array in arrays] == [0, 0, 0]
    assert [array.shape for array in arrays] == [(3,), (1, 5, 7, 3), (4, 4)]
    assert all(array.dtype == dtype and not array.any() and array.flags.writeable for array in arrays)
    assert arena.nbytes == (3 + 105 + 16) * np.dtype(dtype).itemsize


def test_scratch_of_one_use_and_shape_is_one_array_and_a_gradient_is_handed_on() -> None:
    arena = Arena(np.dtype(np.float32))
    assert arena.scratch("a", 2, 3) is arena.scratch("a", 2, 3)
    assert not np.shares_memory(arena.scratch("a", 2, 3), arena.scratch("b", 2, 3))
    first = arena.take(2, 2)
    assert arena.take(2, 2) is not first
    arena.give(first)
    assert arena.take(2, 2) is first
