"""What networks, plans, optimisers and first weights refuse: in one line that names the argument, whatever it is."""

import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnviz.engine import BadInput
from cnnviz.engine.drawn import drawn_params
from cnnviz.engine.initialisation import draw, initial_parameters
from cnnviz.engine.layers import AvgPool, Conv, Drawn, MaxPool, Params, Relu
from cnnviz.engine.network import count_multiply_adds, count_parameters, parameter_shapes, receptive_fields
from cnnviz.engine.optimisers import Adam, Constant, Cosine, Sgd, State, StepDecay
from cnnviz.engine.plan import Plan
from cnnviz.engine.seen import pixels_seen
from cnnviz.engine.specs import (
    Add,
    Back,
    BatchNorm,
    ConvTranspose,
    Dropout,
    Flatten,
    Linear,
    PaddedShortcut,
    Residual,
    chain_shapes,
)

LAYERS = (Conv(2, (3, 3), padding=1), Relu(), Flatten(), Linear(3))
SHAPE = (1, 4, 4)
X = np.zeros((2, 1, 4, 4))
NAN = float("nan")


def plan(**changes: Any) -> Plan:
    usual: dict[str, Any] = {
        "layers": LAYERS, "in_shape": SHAPE, "batch": 2, "dtype": np.float64, "loss": "cross_entropy",
        "parameters": initial_parameters(LAYERS, SHAPE),
    }  # fmt: skip
    return Plan(**usual | changes)


def one_layer(layer: Any) -> None:
    chain_shapes((layer,), SHAPE)


def refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises((BadInput, TypeError)) as error:
        call()
    said = str(error.value)
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layers": 3}, "layers must be layers in a row, not int"),
        ({"layers": (1, 2)}, "layer 0 is no layer: 1"),
        ({"layers": (Relu(), Conv)}, "layer 1 is no layer: <class"),
        ({"layers": (Residual((Relu(), "relu")),)}, "layer 0: layer 1 is no layer: relu"),  # type: ignore[arg-type]  # the point
        ({"in_shape": (1, 4)}, "in_shape (1, 4) has 2 numbers: give three (channels, rows, columns)"),
        ({"in_shape": (0, 4, 4)}, "in_shape is 0: it must be at least 1"),
        ({"in_shape": (1.5, 4, 4)}, "in_shape must be a whole number, not 1.5"),
        ({"in_shape": None}, "in_shape must be whole numbers in a row, not None"),
        ({"batch": 1.5}, "plan: batch must be a whole number, not 1.5"),
        ({"batch": True}, "plan: batch must be a whole number, not True"),
        ({"dtype": "abc"}, "plan: dtype 'abc' is no type: give float32 or float64"),
        ({"loss": "mse"}, "plan: loss 'mse' is unknown: give cross_entropy or squared_error"),
        ({"loss": ["mse"]}, "plan: loss must be a word, not list"),
        ({"parameters": 3}, "parameters must be arrays by their names, not int"),
        ({"parameters": {"0.weight": 1j}}, "parameter '0.weight' must hold real numbers, not complex128"),
        ({"store": 3}, "plan: store must be that of another plan, not int"),
    ],
)
def test_what_no_plan_can_be_built_of(changes: dict[str, Any], words: str) -> None:
    refused(lambda: plan(**changes), words)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Conv(0, (3, 3)), "conv2d: out_channels is 0: it must be at least 1"),
        (Conv(1.5, (3, 3)), "conv2d: out_channels must be a whole number, not 1.5"),  # type: ignore[arg-type]  # the point
        (Conv(1, 3), "conv2d: kernel_size must be two whole numbers (rows, columns), not 3"),  # type: ignore[arg-type]  # the point
        (Conv(1, (3, 3), (0, 1)), "conv2d: stride is 0"),
        (MaxPool(2, (2, 2)), "max_pool2d: kernel_size must be two whole numbers"),  # type: ignore[arg-type]  # the point
        (AvgPool((2, 2), (1, 1), (-1, 0)), "avg_pool2d: padding is -1: it must be at least 0"),
        (ConvTranspose(0, (1, 1)), "conv_transpose2d: out_channels is 0"),
        (ConvTranspose(1, (1, 1), (0, 1)), "conv_transpose2d: stride is 0: it must be at least 1"),
        (ConvTranspose(1, (3, 3), padding=(-1, 0)), "conv_transpose2d: padding is -1"),
        (PaddedShortcut(2, (0, 0)), "padded_shortcut: stride is 0"),
    ],
)
def test_layers_that_no_shape_fits(layer: Any, words: str) -> None:
    refused(lambda: one_layer(layer), f"layer 0: {words}")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Dropout("a"), "dropout: p must hold real numbers"),  # type: ignore[arg-type]  # the point
        (lambda: Dropout(0.5, -1), "dropout: seed is -1"),
        (lambda: BatchNorm(NAN), "batch_norm: momentum is nan: it must be finite"),
        (lambda: BatchNorm(eps=-1), "batch_norm: eps is -1: it must be at least 0"),
        (lambda: Add("a"), "add: other must be a whole number, not 'a'"),  # type: ignore[arg-type]  # the point
        (lambda: Back(0.5), "back: start must be a whole number, not 0.5"),  # type: ignore[arg-type]  # the point
        (lambda: Params(np.ones(2) * 1j), "weight must hold real numbers, not complex128"),  # type: ignore[arg-type]  # the point
        (lambda: Constant("a"), "learning rate must hold real numbers"),  # type: ignore[arg-type]  # the point
        (lambda: StepDecay(0.1, 1.5), "step decay: every must be a whole number, not 1.5"),  # type: ignore[arg-type]  # the point
        (lambda: Cosine(0.1, 3).at("a"), "step must be a whole number, not 'a'"),  # type: ignore[arg-type]  # the point
        (lambda: Sgd(0.1, "a"), "sgd: momentum must hold real numbers"),  # type: ignore[arg-type]  # the point
        (lambda: Adam(betas=0.9), "adam: betas are 0.9, give two numbers"),  # type: ignore[arg-type]  # the point
        (lambda: draw((1, 2), "kaiming-normal", 3), "draw: rng must be a numpy Generator, not int"),  # type: ignore[arg-type]  # the point
        (lambda: draw((0, 2), "kaiming-normal", np.random.default_rng()), "draw: shape is 0"),
        (lambda: initial_parameters(LAYERS, SHAPE, seed=-1), "seed is -1: it must be at least 0"),
        (lambda: drawn_params((2, 1), Drawn("kaiming-normal", -1, 0)), "drawn weights: seed is -1"),
        (lambda: drawn_params((2, -1), Drawn("kaiming-normal", 0, 0)), "drawn weights: shape is -1"),
    ],
)
def test_settings_that_are_none(make: Callable[[], object], words: str) -> None:
    refused(make, words)


