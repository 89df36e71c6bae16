"""First weights: spread, bounds, reproducibility."""

import math

import numpy as np
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.initialisation import INIT_KINDS, InitKind, draw, fans, initial_parameters
from cnnviz.engine.layers import Conv, Relu
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import BatchNorm, Flatten, Linear

SHAPE = (64, 32, 5, 5)  # 800 numbers feed an output, one feeds 1600


@pytest.mark.parametrize(
    ("kind", "deviation"),
    [
        ("kaiming-normal", math.sqrt(2 / 800)),
        ("kaiming-uniform", math.sqrt(2 / 800)),
        ("xavier-normal", math.sqrt(2 / 2400)),
        ("xavier-uniform", math.sqrt(2 / 2400)),
    ],
)
def test_the_spread_is_the_published_one(kind: InitKind, deviation: float) -> None:
    weights = draw(SHAPE, kind, np.random.default_rng(0))
    assert weights.shape == SHAPE
    assert abs(weights.mean()) < 0.02 * deviation
    assert weights.std() == pytest.approx(deviation, rel=0.02)
    if kind.endswith("uniform"):
        assert 0.99 < np.abs(weights).max() / (math.sqrt(3) * deviation) <= 1


def test_gain_and_zeros() -> None:
    one, two = (draw(SHAPE, "kaiming-normal", np.random.default_rng(0), gain) for gain in (1.0, 2.0))
    np.testing.assert_allclose(two, 2 * one)
    assert not draw((2, 3), "zeros", np.random.default_rng(0)).any()


def test_the_same_seed_gives_the_same_numbers_and_layers_do_not_disturb_each_other() -> None:
    short = (Conv(4, (3, 3)), BatchNorm(), Relu(), Flatten())
    long = (*short, Linear(10))
    first, again = (initial_parameters(long, (2, 6, 6), seed=7) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    np.testing.assert_array_equal(initial_parameters(short, (2, 6, 6), seed=7)["0.weight"], first["0.weight"])
    assert not np.array_equal(initial_parameters(long, (2, 6, 6), seed=8)["0.weight"], first["0.weight"])
    assert (first["1.weight"] == 1).all()
    assert not first["1.bias"].any()
    assert not first["4.bias"].any()


def test_kaiming_keeps_the_size_of_signals_through_many_layers_and_xavier_halves_it() -> None:
    layers = (Conv(64, (3, 3), padding=1, padding_mode="circular"), Relu()) * 12
    x = np.random.default_rng(0).normal(size=(8, 64, 6, 6))
    sizes = {}
    kinds: tuple[InitKind, ...] = ("kaiming-normal", "xavier-normal")
    for kind in kinds:
        plan = Plan(layers, (64, 6, 6), 8, parameters=initial_parameters(layers, (64, 6, 6), kind, seed=1))
        sizes[kind] = float((plan.forward(x) ** 2).mean())
    assert 0.2 < sizes["kaiming-normal"] < 5
    assert sizes["kaiming-normal"] / sizes["xavier-normal"] == pytest.approx(2**12, rel=1e-3)


@pytest.mark.parametrize("kind", INIT_KINDS)
def test_every_kind_can_be_asked_for(kind: InitKind) -> None:
    assert set(initial_parameters((Conv(1, (2, 2)),), (1, 3, 3), kind)) == {"0.weight", "0.bias"}


def test_what_cannot_be_drawn_is_told() -> None:
    with pytest.raises(BadInput, match="'ones' is unknown: give kaiming-normal"):
        draw((2, 2), "ones", np.random.default_rng(0))  # type: ignore[arg-type]  # what is tested is the refusal
    with pytest.raises(BadInput, match="no inputs and outputs"):
        fans((3,))
