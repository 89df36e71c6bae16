"""Plans that only run forward: the bits of the others, less memory, and no gradients."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.layers import AvgPool, Conv, Relu
from cnnviz.engine.network import statistic_shapes
from cnnviz.engine.optimisers import Sgd
from cnnviz.engine.plan import Plan, Store
from cnnviz.engine.specs import (
    BatchNorm,
    ConvTranspose,
    Dropout,
    Elu,
    Flatten,
    Gelu,
    Layers,
    LeakyRelu,
    Linear,
    Normalise,
    Residual,
    Sigmoid,
    Softmax,
    Tanh,
)
from tests.engine.test_plan import NETWORKS, drawn

Array = npt.NDArray[Any]

CONV = Conv(8, (3, 3), padding=1)
PLAIN: Layers = (CONV, BatchNorm(), Relu(), Residual((CONV, BatchNorm(), Relu(), CONV, BatchNorm())), Relu())
MIXED: Layers = (
    Normalise((0.5,), (0.25,)), CONV, Elu(), CONV, Gelu(), ConvTranspose(8, (3, 3), padding=(1, 1)), LeakyRelu(0.1),
    Dropout(0.5), Residual((Residual((), "none"), Relu())), AvgPool((2, 2), (2, 2)), Tanh(), CONV, BatchNorm(),
    Sigmoid(), Flatten(), Linear(4), Softmax(),
)  # fmt: skip


def trained(layers: Layers, shape: tuple[int, int, int], dtype: Any) -> dict[str, Array]:
    """Parameters, and running statistics that are not those of the beginning."""
    random = np.random.default_rng(5)
    statistics = {
        name: random.uniform(0.5, 2, size) for name, size in statistic_shapes(layers, shape).items()
    }
    return {name: array.astype(dtype) for name, array in {**drawn(layers, shape), **statistics}.items()}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [*NETWORKS, "mixed", "in place behind a shortcut"])
def test_outputs_are_those_of_a_plan_for_training_to_the_bit(name: str, dtype: Any) -> None:
    more: dict[str, tuple[Layers, tuple[int, int, int]]] = {
        "mixed": (MIXED, (1, 6, 8)),
        "in place behind a shortcut": (
            (Residual((Residual((), "none"), Dropout(), Tanh(), BatchNorm())),),
            (2, 3, 4),
        ),
    }
    layers, shape = {**NETWORKS, **more}[name]
    given = trained(layers, shape, dtype)
    both = [Plan(layers, shape, 3, dtype, parameters=given, training=training) for training in (True, False)]
    for seed in range(2):
        x = np.random.default_rng(seed).normal(size=(3, *shape)).astype(dtype)
        wanted, got = both[0].forward(x, training=False), both[1].forward(x)
        assert got.tobytes() == wanted.tobytes()
        assert got.dtype == dtype
    np.testing.assert_array_equal(both[1].forward(x.copy()), got)


def memory_of(layers: Layers, training: bool) -> int:
    """Bytes that are held when a plan stands and has run once."""
    shape, x = (1, 24, 24), np.zeros((32, 1, 24, 24), np.float32)
    parameters = initial_parameters(layers, shape)
    tracemalloc.start()
    try:
        plan = Plan(layers, shape, 32, parameters=parameters, training=training)
        plan.forward(x)
        held, _ = tracemalloc.get_traced_memory()
        assert held >= plan.arena.nbytes
    finally:
        tracemalloc.stop()
    return held


@pytest.mark.parametrize(("layers", "share"), [(PLAIN, 0.6), (MIXED, 0.6)])
def test_memory_is_less(layers: Layers, share: float) -> None:
    assert memory_of(layers, False) < share * memory_of(layers, True)


def test_pointwise_layers_in_a_row_need_the_memory_of_one_map() -> None:
    layers: Layers = (
        Normalise((1,), (2,)),
        Tanh(),
        Relu(),
        Sigmoid(),
        BatchNorm(),
        Dropout(),
        Normalise((0,), (1,)),
    )
    shape, one_map = (8, 24, 24), 32 * 8 * 24 * 24 * 4
    plan = Plan(layers, shape, 32, training=False)
    # The input and what all layers write over; a line of zeros and some numbers for each channel.
    assert 2 * one_map <= plan.arena.nbytes < 2.1 * one_map
    assert Plan(layers, shape, 32).arena.nbytes > 5 * one_map


def test_there_is_no_memory_for_gradients() -> None:
    plan = Plan((Flatten(), Linear(1000)), (1, 32, 32), 2, training=False)
    assert not plan.store.holds_gradients
    assert plan.store.gradients == {}
    assert plan.store.gradient_vector.strides == (0,)
    assert not plan.store.gradient_vector.flags.writeable
    assert plan.parameters["1.weight"].shape == (1000, 1024)


def test_the_loss_of_data_that_is_not_trained_on_can_be_asked() -> None:
    layers: Layers = (Flatten(), Linear(3))
    given, x, labels = (
        drawn(layers, (1, 2, 2)),
        np.random.default_rng(0).normal(size=(4, 1, 2, 2)),
        np.arange(4) % 3,
    )
    plans = [
        Plan(layers, (1, 2, 2), 4, np.float64, loss="cross_entropy", parameters=given, training=training)
        for training in (True, False)
    ]
    for plan in plans:
        plan.forward(x)
    assert plans[0].loss(labels) == plans[1].loss(labels)


def test_a_plan_shows_what_another_learns() -> None:
    layers: Layers = (Linear(2),)
    learner = Plan(layers, (3, 1, 1), 1, np.float64, loss="squared_error")
    shown = Plan(layers, (3, 1, 1), 4, np.float64, store=learner.store, training=False)
    before = shown.forward(np.ones((4, 3, 1, 1))).copy()
    sgd = Sgd(0.1)
    learner.step(np.ones((1, 3, 1, 1)), np.ones((1, 2)), sgd, learner.start(sgd))
    # From zeros: the gradient of each output is 2 (0 - 1) / 2, so three weights and the bias become 0.1.
    np.testing.assert_array_equal(before, np.zeros((4, 2, 1, 1)))
    np.testing.assert_allclose(shown.forward(np.ones((4, 3, 1, 1))), np.full((4, 2, 1, 1), 0.4), atol=1e-15)


def test_what_needs_gradients_is_refused() -> None:
    plan = Plan((Linear(2),), (3, 1, 1), 1, loss="squared_error", training=False)
    x, y = np.ones((1, 3, 1, 1)), np.ones((1, 2))
    plan.forward(x)
    plan.loss(y)
    sgd = Sgd(0.1)
    calls: list[Callable[[], object]] = [
        plan.backward, lambda: plan.gradients, lambda: plan.input_gradient, lambda: plan.start(sgd),
        lambda: plan.forward(x, training=True), lambda: plan.step(x, y, sgd, sgd.start([plan.store.vector])),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(
            BadInput, match=r"^plan: it was built to run forward only.*build it with training=True$"
        ):
            call()
    with pytest.raises(BadInput, match="no gradient of the input unless"):
        Plan((Linear(2),), (3, 1, 1), 1, training=False, input_gradient=True)
    with pytest.raises(BadInput, match="the store has no memory for gradients"):
        Plan(
            (Linear(2),),
            (3, 1, 1),
            1,
            store=Store((Linear(2),), (3, 1, 1), np.float32, holds_gradients=False),
        )
