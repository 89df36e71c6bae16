"""The gradient of a convolution's input without products of zeros: rows are gathered, kernel columns scattered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.products import split, width_for
from cnnviz.engine.plan.unrolled import Geometry, overlap

_BLOCK = 128 * 1024
"""About so many products are made before they are added where they belong: they stay in a near cache."""

_WORTH, _SHORT = 2.2, 64
"""As measured: from so much won on it is faster, unless lines are so short that calls take longer than products."""


class Reach(NamedTuple):
    """Rows of the input, a stride apart, that the same kernel rows reach.

    Of the kernel rows `phase`, `phase` + stride, … the last one counts as number 0; those of the numbers `taps` reach
    the rows, and the first of them reaches the first row from row `source` of the output.
    """

    phase: int
    taps: slice
    rows: range
    source: int


class ScatteredGradient:
    """The transpose of a cross-correlation: kernels times rows of the output's gradient, added where they belong.

    With gradients (row, channel, column, batch) the rows that reach a row of the input are one matrix (output rows,
    out channels) x (column, batch) as they stand: nothing is copied, and no row of the padding is multiplied. The
    product is (kernel columns, channels) x (column, batch), and each kernel column of it has its own place.
    """

    __slots__ = ("_parts", "_turned")

    def __init__(self, forward: Geometry, weight: Array, dout: Array, dx: Array, arena: Arena) -> None:
        """Prepare, for what `fits`; weight (kernel rows, kernel columns, channels, out channels)."""
        stride, (rows, columns) = forward.stride[0], forward.kernel
        turned = [weight[p::stride][::-1].transpose(1, 2, 0, 3) for p in range(min(stride, rows))]
        packed = [arena.scratch(f"kernel rows {p}", *one.shape) for p, one in enumerate(turned)]
        self._turned = list(zip(packed, turned, strict=True))
        shape = (columns, dx.shape[1], *dout.shape[2:])
        most = max(1, min(len(dx), _BLOCK // max(1, int(np.prod(shape)))))
        products = arena.scratch("products", most, *shape)
        places = _Places(forward, dx.shape[2])
        self._parts = [
            _Part(packed[reach.phase], reach, dout, dx, products[: len(reach.rows)], places)
            for whole in reaches(forward)
            for reach in _blocks(whole, most)
        ]

    def run(self) -> None:
        """Write the gradient."""
        for packed, turned in self._turned:
            np.copyto(packed, turned)
        for part in self._parts:
            part.run()


class _Places:
    """Where kernel columns add their products: the first that meet a column of the input write it instead."""

    __slots__ = ("adds", "copies", "gaps")

    def __init__(self, forward: Geometry, columns: int) -> None:
        met = np.zeros(columns, bool)
        self.copies: list[tuple[int, slice, slice]] = []
        self.adds: list[tuple[int, slice, slice]] = []
        pairs = [(n, *pair) for n in range(forward.kernel[1]) for pair in _columns_of(forward, n, columns)]
        for n, to, source in sorted(pairs, key=lambda pair: -len(met[pair[1]])):
            (self.adds if met[to].any() else self.copies).append((n, to, source))
            if not met[to].any():
                met[to] = True
        edges = np.flatnonzero(np.diff(~met, prepend=False, append=False)).tolist()
        self.gaps = [slice(*ends) for ends in zip(edges[::2], edges[1::2], strict=True)]


class _Part:
    """Some rows of the gradient."""

    __slots__ = ("_adds", "_copies", "_kernels", "_products", "_windows", "_zeros")

    def __init__(
        self, packed: Array, reach: Reach, dout: Array, dx: Array, products: Array, places: _Places
    ) -> None:
        out_channels, length, count = dout.shape[1], dout[0, 0].size, len(reach.rows)
        kernels = packed.reshape(products.shape[1] * products.shape[2], -1)
        taps = slice(reach.taps.start * out_channels, reach.taps.stop * out_channels)
        self._kernels = kernels[:, taps]
        lines = dout.reshape(-1, length)[reach.source * out_channels :]
        line, number = lines.strides
        windows = np.lib.stride_tricks.as_strided(
            lines, (1, count, taps.stop - taps.start, length), (0, line * out_channels, line, number)
        )
        width = width_for(self._kernels.size, length)
        self._windows = split(windows, width)
        self._products = split(products.reshape(1, count, -1, length), width)
        rows = dx[reach.rows.start : reach.rows.stop : reach.rows.step]
        self._zeros = [rows[:, :, gap] for gap in places.gaps]
        self._copies = [(rows[:, :, to], products[:, n, :, source]) for n, to, source in places.copies]
        self._adds = [(rows[:, :, to], products[:, n, :, source]) for n, to, source in places.adds]

    def run(self) -> None:
        np.matmul(self._kernels, self._windows, out=self._products)
        for gap in self._zeros:
            gap.fill(0)
        for to, products in self._copies:
            np.copyto(to, products)
        for to, products in self._adds:
            np.add(to, products, out=to)


def fits(forward: Geometry, dout: Array) -> bool:
    """Whether it can be done so, and is faster than a full cross-correlation with the turned kernels.

    The rows that reach a row of the input must be neighbours, at least one, and one matrix. What is won are products
    of zeros, and copies of the output's gradient, of which there are `won` for each number that is added here.
    """
    if forward.dilation[0] > 1 or forward.groups > 1 or dout[0, 0].size < _SHORT:
        return False
    found, kernel_rows = reaches(forward), forward.kernel[0]
    if sum(len(reach.rows) for reach in found) < forward.rows:
        return False
    met = sum(len(reach.rows) * (reach.taps.stop - reach.taps.start) for reach in found) * forward.out[1]
    won = forward.rows * forward.columns * kernel_rows / met * dout.shape[1] / forward.channels
    return bool(won >= _WORTH)


def reaches(forward: Geometry) -> list[Reach]:
    """The rows of the input, by what reaches them; those that nothing reaches are left out.

    Examples
    --------
    A kernel of three rows on three rows of output, without padding: the last of it reaches only the last row.

    >>> for reach in reaches(Geometry(5, 5, 1, 1, (3, 3), (3, 3), (1, 1), (1, 1), (0, 0), (1, 1), 1)):
    ...     print(reach.taps, reach.rows, reach.source)
    slice(2, 3, None) range(0, 1) 0
    slice(1, 3, None) range(1, 2) 0
    slice(0, 3, None) range(2, 3) 0
    slice(0, 2, None) range(3, 4) 1
    slice(0, 1, None) range(4, 5) 2
    """
    found: dict[tuple[int, int, int], Reach] = {}
    kernel, stride = forward.kernel[0], forward.stride[0]
    for row in range(forward.rows):
        below, phase = divmod(row + forward.lead[0], stride)
        count = len(range(phase, kernel, stride))
        first, last = max(0, below - forward.out[0] + 1), min(count - 1, below)  # of these kernel rows
        if last < first:
            continue
        known = found.get((phase, first, last))
        found[phase, first, last] = Reach(
            phase, slice(count - 1 - last, count - first),
            range(known.rows.start if known else row, row + 1, stride), known.source if known else below - last,
        )  # fmt: skip
    return list(found.values())


def _blocks(reach: Reach, most: int) -> Iterator[Reach]:
    """Cut it into so many rows at most."""
    for n in range(0, len(reach.rows), most):
        yield reach._replace(rows=reach.rows[n : n + most], source=reach.source + n)


def _columns_of(forward: Geometry, n: int, columns: int) -> list[tuple[slice, slice]]:
    """The columns of the input that a kernel column reaches, and those of the output that it does so from."""
    return overlap(columns, forward.out[1], 1, forward.stride[1], forward.lead[1] - forward.dilation[1] * n)
