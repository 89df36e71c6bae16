"""A lesson's track computed once more, from its source alone and by the plain loops of the naive engine, in float64."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cnnviz.engine import naive, naive_activations, naive_backward, naive_dense, naive_transpose
from cnnviz.engine.geometry import resolve_padding
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu, Shape
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
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
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import materialise
from tests.helpers.block_twin import joined, of_block

Floats = npt.NDArray[np.float64]
Cell = tuple[int, int, int]

MOST_TERMS = 100_000
"""So many products are computed for a whole track; of larger tracks only the cells that are asked for."""


class Twin:
    """Any value of a track. ``whole`` says whether all of them were computed at once."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._shapes = track.shapes()
        self._input: Floats = materialise(track.source).astype(np.float64)
        self._known: dict[tuple[int, Cell], float] = {}
        self.whole = sum(map(self._cost, range(len(track.layers)))) <= MOST_TERMS

    @cached_property
    def arrays(self) -> list[Floats]:
        """The input and each layer's output."""
        arrays = [self._input]
        for spec, params in zip(self._track.layers, self._track.params, strict=True):
            if isinstance(spec, Add | Back):
                arrays.append(joined(spec, arrays))
            else:
                arrays.append(layer(spec, params, arrays[-1]))
        return arrays

    def value(self, tensor: int, cell: Cell) -> float:
        """One value of the input (tensor 0) or of the output of layer ``tensor - 1``."""
        if self.whole:
            return float(self.arrays[tensor][cell])
        if tensor == 0:
            return float(self._input[cell])
        key = (tensor, cell)
        if key not in self._known:
            self._known[key] = self._single(tensor - 1, cell)
        return self._known[key]

    def _cost(self, number: int) -> int:
        spec, shape = self._track.layers[number], self._shapes[number]
        each = math.prod(spec.kernel_size) * shape[0] if isinstance(spec, Conv) else 4
        return math.prod(self._shapes[number + 1]) * each

    def _single(self, number: int, cell: Cell) -> float:
        """A cell of a large track: convolution first, then ReLU and pooling, without padding beyond the first."""
        spec, (c, i, j) = self._track.layers[number], cell
        if isinstance(spec, Relu):
            return max(0.0, self.value(number, cell))
        if isinstance(spec, MaxPool):
            assert spec.padding == (0, 0)
            (rows, columns), (down, right) = spec.kernel_size, spec.stride
            window = [(c, down * i + m, right * j + n) for m in range(rows) for n in range(columns)]
            return max(self.value(number, place) for place in window)
        assert isinstance(spec, Conv)
        assert number == 0
        return self._sum(spec, cell)

    def _sum(self, spec: Conv, cell: Cell) -> float:
        params = self._track.params[0]
        assert params is not None
        assert spec.groups == 1
        assert spec.padding in (0, "same")
        assert spec.stride == spec.dilation == (1, 1)
        o, i, j = cell
        _, channels, rows, columns = params.weight.shape
        above, left = ((rows - 1) // 2, (columns - 1) // 2) if spec.padding == "same" else (0, 0)
        total = 0.0 if params.bias is None else float(params.bias[o])
        for c, m, n in np.ndindex(channels, rows, columns):
            pixel = naive.pixel(self._input[c], i + m - above, j + n - left, spec.padding_mode)
            total += float(params.weight[o, c, m, n]) * pixel
        return total


def layer(spec: AnyLayer, params: Params | None, x: Floats) -> Floats:
    """One layer on one sample (C, H, W) by naive loops."""
    if params is not None:
        return _weighted(spec, params, x)
    if (made := of_block(spec, x)) is not None:
        return made
    match spec:
        case MaxPool():
            how = (spec.kernel_size, spec.stride, spec.padding)
            return _first(naive.max_pool2d(x[None], *how, ceil_mode=spec.ceil_mode)[0])
        case AvgPool():
            how = (spec.kernel_size, spec.stride, spec.padding)
            return _first(naive.avg_pool2d(x[None], *how, spec.ceil_mode, spec.count_include_pad))
        case GlobalAvgPool():
            return naive_backward.global_avg_pool2d(x[None]).reshape(-1, 1, 1)
        case GlobalMaxPool():
            return naive_backward.global_max_pool2d(x[None])[0].reshape(-1, 1, 1)
        case Flatten():
            return naive_dense.flatten(x[None]).reshape(-1, 1, 1)
        case Normalise():
            mean, std = (v if len(v) > 1 else v * len(x) for v in (spec.mean, spec.std))
            return _first(naive_dense.normalise(x[None], mean, std))
        case Softmax():
            return naive_activations.softmax(x, axis=0)
    return _activated(spec, x)


def _first(batch: Floats) -> Floats:
    sample: Floats = batch[0]
    return sample


def _weighted(spec: AnyLayer, params: Params, x: Floats) -> Floats:
    weight, bias = params.weight, params.bias
    match spec:
        case Conv():
            used = np.zeros(weight.shape)
            for o, c, m, n in np.ndindex(weight.shape):
                at = (
                    (o, c, weight.shape[2] - 1 - m, weight.shape[3] - 1 - n) if spec.flipped else (o, c, m, n)
                )
                used[o, c, m, n] = weight[at]
            how = (spec.stride, spec.padding, spec.dilation, spec.groups, spec.padding_mode)
            return _first(naive.conv2d(x[None], used, bias, *how))
        case ConvTranspose():
            where = (spec.stride, spec.padding, spec.output_padding, spec.groups, spec.dilation)
            return _first(naive_transpose.conv_transpose2d(x[None], weight, bias, *where))
    assert isinstance(spec, Linear)
    return naive_dense.linear(x.reshape(1, -1), weight, bias).reshape(-1, 1, 1)


def _activated(spec: AnyLayer, x: Floats) -> Floats:
    match spec:
        case LeakyRelu():
            return naive_activations.leaky_relu(x, spec.negative_slope)
        case Elu():
            return naive_activations.elu(x, spec.alpha)
        case Gelu():
            return naive_activations.gelu(x, spec.approximate)
        case Sigmoid():
            return naive_activations.sigmoid(x)
        case Tanh():
            return naive_activations.tanh(x)
    assert isinstance(spec, Relu)
    return naive.relu(x)


def counted_uses(spec: AnyLayer, in_shape: Shape, out_shape: Shape, cell: Cell) -> dict[Cell, int]:
    """Which cells of a layer's output read an input cell, and how often, by going through every window.

    The padded picture is made of the places that its cells come from; a window reads the cell where it holds its place.
    """
    places = np.arange(math.prod(in_shape), dtype=np.float64).reshape(in_shape)
    wanted = float(places[cell])
    found: dict[Cell, int] = {}
    for out in np.ndindex(out_shape):
        o, i, j = (int(v) for v in out)
        times = sum(place == wanted for place in _places_read(spec, places, out_shape, (o, i, j)))
        if times:
            found[o, i, j] = times
    return found


def _places_read(spec: AnyLayer, places: Floats, out_shape: Shape, out: Cell) -> list[float]:
    o, i, j = out
    channels, height, width = places.shape
    match spec:
        case Conv():
            pads = resolve_padding(
                spec.padding, (height, width), spec.kernel_size, spec.stride, spec.dilation
            )
            each = channels // spec.groups
            first = o // (spec.out_channels // spec.groups) * each
            read = []
            for c, m, n in np.ndindex(each, *spec.kernel_size):
                row = spec.stride[0] * i + spec.dilation[0] * m - pads.top
                column = spec.stride[1] * j + spec.dilation[1] * n - pads.left
                inside = 0 <= row < height and 0 <= column < width
                if inside or spec.padding_mode != "zeros":
                    read.append(naive.pixel(places[first + c], row, column, spec.padding_mode))
            return read
        case ConvTranspose():
            read = []
            for c, r, k in np.ndindex(*places.shape):
                # Input cell (r, k) lays its kernel from (s·r, s·k) on.
                m, n = i + spec.padding[0] - spec.stride[0] * r, j + spec.padding[1] - spec.stride[1] * k
                if 0 <= m < spec.kernel_size[0] and 0 <= n < spec.kernel_size[1]:
                    read.append(float(places[c, r, k]))
            return read
        case MaxPool() | AvgPool():
            window = [
                (spec.stride[0] * i - spec.padding[0] + m, spec.stride[1] * j - spec.padding[1] + n)
                for m, n in np.ndindex(spec.kernel_size)
            ]
            return [float(places[o, r, k]) for r, k in window if 0 <= r < height and 0 <= k < width]
        case PaddedShortcut():
            return [float(places[o, spec.stride[0] * i, spec.stride[1] * j])] if o < channels else []
    return [float(places[out])]  # what acts on each number alone
