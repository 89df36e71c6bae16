"""The slow, obvious twin of a plan: a network as one plain NCHW operation after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cnnviz.engine.activations import elu, elu_backward, leaky_relu, leaky_relu_backward, relu, relu_backward
from cnnviz.engine.checks import Array
from cnnviz.engine.conv import conv2d
from cnnviz.engine.conv_backward import conv2d_backward
from cnnviz.engine.conv_transpose import conv_transpose2d, conv_transpose2d_backward
from cnnviz.engine.dense import linear, linear_backward
from cnnviz.engine.dropout import dropout, dropout_backward
from cnnviz.engine.errors import BadInput
from cnnviz.engine.global_pool import (
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.network import shortcut_layers
from cnnviz.engine.normalisation import batch_norm, batch_norm_backward
from cnnviz.engine.normalise import normalise, normalise_backward
from cnnviz.engine.pool import avg_pool2d, max_pool2d
from cnnviz.engine.pool_backward import avg_pool2d_backward, max_pool2d_backward
from cnnviz.engine.smooth_activations import (
    gelu,
    gelu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from cnnviz.engine.softmax import softmax, softmax_backward
from cnnviz.engine.specs import (
    AnyLayer,
    BatchNorm,
    ConvTranspose,
    Dropout,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    LeakyRelu,
    Linear,
    Normalise,
    Residual,
    Sigmoid,
    Softmax,
    Tanh,
)

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
Back: TypeAlias = Callable[[Array], Array]
"""Turns the gradient of an output into that of the input, and notes those of parameters on the way."""


def run(
    layers: Layers, x: Array, parameters: Arrays, gradients: Arrays, prefix: str = ""
) -> tuple[Array, Back]:
    """Run a network in training mode.

    Parameters
    ----------
    layers : tuple of layers
        Dropout draws with the seed of its layer, as a plan's first pass does.
    x : ndarray, (N, C, H, W)
    parameters : dict of ndarray
        By the names of `parameter_shapes`.
    gradients : dict
        Filled with the gradients of the parameters when the returned function is called.

    Returns
    -------
    out : ndarray, (N, C', H', W')
    back : function
        Gives the gradient of x from the gradient of the output.

    Examples
    --------
    >>> gradients = {}
    >>> weights = {"0.weight": np.array([[3.0, 1.0]]), "0.bias": np.zeros(1)}
    >>> y, back = run((Linear(1),), np.array([[[[1.0]], [[2.0]]]]), weights, gradients)
    >>> float(y.item()), back(np.full((1, 1, 1, 1), -2.0)).ravel().tolist(), gradients["0.weight"].tolist()
    (5.0, [-6.0, -2.0], [[-2.0, -4.0]])
    """
    backs = []
    for place, layer in enumerate(layers):
        x, back = _run_layer(layer, x, parameters, gradients, f"{prefix}{place}")
        backs.append(back)

    def back_through(dout: Array) -> Array:
        for back in reversed(backs):
            dout = back(dout)
        return dout

    return x, back_through


def _run_layer(
    layer: AnyLayer, x: Array, parameters: Arrays, gradients: Arrays, name: str
) -> tuple[Array, Back]:
    match layer:
        case Conv() | ConvTranspose() | Linear() | BatchNorm():
            return _run_learning(layer, x, parameters, gradients, name)
        case Residual():
            return _run_residual(layer, x, parameters, gradients, name)
        case MaxPool():
            out, places = max_pool2d(
                x, layer.kernel_size, layer.stride, layer.padding, ceil_mode=layer.ceil_mode
            )
            return out, lambda dout: max_pool2d_backward(dout, places, x.shape)
        case AvgPool():
            how = (layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode, layer.count_include_pad)
            return avg_pool2d(x, *how), lambda dout: avg_pool2d_backward(dout, x.shape, *how)
        case GlobalAvgPool():
            pooled = global_avg_pool2d(x).reshape(*x.shape[:2], 1, 1)
            return pooled, lambda dout: global_avg_pool2d_backward(dout, x.shape)
        case GlobalMaxPool():
            largest, where = global_max_pool2d(x)
            return largest, lambda dout: global_max_pool2d_backward(dout, where, x.shape)
        case Normalise():
            mean, std = layer.mean, layer.std
            return normalise(x, mean, std), lambda dout: normalise_backward(dout, std)
        case Flatten():
            return x.reshape(len(x), -1, 1, 1), lambda dout: dout.reshape(x.shape)
        case Relu():
            return relu(x), lambda dout: relu_backward(dout, x)
        case LeakyRelu():
            slope = layer.negative_slope
            return leaky_relu(x, slope), lambda dout: leaky_relu_backward(dout, x, slope)
        case Elu():
            alpha = layer.alpha
            return elu(x, alpha), lambda dout: elu_backward(dout, x, alpha)
        case Gelu():
            word = layer.approximate
            return gelu(x, word), lambda dout: gelu_backward(dout, x, word)
        case Sigmoid():
            return sigmoid(x), lambda dout: sigmoid_backward(dout, x)
        case Tanh():
            return tanh(x), lambda dout: tanh_backward(dout, x)
        case Dropout():
            p, seed = layer.p, layer.seed
            return dropout(x, p, seed=seed), lambda dout: dropout_backward(dout, p, seed=seed)
        case Softmax():
            return softmax(x, axis=1), lambda dout: softmax_backward(dout, x, axis=1)
    raise BadInput(f"{layer.op}: a network has its blocks nested: give a Residual")


def _run_learning(
    layer: Conv | ConvTranspose | Linear | BatchNorm,
    x: Array,
    parameters: Arrays,
    gradients: Arrays,
    name: str,
) -> tuple[Array, Back]:
    """Layers with parameters; their backward functions give (dx, dw, db)."""
    weight, bias = parameters[f"{name}.weight"], parameters.get(f"{name}.bias")
    backward: Callable[[Array], tuple[Array, Array, Array]]
    match layer:
        case Conv():
            how = (
                layer.stride,
                layer.padding,
                layer.dilation,
                layer.groups,
                layer.padding_mode,
            )
            out = conv2d(x, weight, bias, *how)
            backward = lambda dout: conv2d_backward(dout, x, weight, *how)  # noqa: E731 - one line says it
        case ConvTranspose():
            what = (layer.stride, layer.padding, layer.output_padding, layer.groups, layer.dilation)
            out = conv_transpose2d(x, weight, bias, *what)
            backward = lambda dout: conv_transpose2d_backward(dout, x, weight, *what)  # noqa: E731
        case Linear():
            out = linear(x[:, :, 0, 0], weight, bias)[..., np.newaxis, np.newaxis]
            backward = lambda dout: linear_backward(dout[:, :, 0, 0], x[:, :, 0, 0], weight)  # noqa: E731
        case BatchNorm():
            out = batch_norm(x, None, None, weight, bias, training=True, eps=layer.eps)
            backward = lambda dout: batch_norm_backward(  # noqa: E731
                dout, x, None, None, weight, training=True, eps=layer.eps
            )

    def back(dout: Array) -> Array:
        dx, gradients[f"{name}.weight"], db = backward(dout)
        if bias is not None:
            gradients[f"{name}.bias"] = db
        return dx.reshape(x.shape)

    return out, back


def _run_residual(
    block: Residual, x: Array, parameters: Arrays, gradients: Arrays, name: str
) -> tuple[Array, Back]:
    """The body and what is added to it."""
    inner, back_inner = run(block.body, x, parameters, gradients, f"{name}.body.")
    body = block.scale * inner

    def back_body(dout: Array) -> Array:
        return back_inner(block.scale * dout)

    if block.shortcut == "none":
        return body, back_body
    if block.shortcut == "zero-padding":
        rows, columns = block.step((x.shape[1], x.shape[2], x.shape[3]))
        out = body.copy()
        out[:, : x.shape[1]] += x[:, :, ::rows, ::columns]

        def back_padded(dout: Array) -> Array:
            dx = back_body(dout).copy()
            dx[:, :, ::rows, ::columns] += dout[:, : x.shape[1]]
            return dx

        return out, back_padded
    layers = shortcut_layers(block, (x.shape[1], x.shape[2], x.shape[3]))
    other, back_other = run(layers, x, parameters, gradients, f"{name}.shortcut.")
    return body + other, lambda dout: back_body(dout) + back_other(dout)
