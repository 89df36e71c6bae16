"""Every layer beside those of `cnnviz.engine.layers`, and the shapes along a chain of them: no arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

from cnnviz.engine.activations import finite
from cnnviz.engine.branch_specs import Add as Add
from cnnviz.engine.branch_specs import Back as Back
from cnnviz.engine.branch_specs import PaddedShortcut as PaddedShortcut
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import extent, shape_of, two, whole
from cnnviz.engine.layers import LayerSpec, Pair, Shape
from cnnviz.engine.normalise import constants
from cnnviz.engine.smooth_activations import APPROXIMATIONS, Approximate

Shortcut = Literal["identity", "zero-padding", "projection", "none"]
SHORTCUTS: tuple[Shortcut, ...] = ("identity", "zero-padding", "projection", "none")


class _KeepsShape:
    """A layer whose output has the shape of its input."""

    __slots__ = ()

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer: the shape before it."""
        return in_shape


@dataclass(frozen=True, slots=True)
class LeakyRelu(_KeepsShape):
    """``x`` where x > 0, else ``negative_slope * x``."""

    negative_slope: float = 0.01
    op: ClassVar[str] = "leaky_relu"

    def __post_init__(self) -> None:
        finite(self.negative_slope, "leaky_relu: negative_slope")


@dataclass(frozen=True, slots=True)
class Elu(_KeepsShape):
    """``x`` where x > 0, else ``alpha * (exp(x) - 1)``."""

    alpha: float = 1.0
    op: ClassVar[str] = "elu"

    def __post_init__(self) -> None:
        finite(self.alpha, "elu: alpha")


@dataclass(frozen=True, slots=True)
class Gelu(_KeepsShape):
    """``x * P(X <= x)`` for a normally distributed X; P exact ("none") or by a formula with tanh."""

    approximate: Approximate = "none"
    op: ClassVar[str] = "gelu"

    def __post_init__(self) -> None:
        if self.approximate not in APPROXIMATIONS:
            raise BadInput(f"gelu: approximate {self.approximate!r} is unknown: give none or tanh")


@dataclass(frozen=True, slots=True)
class Sigmoid(_KeepsShape):
    """``1 / (1 + exp(-x))`` in every cell."""

    op: ClassVar[str] = "sigmoid"


@dataclass(frozen=True, slots=True)
class Tanh(_KeepsShape):
    """``tanh(x)`` in every cell."""

    op: ClassVar[str] = "tanh"


@dataclass(frozen=True, slots=True)
class Softmax(_KeepsShape):
    """``exp(z) / sum of exp(z)`` over the channels."""

    op: ClassVar[str] = "softmax"


@dataclass(frozen=True, slots=True)
class Dropout(_KeepsShape):
    """In training each number is zero with probability p, and divided by 1 - p otherwise.

    The same seed drops the same cells, so that each layer of a network needs one of its own, up to 2^32 - 1.
    """

    p: float = 0.5
    seed: int = 0
    op: ClassVar[str] = "dropout"

    def __post_init__(self) -> None:
        if not 0 <= finite(self.p, "dropout: p") < 1:
            raise BadInput(f"dropout: p is {self.p}, give a probability from 0 to below 1")
        whole(self.seed, "dropout: seed", least=0, most=2**32 - 1)


@dataclass(frozen=True, slots=True)
class BatchNorm(_KeepsShape):
    """``weight * (x - mean) / sqrt(var + eps) + bias``, channel by channel (Ioffe and Szegedy, 2015)."""

    momentum: float = 0.1
    eps: float = 1e-5
    op: ClassVar[str] = "batch_norm"

    def __post_init__(self) -> None:
        finite(self.momentum, "batch_norm: momentum")
        if finite(self.eps, "batch_norm: eps") < 0:
            raise BadInput(f"batch_norm: eps is {self.eps}: it must be at least 0")


@dataclass(frozen=True, slots=True)
class Normalise:
    """``(x - mean) / std`` by fixed numbers, channel by channel; one number serves all channels."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    op: ClassVar[str] = "normalise"

    def __post_init__(self) -> None:
        mean, std = constants(self.mean, self.std)
        # Tuples whatever was given, so that specs can be hashed.
        object.__setattr__(self, "mean", tuple(mean.tolist()))
        object.__setattr__(self, "std", tuple(std.tolist()))

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer: the shape before it; raises `BadInput` unless the numbers fit the channels."""
        constants(self.mean, self.std, in_shape[0])
        return in_shape


