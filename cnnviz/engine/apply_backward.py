"""How each layer hands a gradient back for one sample: the twin of `apply_layer`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.activations import elu_backward, leaky_relu_backward, relu_backward
from cnnviz.engine.apply import ACTIVATIONS, used_weight
from cnnviz.engine.conv_backward import conv2d_backward
from cnnviz.engine.conv_transpose import conv_transpose2d_backward
from cnnviz.engine.dense import linear_backward
from cnnviz.engine.errors import BadInput
from cnnviz.engine.global_pool import (
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params
from cnnviz.engine.normalisation import batch_norm_backward
from cnnviz.engine.normalise import normalise_backward
from cnnviz.engine.pool import max_pool2d
from cnnviz.engine.pool_backward import avg_pool2d_backward, max_pool2d_backward
from cnnviz.engine.smooth_activations import gelu_backward, sigmoid_backward, tanh_backward
from cnnviz.engine.softmax import softmax_backward
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


class Grads(NamedTuple):
    """What a layer hands back: the gradient of its input, and of its weights and bias where it has them."""

    dx: Floats
    dw: Floats | None = None
    db: Floats | None = None


def backward_layer(spec: AnyLayer, params: Params | None, x: Floats, dout: Floats) -> Grads:
    """Gradients of a layer on one sample, by the chain rule from that of its output.

    Parameters
    ----------
    spec : AnyLayer
    params : Params or None
    x : ndarray, (C, H, W)
        What went into the layer.
    dout : ndarray, (C', H', W')
        The gradient of what came out.

    Returns
    -------
    Grads
        Shaped as input, weights and bias; ``dw`` and ``db`` are None for layers without weights. What `Add` and
        `Back` hand to the other array that they read is the gradient of their output as it is.

    Examples
    --------
    >>> edge, x = Params(np.array([[[[1.0, -1.0]]]])), np.array([[[10.0, 20.0, 40.0]]])
    >>> grads = backward_layer(Conv(1, (1, 2)), edge, x, np.array([[[1.0, 2.0]]]))
    >>> grads.dx.tolist(), grads.dw.tolist()
    ([[[1.0, 1.0, -2.0]]], [[[[50.0, 100.0]]]])
    """
    if isinstance(spec, Conv | ConvTranspose | Linear):
        return _weighted(spec, params, x, dout)
    if isinstance(spec, ACTIVATIONS):
        return Grads(_activation(spec, x, dout))
    match spec:
        case MaxPool():
            _, indices = max_pool2d(
                x[None], spec.kernel_size, spec.stride, spec.padding, ceil_mode=spec.ceil_mode
            )
            return Grads(max_pool2d_backward(dout[None], indices, (1, *x.shape))[0])
        case AvgPool():
            return Grads(
                avg_pool2d_backward(dout[None], (1, *x.shape), spec.kernel_size, spec.stride, spec.padding,
                                    spec.ceil_mode, spec.count_include_pad)[0]
            )  # fmt: skip
        case GlobalAvgPool():
            return Grads(global_avg_pool2d_backward(dout[None], (1, *x.shape))[0])
        case GlobalMaxPool():
            _, indices = global_max_pool2d(x[None])
            return Grads(global_max_pool2d_backward(dout[None], indices, (1, *x.shape))[0])
        case Softmax():
            return Grads(softmax_backward(dout, x, axis=0))
        case Flatten():
            return Grads(dout.reshape(x.shape))
        case Normalise():
            return Grads(normalise_backward(dout, spec.std))
        case BatchNorm():
            return Grads(
                batch_norm_backward(dout[None], x[None], None, None, training=True, eps=spec.eps)[0][0]
            )
        case PaddedShortcut():
            dx = np.zeros_like(x)
            dx[:, :: spec.stride[0], :: spec.stride[1]] = dout[: x.shape[0]]
            return Grads(dx)
        case Add():
            return Grads(np.asarray(spec.scale * dout))
        case Back():  # all of it goes to the array that it went back to
            return Grads(np.zeros_like(x))
    raise BadInput(f"{spec.op} cannot be stepped through: choose another layer")


def _activation(spec: AnyLayer, x: Floats, dout: Floats) -> Floats:
    match spec:
        case LeakyRelu():
            return leaky_relu_backward(dout, x, spec.negative_slope)
        case Elu():
            return elu_backward(dout, x, spec.alpha)
        case Gelu():
            return gelu_backward(dout, x, spec.approximate)
        case Sigmoid():
            return sigmoid_backward(dout, x)
        case Tanh():
            return tanh_backward(dout, x)
    return relu_backward(dout, x)


def _weighted(spec: Conv | ConvTranspose | Linear, params: Params | None, x: Floats, dout: Floats) -> Grads:
    if params is None:
        raise BadInput(f"{spec.op}: the layer has no weights: give it some")
    weight = used_weight(spec, params.weight).astype(x.dtype)
    if isinstance(spec, Linear):
        dx, dw, db = linear_backward(dout.reshape(1, -1), x.reshape(1, -1), weight)
        return Grads(dx.reshape(x.shape), dw, db)
    if isinstance(spec, ConvTranspose):
        dx, dw, db = conv_transpose2d_backward(
            dout[None],
            x[None],
            weight,
            spec.stride,
            spec.padding,
            spec.output_padding,
            spec.groups,
            spec.dilation,
        )
        return Grads(dx[0], dw, db)
    dx, dw, db = conv2d_backward(
        dout[None], x[None], weight, spec.stride, spec.padding, spec.dilation, spec.groups, spec.padding_mode
    )
    # The gradient of a kernel that was turned is turned back.
    return Grads(dx[0], used_weight(spec, np.asarray(dw, dtype=np.float64)), db)
