"""Arrays in, arrays out: the operations of a convolutional network, in the names of torch.nn.functional."""

from cnnviz.engine.activations import elu, elu_backward, leaky_relu, leaky_relu_backward, relu, relu_backward
from cnnviz.engine.conv import conv2d
from cnnviz.engine.conv1d import conv1d, conv1d_backward
from cnnviz.engine.conv_backward import conv2d_backward
from cnnviz.engine.conv_transpose import conv_transpose2d, conv_transpose2d_backward
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
from cnnviz.engine.global_pool import (
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnviz.engine.incremental import update_pixel, update_weight
from cnnviz.engine.joins import add, add_backward, concat, concat_backward, flatten, flatten_backward
from cnnviz.engine.losses import cross_entropy, cross_entropy_backward, squared_error, squared_error_backward
from cnnviz.engine.normalisation import batch_norm, batch_norm_backward, running_statistics
from cnnviz.engine.normalise import normalise, normalise_backward
from cnnviz.engine.padding import pad2d
from cnnviz.engine.padding_backward import pad2d_backward
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
from cnnviz.engine.softmax import log_softmax, log_softmax_backward, softmax, softmax_backward
from cnnviz.engine.threads import thread_count, thread_limit

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
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "concat",
    "concat_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_out_size",
    "conv_transpose2d",
    "conv_transpose2d_backward",
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
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "log_softmax_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "normalise",
    "normalise_backward",
    "out_size",
    "pad2d",
    "pad2d_backward",
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
    "thread_count",
    "thread_limit",
    "update_pixel",
    "update_weight",
]