@dataclass(frozen=True, slots=True)
class Flatten:
    """All numbers of a sample in one column: channel by channel, row by row."""

    op: ClassVar[str] = "flatten"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Channels x rows x columns numbers, as so many channels of one pixel."""
        return (math.prod(in_shape), 1, 1)


@dataclass(frozen=True, slots=True)
class GlobalAvgPool:
    """The mean of each channel."""

    op: ClassVar[str] = "global_avg_pool2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """One number for each channel."""
        return (in_shape[0], 1, 1)


@dataclass(frozen=True, slots=True)
class GlobalMaxPool:
    """The largest number of each channel."""

    op: ClassVar[str] = "global_max_pool2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """One number for each channel."""
        return (in_shape[0], 1, 1)


@dataclass(frozen=True, slots=True)
class Linear:
    """``y = W x + b``: a fully connected layer over flattened input."""

    out_features: int
    op: ClassVar[str] = "linear"

    def out_shape(self, in_shape: Shape) -> Shape:
        """One number for each output; raises `BadInput` unless the input is flat."""
        if in_shape[1:] != (1, 1):
            raise BadInput(
                f"linear: its input {in_shape} is not flat: put Flatten or GlobalAvgPool before it"
            )
        if whole(self.out_features, "linear: out_features", least=0) < 1:
            raise BadInput(f"linear: {self.out_features} outputs: give at least one")
        return (self.out_features, 1, 1)

    def weight_shape(self, in_shape: Shape) -> tuple[int, int]:
        """Shape of the weights on such an input."""
        return (self.out_features, in_shape[0])


@dataclass(frozen=True, slots=True)
class ConvTranspose:
    """Transposed convolution: each number of the input lays a scaled kernel onto the output.

    Examples
    --------
    >>> ConvTranspose(1, (3, 3), (2, 2), (1, 1), (1, 1)).out_shape((4, 7, 7))
    (1, 14, 14)
    """

    out_channels: int
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    op: ClassVar[str] = "conv_transpose2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape ``s(n - 1) - 2p + d(f - 1) + 1 + output padding``; raises `BadInput` where there is none."""
        for name in ("kernel_size", "stride", "dilation"):
            two(getattr(self, name), f"{self.op}: {name}")
        for name in ("padding", "output_padding"):
            two(getattr(self, name), f"{self.op}: {name}", least=0)
        whole(self.out_channels, f"{self.op}: out_channels")
        if (
            whole(self.groups, f"{self.op}: groups", least=0) < 1
            or in_shape[0] % self.groups
            or self.out_channels % self.groups
        ):
            raise BadInput(
                f"{self.op}: groups {self.groups} must divide both the {in_shape[0]} input channels "
                f"and the {self.out_channels} output channels"
            )
        rows, columns = (self._length(in_shape[axis + 1], axis) for axis in (0, 1))
        return (self.out_channels, rows, columns)

    def weight_shape(self, in_shape: Shape) -> tuple[int, int, int, int]:
        """Shape of the weights on such an input: (in channels, out channels / groups, rows, columns)."""
        return (in_shape[0], self.out_channels // self.groups, *self.kernel_size)

    def _length(self, n: int, axis: int) -> int:
        step, extra = self.stride[axis], self.output_padding[axis]
        if extra >= max(step, self.dilation[axis]):
            raise BadInput(
                f"{self.op}: output padding {extra} must be smaller than stride {step} "
                f"or dilation {self.dilation[axis]}"
            )
        reach = extent(self.kernel_size[axis], self.dilation[axis])
        length = step * (n - 1) - 2 * self.padding[axis] + reach + extra
        if length < 1:
            raise BadInput(
                f"{self.op}: padding {self.padding[axis]} leaves nothing of {length} cells: choose less"
            )
        return length


@dataclass(frozen=True, slots=True)
class Residual:
    """``y = scale * f(x) + shortcut(x)`` (He et al., 2015); the ReLU after the addition is a layer of its own.

    Attributes
    ----------
    body : tuple of layers
        f, the layers that learn the residual.
    shortcut : {"identity", "zero-padding", "projection", "none"}
        What is added. Zero padding (option A of the paper) takes every stride-th pixel and adds channels of
        zeros; projection (option B) is a 1x1 convolution with the stride, and a batch norm when the body has
        one. Both are the identity where the shape does not change. "none" adds nothing: the plain twin.
    scale : float
        How much of f is added: at 0 the shortcut alone is left.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> Residual((Conv(16, (3, 3), (2, 2), 1),), "projection").out_shape((8, 14, 14))
    (16, 7, 7)
    """

    body: tuple[AnyLayer, ...]
    shortcut: Shortcut = "identity"
    scale: float = 1.0
    op: ClassVar[str] = "residual"

    def __post_init__(self) -> None:
        finite(self.scale, "residual: scale")

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the body; raises `BadInput` where the shortcut cannot have it."""
        shape = chain_shapes(self.body, in_shape)[-1]
        if self.shortcut not in SHORTCUTS:
            raise BadInput(f"residual: shortcut {self.shortcut!r} is unknown: give {', '.join(SHORTCUTS)}")
        if self.shortcut == "identity" and shape != in_shape:
            raise BadInput(
                f"residual: the body makes {shape} of {in_shape}, so the identity cannot be added: "
                "choose the shortcut zero-padding or projection"
            )
        if self.shortcut == "zero-padding" and shape[0] < in_shape[0]:
            raise BadInput(f"residual: zero padding cannot make {shape[0]} channels of {in_shape[0]}")
        if self.shortcut in ("zero-padding", "projection"):
            _strides(in_shape, shape)
        return shape

    def step(self, in_shape: Shape) -> Pair:
        """How many pixels the shortcut goes on for each of the output."""
        return _strides(in_shape, self.out_shape(in_shape))


AnyLayer: TypeAlias = (
    LayerSpec
    | Normalise
    | LeakyRelu
    | Elu
    | Gelu
    | Sigmoid
    | Tanh
    | Softmax
    | Dropout
    | BatchNorm
    | Flatten
    | GlobalAvgPool
    | GlobalMaxPool
    | Linear
    | ConvTranspose
    | Residual
    | Back
    | Add
    | PaddedShortcut
)
"""Every layer that a network may be made of."""

_KINDS: tuple[type, ...] = get_args(AnyLayer)

Layers: TypeAlias = tuple[AnyLayer, ...]


def out_shape(layer: AnyLayer, in_shape: Shape) -> Shape:
    """Shape after one layer; raises `BadInput` with the numbers where there is none."""
    ask: Callable[[Shape], Shape] = layer.out_shape
    return ask(in_shape)


def read_network(layers: Layers, in_shape: Shape) -> tuple[Layers, Shape]:
    """Read layers in a row and the shape of what goes in.

    Raises
    ------
    TypeError
        Where something is no layer, or a size no whole number.
    BadInput
        Where there are not three sizes, or one is below 1.

    Examples
    --------
    >>> read_network([Flatten()], [1, 2, 3])
    ((Flatten(),), (1, 2, 3))
    """
    try:
        chain = tuple(layers)
    except TypeError:
        raise TypeError(f"layers must be layers in a row, not {type(layers).__name__}") from None
    for place, layer in enumerate(chain):
        if not isinstance(layer, _KINDS):
            raise TypeError(f"layer {place} is no layer: {str(layer)[:60]}")
    shape = shape_of(in_shape, "in_shape", least=1)
    if len(shape) != 3:
        raise BadInput(f"in_shape {shape} has {len(shape)} numbers: give three (channels, rows, columns)")
    return chain, (shape[0], shape[1], shape[2])


def chain_shapes(layers: Layers, in_shape: Shape) -> list[Shape]:
    """Shapes before the first layer and after each.

    Raises
    ------
    BadInput
        Where a layer does not fit what comes before it; the line names the layer's place.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> chain_shapes((Conv(8, (5, 5)), Flatten(), Linear(10)), (1, 28, 28))
    [(1, 28, 28), (8, 24, 24), (4608, 1, 1), (10, 1, 1)]
    """
    chain, shape = read_network(layers, in_shape)
    shapes = [shape]
    for place, layer in enumerate(chain):
        try:
            shapes.append(out_shape(layer, shapes[-1]))
        except (BadInput, TypeError) as error:
            raise type(error)(f"layer {place}: {error}") from error
    return shapes


def _strides(in_shape: Shape, out_shape: Shape) -> Pair:
    """Strides for which a 1x1 window makes one size of the other."""
    steps = []
    for n, m in zip(in_shape[1:], out_shape[1:], strict=True):
        step = -(-n // m)
        if (n - 1) // step + 1 != m:
            raise BadInput(f"residual: no stride makes {m} of {n} pixels, as the shortcut needs")
        steps.append(step)
    return (steps[0], steps[1])
