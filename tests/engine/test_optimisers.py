"""Optimisers against their formulas on numbers, written as plainly as possible; and schedules."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.optimisers import Adam, Constant, Cosine, Optimiser, Sgd, StepDecay

Rule = Callable[[list[float]], list[float]]
"""From the gradients of one weight, which starts at 1, to where it is after each step."""


def sgd_rule(rate: float, momentum: float, nesterov: bool, decay: float) -> Rule:
    def follow(gradients: list[float]) -> list[float]:
        w, v, seen = 1.0, 0.0, []
        for gradient in gradients:
            g = gradient + decay * w
            v = momentum * v + g
            step = g + momentum * v if nesterov else v
            w -= rate * step
            seen.append(w)
        return seen

    return follow


def adam_rule(rate: float, beta1: float, beta2: float, eps: float, decay: float) -> Rule:
    def follow(gradients: list[float]) -> list[float]:
        w, m, v, seen = 1.0, 0.0, 0.0, []
        for t, gradient in enumerate(gradients, start=1):
            g = gradient + decay * w
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            w -= rate * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
            seen.append(w)
        return seen

    return follow


@pytest.mark.parametrize(
    ("optimiser", "rule"),
    [
        (Sgd(0.1), sgd_rule(0.1, 0, False, 0)),
        (Sgd(0.1, weight_decay=0.5), sgd_rule(0.1, 0, False, 0.5)),
        (Sgd(0.1, 0.9), sgd_rule(0.1, 0.9, False, 0)),
        (Sgd(0.1, 0.9, weight_decay=0.5), sgd_rule(0.1, 0.9, False, 0.5)),
        (Sgd(0.1, 0.9, nesterov=True), sgd_rule(0.1, 0.9, True, 0)),
        (Sgd(0.1, 0.9, True, 0.5), sgd_rule(0.1, 0.9, True, 0.5)),
        (Adam(0.1), adam_rule(0.1, 0.9, 0.999, 1e-8, 0)),
        (Adam(0.1, (0.5, 0.7), 0.1, 0.5), adam_rule(0.1, 0.5, 0.7, 0.1, 0.5)),
    ],
)
def test_weights_follow_the_rule(optimiser: Optimiser, rule: Rule) -> None:
    random = np.random.default_rng(0)
    gradients = random.normal(size=(6, 5))
    parameters = [np.ones(2), np.ones((1, 3))]
    state = optimiser.start(parameters)
    for step, row in enumerate(gradients):
        given = [row[:2].copy(), row[2:].reshape(1, 3).copy()]
        optimiser.update(parameters, given, state)
        np.testing.assert_array_equal(np.concatenate([g.ravel() for g in given]), row)
        wanted = [rule(column.tolist())[step] for column in gradients.T]
        np.testing.assert_allclose(np.concatenate([w.ravel() for w in parameters]), wanted, rtol=1e-12)
    assert state.steps == 6


@pytest.mark.parametrize("optimiser", [Sgd(0.1, 0.9, True, 0.1), Adam(0.1)])
def test_float32_stays_and_a_given_rate_counts(optimiser: Optimiser) -> None:
    half, whole = [np.ones(3, np.float32)], [np.ones(3, np.float32)]
    gradient = [np.full(3, 0.5, np.float32)]
    optimiser.update(half, gradient, optimiser.start(half), rate=0.05)
    optimiser.update(whole, gradient, optimiser.start(whole))
    assert half[0].dtype == np.float32
    np.testing.assert_allclose(1 - whole[0], 2 * (1 - half[0]), rtol=1e-5)


def test_a_copied_state_goes_on_alone() -> None:
    adam, w = Adam(0.1), [np.ones(2)]
    state = adam.start(w)
    adam.update(w, [np.array([1.0, -1.0])], state)
    kept, there = state.copy(), [w[0].copy()]
    adam.update(w, [np.array([2.0, 3.0])], state)
    adam.update(there, [np.array([2.0, 3.0])], kept)
    np.testing.assert_array_equal(w[0], there[0])
    assert (state.steps, kept.steps) == (2, 2)


def test_schedules() -> None:
    assert [Constant(0.3).at(step) for step in (0, 9)] == [0.3, 0.3]
    assert [StepDecay(1.0, 3).at(step) for step in (0, 2, 3, 6)] == pytest.approx([1, 1, 0.1, 0.01])
    cosine = Cosine(1.0, 10, 0.2)
    assert [cosine.at(step) for step in (0, 5, 10, 99)] == pytest.approx([1, 0.6, 0.2, 0.2])
    assert all(a > b for a, b in pairwise(cosine.at(step) for step in range(11)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sgd(-1), "learning rate is -1"),
        (lambda: Sgd(math.nan), "learning rate is nan"),
        (lambda: Sgd(0.1, 1.0), "momentum is 1.0"),
        (lambda: Sgd(0.1, nesterov=True), "nesterov needs a momentum"),
        (lambda: Sgd(0.1, weight_decay=-1), "weight decay is -1"),
        (lambda: Adam(betas=(0.9, 1.0)), "betas are"),
        (lambda: Adam(eps=-1), "eps is -1"),
        (lambda: StepDecay(1, 0), "step decay: every is 0"),
        (lambda: StepDecay(1, 2, math.nan), "step decay: factor is nan"),
        (lambda: StepDecay(-1, 2), "learning rate is -1"),
        (lambda: Cosine(1, 0), "cosine: steps is 0"),
        (lambda: Cosine(1, 3, -1), "cosine: least is -1"),
        (lambda: Constant(math.inf), "learning rate is inf"),
        (lambda: Cosine(1, 3).at(-1), "step is -1"),
        (lambda: Adam(betas=(0.1, 0.2, 0.3)), "betas are"),  # type: ignore[arg-type]  # the point of the test
    ],
)
def test_impossible_settings_are_told(make: Callable[[], object], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        make()
