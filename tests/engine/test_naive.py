"""The loops themselves, against sums written out by hand: an oracle that is wrong would approve anything."""

import numpy as np
import pytest

from cnnviz.engine import PaddingMode, naive


def test_conv2d_by_hand() -> None:
    x = np.array([[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]])
    weight = np.array([[[[1, 2]], [[3, 4]]], [[[-1, 0]], [[0, 1]]]])
    out = naive.conv2d(x, weight, np.array([100, 0.5]), stride=(1, 1))
    assert out[0, 0, 0, 0] == 1 * 1 + 2 * 2 + 3 * 7 + 4 * 8 + 100
    assert out[0, 0, 1, 1] == 1 * 5 + 2 * 6 + 3 * 11 + 4 * 12 + 100
    assert out[0, 1].tolist() == [[-1 + 8 + 0.5, -2 + 9 + 0.5], [-4 + 11 + 0.5, -5 + 12 + 0.5]]


def test_conv2d_with_stride_dilation_padding_and_groups_by_hand() -> None:
    x = np.array([[[[1, 2, 3, 4, 5]], [[10, 20, 30, 40, 50]]]])
    weight = np.array([[[[1, 100]]], [[[1, 100]]]])
    out = naive.conv2d(x, weight, None, (1, 3), (0, 0, 1, 1), (1, 2), 2)
    assert out.tolist() == [[[[0 + 200, 3 + 500]], [[0 + 2000, 30 + 5000]]]]


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("zeros", [0, 0, 1, 2, 3, 0, 0]),
        ("reflect", [3, 2, 1, 2, 3, 2, 1]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1, 2]),
    ],
)
def test_a_pixel_outside_the_picture_by_hand(mode: PaddingMode, row: list[int]) -> None:
    line = np.array([[1, 2, 3]])
    assert [naive.pixel(line, 0, column, mode) for column in range(-2, 5)] == row
    assert [naive.pixel(line.T, place, 0, mode) for place in range(-2, 5)] == row


def test_relu_by_hand() -> None:
    out = naive.relu(np.array([-1.5, -0.0, 2.5, np.nan, np.inf, -np.inf]))
    np.testing.assert_array_equal(out, [0, 0, 2.5, np.nan, np.inf, 0])


def test_pooling_by_hand() -> None:
    x = np.array([[[[1, 7, 7, 2], [3, 4, 5, 6]]]])
    out, indices = naive.max_pool2d(x, 2, (1, 1), (0, 0, 1, 0))
    assert out.tolist() == [[[[3, 7, 7, 7]]]]
    assert indices.tolist() == [[[[4, 1, 1, 2]]]]
    assert naive.avg_pool2d(x, 2).tolist() == [[[[15 / 4, 20 / 4]]]]
    assert naive.avg_pool2d(x, 2, (2, 3), (0, 0, 1, 0)).tolist() == [[[[4 / 4, 20 / 4]]]]
    assert naive.avg_pool2d(x, 2, (2, 3), (0, 0, 1, 0), count_include_pad=False).tolist() == [
        [[[4 / 2, 20 / 4]]]
    ]
