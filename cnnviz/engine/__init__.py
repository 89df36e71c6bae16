"""Arrays in, arrays out: the operations of a convolutional network, in the names of torch.nn.functional."""

from cnnviz.engine.activations import relu
from cnnviz.engine.conv import conv2d
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
from cnnviz.engine.padding import pad2d
from cnnviz.engine.pool import avg_pool2d, max_pool2d

__all__ = [
    "PADDING_MODES",
    "BadInput",
    "PaddingArg",
    "PaddingMode",
    "Pads",
    "PairArg",
    "avg_pool2d",
    "conv2d",
    "conv_out_size",
    "extent",
    "max_pool2d",
    "out_size",
    "pad2d",
    "pair",
    "relu",
    "resolve_padding",
]
