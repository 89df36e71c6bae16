"""Whatever is no array, number or shape is refused in one line that names it, by every public operation."""

import inspect
import tracemalloc
import warnings
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from cnnviz import engine
from cnnviz.engine import BadInput

X, WEIGHT, LINES = np.ones((2, 4, 6, 5)), np.ones((4, 4, 3, 3)), np.ones((2, 4, 9))
PLACES, SCORES, LABELS = np.zeros((2, 4, 3, 2), int), np.ones((3, 4)), np.array([0, 1, 2])
DENSE = np.ones((2, 4))

# Arguments with which each operation works; every one of them is then replaced by what it cannot use.
CALLS: dict[str, dict[str, Any]] = {
    "conv2d": {"x": X, "weight": WEIGHT, "bias": np.ones(4)},
    "conv2d_backward": {"dout": np.ones((2, 4, 4, 3)), "x": X, "weight": WEIGHT},
    "conv1d": {"x": LINES, "weight": np.ones((4, 4, 3)), "bias": np.ones(4)},
    "conv1d_backward": {"dout": np.ones((2, 4, 7)), "x": LINES, "weight": np.ones((4, 4, 3))},
    "conv_transpose2d": {"x": X, "weight": WEIGHT, "bias": np.ones(4)},
    "conv_transpose2d_backward": {"dout": np.ones((2, 4, 8, 7)), "x": X, "weight": WEIGHT},
    "max_pool2d": {"x": X, "kernel_size": 2},
    "max_pool2d_backward": {"dout": np.ones((2, 4, 3, 2)), "indices": PLACES, "in_shape": (2, 4, 6, 5)},
    "avg_pool2d": {"x": X, "kernel_size": 2},
    "avg_pool2d_backward": {"dout": np.ones((2, 4, 3, 2)), "in_shape": (2, 4, 6, 5), "kernel_size": 2},
    "global_avg_pool2d": {"x": X},
    "global_avg_pool2d_backward": {"dout": np.ones((2, 4, 1, 1)), "in_shape": (2, 4, 6, 5)},
    "global_max_pool2d": {"x": X},
    "global_max_pool2d_backward": {
        "dout": np.ones((2, 4, 1, 1)), "indices": PLACES[:, :, :1, :1], "in_shape": (2, 4, 6, 5)
    },
    **{name: {"x": X} for name in ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "flatten")},
    "leaky_relu": {"x": X, "negative_slope": 0.1},
    "elu": {"x": X, "alpha": 1.0},
    "gelu": {"x": X, "approximate": "tanh"},
    **{
        f"{name}_backward": {"dout": X, "x": X}
        for name in ("relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softmax", "log_softmax")
    },
    "linear": {"x": SCORES, "weight": DENSE, "bias": np.ones(2)},
    "linear_backward": {"dout": np.ones((3, 2)), "x": SCORES, "weight": DENSE},
    "batch_norm": {"x": X, "running_mean": np.zeros(4), "running_var": np.ones(4), "weight": np.ones(4)},
    "batch_norm_backward": {"dout": X, "x": X, "running_mean": np.zeros(4), "running_var": np.ones(4)},
    "running_statistics": {"x": X, "running_mean": np.zeros(4), "running_var": np.ones(4)},
    "normalise": {"x": X, "mean": 0.5, "std": np.ones(4)},
    "normalise_backward": {"dout": X, "std": 0.5},
    "dropout": {"x": X, "p": 0.5, "seed": 1},
    "dropout_backward": {"dout": X, "p": 0.5, "seed": 1},
    "flatten_backward": {"dout": np.ones((2, 120)), "in_shape": (2, 4, 6, 5)},
    "add": {"x": X, "y": X},
    "add_backward": {"dout": X, "x_shape": X.shape, "y_shape": X.shape},
    "concat": {"arrays": [X, X]},
    "concat_backward": {"dout": X, "sizes": (1, 3)},
    "pad2d": {"x": X, "pads": 1, "value": 0.0},
    "pad2d_backward": {"dout": X, "pads": 1},
    "squared_error": {"prediction": X, "target": X},
    "squared_error_backward": {"dout": 1.0, "prediction": X, "target": X},
    "cross_entropy": {"logits": SCORES, "target": LABELS},
    "cross_entropy_backward": {"dout": 1.0, "logits": SCORES, "target": LABELS},
    "update_weight": {
        "out": np.ones((2, 4, 4, 3)), "x": X, "place": (0, 0, 0, 0), "delta": 1.0, "kernel_size": 3
    },
    "update_pixel": {
        "out": np.ones((2, 4, 4, 3)), "weight": WEIGHT, "place": (0, 0, 0, 0), "delta": 1.0, "in_size": (6, 5)
    },
    "conv_out_size": {"in_size": (6, 5), "kernel_size": 3},
    "out_size": {"n": 6, "kernel": 3},
    "extent": {"kernel": 3},
    "resolve_padding": {"padding": "same", "in_size": (6, 5), "kernel_size": 3},
}  # fmt: skip

