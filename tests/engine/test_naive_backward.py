"""The loops of the gradients, against sums written out by hand: an oracle that is wrong would approve anything."""

import numpy as np

from cnnviz.engine import Pads, naive_backward, naive_transpose


def test_conv2d_backward_by_hand() -> None:
    x = np.array([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])
    weight = np.array([[[[1, 2]], [[3, 4]]], [[[-1, 0]], [[0, 1]]]])
    dout = np.array([[[[1], [10]], [[100], [1000]]]])
    dx, dweight, dbias = naive_backward.conv2d_backward(dout, x, weight)
    assert dx[0, 0].tolist() == [[1 * 1 - 100, 1 * 2], [10 * 1 - 1000, 10 * 2]]
    assert dx[0, 1].tolist() == [[1 * 3, 1 * 4 + 100], [10 * 3, 10 * 4 + 1000]]
    assert dweight[0].tolist() == [[[1 + 30, 2 + 40]], [[5 + 70, 6 + 80]]]
    assert dweight[1].tolist() == [[[100 + 3000, 200 + 4000]], [[500 + 7000, 600 + 8000]]]
    assert dbias.tolist() == [11, 1100]


def test_conv2d_backward_with_stride_dilation_padding_and_groups_by_hand() -> None:
    x = np.array([[[[1, 2, 3, 4, 5]], [[10, 20, 30, 40, 50]]]])
    weight = np.array([[[[1, 100]]], [[[2, 200]]]])
    how = ((1, 3), (0, 0, 1, 1), (1, 2), 2)
    dout = np.array([[[[1, 7]], [[3, 5]]]])
    dx, dweight, _ = naive_backward.conv2d_backward(dout, x, weight, *how)
    # Windows start at -1 and 2; their second weight is two further.
    assert dx[0, 0].tolist() == [[0, 100, 7, 0, 700]]
    assert dx[0, 1].tolist() == [[0, 600, 10, 0, 1000]]
    assert dweight[:, 0].tolist() == [[[7 * 3, 2 + 7 * 5]], [[5 * 30, 3 * 20 + 5 * 50]]]
    dx, dweight, _ = naive_backward.conv2d_backward(dout, x, weight, *how, "reflect")
    assert dx[0, 0].tolist() == [[0, 101, 7, 0, 700]]
    assert dweight[0, 0].tolist() == [[2 + 7 * 3, 2 + 7 * 5]]


def test_padding_and_pooling_by_hand() -> None:
    dout = np.array([[1, 2, 3], [40, 50, 60], [700, 800, 900]])
    assert naive_backward.pad2d_backward(dout, Pads(1, 0, 0, 1), "reflect").tolist() == [
        [40 + 60, 50],
        [1 + 700 + 3 + 900, 2 + 800],
    ]
    indices = np.array([[[[1, 1]]]])
    assert naive_backward.max_pool2d_backward(np.array([[[[3, 4]]]]), indices, (1, 1, 1, 3)).tolist() == [
        [[[0, 7, 0]]]
    ]
    shared = naive_backward.avg_pool2d_backward(np.array([[[[6, 12]]]]), (1, 1, 1, 3), (1, 3), 2, (0, 1))
    assert shared.tolist() == [[[[2, 2 + 4, 4]]]]


def test_transposed_convolution_by_hand() -> None:
    x, weight = np.array([[[[1, 2], [3, 4]]]]), np.array([[[[1, 10], [100, 1000]]]])
    assert naive_transpose.conv_transpose2d(x, weight, np.array([0.5])).tolist() == [
        [[[1.5, 12.5, 20.5], [103.5, 1234.5, 2040.5], [300.5, 3400.5, 4000.5]]]
    ]
    assert naive_transpose.conv_transpose2d(x, weight, None, 2, 1, (0, 1)).tolist() == [
        [[[1000, 200, 2000], [30, 4, 40]]]
    ]
    two = np.array([[[[1]], [[2]]]])
    grouped = naive_transpose.conv_transpose2d(two, np.array([[[[3]], [[4]]], [[[5]], [[6]]]]), groups=2)
    assert grouped.ravel().tolist() == [3, 4, 10, 12]


def test_lines_by_hand() -> None:
    x, weight = np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10]]])
    assert naive_transpose.conv1d(x, weight, np.array([100]), 2, 1, 2).tolist() == [
        [[100 + 20, 100 + 2 + 40]]
    ]
    dx, dweight, dbias = naive_transpose.conv1d_backward(np.array([[[3, 5]]]), x, weight, 2, 1, 2)
    assert dx.tolist() == [[[0, 30 + 5, 0, 50]]]
    assert dweight.tolist() == [[[5 * 2, 3 * 2 + 5 * 4]]]
    assert dbias.tolist() == [8]
