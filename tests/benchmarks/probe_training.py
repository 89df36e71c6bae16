"""Trains the benchmark's networks with plans, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

# The package sets BLAS to one thread before NumPy.
from cnnviz.engine.initialisation import initial_parameters
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.optimisers import Sgd
from cnnviz.engine.plan import Plan
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.convolution import by_groups, input_gradient
from cnnviz.engine.plan.products import Correlation, WeightGradient, Windows
from cnnviz.engine.plan.unrolled import Geometry
from cnnviz.engine.specs import BatchNorm, Flatten, GlobalAvgPool, Layers, Linear, Residual
from tests.benchmarks.probe_cnnviz import peak_memory
from tests.benchmarks.workloads import blocks, median_of_calls, serve

import numpy as np  # isort: skip

LENET: Layers = (
    Conv(8, (5, 5)), Relu(), MaxPool((2, 2), (2, 2)), Conv(16, (5, 5)), Relu(), MaxPool((2, 2), (2, 2)),
    Flatten(), Linear(10),
)  # fmt: skip


def residual() -> Layers:
    """The narrow 34-layer network: stem, 16 blocks, fully connected."""
    layers: Layers = (Conv(8, (3, 3), padding=1), BatchNorm(), Relu())
    for _, out, step in blocks():
        first, second = Conv(out, (3, 3), (step, step), 1), Conv(out, (3, 3), padding=1)
        body = (first, BatchNorm(), Relu(), second, BatchNorm())
        layers = (*layers, Residual(body, "projection"), Relu())
    return (*layers, GlobalAvgPool(), Linear(10))


def make(kind: str, numbers: list[int]) -> Callable[[], object]:
    """The call that is timed."""
    if kind in ("lenet", "residual"):
        return training_step(LENET if kind == "lenet" else residual(), *numbers)
    if kind.endswith("pool"):
        return pooling(kind, *numbers)
    return convolution(kind, *numbers)


def training_step(layers: Layers, batch: int, size: int) -> Callable[[], object]:
    """Forward, cross-entropy, backward, momentum."""
    random, shape = np.random.default_rng(0), (1, size, size)
    x = random.standard_normal((batch, *shape)).astype(np.float32)
    y, sgd = random.integers(0, 10, batch), Sgd(0.01, 0.9)
    plan = Plan(layers, shape, batch, loss="cross_entropy", parameters=initial_parameters(layers, shape))
    state = plan.start(sgd)
    return lambda: plan.step(x, y, sgd, state)


def convolution(
    kind: str, batch: int, channels: int, rows: int, columns: int, out: int
) -> Callable[[], object]:
    """One of the three products of a 3x3 convolution with padding 1, as a plan runs it."""
    random, arena = np.random.default_rng(0), Arena(np.dtype(np.float32))
    g = Geometry(
        rows, columns, channels, batch, (3, 3), (rows, columns), (1, 1), (1, 1), (1, 1), (1, 1), 1
    )  # fmt: skip
    x, y = (random.standard_normal((rows, c, columns, batch)).astype(np.float32) for c in (channels, out))
    weight = random.standard_normal((3, 3, channels, out)).astype(np.float32)
    forward = Correlation(Windows(g, x, arena), by_groups(weight, 1), arena.new(*y.shape))
    if kind == "conv-forward":
        return forward.run
    if kind == "conv-dw":
        gradient = WeightGradient(forward.windows, y, by_groups(arena.new(*weight.shape), 1), arena)
        return in_turn(forward.windows.fill, gradient.run)
    return input_gradient(g, weight, y, arena.new(*x.shape), arena).run


def pooling(kind: str, batch: int, channels: int, rows: int, columns: int) -> Callable[[], object]:
    """Forward and backward of 2x2 pooling, from values that stand in the plan to the gradient there."""
    layer = MaxPool((2, 2), (2, 2)) if kind == "max-pool" else AvgPool((2, 2), (2, 2))
    plan = Plan((layer,), (channels, rows, columns), batch, input_gradient=True)
    random = np.random.default_rng(0)
    dout = plan.forward(random.standard_normal((batch, channels, rows, columns)))
    plan.backward(dout)
    (node,) = plan._chain.nodes
    return in_turn(lambda: node.forward(True), node.backward)


def in_turn(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    """One call after the other."""

    def both() -> None:
        first()
        second()

    return both


if __name__ == "__main__":
    serve(make, peak_memory, median_of_calls)