@pytest.mark.parametrize(
    "tell", [chain_shapes, parameter_shapes, count_parameters, count_multiply_adds, receptive_fields]
)
def test_what_is_told_of_layers_needs_layers_and_a_shape(tell: Callable[..., object]) -> None:
    refused(lambda: tell((3,), SHAPE), "layer 0 is no layer: 3")
    refused(lambda: tell(LAYERS, (1, 4)), "in_shape (1, 4) has 2 numbers")


def test_a_cell_has_a_row_and_a_column() -> None:
    refused(lambda: pixels_seen(LAYERS[:1], SHAPE, (1, 2, 3)), "pixels_seen: cell (1, 2, 3) has 3 numbers")  # type: ignore[arg-type]  # the point


def test_steps_with_what_belongs_to_another_optimiser() -> None:
    network, labels = plan(), np.array([0, 1])
    before = network.store.vector.copy()
    plain = Sgd(0.1)
    for other in (Sgd(0.1, 0.9), Adam()):
        step = partial(network.step, X, labels, other, network.start(plain))
        refused(step, "the state was started otherwise")
    refused(lambda: network.step(X, labels, 3, State()), "plan: optimiser must be Sgd or Adam, not int")  # type: ignore[arg-type]  # the point
    refused(lambda: network.step(X, labels, Sgd(0.1), 3), "plan: state must be what start gives, not int")  # type: ignore[arg-type]  # the point
    rates: tuple[Any, ...] = (NAN, -1, "a")
    for rate in rates:
        refused(partial(network.step, X, labels, plain, network.start(plain), rate), "learning rate")
    assert network.store.vector.tobytes() == before.tobytes()


def test_targets_that_are_none() -> None:
    network = plan(loss="squared_error")
    network.forward(X)
    refused(lambda: network.loss(np.ones((2, 3), complex)), "squared error: target must hold real numbers")
    refused(lambda: network.loss([[1], [1, 2]]), "target is ragged")  # type: ignore[arg-type]  # the point


def test_a_backward_pass_needs_the_loss_of_this_forward_pass() -> None:
    network = plan()
    network.forward(X)
    network.loss(np.array([0, 1]))
    network.forward(X)
    refused(
        network.backward,
        "plan: backward needs the gradient of the output: give dout, or ask for the loss first",
    )
    network.loss(np.array([0, 1]))
    network.backward()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Plan(LAYERS, (10**6, 10**6, 10**6), 1),
        lambda: Plan(LAYERS, SHAPE, 10**12),
        lambda: Plan((Flatten(), Linear(10**12)), SHAPE, 1),
        lambda: initial_parameters((Flatten(), Linear(10**9)), (10**4, 1, 1)),
        lambda: draw((10**7, 10**7), "zeros", np.random.default_rng()),
    ],
)
def test_an_absurd_network_takes_no_memory(make: Callable[[], object]) -> None:
    tracemalloc.start()
    try:
        refused(make, "GiB, but this machine has")
        assert tracemalloc.get_traced_memory()[1] < 10**6
    finally:
        tracemalloc.stop()
