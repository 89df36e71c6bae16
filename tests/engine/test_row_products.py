"""Rows as operands: correlation of stride 1 into any view, from inside or outside of the picture."""

import numpy as np
import pytest

from cnnviz.engine import conv2d
from cnnviz.engine.row_products import Slide, correlate, correlate_weight
from cnnviz.engine.strips import windows


@pytest.mark.parametrize("outs", [1, 40])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 3)])
@pytest.mark.parametrize("most", [1, 700_000])
def test_it_is_the_convolution_of_stride_1(outs: int, dilation: tuple[int, int], most: int) -> None:
    random = np.random.default_rng(0)
    x, weight = (
        random.integers(-9, 10, (19, 12, 6, 90)) * 1.0,
        random.integers(-9, 10, (outs, 12, 3, 2)) * 1.0,
    )
    expected = conv2d(x, weight, None, 1, (1, 3, 2, 4), dilation)
    out = np.full(expected.shape, np.nan)
    correlate(x, weight, Slide((1, 2), dilation), out, most)
    np.testing.assert_array_equal(out, expected)


def test_it_may_start_inside_the_picture_and_write_every_second_cell() -> None:
    x = np.arange(30.0).reshape(1, 1, 5, 6)
    out = np.full((1, 1, 6, 6), -1.0)
    correlate(x, np.array([[[[1.0, 100.0]]]]), Slide((-2, -3), (1, 1)), out[..., ::2, 1::2])
    assert out[0, 0].tolist() == [
        [-1, 15 + 1600, -1, 16 + 1700, -1, 17],
        [-1] * 6,
        [-1, 21 + 2200, -1, 22 + 2300, -1, 23],
        [-1] * 6,
        [-1, 27 + 2800, -1, 28 + 2900, -1, 29],
        [-1] * 6,
    ]


def test_far_outside_there_are_zeros_only() -> None:
    out = np.full((1, 1, 2, 2), np.nan)
    correlate(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), Slide((9, 9), (1, 1)), out)
    assert not out.any()
    correlate(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), Slide((-9, -9), (1, 1)), out)
    assert not out.any()


def test_a_weight_gradient_by_hand() -> None:
    x = np.array([[[[1.0, 2, 3, 4, 5]]], [[[10.0, 20, 30, 40, 50]]]])
    dout = np.array([[[[1.0, 2]]], [[[1.0, 0]]]])
    walk = windows((1, 5), (1, 2), (1, 3), (0, 0, 1, 0), (1, 2), "test")
    # The padded lines are 0 1 2 3 4 5; windows start at 0 and 3, the second weight is two further.
    assert correlate_weight(dout, x, walk, "zeros").tolist() == [[[[0 + 2 * 3 + 0, 2 + 2 * 5 + 20]]]]
