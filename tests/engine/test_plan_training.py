"""Training with plans: the tiny network by hand, determinism, memory, statistics, shared parameters, bad input."""

import tracemalloc
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cnnviz.engine import BadInput, batch_norm, cross_entropy, cross_entropy_backward
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.optimisers import Adam, Optimiser, Sgd
from cnnviz.engine.plan import Plan, Store
from cnnviz.engine.specs import (
    BatchNorm,
    ConvTranspose,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Layers,
    Linear,
    Residual,
    Tanh,
)

Array = npt.NDArray[Any]

CONV = Conv(8, (3, 3), padding=1)
BLOCK = Residual((CONV, BatchNorm(), Relu(), CONV, BatchNorm()))
DOWN = Residual(
    (Conv(16, (3, 3), (2, 2), 1), BatchNorm(), Relu(), Conv(16, (3, 3), padding=1), BatchNorm()), "projection"
)
SMALL: Layers = (CONV, BatchNorm(), Relu(), BLOCK, Relu(), DOWN, Relu(), GlobalAvgPool(), Linear(4))


def data(batch: int, shape: tuple[int, int, int], classes: int = 4) -> tuple[Array, Array]:
    random = np.random.default_rng(3)
    return random.normal(size=(batch, *shape)).astype(np.float32), random.integers(0, classes, batch)


def tiny(rate: float, steps: int) -> list[float]:
    """The tiny network of two weights without bias: what it predicts, step by step."""
    layers = (Conv(1, (1, 2)),)
    plan = Plan(layers, (1, 1, 2), 1, np.float64, loss="squared_error")
    plan.parameters["0.weight"][...] = [[[[3, 1]]]]
    sgd, seen = Sgd(rate), []
    state = plan.start(sgd)
    for _ in range(steps):
        plan.step(np.array([[[[1.0, 2.0]]]]), np.array([[6.0]]), sgd, state)
        plan.parameters["0.bias"].fill(0)
        seen.append(float(plan.forward(np.array([[[[1.0, 2.0]]]])).item()))
    return seen


def test_the_tiny_network_goes_where_arithmetic_says() -> None:
    # w = [3, 1], x = [1, 2], y = 6: prediction 5, gradient [-2, -4]; each step shrinks the error by 1 - 10 rate.
    assert tiny(0.01, 5) == pytest.approx([5.1, 5.19, 5.271, 5.3439, 5.40951], abs=1e-12)
    assert tiny(0.1, 1) == pytest.approx([6.0], abs=1e-12)
    assert tiny(0.2, 4) == pytest.approx([7, 5, 7, 5], abs=1e-12)
    assert tiny(0.21, 3) == pytest.approx([7.1, 4.79, 7.331], abs=1e-12)


@pytest.mark.parametrize("optimiser", [Sgd(0.05, 0.9, True, 1e-4), Adam(0.01)])
def test_training_learns_and_repeats_to_the_bit(optimiser: Optimiser) -> None:
    x, y = data(16, (1, 8, 8))
    runs = []
    for _ in range(2):
        plan = Plan(
            SMALL, (1, 8, 8), 16, loss="cross_entropy", parameters=initial_parameters(SMALL, (1, 8, 8))
        )
        state = plan.start(optimiser)
        losses = [plan.step(x, y, optimiser, state) for _ in range(40)]
        runs.append(
            (losses, plan.store.vector.tobytes(), {k: v.tobytes() for k, v in plan.statistics.items()})
        )
    assert runs[0] == runs[1]
    assert runs[0][0][-1] < 0.1 < runs[0][0][0]


