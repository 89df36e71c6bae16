"""Where each cell of a layer's output looks on the layer's input, by arithmetic on shapes."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.geometry import Pads, extent
from cnnviz.engine.layers import NO_PADS, AvgPool, Conv, MaxPool, Pair, Shape, pads_of
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
    Softmax,
)

Cell: TypeAlias = tuple[int, int, int]
"""Channel, row, column."""

Places: TypeAlias = NDArray[np.int64]

Sliding: TypeAlias = Conv | MaxPool | AvgPool
"""Layers whose window goes over the input by strides."""

_NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Window(NamedTuple):
    """Which part of a tensor a cell looks at: first row and column (below 0 in the padding), extent, dilation."""

    row: int
    column: int
    height: int
    width: int
    dilation: Pair
    channels: Pair
    """First channel and one past the last."""


def pads_around(spec: AnyLayer, in_shape: Shape) -> Pads:
    """Rows and columns that a layer adds around its input; none where it slides no window."""
    return pads_of(spec, in_shape) if isinstance(spec, Sliding) else NO_PADS


def fill_of(spec: AnyLayer) -> float:
    """What a layer's padding holds where it shows no pixel: 0, and for the maximum minus infinity."""
    return -np.inf if isinstance(spec, MaxPool) else 0.0


def mode_of(spec: AnyLayer) -> str:
    """How a layer fills its padding."""
    return spec.padding_mode if isinstance(spec, Conv) else "zeros"


def source_indices(n: int, before: int, after: int, mode: str = "zeros") -> Places:
    """Which row (or column) of the picture each row of the padded picture shows; −1 where it shows the fill.

    Examples
    --------
    >>> source_indices(3, 1, 1, "reflect").tolist()
    [1, 0, 1, 2, 1]
    >>> source_indices(3, 1, 1).tolist()
    [-1, 0, 1, 2, -1]
    """
    if mode == "zeros":
        return np.pad(np.arange(n), (before, after), constant_values=-1)
    return np.pad(np.arange(n), (before, after), mode=_NUMPY_MODES[mode])  # type: ignore[call-overload, no-any-return]  # the stub wants a literal


def channels_read(spec: AnyLayer, in_shape: Shape, channel: int) -> Pair:
    """The input channels that an output channel reads: the first and one past the last."""
    match spec:
        case Conv() | ConvTranspose():
            each = in_shape[0] // spec.groups
            group = channel // (spec.out_channels // spec.groups)
            return (group * each, (group + 1) * each)
        case Linear() | Softmax():
            return (0, in_shape[0])
        case Flatten():
            at = channel // (in_shape[1] * in_shape[2])
            return (at, at + 1)
        case PaddedShortcut():
            return (channel, channel + 1) if channel < in_shape[0] else (0, 0)
        case _:
            return (channel, channel + 1)


def window_of(spec: AnyLayer, in_shape: Shape, cell: Cell) -> Window:
    """Where an output cell looks on the unpadded input."""
    channels = channels_read(spec, in_shape, cell[0])
    match spec:
        case Conv() | MaxPool() | AvgPool():
            pads = pads_of(spec, in_shape)
            apart = spec.dilation if isinstance(spec, Conv) else (1, 1)
            return Window(
                cell[1] * spec.stride[0] - pads.top, cell[2] * spec.stride[1] - pads.left,
                extent(spec.kernel_size[0], apart[0]), extent(spec.kernel_size[1], apart[1]), apart, channels,
            )  # fmt: skip
        case ConvTranspose():
            rows, columns = (
                transposed_places(spec, axis, in_shape[axis + 1], cell[axis + 1])[0] for axis in (0, 1)
            )
            (row, height), (column, width) = _span(rows), _span(columns)
            return Window(row, column, height, width, (_apart(rows), _apart(columns)), channels)
        case GlobalAvgPool() | GlobalMaxPool():
            return Window(0, 0, in_shape[1], in_shape[2], (1, 1), channels)
        case PaddedShortcut():
            return Window(cell[1] * spec.stride[0], cell[2] * spec.stride[1], 1, 1, (1, 1), channels)
        case Flatten():
            row, column = divmod(cell[0] % (in_shape[1] * in_shape[2]), in_shape[2])
            return Window(row, column, 1, 1, (1, 1), channels)
        case _:
            return Window(cell[1], cell[2], 1, 1, (1, 1), channels)


