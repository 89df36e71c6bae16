"""Losses and their gradients: worked numbers, loops, central differences, and labels that are no class."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine import (
    BadInput,
    cross_entropy,
    cross_entropy_backward,
    linear,
    linear_backward,
    naive_dense,
    squared_error,
    squared_error_backward,
)
from cnnviz.engine.losses import Reduction
from tests.helpers.derivatives import check_gradients

Array = npt.NDArray[Any]

REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum", "none")
each_reduction = pytest.mark.parametrize("reduction", REDUCTIONS)


def reduced(losses: Array, reduction: str) -> Array:
    """Make of losses what a reduction asks for."""
    if reduction == "none":
        return losses
    return np.asarray(losses.mean() if reduction == "mean" else losses.sum())


def test_the_tiny_network_learns() -> None:
    x, w, y = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]]), np.array([[6.0]])
    seen = []
    for _ in range(6):
        out = linear(x, w)
        seen.append((out.item(), squared_error(out, y).item()))
        w = w - 0.01 * linear_backward(squared_error_backward(1, out, y), x, w)[1]
    np.testing.assert_allclose([s[0] for s in seen], [5, 5.1, 5.19, 5.271, 5.3439, 5.40951], 1e-14)
    np.testing.assert_allclose([s[1] for s in seen][:2], [1, 0.81], 1e-14)


def test_worked_cross_entropy() -> None:
    logits = np.log([[1, 2, 5], [1, 1, 2]])
    target = [2, 0]
    np.testing.assert_allclose(cross_entropy(logits, target, "none"), [-np.log(5 / 8), -np.log(1 / 4)], 1e-14)
    gradient = cross_entropy_backward(1, logits, target)
    np.testing.assert_allclose(gradient, [[1 / 16, 1 / 8, -3 / 16], [-3 / 8, 1 / 8, 1 / 4]], 1e-14)


@each_reduction
@given(samples=st.integers(1, 4), classes=st.integers(1, 5), seed=st.integers(0, 99))
def test_cross_entropy_agrees_with_the_loops(
    reduction: Reduction, samples: int, classes: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    logits, target = 5 * random.normal(size=(samples, classes)), random.integers(0, classes, samples)
    expected = reduced(naive_dense.cross_entropy(logits, target), reduction)
    np.testing.assert_allclose(cross_entropy(logits, target, reduction), expected, 1e-12, 1e-14)
    dout = random.normal(size=expected.shape)
    share = {"mean": dout / samples, "sum": dout, "none": dout.reshape(-1, 1)[: samples or None]}[reduction]
    np.testing.assert_allclose(
        cross_entropy_backward(dout, logits, target, reduction),
        naive_dense.cross_entropy_backward(logits, target) * share,
        1e-12,
        1e-14,
    )


@each_reduction
@given(shape=st.lists(st.integers(1, 4), max_size=3), seed=st.integers(0, 99))
def test_squared_error_agrees_with_the_loops(reduction: Reduction, shape: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    prediction, target = random.normal(size=(2, *shape))
    expected = reduced(naive_dense.squared_error(prediction, target), reduction)
    np.testing.assert_allclose(squared_error(prediction, target, reduction), expected, 1e-12, 1e-15)
    dout = random.normal(size=np.shape(expected))
    count = np.size(prediction) if reduction == "mean" else 1
    np.testing.assert_allclose(
        squared_error_backward(dout, prediction, target, reduction),
        naive_dense.squared_error_backward(np.asarray(prediction), np.asarray(target)) * dout / count,
        1e-12,
        1e-15,
    )


@each_reduction
@pytest.mark.parametrize("shape", [(5,), (4, 5), (2, 3, 4), (2, 3, 2, 2)])
def test_gradients_agree_with_central_differences(reduction: Reduction, shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(5)
    logits, truth = random.normal(size=shape), random.normal(size=shape)
    axis = 0 if len(shape) == 1 else 1
    target = random.integers(0, shape[axis], shape[:axis] + shape[axis + 1 :])
    dout = random.normal(size=target.shape if reduction == "none" else ())
    gradient = cross_entropy_backward(dout, logits, target, reduction)
    check_gradients(lambda z: cross_entropy(z, target, reduction), [logits], [gradient], np.asarray(dout))
    dout = random.normal(size=shape if reduction == "none" else ())
    gradient = squared_error_backward(dout, logits, truth, reduction)
    check_gradients(lambda z: squared_error(z, truth, reduction), [logits], [gradient], np.asarray(dout))


def test_large_scores_do_not_overflow() -> None:
    assert cross_entropy([[1e4, -1e4]], [1]).item() == 2e4
    assert cross_entropy_backward(1, [[1e4, -1e4]], [1]).tolist() == [[1, -1]]


def test_types_layouts_and_read_only_input() -> None:
    logits = np.arange(12, dtype=np.float32).reshape(4, 3).T
    logits.setflags(write=False)
    target = np.array([0, 3, 1], np.uint8)
    loss = cross_entropy(logits, target)
    assert (loss.dtype, loss.shape) == (np.dtype(np.float32), ())
    assert loss == cross_entropy(logits.copy(), target)
    assert cross_entropy_backward(1.0, logits, target).dtype == np.float32
    assert squared_error(logits, logits).dtype == np.float32
    assert squared_error_backward(1.0, logits, logits).dtype == np.float32
    assert squared_error([1, 2], np.ones(2, np.float32)).dtype == np.float32


def test_nobody_has_no_mean_loss() -> None:
    assert np.isnan(cross_entropy(np.ones((0, 3)), np.ones(0, int)))
    assert np.isnan(squared_error([], []))
    assert cross_entropy(np.ones((0, 3)), [], "sum") == 0
    assert cross_entropy_backward(1, np.ones((0, 3)), [], "sum").shape == (0, 3)
    assert squared_error_backward(1, [], []).shape == (0,)


def test_nan_and_infinity_are_answers() -> None:
    logits = np.array([[np.nan, 0], [0, 0], [-np.inf, 0]])
    np.testing.assert_array_equal(cross_entropy(logits, [0, 0, 0], "none"), [np.nan, np.log(2), np.inf])
    assert squared_error([np.inf], [0]) == np.inf
    assert np.isnan(squared_error([np.inf], [np.inf]))


@pytest.mark.parametrize(
    ("logits", "target", "line"),
    [
        ([[1, 2]], [2], "target 2 is no class: give 0 to 1"),
        ([[1, 2]], [-1], "target -1 is no class"),
        ([[1, 2]], [0, 1], r"target has shape \(2,\), logits \(1, 2\) need \(1,\)"),
        ([1, 2], [0], r"target has shape \(1,\), logits \(2,\) need \(\)"),
        (1, 0, r"logits have shape \(\)"),
    ],
)
def test_labels_that_do_not_fit(logits: Any, target: Any, line: str) -> None:
    with pytest.raises(BadInput, match=f"cross_entropy: {line}"):
        cross_entropy(logits, target)
    with pytest.raises(BadInput, match=f"cross_entropy_backward: {line}"):
        cross_entropy_backward(1, logits, target)


@pytest.mark.parametrize("target", [[0.0], [True], ["a"], np.ones(0)])
def test_labels_are_whole_numbers(target: Any) -> None:
    with pytest.raises(TypeError, match="target must hold whole numbers"):
        cross_entropy([[1, 2]], target)


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(BadInput, match=r"prediction \(1,\) and target \(2,\) must have the same shape"):
        squared_error([1], [1, 2])
    for call in (squared_error, cross_entropy):
        with pytest.raises(BadInput, match=f"{call.__name__}: reduction 'max' is unknown"):
            call([1, 2], {"squared_error": [1, 2], "cross_entropy": 0}[call.__name__], "max")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(BadInput, match=r"dout has shape \(2,\), the loss has \(\)"):
        squared_error_backward([1, 1], [1, 2], [1, 2])
    with pytest.raises(TypeError, match="prediction must hold real numbers"):
        squared_error([1j], [1])


def test_an_infinite_gradient_of_the_loss_goes_on_as_in_pytorch() -> None:
    # p * dout - dout: infinity minus infinity at the label, infinity elsewhere.
    dx = cross_entropy_backward([np.inf, 2.0], [[0.0, 1.0, 2.0], [7.0, 7.0, 7.0]], [1, 0], "none")
    np.testing.assert_array_equal(dx[0], [np.inf, np.nan, np.inf])
    np.testing.assert_allclose(dx[1], [-4 / 3, 2 / 3, 2 / 3], rtol=1e-15)