def test_a_step_allocates_nothing_that_grows_with_the_network() -> None:
    layers: Layers = (
        CONV, BatchNorm(), Relu(), BLOCK, Relu(), MaxPool((2, 2), (2, 2)), ConvTranspose(8, (2, 2)), Tanh(),
        AvgPool((3, 3), (1, 1), (1, 1)), Conv(8, (3, 3), padding=1, padding_mode="reflect"), Flatten(), Linear(4),
    )  # fmt: skip
    x, y = data(32, (1, 24, 24))
    plan = Plan(
        layers, (1, 24, 24), 32, loss="cross_entropy", parameters=initial_parameters(layers, (1, 24, 24))
    )
    optimiser = Sgd(0.01, 0.9)
    state = plan.start(optimiser)
    plan.step(x, y, optimiser, state)
    tracemalloc.start()
    try:
        plan.step(x, y, optimiser, state)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    one_map = 32 * 8 * 24 * 24 * 4
    assert peak < one_map / 4, f"{peak} bytes"
    assert plan.arena.nbytes > 20 * one_map


def test_running_statistics_follow_as_those_of_the_plain_operation() -> None:
    layers: Layers = (BatchNorm(momentum=0.3),)
    random = np.random.default_rng(0)
    plan = Plan(layers, (3, 4, 5), 6, np.float64)
    mean, var = np.zeros(3), np.ones(3)
    weight, bias = random.normal(size=3), random.normal(size=3)
    plan.parameters["0.weight"][...], plan.parameters["0.bias"][...] = weight, bias
    for _ in range(3):
        x = random.normal(2, 3, (6, 3, 4, 5))
        wanted = batch_norm(x, mean, var, weight, bias, training=True, momentum=0.3)
        np.testing.assert_allclose(plan.forward(x), wanted, atol=1e-12)
    np.testing.assert_allclose(plan.statistics["0.running_mean"], mean, atol=1e-12)
    np.testing.assert_allclose(plan.statistics["0.running_var"], var, atol=1e-12)
    wanted = batch_norm(x, mean, var, weight, bias)
    np.testing.assert_allclose(plan.forward(x, training=False), wanted, atol=1e-12)
    np.testing.assert_allclose(plan.statistics["0.running_var"], var, atol=1e-12)


def test_a_large_mean_does_not_swallow_the_variance() -> None:
    x = np.random.default_rng(0).normal(1000, 1, (64, 1, 8, 8)).astype(np.float32)
    out = Plan((BatchNorm(),), (1, 8, 8), 64).forward(x)
    assert abs(float(out.mean())) < 1e-3
    assert abs(float(out.std()) - 1) < 1e-3


def test_the_loss_is_that_of_the_plain_operation() -> None:
    random = np.random.default_rng(0)
    z, y = random.normal(size=(7, 5)) * 50, random.integers(0, 5, 7)
    plan = Plan((Flatten(),), (5, 1, 1), 7, np.float64, loss="cross_entropy", input_gradient=True)
    plan.forward(z[:, :, None, None])
    assert plan.loss(y) == pytest.approx(float(cross_entropy(z, y)), rel=1e-12)
    plan.backward()
    np.testing.assert_allclose(plan.input_gradient[..., 0, 0], cross_entropy_backward(1.0, z, y), atol=1e-14)


def test_plans_of_other_batch_sizes_share_parameters() -> None:
    store = Store(SMALL, (1, 8, 8), np.float32)
    store.load(initial_parameters(SMALL, (1, 8, 8)))
    large, small = (Plan(SMALL, (1, 8, 8), n, loss="cross_entropy", store=store) for n in (8, 3))
    x, y = data(8, (1, 8, 8))
    sgd = Sgd(0.1)
    state = large.start(sgd)
    large.step(x, y, sgd, state)
    small.step(x[:3], y[:3], sgd, state)
    assert large.parameters["0.weight"] is small.parameters["0.weight"]
    both = large.forward(x, training=False)[:3]
    np.testing.assert_allclose(small.forward(x[:3], training=False), both, atol=1e-5)


