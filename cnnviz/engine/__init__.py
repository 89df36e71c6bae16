"""Arrays in, arrays out: the operations of a convolutional network, in the names of torch.nn.functional."""

from cnnviz.engine.activations import elu, elu_backward, leaky_relu, leaky_relu_backward, relu, relu_backward
from cnnviz.engine.conv import conv2d
from cnnviz.engine.dense import linear, linear_backward
from cnnviz.engine.dropout import dropout, dropout_backward
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import (
    PADDING_MODES,
    PaddingArg,
    PaddingMode,
    Pads,
    PairArg,
    conv_out_size,
    extent,
    out_size,
    pair,
    resolve_padding,
)
from cnnviz.engine.joins import add, add_backward, concat, concat_backward, flatten, flatten_backward
from cnnviz.engine.losses import cross_entropy, cross_entropy_backward, squared_error, squared_error_backward
from cnnviz.engine.normalisation import batch_norm, batch_norm_backward, running_statistics
from cnnviz.engine.padding import pad2d
from cnnviz.engine.pool import avg_pool2d, max_pool2d
from cnnviz.engine.smooth_activations import (
    gelu,
    gelu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from cnnviz.engine.softmax import log_softmax, log_softmax_backward, softmax, softmax_backward

__all__ = [
    "PADDING_MODES",
    "BadInput",
    "PaddingArg",
    "PaddingMode",
    "Pads",
    "PairArg",
    "add",
    "add_backward",
    "avg_pool2d",
    "batch_norm",
    "batch_norm_backward",
    "concat",
    "concat_backward",
    "conv2d",
    "conv_out_size",
    "cross_entropy",
    "cross_entropy_backward",
    "dropout",
    "dropout_backward",
    "elu",
    "elu_backward",
    "extent",
    "flatten",
    "flatten_backward",
    "gelu",
    "gelu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "log_softmax_backward",
    "max_pool2d",
    "out_size",
    "pad2d",
    "pair",
    "relu",
    "relu_backward",
    "resolve_padding",
    "running_statistics",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "squared_error",
    "squared_error_backward",
    "tanh",
    "tanh_backward",
]
