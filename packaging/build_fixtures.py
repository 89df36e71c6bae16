"""Rebuilds what PyTorch makes of random configurations of every operation and of chains, in tests/data.

Usage, in an environment with the extra `oracle`:

    PYTHONPATH=. python packaging/build_fixtures.py [FOLDER]

FOLDER is that of the operations; the chains are written beside it.

On one machine the files come out the same byte for byte; others may differ in last digits of the answers.
"""

import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from learning_answers import learning_cases

from tests.helpers.learning_cases import FILE as LEARNING
from tests.helpers.torch_cases import FOLDER, OPERATIONS, Case, Draft, draw, values, write_cases

Array = npt.NDArray[Any]
Tensors = dict[str, torch.Tensor]
Options = dict[str, Any]

CASES = 300
NO_GRADIENT = ("target", "running_mean", "running_var")


def main(folder: Path) -> None:
    """Write one file for each operation."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for operation in OPERATIONS:
        # A seed of its own, so that a new operation leaves the files of the others as they are.
        cases = list(fresh_cases(operation, zlib.crc32(operation.encode()), CASES))
        write_cases(folder / f"{operation}.npz", cases, torch.__version__.split("+")[0])
    write_cases(
        folder.parent / LEARNING.name,
        list(learning_cases(zlib.crc32(b"learning"))),
        torch.__version__.split("+")[0],
    )


def fresh_cases(operation: str, seed: int, count: int) -> Iterator[Case]:
    """Draw configurations and let PyTorch answer them."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        draft = draw(operation, random)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a copy that "same" with an even kernel needs
            yield answered(operation, draft, random)


def answered(operation: str, draft: Draft, random: np.random.Generator) -> Case:
    """Compute the output and, unless x has infinities or NaN, the gradients for a random dout."""
    tensors = {name: torch.from_numpy(array.copy()) for name, array in draft.inputs.items()}
    learned = [name for name in tensors if name not in NO_GRADIENT]
    for name in learned:
        tensors[name].requires_grad_()
    result = _CALLS[operation](dict(tensors), draft.options)
    out, *more = result if isinstance(result, tuple) else (result,)
    answers = {"out": _array(out)}
    if more:
        answers["indices"] = _array(more[0])
    if draft.options.get("training") and "running_mean" in tensors:
        answers |= {name: _array(tensors[name]) for name in NO_GRADIENT[1:]}
    inputs = dict(draft.inputs)
    if all(np.isfinite(array).all() for array in inputs.values()):
        inputs["dout"] = values(random, *out.shape).astype(answers["out"].dtype)
        gradients = torch.autograd.grad(
            out, [tensors[name] for name in learned], torch.from_numpy(inputs["dout"])
        )
        answers |= {f"d{name}": _array(d) for name, d in zip(learned, gradients, strict=True)}
    return Case(draft.options, inputs, answers)


def _array(tensor: torch.Tensor) -> Array:
    array: Array = tensor.detach().numpy().copy()
    return array


def _around(options: Options, kernel: list[int]) -> list[int]:
    """Turn a padding into amounts in the order of F.pad: the last axis first, before and after."""
    padding, axes = options["padding"], len(kernel)
    dilation = options["dilation"] if axes == 2 else [options["dilation"]]
    if padding == "valid":
        amounts = [0] * (2 * axes)
    elif padding == "full":
        amounts = [d * (f - 1) for d, f in zip(dilation, kernel, strict=True) for _ in range(2)]
    elif padding == "same":
        total = [d * (f - 1) for d, f in zip(dilation, kernel, strict=True)]
        amounts = [share for t in total for share in (t // 2, t - t // 2)]
    elif isinstance(padding, int):
        amounts = [padding] * (2 * axes)
    elif len(padding) == axes:
        amounts = [amount for amount in padding for _ in range(2)]
    else:
        amounts = list(padding)
    return [amount for axis in reversed(range(axes)) for amount in amounts[2 * axis : 2 * axis + 2]]


def _convolution(tensors: Tensors, options: Options, axes: int) -> Any:
    """PyTorch pads by itself where it can, and by F.pad where it cannot."""
    function = F.conv2d if axes == 2 else F.conv1d
    padding, mode = options["padding"], options["padding_mode"]
    rest = {name: options[name] for name in ("stride", "dilation", "groups")}
    x, weight, bias = tensors["x"], tensors["weight"], tensors.get("bias")
    by_itself = padding in ("valid", "same") or isinstance(padding, int) or (axes == 2 and len(padding) == 2)
    if mode == "zeros" and by_itself:
        return function(x, weight, bias, padding=padding, **rest)
    x = F.pad(x, _around(options, list(weight.shape[2:])), _mode(mode))
    return function(x, weight, bias, padding=0, **rest)


def _mode(mode: str) -> str:
    return "constant" if mode == "zeros" else mode


def _conv_transpose2d(tensors: Tensors, options: Options) -> Any:
    return F.conv_transpose2d(tensors["x"], tensors["weight"], tensors.get("bias"), **options)


def _pad2d(tensors: Tensors, options: Options) -> Any:
    top, bottom, left, right = options["pads"]
    value = {"value": options["value"]} if "value" in options else {}
    return F.pad(tensors["x"], [left, right, top, bottom], _mode(options["mode"]), **value)


def _batch_norm(tensors: Tensors, options: Options) -> Any:
    running = tensors.get("running_mean"), tensors.get("running_var")
    return F.batch_norm(tensors["x"], *running, tensors.get("weight"), tensors.get("bias"), **options)


def _plain(function: Callable[..., Any]) -> Callable[[Tensors, Options], Any]:
    """Call what takes x and the options as they are."""
    return lambda tensors, options: function(tensors["x"], **options)


_CALLS: dict[str, Callable[[Tensors, Options], Any]] = {
    "conv2d": lambda tensors, options: _convolution(tensors, options, 2),
    "conv1d": lambda tensors, options: _convolution(tensors, options, 1),
    "conv_transpose2d": _conv_transpose2d,
    "max_pool2d": lambda tensors, options: F.max_pool2d(tensors["x"], **options, return_indices=True),
    "avg_pool2d": _plain(F.avg_pool2d),
    "global_avg_pool2d": lambda tensors, _: F.adaptive_avg_pool2d(tensors["x"], 1),
    "global_max_pool2d": lambda tensors, _: F.adaptive_max_pool2d(tensors["x"], 1, return_indices=True),
    "pad2d": _pad2d,
    "relu": _plain(F.relu),
    "leaky_relu": _plain(F.leaky_relu),
    "elu": _plain(F.elu),
    "gelu": _plain(F.gelu),
    "sigmoid": _plain(F.sigmoid),
    "tanh": _plain(F.tanh),
    "softmax": lambda tensors, options: F.softmax(tensors["x"], options["axis"]),
    "log_softmax": lambda tensors, options: F.log_softmax(tensors["x"], options["axis"]),
    "linear": lambda tensors, _: F.linear(tensors["x"], tensors["weight"], tensors.get("bias")),
    "batch_norm": _batch_norm,
    "dropout": _plain(F.dropout),
    "flatten": _plain(torch.flatten),
    "add": lambda tensors, _: tensors["x"] + tensors["y"],
    "concat": lambda tensors, options: torch.cat(list(tensors.values()), options["axis"]),
    "squared_error": lambda tensors, options: F.mse_loss(tensors["x"], tensors["target"], **options),
    "cross_entropy": lambda tensors, options: F.cross_entropy(tensors["x"], tensors["target"], **options),
}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
