"""The loops themselves, against numbers worked out by hand: an oracle that is wrong would approve anything."""

import math

import numpy as np

from cnnviz.engine import naive_activations, naive_dense

X = np.array([-math.log(3), 0.0, math.log(3)])  # exp gives 1/3, 1 and 3


def test_activations_by_hand() -> None:
    np.testing.assert_allclose(naive_activations.sigmoid(X), [1 / 4, 1 / 2, 3 / 4])
    np.testing.assert_allclose(naive_activations.sigmoid_backward(np.ones(3), X), [3 / 16, 1 / 4, 3 / 16])
    np.testing.assert_allclose(naive_activations.tanh(X), [-8 / 10, 0, 8 / 10])
    np.testing.assert_allclose(naive_activations.tanh_backward(np.ones(3), X), [36 / 100, 1, 36 / 100])
    np.testing.assert_allclose(naive_activations.elu(X, 3), [-2, 0, math.log(3)])
    np.testing.assert_allclose(naive_activations.elu_backward(np.ones(3), X, 3), [1, 3, 1])
    np.testing.assert_allclose(naive_activations.leaky_relu(X, 2), [-2 * math.log(3), 0, math.log(3)])
    np.testing.assert_allclose(naive_activations.leaky_relu_backward(np.ones(3), X, 2), [2, 2, 1])
    np.testing.assert_allclose(naive_activations.relu_backward(np.ones(3), X), [0, 0, 1])
    # Phi(1) = 0.841344746 and phi(1) = 0.241970725 stand in every table.
    np.testing.assert_allclose(naive_activations.gelu(np.ones(1)), 0.841344746, 1e-9)
    np.testing.assert_allclose(naive_activations.gelu_backward(np.ones(1), np.ones(1)), 1.083315471, 1e-9)


def test_softmax_by_hand() -> None:
    shares = np.array([1, 3, 9]) / 13
    np.testing.assert_allclose(naive_activations.softmax(X), shares)
    np.testing.assert_allclose(naive_activations.log_softmax(X), np.log(shares))
    rows = naive_activations.softmax(np.stack([X, X], 1), 0)
    np.testing.assert_allclose(rows, np.stack([shares, shares], 1))
    first = np.array([1, 0, 0])
    np.testing.assert_allclose(
        naive_activations.softmax_backward(first, X), [12 / 169, -3 / 169, -9 / 169], 1e-14
    )
    np.testing.assert_allclose(naive_activations.log_softmax_backward(first, X), first - shares)


def test_dense_and_joins_by_hand() -> None:
    x, weight = np.array([[[1, 2], [3, 4]]]), np.array([[1, 10], [100, 0], [0, 1]])
    assert naive_dense.linear(x, weight, np.array([0, 0, 5])).tolist() == [[[21, 100, 7], [43, 300, 9]]]
    dx, dw, db = naive_dense.linear_backward(np.array([[[1, 0, 0], [0, 1, 2]]]), x, weight)
    assert (dx.tolist(), dw.tolist(), db.tolist()) == (
        [[[1, 10], [100, 2]]],
        [[1, 2], [3, 4], [6, 8]],
        [1, 1, 2],
    )
    assert naive_dense.flatten(np.arange(12).reshape(1, 3, 2, 2)).tolist() == [list(range(12))]
    parts = [np.array([[[1]], [[2]]]), np.array([[[3], [4]], [[5], [6]]])]
    assert naive_dense.concat(parts).tolist() == [[[1], [3], [4]], [[2], [5], [6]]]
    assert naive_dense.add(x, x).tolist() == [[[2, 4], [6, 8]]]


def test_batch_norm_by_hand() -> None:
    x = np.array([[[1.0, 3.0]], [[5.0, 7.0]]])  # mean 4, variance 5
    assert naive_dense.batch_statistics(x, 0) == (4, 5, 4)
    out = naive_dense.batch_norm(x, None, None, np.array([3]), np.array([1]), True, 4)
    np.testing.assert_allclose(out, [[[-2, 0]], [[2, 4]]])
    dout = np.array([[[1.0, 0.0]], [[0.0, 0.0]]])
    dx, dw, db = naive_dense.batch_norm_backward(dout, x, None, None, np.array([3]), True, 4)
    # z is -1, -1/3, 1/3, 1; every number gets (its own 1) - 1/4 - z * (-1) / 4, times 3 / 3.
    np.testing.assert_allclose(dx, [[[1 / 2, -1 / 3]], [[-1 / 6, 0]]], 1e-14, 1e-16)
    assert (dw.tolist(), db.tolist()) == ([-1], [1])
    dx, dw, db = naive_dense.batch_norm_backward(
        dout, x, np.array([2]), np.array([0]), np.array([3]), False, 4
    )
    assert (dx.tolist(), dw.tolist(), db.tolist()) == ([[[1.5, 0]], [[0, 0]]], [-0.5], [1])


def test_losses_by_hand() -> None:
    assert naive_dense.squared_error(np.array([5, 8]), np.array([6, 6])).tolist() == [1, 4]
    assert naive_dense.squared_error_backward(np.array([5, 8]), np.array([6, 6])).tolist() == [-2, 4]
    logits = np.stack([X, X])
    losses = naive_dense.cross_entropy(logits, np.array([0, 2]))
    np.testing.assert_allclose(losses, [math.log(13), math.log(13 / 9)])
    gradient = naive_dense.cross_entropy_backward(logits, np.array([0, 2]))
    np.testing.assert_allclose(gradient, np.array([[-12, 3, 9], [1, 3, -4]]) / 13)