# Nothing here is a use of any argument but these flags, where Python tells true from false itself.
FLAGS = {"training", "ceil_mode", "count_include_pad", "what"}
NEVER: dict[str, Any] = {
    "a word": "abc",
    "complex numbers": np.ones((2, 4, 6, 5), complex),
    "an object": np.array([object()]),
    "dates": np.zeros((2, 4, 6, 5), "M8[s]"),
    "ragged rows": [[1, 2], [3]],
    "a dict": {"a": 1},
}
ODD: dict[str, Any] = {
    **NEVER,
    "nothing": None,
    "a number": 3.0,
    "a row": np.ones(3),
    "too many axes": np.ones((1, 2, 4, 6, 5)),
    "no channel": np.ones((2, 0, 6, 5)),
    "no row": np.ones((2, 4, 0, 5)),
    "another channel": np.ones((2, 3, 6, 5)),
    "minus one": -1,
    "zero": 0,
    "nan": float("nan"),
    "infinity": float("inf"),
    "three numbers": (1, 2, 3),
    "no numbers": (),
    "too long for memory": 10**9,
    "too long for the machine": 10**30,
    "one too long for the machine": [10**400],
}


def operation(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(engine, name)
    return found


def arguments_of(name: str) -> list[str]:
    named = inspect.signature(operation(name)).parameters
    return [argument for argument in named if not argument.startswith("_") and argument not in FLAGS]


def outcome(name: str, arguments: dict[str, Any]) -> Exception | None:
    """What an operation raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            operation(name)(
                **{key: np.copy(v) if isinstance(v, np.ndarray) else v for key, v in arguments.items()}
            )
        except (BadInput, TypeError) as error:
            return error
    return None


def test_every_public_operation_is_asked() -> None:
    functions = {name for name in engine.__all__ if isinstance(getattr(engine, name), FunctionType)}
    assert functions - CALLS.keys() == {"pair", "thread_count", "thread_limit"}


@pytest.mark.parametrize("name", CALLS)
def test_what_no_argument_can_be_is_refused_by_its_name(name: str) -> None:
    assert outcome(name, CALLS[name]) is None
    for argument in arguments_of(name):
        for kind, value in NEVER.items():
            if argument == "arrays" and kind in ("ragged rows", "a dict"):
                continue  # rows of different lengths are arrays to be joined
            error = outcome(name, {**CALLS[name], argument: value})
            assert error is not None, (argument, kind)
            words = {argument, argument.replace("_", " "), argument.removesuffix("s"), name}
            assert any(word in str(error) for word in words), (argument, kind, str(error))


@pytest.mark.parametrize("name", CALLS)
def test_nothing_but_one_clear_line_is_raised(name: str) -> None:
    for argument in arguments_of(name):
        for kind, value in ODD.items():
            error = outcome(name, {**CALLS[name], argument: value})
            said = str(error)
            assert "\n" not in said, (argument, kind)
            # What Python or NumPy say when nobody looked before.
            for raw in (
                "unsupported operand",
                "not supported between",
                "not iterable",
                "ufunc",
                "NoneType' object",
                "truth",
            ):
                assert raw not in said, (argument, kind, said)


ONE, LONG, FAR = np.ones((1, 1, 1, 1)), 2**24, (1, 1, 10**6, 10**6)
NOWHERE = np.zeros((1, 1, 1, 1), int)

# Each would take terabytes for its result, or on the way to a small one.
ABSURD: dict[str, tuple[str, dict[str, Any]]] = {
    "a border": ("conv2d", {"x": ONE, "weight": ONE, "padding": LONG}),
    "a border that is stepped over": ("conv2d", {"x": ONE, "weight": ONE, "padding": LONG, "stride": LONG}),
    "a dilated kernel": ("conv2d", {"x": ONE, "weight": np.ones((1, 1, 2, 2)), "padding": "full", "dilation": LONG}),
    "a kernel for each of many pictures": (
        "conv2d", {"x": np.broadcast_to(1.0, (10**7, 1, 1, 1)), "weight": np.broadcast_to(1.0, (10**6, 1, 1, 1))}
    ),
    "far strides": ("conv_transpose2d", {"x": np.ones((1, 1, 3, 3)), "weight": ONE, "stride": LONG}),
    "what is cut off": (
        "conv_transpose2d",
        {"x": np.ones((1, 1, 2, 2)), "weight": ONE * np.nan, "stride": LONG, "padding": LONG // 2},
    ),
    "a window on a border": ("max_pool2d", {"x": ONE, "kernel_size": LONG, "padding": LONG // 2}),
    "a window that hangs over": ("avg_pool2d", {"x": ONE, "kernel_size": LONG, "ceil_mode": True}),
    "a gradient": ("max_pool2d_backward", {"dout": ONE, "indices": NOWHERE, "in_shape": FAR}),
    "a shared gradient": ("avg_pool2d_backward", {"dout": ONE, "in_shape": FAR, "kernel_size": 10**6}),
    "a gradient of all": ("global_avg_pool2d_backward", {"dout": ONE, "in_shape": FAR}),
    "a gradient of one": ("global_max_pool2d_backward", {"dout": ONE, "indices": NOWHERE, "in_shape": FAR}),
    "a sum of lines": ("add", {"x": np.ones((10**6, 1)), "y": np.ones(10**7)}),
    "a wide border": ("pad2d", {"x": ONE, "pads": LONG}),
    "a changed weight": (
        "update_weight",
        {"out": ONE, "x": ONE, "place": (0, 0, 0, 0), "delta": 1.0, "kernel_size": LONG, "padding": LONG // 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ABSURD)
def test_an_absurd_size_is_refused_before_it_takes_memory(kind: str) -> None:
    name, arguments = ABSURD[kind]
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match=rf"^{name}: .* would take .* GiB, but this machine has"):
            operation(name)(**arguments)
        # The arrays of the example for the sum of lines are there already; nothing else is as large.
        assert tracemalloc.get_traced_memory()[1] < 10**6
    finally:
        tracemalloc.stop()
