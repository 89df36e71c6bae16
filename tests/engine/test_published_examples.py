"""Small networks that others published with their numbers, computed through the engine's own operations."""

import numpy as np

from cnnviz.engine import (
    cross_entropy,
    linear,
    linear_backward,
    relu,
    sigmoid,
    sigmoid_backward,
    softmax,
    squared_error,
    squared_error_backward,
)


def test_xor_by_goodfellow_bengio_and_courville() -> None:
    # Deep Learning (2016), section 6.1, equations 6.4 to 6.11.
    x = [[0, 0], [0, 1], [1, 0], [1, 1]]
    before = linear(x, [[1, 1], [1, 1]], [0, -1])
    assert before.tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]
    hidden = relu(before)
    assert hidden.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert linear(hidden, [[1, -2]]).tolist() == [[0], [1], [1], [0]]


def test_the_softmax_classifier_of_cs231n() -> None:
    # CS231n, notes on linear classification, figure "SVM vs. Softmax": the shares are printed to three digits.
    weight = [[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0.0, -0.45, -0.2, 0.03]]
    scores = linear([-15, 22, -44, 56], weight, [0.0, 0.2, -0.3])
    assert scores.round(2).tolist() == [-2.85, 0.86, 0.28]
    np.testing.assert_allclose(softmax(scores), [0.016, 0.631, 0.353], atol=1e-3)
    assert cross_entropy(scores, 2).round(2) == 1.04


def test_one_step_of_training_by_mazur() -> None:
    # Matt Mazur (2015), "A step by step backpropagation example"; his loss has the factor one half.
    x, target = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    first, first_bias = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([0.35, 0.35])
    second, second_bias = np.array([[0.40, 0.45], [0.50, 0.55]]), np.array([0.60, 0.60])

    before = linear(x, first, first_bias)
    hidden = sigmoid(before)
    after = linear(hidden, second, second_bias)
    out = sigmoid(after)
    np.testing.assert_allclose(hidden, [[0.593269992, 0.596884378]], atol=1e-9)
    np.testing.assert_allclose(out, [[0.75136507, 0.772928465]], atol=1e-9)
    assert (squared_error(out, target, "sum") / 2).round(9) == 0.298371109

    d_after = sigmoid_backward(squared_error_backward(0.5, out, target, "sum"), after)
    np.testing.assert_allclose(d_after, [[0.138498562, -0.0380982366]], atol=1e-9)
    d_hidden, d_second, _ = linear_backward(d_after, hidden, second)
    _, d_first, _ = linear_backward(sigmoid_backward(d_hidden, before), x, first)
    new_second = [[0.35891648, 0.408666186], [0.511301270, 0.561370121]]
    new_first = [[0.149780716, 0.19956143], [0.24975114, 0.29950229]]
    np.testing.assert_allclose(second - 0.5 * d_second, new_second, atol=1e-8)
    np.testing.assert_allclose(first - 0.5 * d_first, new_first, atol=1e-8)
