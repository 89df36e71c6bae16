"""What autograd says of a chain of layers with a loss: the gradient of every map, every weight and every bias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, pads_of
from cnnviz.engine.specs import (
    AnyLayer,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnnviz.lesson.plain import layer_from_plain
from tests.helpers.learning_cases import CASES, learning_draft
from tests.helpers.torch_cases import Case, Draft

Tensor: TypeAlias = Any
"""torch.Tensor, of whose methods our declarations know few."""


def learning_cases(seed: int, count: int = CASES) -> Iterator[Case]:
    """Draw chains and let PyTorch differentiate them."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield answered(learning_draft(random))


def answered(draft: Draft) -> Case:
    """The loss, and the gradients of all maps (``dmap0`` is the input's), weights and biases."""
    layers = [layer_from_plain(spec, "layer") for spec in draft.options["layers"]]
    tensors: dict[str, Tensor] = {
        name: torch.from_numpy(np.array(array)) for name, array in draft.inputs.items()
    }
    learned = [name for name in tensors if name.startswith(("weight", "bias"))]
    for name in ("x", *learned):
        tensors[name].requires_grad_()
    maps = [tensors["x"]]
    for number, spec in enumerate(layers):
        maps.append(_layer(spec, maps[-1], tensors.get(f"weight{number}"), tensors.get(f"bias{number}")))
    loss = _loss(draft.options, maps[-1], tensors["target"])
    gradients = torch.autograd.grad(loss, [*maps, *(tensors[name] for name in learned)])
    names = [f"dmap{n}" for n in range(len(maps))] + [f"d{name}" for name in learned]
    answers = {"loss": loss.detach().numpy().copy()}
    answers |= {name: g.numpy().copy() for name, g in zip(names, gradients, strict=True)}
    return Case(draft.options, draft.inputs, answers)


def _loss(options: dict[str, Any], prediction: Tensor, target: Tensor) -> Tensor:
    if options["loss"] == "cross_entropy":
        return F.cross_entropy(prediction.reshape(1, -1), target.reshape(1))
    return F.mse_loss(prediction, target, reduction=options["reduction"])


def _layer(spec: AnyLayer, x: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    """One layer on one sample (C, H, W)."""
    match spec:
        case Conv():
            assert weight is not None
            used = weight.flip((2, 3)) if spec.flipped else weight
            shape = (x.shape[0], x.shape[1], x.shape[2])
            padded = _padded(x[None], pads_of(spec, shape), spec.padding_mode)
            return F.conv2d(padded, used, bias, spec.stride, 0, spec.dilation, spec.groups)[0]
        case ConvTranspose():
            assert weight is not None
            how = (spec.stride, spec.padding, spec.output_padding, spec.groups, spec.dilation)
            return F.conv_transpose2d(x[None], weight, bias, *how)[0]
        case Linear():
            assert weight is not None
            return F.linear(x.reshape(1, -1), weight, bias).reshape(-1, 1, 1)
        case MaxPool():
            size, stride, padding = spec.kernel_size, spec.stride, spec.padding
            return F.max_pool2d(x[None], size, stride, padding, 1, spec.ceil_mode)[0]
        case AvgPool():
            size, stride, padding = spec.kernel_size, spec.stride, spec.padding
            return F.avg_pool2d(x[None], size, stride, padding, spec.ceil_mode, spec.count_include_pad)[0]
    return _plain(spec, x)


def _plain(spec: AnyLayer, x: Tensor) -> Tensor:
    match spec:
        case Relu():
            return F.relu(x)
        case LeakyRelu():
            return F.leaky_relu(x, spec.negative_slope)
        case Elu():
            return F.elu(x, spec.alpha)
        case Gelu():
            return F.gelu(x, approximate=spec.approximate)
        case Sigmoid():
            return F.sigmoid(x)
        case Tanh():
            return F.tanh(x)
        case Softmax():
            return F.softmax(x, 0)
        case GlobalAvgPool():
            return F.adaptive_avg_pool2d(x, 1)
        case GlobalMaxPool():
            return F.adaptive_max_pool2d(x, 1)
        case Flatten():
            return x.reshape(-1, 1, 1)
    assert isinstance(spec, Normalise)
    return (x - spec.mean[0]) / spec.std[0]


def _padded(x: Tensor, pads: Pads, mode: str) -> Tensor:
    amounts = [pads.left, pads.right, pads.top, pads.bottom]
    return F.pad(x, amounts, "constant" if mode == "zeros" else mode)
