"""The layers that slide a window or act on single cells: their geometry and their parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.engine.checks import numbers
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import (
    PaddingArg,
    PaddingMode,
    Pads,
    conv_out_size,
    resolve_padding,
    two,
    whole,
)

Shape: TypeAlias = tuple[int, int, int]
"""Channels, rows, columns."""

Pair: TypeAlias = tuple[int, int]

Array: TypeAlias = NDArray[np.floating] | NDArray[np.integer]

NO_PADS = Pads(0, 0, 0, 0)


def frozen(values: ArrayLike, dtype: np.dtype | type | None = None) -> NDArray:  # type: ignore[type-arg]
    """A read-only C-contiguous array of the values; a copy only where the given array could still be written to."""
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable or not array.flags.c_contiguous:
        array = np.array(array, order="C")
        array.setflags(write=False)
    return array


def sample_shape(x: NDArray[np.floating] | NDArray[np.integer]) -> Shape:
    """Channels, rows and columns of the numbers of one sample."""
    channels, rows, columns = x.shape
    return (channels, rows, columns)


def digest_of(*arrays: Array | None) -> bytes:
    """A fingerprint of shapes, types and contents; equal arrays have equal fingerprints."""
    h = hashlib.blake2b(digest_size=16)
    for array in arrays:
        if array is None:
            h.update(b"none")
        else:
            h.update(f"{array.dtype.str}{array.shape}".encode())
            h.update(np.ascontiguousarray(array).data)
    return h.digest()


class Drawn(NamedTuple):
    """How weights were drawn: see `cnnviz.engine.drawn.drawn_params`."""

    kind: str
    seed: int
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Params:
    """The learnable numbers of one layer; gradients have the same type.

    Attributes
    ----------
    weight : ndarray, (out channels, in channels / groups, kernel rows, kernel columns) float64
    bias : ndarray, (out channels,) float64, or None
    drawn : Drawn or None
        How all of them were drawn, with biases of 0: for files. What is edited or learned has none.
    """

    weight: NDArray[np.float64]
    bias: NDArray[np.float64] | None = None
    drawn: Drawn | None = None
    _digest: bytes = field(default=b"", init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", frozen(numbers(self.weight, "weight"), np.float64))
        if self.bias is not None:
            object.__setattr__(self, "bias", frozen(numbers(self.bias, "bias"), np.float64))

    @property
    def digest(self) -> bytes:
        """A fingerprint of shapes and contents; taken when it is asked for, since descents make Params by thousands."""
        if not self._digest:
            digest = digest_of(self.weight, self.bias) if self.drawn is None else self._told()
            object.__setattr__(self, "_digest", digest)
        return self._digest

    def _told(self) -> bytes:
        """The fingerprint of what was drawn, without going through millions of weights."""
        told = f"{self.drawn} {self.weight.shape} {self.bias is not None}"
        return hashlib.blake2b(told.encode(), digest_size=16).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Params) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@dataclass(frozen=True, slots=True)
class Conv:
    """Cross-correlation with learnable kernels: ``out[o] = b[o] + Σ_c W[o, c] ⋆ x[c]`` (`cnnviz.engine.conv2d`).

    With ``flipped`` it is true convolution, ``W[o, c] * x[c]``: each kernel is turned by 180° before it slides.

    Examples
    --------
    >>> Conv(8, (3, 3), (2, 2), 1).out_shape((3, 28, 28)), Conv(8, (3, 3)).weight_shape((3, 28, 28))
    ((8, 14, 14), (8, 3, 3, 3))
    """

    out_channels: int
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: PaddingArg = 0
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    flipped: bool = False

    op: ClassVar[str] = "conv2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer; raises `BadInput` with the numbers where there is none."""
        channels, rows, columns = in_shape
        for name in ("kernel_size", "stride", "dilation"):
            two(getattr(self, name), f"{self.op}: {name}")
        whole(self.out_channels, f"{self.op}: out_channels")
        if (
            whole(self.groups, f"{self.op}: groups", least=0) < 1
            or channels % self.groups
            or self.out_channels % self.groups
        ):
            raise BadInput(
                f"groups {self.groups} does not divide {channels} input and {self.out_channels} output channels: "
                "choose a divisor of both"
            )
        size = conv_out_size(
            (rows, columns), self.kernel_size, self.stride, self.padding, self.dilation, self.op
        )
        return (self.out_channels, *size)

    def weight_shape(self, in_shape: Shape) -> tuple[int, int, int, int]:
        """Shape of the weights on such an input."""
        return (self.out_channels, in_shape[0] // self.groups, *self.kernel_size)


@dataclass(frozen=True, slots=True)
class Relu:
    """``max(0, x)`` in every cell."""

    op: ClassVar[str] = "relu"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer: the shape before it."""
        return in_shape


@dataclass(frozen=True, slots=True)
class MaxPool:
    """The largest value of each window, channel by channel; padding stands for minus infinity.

    Examples
    --------
    >>> MaxPool((3, 3), (2, 2), (1, 1)).out_shape((8, 14, 14))
    (8, 7, 7)
    """

    kernel_size: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil_mode: bool = False

    op: ClassVar[str] = "max_pool2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer; raises `BadInput` with the numbers where there is none."""
        return _pool_shape(self, in_shape)


@dataclass(frozen=True, slots=True)
class AvgPool:
    """The mean of each window, channel by channel.

    Examples
    --------
    >>> [AvgPool((2, 2), (2, 2), ceil_mode=up).out_shape((8, 7, 7)) for up in (False, True)]
    [(8, 3, 3), (8, 4, 4)]
    """

    kernel_size: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True

    op: ClassVar[str] = "avg_pool2d"

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape after the layer; raises `BadInput` with the numbers where there is none."""
        return _pool_shape(self, in_shape)


LayerSpec: TypeAlias = Conv | Relu | MaxPool | AvgPool
"""The closed union of layers."""


def _pool_shape(spec: MaxPool | AvgPool, in_shape: Shape) -> Shape:
    channels, rows, columns = in_shape
    for name, least in (("kernel_size", 1), ("stride", 1), ("padding", 0)):
        two(getattr(spec, name), f"{spec.op}: {name}", least)
    if any(p >= k for p, k in zip(spec.padding, spec.kernel_size, strict=True)):
        raise BadInput(
            f"{spec.op}: padding {spec.padding} must be smaller than the window {spec.kernel_size}: "
            "choose less padding or a larger window"
        )
    size = conv_out_size(
        (rows, columns), spec.kernel_size, spec.stride, spec.padding, 1, spec.op, ceil_mode=spec.ceil_mode
    )
    return (channels, *size)


def pads_of(spec: LayerSpec, in_shape: Shape) -> Pads:
    """Rows and columns that the layer adds around its input before its window slides over it."""
    if isinstance(spec, Relu):
        return NO_PADS
    dilation = spec.dilation if isinstance(spec, Conv) else (1, 1)
    return resolve_padding(spec.padding, in_shape[1:], spec.kernel_size, spec.stride, dilation)
