"""A border of pixels that the picture lends its padding: reflected, repeated or from the other side."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import PaddingMode, Pads
from cnnviz.engine.plan.arena import Arena


def lenders(n: int, before: int, after: int, mode: PaddingMode) -> list[tuple[int, int]]:
    """Pairs (place in the padded line, place in it that lends its value) for every cell of the padding.

    Examples
    --------
    >>> lenders(3, 1, 1, "reflect"), lenders(3, 1, 1, "circular")
    ([(0, 2), (4, 2)], [(0, 3), (4, 1)])
    """
    pairs = []
    for place in (*range(before), *range(before + n, before + n + after)):
        i = place - before
        if mode == "reflect":
            i = -i if i < 0 else 2 * (n - 1) - i
        elif mode == "replicate":
            i = min(max(i, 0), n - 1)
        else:
            i %= n
        pairs.append((place, i + before))
    return pairs


class Border:
    """A padded copy of an input; backward adds each padding cell's gradient to the pixel that lent it."""

    __slots__ = ("_arena", "_back", "_dx", "_inside", "_padded_gradient", "_pads", "_pairs", "_x", "out")

    def __init__(self, x: Array, pads: Pads, mode: PaddingMode, arena: Arena) -> None:
        rows, channels, columns, batch = x.shape
        self._x, self._pads, self._arena = x, pads, arena
        self.out = arena.new(rows + pads.top + pads.bottom, channels, columns + pads.left + pads.right, batch)
        self._inside = self._crop(self.out)
        # Columns first: the rows that are copied after them then hold the corners too.
        self._pairs = [
            *((2, to, source) for to, source in lenders(columns, pads.left, pads.right, mode)),
            *((0, to, source) for to, source in lenders(rows, pads.top, pads.bottom, mode)),
        ]

    def _crop(self, padded: Array) -> Array:
        rows, _, columns, _ = self._x.shape
        return padded[self._pads.top : self._pads.top + rows, :, self._pads.left : self._pads.left + columns]

    def attach(self, dpadded: Array) -> Array:
        """Prepare the backward pass from the gradient of the padded copy, which is written over."""
        self._padded_gradient, self._back = dpadded, self._crop(dpadded)
        self._dx = self._arena.take(*self._x.shape)
        return self._dx

    def forward(self) -> None:
        np.copyto(self._inside, self._x)
        for axis, to, source in self._pairs:
            np.copyto(_line(self.out, axis, to), _line(self.out, axis, source))

    def backward(self) -> None:
        for axis, to, source in reversed(self._pairs):
            pixel = _line(self._padded_gradient, axis, source)
            np.add(pixel, _line(self._padded_gradient, axis, to), out=pixel)
        np.copyto(self._dx, self._back)


def _line(padded: Array, axis: int, place: int) -> Array:
    line: Array = padded[place] if axis == 0 else padded[:, :, place]
    return line
