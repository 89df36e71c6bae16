"""Plans whose sums are exact: bits that depend neither on the order of additions nor on the kind of processor."""

import os
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.optimisers import Sgd
from cnnviz.engine.plan import Plan
from cnnviz.engine.plan.exact import Grid, most_products
from cnnviz.engine.specs import BatchNorm, Flatten, GlobalAvgPool, Layers, Linear, Residual

Array = npt.NDArray[Any]

BODY = (Conv(6, (3, 3), padding=1), BatchNorm(), Relu(), Conv(6, (3, 3), padding=1), BatchNorm())
SMALLER = (Conv(8, (3, 3), (2, 2), 1), BatchNorm(), Relu(), Conv(8, (3, 3), padding=1), BatchNorm())
NETWORKS: dict[str, Layers] = {
    "residual": (
        AvgPool((2, 2), (2, 2)), Conv(6, (3, 3), padding=1), BatchNorm(), Relu(),
        Residual(BODY, "identity"), Relu(), Residual(SMALLER, "zero-padding"), Relu(), Residual(BODY[:-1], "none"),
        GlobalAvgPool(), Flatten(), Linear(5),
    ),
    "without norm": (
        Conv(6, (5, 5)), Relu(), MaxPool((2, 2), (2, 2)), Conv(9, (3, 3)), Relu(), Flatten(), Linear(5),
    ),
}  # fmt: skip
SHAPE, BATCH = (2, 14, 14), 24


def taught(layers: Layers, order: npt.NDArray[np.intp], exact: bool, updates: int = 5) -> tuple[Plan, float]:
    """A plan after some updates by the same batch, whose pictures come in this order."""
    rng = np.random.default_rng(5)
    x, labels = rng.normal(size=(BATCH, *SHAPE)), rng.integers(0, 5, BATCH)
    first = initial_parameters(layers, SHAPE, seed=1)
    plan = Plan(layers, SHAPE, BATCH, np.float64, loss="cross_entropy", parameters=first, exact=exact)
    sgd, loss = Sgd(0.05, 0.9), 0.0
    state = plan.start(sgd)
    for _ in range(updates):
        loss = plan.step(x[order], labels[order], sgd, state)
    return plan, loss


@pytest.mark.parametrize("name", NETWORKS)
def test_the_order_of_pictures_changes_no_bit_of_what_is_learned(name: str) -> None:
    forward, backward = np.arange(BATCH), np.arange(BATCH)[::-1]
    one, other = (taught(NETWORKS[name], order, True)[0].store.vector for order in (forward, backward))
    assert np.array_equal(one, other)
    one, other = (taught(NETWORKS[name], order, False)[0].store.vector for order in (forward, backward))
    assert not np.array_equal(one, other), "as sums are rounded else"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_first_loss_and_gradients_are_those_of_a_usual_plan(name: str) -> None:
    (exact, loss), (usual, wanted) = (
        taught(NETWORKS[name], np.arange(BATCH), way, 1) for way in (True, False)
    )
    assert loss == pytest.approx(wanted, rel=1e-5)
    for key, gradient in usual.gradients.items():
        np.testing.assert_allclose(
            exact.gradients[key], gradient, atol=2e-4 * np.abs(usual.store.gradient_vector).max()
        )


def test_rounding_leaves_so_many_bits_and_is_done_once() -> None:
    rng, grid = np.random.default_rng(0), Grid(8192)
    assert grid.bits == 20
    for largest in (1.0, 0.7, 1e-30, 3e40):
        array = rng.uniform(-largest, largest, (7, 11))
        array.flat[3] = -largest
        rounded = array.copy()
        grid.round(rounded)
        unit = Fraction(2) ** (Grid(8192).bits * -1) * Fraction(2) ** int(np.ceil(np.log2(largest)))
        assert all((Fraction(float(number)) / unit).denominator == 1 for number in rounded.flat)
        assert np.abs(rounded - array).max() <= float(unit) / 2
        again = rounded.copy()
        grid.round(again)
        assert np.array_equal(again, rounded)


def test_products_of_rounded_numbers_add_up_without_error() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(2, 8192))
    Grid(8192).round_all((one, other))
    truth = sum(Fraction(float(a)) * Fraction(float(b)) for a, b in zip(one, other, strict=True))
    assert Fraction(float(one @ other)) == truth
    assert Fraction(float(one[::-1].copy() @ other[::-1].copy())) == truth


def test_what_is_not_finite_or_all_zero_stays() -> None:
    for values in ([np.inf, 1 / 3], [np.nan, 1 / 3], [0.0, -0.0], []):
        array = np.array(values)
        Grid(100).round(array)
        np.testing.assert_array_equal(array, values)


def test_the_longest_sums_are_counted() -> None:
    layers = NETWORKS["residual"]
    # 24 pictures of 7 × 7 after the pooling; a window of 6 × 3 × 3 or 8 × 3 × 3 where only windows are summed.
    assert most_products(layers, SHAPE, BATCH) == 24 * 7 * 7
    assert most_products(layers, SHAPE, BATCH, training=False) == 72


def test_a_plan_that_only_runs_forward_gives_the_same_scores_and_leaves_the_weights() -> None:
    layers = NETWORKS["without norm"]
    plan, _ = taught(layers, np.arange(BATCH), True)
    x = np.random.default_rng(8).normal(size=(BATCH, *SHAPE))
    scores = plan.forward(x, training=False).copy()
    before = plan.store.vector.copy()
    tester = Plan(layers, SHAPE, BATCH, np.float64, store=plan.store, training=False, exact=True)
    np.testing.assert_allclose(tester.forward(x), scores, atol=1e-4 * np.abs(scores).max())
    assert np.array_equal(plan.store.vector, before)


def test_exact_sums_need_float64() -> None:
    with pytest.raises(BadInput, match=r"plan: exact sums need float64, not float32"):
        Plan((Linear(1),), (2, 1, 1), 1, np.float32, exact=True)


PROGRAM = """
import cnnviz, numpy as np
from tests.engine.test_plan_exact import BATCH, NETWORKS, taught
for name in NETWORKS:
    for exact in (True, False):
        print(taught(NETWORKS[name], np.arange(BATCH), exact)[0].store.vector.tobytes().hex())
"""


def test_the_kernels_of_another_processor_give_the_same_bits() -> None:
    """OpenBLAS can be told to use the kernels of a processor without AVX, which add in another order."""
    for (name, layers), lines in zip(NETWORKS.items(), _by_old_kernels(), strict=True):
        mine = taught(layers, np.arange(BATCH), True)[0].store.vector
        assert lines[0] == mine.tobytes().hex(), name


def _by_old_kernels() -> list[list[str]]:
    environment = {**os.environ, "OPENBLAS_CORETYPE": "Nehalem"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = done.stdout.split()
    return [lines[:2], lines[2:]]
