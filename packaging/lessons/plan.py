"""All lessons that ship, in teaching order."""

from __future__ import annotations

from lessons import (
    backward,
    borders,
    channels,
    checking,
    depth_blocks,
    depth_resnet,
    depth_twins,
    edges,
    forms,
    learned,
    learning,
    networks,
    photographs,
    pooling,
    strides,
    trained,
)
from lessons.making import Entry

_MODULES = (
    edges, channels, forms, photographs, borders, strides, pooling, networks, learning, backward, checking, learned,
    trained, depth_blocks, depth_resnet, depth_twins,
)  # fmt: skip

_KNOWN: dict[str, Entry] = {entry.id: entry for module in _MODULES for entry in module.ENTRIES}

ORDER = (
    "vertical-edge", "edge-marked", "horizontal-edge", "both-polarities", "one-dimensional", "correlation-convolution",
    "kernel-sizes", "kernel-shapes",
    "rgb-photo", "photo-edges", "kernel-gallery", "kernels-5x5", "kernels-7x7", "sharpen", "blur", "emboss",
    "rgb", "groups", "sixty-four-kernels",
    "padding", "use-counts", "padding-fills", "same-rules", "same-even",
    "strides", "dilation", "transposed",
    "activations", "activations-smooth", "linear-collapse", "pooling", "small-shift",
    "receptive-field", "classifier",
    "tiny-network", "chain-rule", "learning-rates", "backward-map", "gradient-check",
    "backward-input", "backward-convolution",
    "learn-sobel", "learn-blur", "learn-sharpen", "learn-own", "learn-edge-labels",
    "digits-network", "learn-digits", "mnist-network", "learn-mnist",
    "fashion-network", "learn-fashion", "patches-network", "learn-patches",
    "residual-block", "residual-and-plain", "identity-is-easy", "shortcut-kinds", "residual-norm", "residual-backward",
    "resnet-34", "plain-34", "resnet-34-and-plain", "twins",
)  # fmt: skip

ENTRIES = tuple(_KNOWN[name] for name in ORDER)
assert len(ORDER) == len(_KNOWN), "every lesson has its place in the teaching order"
