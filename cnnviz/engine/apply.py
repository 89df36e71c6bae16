"""What each layer computes from one sample: the one place where layers meet the operations."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.activations import elu, leaky_relu, relu
from cnnviz.engine.blocks import empty
from cnnviz.engine.conv import conv2d
from cnnviz.engine.conv_transpose import conv_transpose2d
from cnnviz.engine.dense import linear
from cnnviz.engine.errors import BadInput
from cnnviz.engine.global_pool import global_avg_pool2d, global_max_pool2d
from cnnviz.engine.layers import Array, AvgPool, Conv, MaxPool, Params, Relu, Shape, sample_shape
from cnnviz.engine.normalisation import batch_norm
from cnnviz.engine.normalise import normalise
from cnnviz.engine.pool import avg_pool2d, window_maxima
from cnnviz.engine.smooth_activations import gelu, sigmoid, tanh
from cnnviz.engine.softmax import softmax
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    Sigmoid,
    Softmax,
    Tanh,
)

Floats = NDArray[np.floating]
Float = TypeVar("Float", bound=np.floating)

AT_ONCE = 1 << 16
"""So many numbers of a large map are activated at a time."""

ACTIVATIONS = (Relu, LeakyRelu, Elu, Gelu, Sigmoid, Tanh)
"""Layers that act on each number alone and have a curve."""

NARRATED: tuple[type[AnyLayer], ...] = (
    Conv, ConvTranspose, *ACTIVATIONS, Softmax, MaxPool, AvgPool, GlobalAvgPool, GlobalMaxPool, Flatten, Linear,
    Normalise, BatchNorm, PaddedShortcut,
)  # fmt: skip
"""The layers that a lesson can step through, each from one array to the next."""

OF_BLOCKS: tuple[type[AnyLayer], ...] = (Back, Add)
"""Those that read another array of a chain than the last."""


def needs_params(spec: AnyLayer) -> bool:
    """Whether a layer has weights."""
    return isinstance(spec, Conv | ConvTranspose | Linear)


def weight_shape(spec: AnyLayer, in_shape: Shape) -> tuple[int, ...]:
    """Shape of a layer's weights, as in PyTorch; empty where it has none."""
    return spec.weight_shape(in_shape) if isinstance(spec, Conv | ConvTranspose | Linear) else ()


def used_weight(spec: AnyLayer, weight: NDArray[Float]) -> NDArray[Float]:
    """The weights as they meet the input: kernels of a true convolution turned by 180°; and these turned back."""
    return weight[..., ::-1, ::-1] if isinstance(spec, Conv) and spec.flipped else weight


def apply_layer(spec: AnyLayer, params: Params | None, x: Array, other: Array | None = None) -> Floats:
    """Compute one layer on one sample.

    Parameters
    ----------
    spec : AnyLayer
    params : Params or None
        Weights of a convolution or a fully connected layer, cast to the type of `x` where that is floating.
    x : ndarray, (C, H, W)
    other : ndarray, (C', H', W'), optional
        What `Back` goes back to, and what `Add` adds: the array `cnnviz.engine.branches.other_of` names.

    Returns
    -------
    ndarray, (C', H', W')
        A batch norm takes the mean and the variance of this sample: a batch of one.

    Raises
    ------
    BadInput
        If weights are missing, or the layer is not one that works on a single sample.

    Examples
    --------
    >>> edge = Params(np.array([[[[1.0, 0.0, -1.0]]]]), np.array([5.0]))
    >>> apply_layer(Conv(1, (1, 3)), edge, np.array([[[10.0, 10.0, 0.0, 0.0]]])).tolist()
    [[[15.0, 15.0]]]
    """
    if isinstance(spec, Conv | ConvTranspose | Linear):
        return _weighted(spec, params, x)
    if isinstance(spec, ACTIVATIONS):
        return _activated(spec, x)
    match spec:
        case MaxPool():
            return window_maxima(x, spec.kernel_size, spec.stride, spec.padding, ceil_mode=spec.ceil_mode)
        case AvgPool():
            return _first(
                avg_pool2d(x[None], spec.kernel_size, spec.stride, spec.padding, spec.ceil_mode,
                           spec.count_include_pad)
            )  # fmt: skip
        case GlobalAvgPool():
            return _first(global_avg_pool2d(x[None]))
        case GlobalMaxPool():
            return _first(global_max_pool2d(x[None])[0])
        case Softmax():
            return softmax(x, axis=0)
        case Flatten():
            line: Floats = np.asarray(x).reshape(-1, 1, 1)  # type: ignore[assignment]  # samples are floating by now
            return line
        case Normalise():
            return normalise(x, spec.mean, spec.std)
        case BatchNorm():
            return _first(batch_norm(_more_than_one(x)[None], None, None, training=True, eps=spec.eps))
        case PaddedShortcut():
            return padded_shortcut(spec, x)
        case Add() | Back():
            return _joined(spec, x, other)
    raise BadInput(f"{spec.op} cannot be stepped through yet: choose another layer")


