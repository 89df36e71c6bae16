"""What every backward function asks: the shape of its gradient, and axes that exist."""

import numpy as np
import pytest

from cnnviz.engine import BadInput, incoming


def test_the_widest_type_of_both_is_used() -> None:
    dout, x = incoming.beside(np.ones(2, np.float32), np.ones(2, np.int8), "test")
    assert dout.dtype == x.dtype == np.float32
    dout, x = incoming.beside(np.ones(2, np.float32), np.ones(2), "test")
    assert dout.dtype == x.dtype == np.float64


def test_other_shapes_are_refused_with_both_numbers() -> None:
    with pytest.raises(BadInput, match=r"test: dout has shape \(2,\), it must be \(2, 1\), as the output is"):
        incoming.beside([1, 2], [[1], [2]], "test")


def test_axes_count_from_both_ends() -> None:
    assert [incoming.axis_of(axis, 3, "test") for axis in (-3, -1, 0, 2)] == [0, 2, 0, 2]
    for axis in (-4, 3):
        with pytest.raises(BadInput, match=f"test: axis {axis} does not exist: x has 3 axes, give -3 to 2"):
            incoming.axis_of(axis, 3, "test")