def test_training_resumes_from_a_copy() -> None:
    x, y = data(8, (1, 8, 8))
    layers: Layers = (*SMALL[:-1], Dropout(0.2), SMALL[-1])
    adam = Adam(0.01)
    plan = Plan(layers, (1, 8, 8), 8, loss="cross_entropy", parameters=initial_parameters(layers, (1, 8, 8)))
    state = plan.start(adam)
    plan.step(x, y, adam, state)
    values = {name: array.copy() for name, array in {**plan.parameters, **plan.statistics}.items()}
    kept = state.copy()
    wanted = [plan.step(x, y, adam, state) for _ in range(3)]
    other = Plan(layers, (1, 8, 8), 8, loss="cross_entropy", parameters=values)
    assert [other.step(x, y, adam, kept) for _ in range(3)] == wanted
    assert other.store.vector.tobytes() == plan.store.vector.tobytes()


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"layers": (Linear(2),)}, "layer 0: linear: its input (1, 4, 4) is not flat"),
        ({"dtype": np.float16}, "type float16 is not supported"),
        ({"batch": 0}, "batch is 0: it must be at least 1"),
        ({"parameters": {"0.weight": np.zeros((2, 1, 3, 3))}}, "parameter '0.bias' of shape (2,) is missing"),
        ({"parameters": {"weight": np.zeros(2)}}, "the network has no parameter 'weight'"),
        ({"parameters": {"0.weight": np.zeros((2, 3, 3)), "0.bias": np.zeros(2)}}, "has shape (2, 3, 3)"),
        ({"loss": "cross_entropy"}, "2x2 scores of each class"),
    ],
)
def test_what_does_not_fit_is_told_when_the_plan_is_built(what: dict[str, Any], message: str) -> None:
    arguments = {"layers": (Conv(2, (3, 3)),), "in_shape": (1, 4, 4), "batch": 2, **what}
    with pytest.raises(BadInput) as error:
        Plan(**arguments)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_calls_out_of_order_and_of_other_shapes_are_told() -> None:
    plan = Plan((Conv(2, (3, 3)), BatchNorm()), (1, 4, 4), 2)
    x = np.zeros((2, 1, 4, 4))
    with pytest.raises(BadInput, match="backward needs a forward pass"):
        plan.backward()
    with pytest.raises(BadInput, match=r"x has shape \(3, 1, 4, 4\)"):
        plan.forward(np.zeros((3, 1, 4, 4)))
    with pytest.raises(TypeError, match="x must hold real numbers"):
        plan.forward(x.astype(complex))
    plan.forward(x, training=False)
    with pytest.raises(BadInput, match="training mode"):
        plan.backward()
    plan.forward(x)
    with pytest.raises(BadInput, match="dout has shape"):
        plan.backward(np.zeros((2, 2, 4, 4)))
    with pytest.raises(BadInput, match="input_gradient=True"):
        _ = plan.input_gradient
    with pytest.raises(BadInput, match="without a loss"):
        plan.loss(np.zeros(2, int))
    with pytest.raises(BadInput, match="at least two numbers in each channel"):
        Plan((BatchNorm(),), (3, 1, 1), 1).forward(np.zeros((1, 3, 1, 1)))


def test_targets_that_do_not_fit_are_told() -> None:
    plan = Plan((Linear(3),), (2, 1, 1), 2, loss="cross_entropy")
    for labels in (np.array([0, 3]), np.array([-1, 0])):
        with pytest.raises(BadInput, match="labels must lie from 0 to 2"):
            plan.loss(labels)
    for labels in (np.array([0.0, 1.0]), np.array([0])):
        with pytest.raises(BadInput, match="must be 2 labels"):
            plan.loss(labels)
    with pytest.raises(BadInput, match="squared error"):
        Plan((Linear(3),), (2, 1, 1), 2, loss="squared_error").loss(np.zeros((2, 2)))
    with pytest.raises(BadInput, match="another network"):
        Plan((Linear(3),), (2, 1, 1), 2, store=Store((Linear(2),), (2, 1, 1), np.float32))
    with pytest.raises(BadInput, match="probability"):
        Dropout(1.0)