def padded_shortcut(spec: PaddedShortcut, x: Array) -> Floats:
    """Every stride-th pixel, and channels of zeros behind."""
    kept = x[:, :: spec.stride[0], :: spec.stride[1]]
    out = np.zeros(spec.out_shape(sample_shape(x)), np.result_type(x.dtype, np.float32))
    out[: x.shape[0]] = kept
    return out


def _joined(spec: Add | Back, x: Array, other: Array | None) -> Floats:
    if isinstance(spec, Add) and not spec.shortcut:
        return np.asarray(spec.scale * x)
    if other is None:
        raise BadInput(f"{spec.op}: it works on two arrays of a chain: give the other one")
    return np.asarray(other) if isinstance(spec, Back) else np.asarray(spec.scale * x + other)


def _more_than_one(x: Array) -> Array:
    if x.shape[1] * x.shape[2] < 2:
        raise BadInput(
            f"batch_norm: a channel of {x.shape[1]}×{x.shape[2]} has no spread to divide by: normalise before "
            "the maps are that small"
        )
    return x


def activate(spec: AnyLayer, x: Array) -> Floats:
    """What an activation makes of each number."""
    match spec:
        case LeakyRelu():
            return leaky_relu(x, spec.negative_slope)
        case Elu():
            return elu(x, spec.alpha)
        case Gelu():
            return gelu(x, spec.approximate)
        case Sigmoid():
            return sigmoid(x)
        case Tanh():
            return tanh(x)
    return relu(x)


def _activated(spec: AnyLayer, x: Array) -> Floats:
    """The same of a large map, some numbers at a time: what is in between stays in the processor's cache."""
    if x.size <= AT_ONCE or isinstance(spec, Relu):  # nothing is in between
        return activate(spec, x)
    flat = x.reshape(-1)
    first = activate(spec, flat[:AT_ONCE])
    out = empty(flat.shape, first.dtype)
    out[:AT_ONCE] = first
    for start in range(AT_ONCE, flat.size, AT_ONCE):
        out[start : start + AT_ONCE] = activate(spec, flat[start : start + AT_ONCE])
    return out.reshape(x.shape)


def _weighted(spec: Conv | ConvTranspose | Linear, params: Params | None, x: Array) -> Floats:
    if params is None:
        raise BadInput(f"{spec.op}: the layer has no weights: give it some")
    dtype = x.dtype if np.issubdtype(x.dtype, np.floating) else np.dtype(np.float64)
    weight = used_weight(spec, params.weight).astype(dtype)
    bias = None if params.bias is None else params.bias.astype(dtype)
    match spec:
        case Conv():
            return _first(
                conv2d(x[None], weight, bias, stride=spec.stride, padding=spec.padding, dilation=spec.dilation,
                       groups=spec.groups, padding_mode=spec.padding_mode)
            )  # fmt: skip
        case ConvTranspose():
            return _first(
                conv_transpose2d(x[None], weight, bias, spec.stride, spec.padding, spec.output_padding, spec.groups,
                                 spec.dilation)
            )  # fmt: skip
    return linear(x.reshape(1, -1), weight, bias).reshape(-1, 1, 1)


def _first(batch: Floats) -> Floats:
    sample: Floats = batch[0]
    return sample
