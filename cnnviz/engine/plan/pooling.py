"""Pooling layers in a plan: maximum, average, and the average of a whole channel."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import Pads
from cnnviz.engine.layers import AvgPool, MaxPool, Pair, Shape, pads_of
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.contest import Contest
from cnnviz.engine.plan.node import Context
from cnnviz.engine.plan.places import by_place
from cnnviz.engine.plan.taps import Items, Spread, blocks, taps


class Room:
    """The input of pooling windows, with a border where they hang over; the input itself where none does."""

    __slots__ = ("_kept", "_x", "gradient", "values")

    def __init__(
        self, x: Array, spec: MaxPool | AvgPool, out: tuple[int, int], border: float, arena: Arena
    ) -> None:
        rows, channels, columns, batch = x.shape
        pads = pads_of(spec, (channels, rows, columns))
        ends = [(n - 1) * s + f for n, s, f in zip(out, spec.stride, spec.kernel_size, strict=True)]
        height, width = max(ends[0], rows + pads.top), max(ends[1], columns + pads.left)
        self._x, self._kept, self.values = x, (slice(None), slice(None), slice(None)), x
        if (height, width) != (rows, columns):
            self.values = arena.new(height, channels, width, batch)
            self.values.fill(border)
            self._kept = (
                slice(pads.top, pads.top + rows),
                slice(None),
                slice(pads.left, pads.left + columns),
            )
        self.gradient = self.values

    def attach(self, arena: Arena) -> Array:
        """Where the gradient of the input will stand; `gradient` is that of the whole room."""
        dx = arena.take(*self._x.shape)
        self.gradient = dx if self.values is self._x else arena.scratch("room", *self.values.shape)
        return dx

    def forward(self) -> None:
        """Bring in the input."""
        if self.values is not self._x:
            np.copyto(self.values[self._kept], self._x)

    def backward(self, dx: Array) -> None:
        """Cut the gradient of the input out of that of the room."""
        if self.gradient is not dx:
            np.copyto(dx, self.gradient[self._kept])


class MaxPooling:
    """`max_pool2d` and its backward pass: of equal maxima the first in row-major order gets the gradient."""

    __slots__ = ("_arena", "_contest", "_dx", "_gradients", "_room", "_spec", "_spread", "keeps_out", "out")

    def __init__(self, spec: MaxPool, in_shape: Shape, x: Array, context: Context) -> None:
        channels, rows, columns = spec.out_shape(in_shape)
        self._spec, self._arena = spec, context.arena
        self._room = Room(x, spec, (rows, columns), -np.inf, context.arena)
        self.out, self.keeps_out = context.arena.new(rows, channels, columns, context.batch), False
        places = taps(self._room.values, spec.kernel_size, spec.stride, (rows, columns))
        self._contest = Contest(places, False, self.out, context.arena)
        self._gradients: list[tuple[Array, Items]] = []
        self._dx = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            return None
        self._dx = self._room.attach(self._arena)
        self._spread = Spread(
            self._room.gradient, self._spec.kernel_size, self._spec.stride, (len(dout), dout.shape[2])
        )
        count = len(self._spread.places)
        own = list(self._arena.new(count, *dout.shape)) if count > 1 else [dout]
        self._contest.attach(dout, own)
        self._gradients = [(gradient, blocks(gradient)) for gradient in own]
        return self._dx

    def forward(self, training: bool) -> None:
        self._room.forward()
        self._contest.forward()

    def backward(self) -> None:
        self._contest.backward()
        self._spread.begin()
        for place in reversed(range(len(self._gradients))):
            self._spread.deliver(place, *self._gradients[place])
        self._room.backward(self._dx)


class PartedMaxPooling:
    """The same where windows tile their input, whose places are apart (`places.py`): nothing is copied."""

    __slots__ = ("_arena", "_contest", "_tile", "_x", "keeps_out", "out")

    def __init__(self, tile: Pair, x: Array, context: Context) -> None:
        self._tile, self._x, self._arena = tile, x, context.arena
        places = by_place(x, tile)
        self.out, self.keeps_out = context.arena.new(*places[0].shape), False
        self._contest = Contest(places, True, self.out, context.arena)

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            return None
        dx = self._arena.new(*self._x.shape)  # its own, since what is kept for backward stands there
        self._contest.attach(dout, by_place(dx, self._tile))
        return dx

    def forward(self, training: bool) -> None:
        self._contest.forward()

    def backward(self) -> None:
        self._contest.backward()


class AvgPooling:
    """`avg_pool2d` and its backward pass: every cell that is counted gets its share."""

    __slots__ = (
        "_arena",
        "_columns",
        "_copy",
        "_dout",
        "_dx",
        "_first",
        "_items",
        "_lines",
        "_next",
        "_room",
        "_rows",
        "_share",
        "_shared",
        "_spec",
        "_spread",
        "keeps_out",
        "out",
    )

    def __init__(self, spec: AvgPool, in_shape: Shape, x: Array, context: Context) -> None:
        channels, rows, columns = spec.out_shape(in_shape)
        self._spec, self._arena = spec, context.arena
        self._room = Room(x, spec, (rows, columns), 0.0, context.arena)
        self.out, self.keeps_out = context.arena.new(rows, channels, columns, context.batch), False
        values = self._room.values
        (high, wide), (down, across) = spec.kernel_size, spec.stride
        self._lines = context.arena.scratch("lines", rows, channels, values.shape[2], context.batch)
        self._rows = taps(values, (high, 1), (down, 1), (rows, values.shape[2]))
        places = taps(self._lines, (1, wide), (1, across), (rows, columns))
        self._columns = [blocks(place) for place in places]
        self._copy = context.arena.scratch("place", *self.out.shape)
        self._first, self._next = blocks(self.out), blocks(self._copy)
        self._share = _shares(spec, in_shape, (rows, columns), pads_of(spec, in_shape)).astype(self.out.dtype)
        self._dx = self._dout = self._shared = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            return None
        self._dx, self._dout = self._room.attach(self._arena), dout
        self._shared = self._arena.scratch("shared", *dout.shape)
        self._items = blocks(self._shared)
        self._spread = Spread(
            self._room.gradient, self._spec.kernel_size, self._spec.stride, (len(dout), dout.shape[2])
        )
        return self._dx

    def forward(self, training: bool) -> None:
        self._room.forward()
        # Rows first, where memory lies in order; columns lie apart, and are copied before they are added.
        above = self._rows[0]
        for line in self._rows[1:]:
            above = np.add(above, line, out=self._lines)
        if above is not self._lines:
            np.copyto(self._lines, above)
        np.copyto(self._first, self._columns[0])
        for column in self._columns[1:]:
            np.copyto(self._next, column)
            np.add(self.out, self._copy, out=self.out)
        np.multiply(self.out, self._share, out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, self._share, out=self._shared)
        self._spread.begin()
        for place in range(len(self._spread.places)):
            self._spread.deliver(place, self._shared, self._items)
        self._room.backward(self._dx)


def _shares(spec: AvgPool, in_shape: Shape, out: tuple[int, int], pads: Pads) -> Array:
    """One over the number of cells counted: (rows, 1, columns, 1), or (1, 1, 1, 1) where all are equal."""
    rows = _counts(out[0], in_shape[1], spec.kernel_size[0], spec.stride[0], pads[:2], spec.count_include_pad)
    columns = _counts(
        out[1], in_shape[2], spec.kernel_size[1], spec.stride[1], pads[2:], spec.count_include_pad
    )
    shares: Array = 1.0 / np.multiply.outer(rows, columns)[:, np.newaxis, :, np.newaxis]
    return shares[:1, :, :1] if (shares == shares[0, 0, 0, 0]).all() else shares


def _counts(count: int, n: int, kernel: int, stride: int, pads: tuple[int, int], include_pad: bool) -> Array:
    """How many cells of each window along one axis are counted."""
    starts = np.arange(count) * stride - pads[0]
    low, high = (-pads[0], n + pads[1]) if include_pad else (0, n)
    counts: Array = (np.minimum(starts + kernel, high) - np.maximum(starts, low)).astype(np.float64)
    return counts


class GlobalAverage:
    """The mean of each channel, and its backward pass: every cell gets the same."""

    __slots__ = ("_arena", "_dout", "_dx", "_part", "_row_sums", "_x", "keeps_out", "out")

    def __init__(self, in_shape: Shape, x: Array, context: Context) -> None:
        self._x, self._arena = x, context.arena
        channels = in_shape[0]
        self.out, self.keeps_out = context.arena.new(1, channels, 1, context.batch), False
        self._row_sums = context.arena.new(1, channels, in_shape[2], context.batch)
        self._part = context.arena.new(1, channels, 1, context.batch)
        self._dx = self._dout = x

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        if not wanted:
            return None
        self._dout, self._dx = dout, self._arena.take(*self._x.shape)
        return self._dx

    def forward(self, training: bool) -> None:
        np.add.reduce(self._x, axis=0, keepdims=True, out=self._row_sums)
        np.add.reduce(self._row_sums, axis=2, keepdims=True, out=self.out)
        np.multiply(self.out, 1 / (self._x.shape[0] * self._x.shape[2]), out=self.out)

    def backward(self) -> None:
        np.multiply(self._dout, 1 / (self._x.shape[0] * self._x.shape[2]), out=self._part)
        np.copyto(self._dx, self._part)
