"""What layers are called wherever people read of them: on the stage, in forms and in refusals."""

from __future__ import annotations

from collections import Counter

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
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

NAMES: dict[type, str] = {
    Conv: "Convolution",
    ConvTranspose: "Transposed convolution",
    Relu: "ReLU",
    LeakyRelu: "Leaky ReLU",
    Elu: "ELU",
    Gelu: "GELU",
    Sigmoid: "Sigmoid",
    Tanh: "Tanh",
    Softmax: "Softmax",
    MaxPool: "Max pooling",
    AvgPool: "Average pooling",
    GlobalAvgPool: "Global average pooling",
    GlobalMaxPool: "Global max pooling",
    Flatten: "Flatten",
    Linear: "Fully connected",
    Normalise: "Normalisation",
    BatchNorm: "Batch normalisation",
    Back: "Back to the block's input",
    Add: "Addition",
    PaddedShortcut: "Padded shortcut",
}


def section_names(layers: tuple[AnyLayer, ...]) -> tuple[str, ...]:
    """What each layer's section is called; numbered where an operation comes more than once."""
    words = [layer_name(spec) for spec in layers]
    total, seen = Counter(words), Counter[str]()
    names = []
    for word in words:
        seen[word] += 1
        names.append(f"{word} {seen[word]}" if total[word] > 1 else word)
    return tuple(names)


def layer_name(spec: AnyLayer) -> str:
    """What an operation is called; a convolution by what it really does."""
    if isinstance(spec, Conv) and spec.flipped:
        return "True convolution"
    return NAMES[type(spec)]