def transposed_places(spec: ConvTranspose, axis: int, n: int, at: int) -> tuple[Places, Places]:
    """Which input places lay a weight onto an output place along one axis, and which weight each lays there.

    Input place r puts weight m onto output place ``s·r + d·m − p``.
    """
    taps = np.arange(spec.kernel_size[axis])[::-1]
    reach = at + spec.padding[axis] - taps * spec.dilation[axis]
    places = reach // spec.stride[axis]
    valid = (reach % spec.stride[axis] == 0) & (places >= 0) & (places < n)
    return places[valid], taps[valid]


def places_read(spec: AnyLayer, in_shape: Shape, out_shape: Shape, axis: int) -> Places:
    """Which place of the input each output place reads by each tap along one axis (0 rows, 1 columns).

    Returns
    -------
    ndarray, (outputs, taps)
        −1 where a tap meets the fill of the padding or nothing. A flattened cell reads along both axes at once,
        so `Flatten` has no such table and gives all places for its one.
    """
    n = in_shape[axis + 1]
    match spec:
        case Conv() | MaxPool() | AvgPool():
            pads = pads_of(spec, in_shape)
            around = (pads.top, pads.bottom) if axis == 0 else (pads.left, pads.right)
            apart = spec.dilation[axis] if isinstance(spec, Conv) else 1
            indices = source_indices(n, *around, mode_of(spec))
            starts = np.arange(out_shape[axis + 1])[:, None] * spec.stride[axis]
            places = starts + np.arange(spec.kernel_size[axis])[None, :] * apart
            # A window may hang over the end of the padded picture (ceil_mode).
            return np.where(places < indices.size, indices[np.minimum(places, indices.size - 1)], -1)
        case ConvTranspose():
            reach = np.arange(out_shape[axis + 1])[:, None] + spec.padding[axis]
            reach = reach - np.arange(spec.kernel_size[axis])[None, :] * spec.dilation[axis]
            places = reach // spec.stride[axis]
            valid = (reach % spec.stride[axis] == 0) & (places >= 0) & (places < n)
            return np.where(valid, places, -1)
        case GlobalAvgPool() | GlobalMaxPool() | Flatten():
            return np.arange(n)[None, :]
        case PaddedShortcut():
            return (np.arange(out_shape[axis + 1]) * spec.stride[axis])[:, None]
        case _:
            return np.arange(n)[:, None]


def use_counts(spec: AnyLayer, in_shape: Shape, out_shape: Shape) -> Places:
    """How many windows of a layer hold each cell of its input plane: (rows, columns).

    Examples
    --------
    >>> use_counts(Conv(1, (3, 3)), (1, 6, 6), (1, 4, 4))[0].tolist()
    [1, 2, 3, 3, 2, 1]
    """
    rows, columns = (_reads(spec, in_shape, out_shape, axis) for axis in (0, 1))
    return np.outer(rows, columns)


def _reads(spec: AnyLayer, in_shape: Shape, out_shape: Shape, axis: int) -> Places:
    places = places_read(spec, in_shape, out_shape, axis)
    return np.bincount(places[places >= 0], minlength=in_shape[axis + 1])


def terms_per_cell(spec: AnyLayer, in_shape: Shape) -> int:
    """How many values of the input make one value of the output; for a transposed convolution at most."""
    match spec:
        case Conv():
            return math.prod(spec.kernel_size) * (in_shape[0] // spec.groups)
        case MaxPool() | AvgPool():
            return math.prod(spec.kernel_size)
        case ConvTranspose():
            # Weights s / gcd(s, d) apart land on the same place.
            steps = [s // math.gcd(s, d) for s, d in zip(spec.stride, spec.dilation, strict=True)]
            lays = [-(-k // step) for k, step in zip(spec.kernel_size, steps, strict=True)]
            return math.prod(lays) * (in_shape[0] // spec.groups)
        case Linear() | Softmax():
            return in_shape[0]
        case GlobalAvgPool() | GlobalMaxPool():
            return in_shape[1] * in_shape[2]
        case Add():
            return 1 + spec.shortcut
        case _:
            return 1


def _span(places: Places) -> tuple[int, int]:
    """The first place and how many cells there are up to the last."""
    return (int(places[0]), int(places[-1] - places[0]) + 1) if places.size else (0, 0)


def _apart(places: Places) -> int:
    return int(places[1] - places[0]) if places.size > 1 else 1
