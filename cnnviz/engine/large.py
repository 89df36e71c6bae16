"""Convolution of wide rows: what a window meets is laid out so that each row of output is one matrix product."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.moved import fill, moved
from cnnviz.engine.processor import reads_in_place
from cnnviz.engine.scratch import scratch
from cnnviz.engine.strips import Windows, input_size

# Up to this many places of a single kernel, all its columns are multiplied at once.
_SMALL_KERNEL = 36
# So many rows of output of such a kernel come out of one product, and so many of a larger one.
_SMALL_ROWS, _LARGE_ROWS = 4, 2
# Kernels with fewer rows or columns share too little between rows of output.
_NO_LINE = 3
# Multiplications up to which BLAS reads a matrix where it lies, if it ever does, see `reads_in_place`.
_AT_ONCE = 950_000
# Pieces of a row with fewer columns cost as many calls as they save, or share too much of what they compute.
_SHORTEST = 128


class Form(NamedTuple):
    """How a strip is multiplied, and what it must hold for that."""

    copies: int  # of the padded picture, moved by one kernel column each
    columns: int  # of each copy
    beside: int  # numbers kept for each row of output
    together: int  # rows of output that come out of one product
    # From (input rows, C, copies, columns) to (output rows, O, columns), with room for those numbers.
    product: Callable[[Array, Array, Array], None]


def fits(walk: Windows) -> bool:
    """Tell whether this module can do it: neighbours along a row, and rows that are met one after the other."""
    return walk.stride[1] == 1 and walk.dilation[0] == 1


def correlate_wide(
    x: Array, weight: Array, walk: Windows, mode: str, out: Array, most: int, turn: int = 0, turns: int = 1
) -> None:
    """Write the cross-correlation of x (N, C, H, W), or of several turns one, to `out` (N, O, rows, columns).

    About `most` numbers are kept beside input and output by all turns together.
    """
    form = _form(weight, walk)
    line = x.shape[1] * form.copies * form.columns
    most = 2 * most // turns
    step = _even(walk.out[0], max(most // (walk.stride[0] * line + form.beside), 1), form.together, turns)
    shape = input_size(walk, step)[0], x.shape[1], form.copies, form.columns
    buffer, room = scratch([shape, (step * form.beside,)], x.dtype)
    whole = input_size(walk, walk.out[0])[0]
    for number, sample in enumerate(x):
        source = moved(sample, walk.pads, mode, whole, form.columns, form.copies, walk.dilation[1])
        for row in range(turn * step, walk.out[0], turns * step):
            count = min(step, walk.out[0] - row)
            strip = buffer[: input_size(walk, count)[0]]
            fill(source, row * walk.stride[0], strip)
            form.product(strip, out[number, :, row : row + count].transpose(1, 0, 2), room)


def _even(rows: int, most: int, together: int, turns: int) -> int:
    """Choose how many rows a strip has: about at most `most`, full groups, and each turn as much as the others."""
    strips = -(-rows // most)
    step = -(-rows // (strips + -strips % turns))
    return min(step + -step % together, rows)


def _form(weight: Array, walk: Windows) -> Form:
    """Choose a form: several rows at once where there is one kernel."""
    if len(weight) > 1 or not walk.stride == walk.dilation == (1, 1):
        return _row_by_row(weight, walk)
    if weight[0, 0].size > _SMALL_KERNEL:
        return _two_rows(weight, walk)
    high, wide = weight.shape[2:]
    size = _SMALL_ROWS * (high + _SMALL_ROWS - 1) * weight.shape[1] * wide
    if min(high, wide) >= _NO_LINE and reads_in_place() and size * _SHORTEST <= _AT_ONCE:
        return _some_rows(weight, walk)
    return _row_by_row(weight, walk)


def _row_by_row(weight: Array, walk: Windows) -> Form:
    """Keep each row once for every kernel column, moved by it; then a row of output is one product.

    The copies of a row lie behind each other, so that all a window's rows meet is a matrix of (kernel rows x C x
    kernel columns) x columns where they lie::

        out[i] = weight @ copies[s*i : s*i + kernel rows],    copies[r, c, q, j] = xpad[r, c, j + d*q]

    Where it lets BLAS read in place, long rows are done in pieces.
    """
    matrix = np.ascontiguousarray(weight.transpose(0, 2, 1, 3)).reshape(len(weight), -1)
    pieces = _pieces(walk.out[1], matrix.size)

    def product(strip: Array, target: Array, room: Array) -> None:
        seen = _windows(strip, len(target), walk.stride[0], matrix.shape[1])
        for columns in pieces:
            np.matmul(matrix, seen[..., columns], out=target[..., columns])

    return Form(weight.shape[3], walk.out[1], 0, 1, product)


def _some_rows(weight: Array, walk: Windows) -> Form:
    """Give some rows of output of one kernel by one product, from what `_row_by_row` keeps.

    Their windows share most rows, and BLAS reads each once for all of them::

        out[t*i + a] = sum over r, c, q of K[c, r - a, q] * copies[t*i + r, c, q],    a = 0, 1 ... t - 1

    where K is 0 outside of the kernel. Those zeros would turn an infinity next to the window to NaN, so rows that
    do not come out finite are computed again without them.
    """
    single = _row_by_row(weight, walk)
    staggered = _staggered(weight[0], _SMALL_ROWS, weight.shape[3])
    pieces = _pieces(walk.out[1], staggered[_SMALL_ROWS].size)

    def product(strip: Array, target: Array, room: Array) -> None:
        for part, rows in _groups(target, _SMALL_ROWS):
            sums = target[part].reshape(-1, rows, target.shape[-1])
            matrix = staggered[rows]
            seen = _windows(strip[part.start :], len(sums), rows, matrix.shape[1])
            for columns in pieces:
                np.matmul(matrix, seen[..., columns], out=sums[..., columns])
        for part in _not_finite(target, _SMALL_ROWS):
            single.product(strip[part.start :], target[part], room)

    return single._replace(together=_SMALL_ROWS, product=product)


def _two_rows(weight: Array, walk: Windows) -> Form:
    """Give two rows of output of one kernel by one product, then add up what its columns give.

    The two windows share all rows but one each, and two kernel columns are met at once, so that a product is large
    enough for BLAS to be at its best::

        part[2i + a, b, j] = sum over r, c, e of K[c, r - a, 2b + e] * copies[2i + r, c, e, j],    a, e in {0, 1}
        out[i, j] = sum over b of part[i, b, j + 2b],                      copies[r, c, e, j] = xpad[r, c, j + e]

    As in `_some_rows` K is 0 outside of the kernel, and rows that do not come out finite are computed again, and
    long rows are done in pieces.
    """
    pairs = -(-weight.shape[3] // 2)
    staggered = _staggered(weight[0], _LARGE_ROWS, 2)
    ones = np.ones((1, pairs), weight.dtype)
    pieces = _pieces(walk.out[1], staggered[_LARGE_ROWS].size, 2 * (pairs - 1))

    def product(strip: Array, target: Array, room: Array) -> None:
        for lines, rows in _groups(target, _LARGE_ROWS):
            matrix = staggered[rows]
            seen = _windows(strip[lines.start :], (lines.stop - lines.start) // rows, rows, matrix.shape[1])
            sums = target[lines].reshape(len(seen), rows, 1, -1)
            for columns in pieces:
                met = seen[..., columns.start : columns.stop + 2 * (pairs - 1)]
                shape = len(met), len(matrix), met.shape[-1]
                part = np.matmul(matrix, met, out=room[: math.prod(shape)].reshape(shape))
                block, line, number = part.strides
                # The view reads what kernel columns 2b and 2b + 1 give 2b places further right.
                shifted: Array = np.ndarray(
                    (len(part), rows, pairs, columns.stop - columns.start),
                    part.dtype,
                    part,
                    strides=(block, pairs * line, line + 2 * number, number),
                )
                np.matmul(ones, shifted, out=sums[..., columns])
        for lines in _not_finite(target, _LARGE_ROWS):
            _one_by_one(strip[lines.start :], weight[0], target[lines, 0])

    wide = walk.out[1] + 2 * (pairs - 1)
    return Form(2, wide, pairs * wide, _LARGE_ROWS, product)


def _pieces(columns: int, size: int, more: int = 0) -> list[slice]:
    """Cut columns so that a matrix of this size times a piece, and some columns more, is read where it lies."""
    most = _AT_ONCE // size - more
    if not reads_in_place() or most < max(more, _SHORTEST):
        return [slice(0, columns)]
    step = -(-columns // -(-columns // most))
    return [slice(first, min(first + step, columns)) for first in range(0, columns, step)]


def _staggered(kernel: Array, most: int, copies: int) -> dict[int, Array]:
    """Lay a kernel (C, rows, columns) out for 1, 2 ... `most` rows of output.

    Each is a matrix (rows x blocks of columns) x (kernel rows + rows - 1, C, copies). Fewer rows are a part of it.
    """
    channels, high, wide = kernel.shape
    blocks = -(-wide // copies)
    whole = np.zeros((channels, high, blocks * copies), kernel.dtype)
    whole[..., :wide] = kernel
    matrix = np.zeros((most, blocks, high + most - 1, channels, copies), kernel.dtype)
    for row in range(most):
        matrix[row, :, row : row + high] = whole.reshape(channels, high, blocks, copies).transpose(2, 1, 0, 3)
    lines = matrix.reshape(most * blocks, -1)
    return {
        rows: lines[: rows * blocks, : (high + rows - 1) * channels * copies] for rows in range(1, most + 1)
    }


def _groups(target: Array, together: int) -> Iterator[tuple[slice, int]]:
    """Cut rows of output to those that come in full groups, and the few that remain, with the size of a group."""
    full = len(target) // together * together
    if full:
        yield slice(0, full), together
    if full < len(target):
        yield slice(full, len(target)), len(target) - full


def _not_finite(target: Array, together: int) -> list[slice]:
    """Find the groups of rows whose windows may hold a number that is not finite.

    A group is what one product gave, so that it does not depend on how a picture was cut whether a row is among them.
    Every row of it was given a product with every number there, be it with 0, so the first row tells for all.
    """
    first = target[::together]
    lost: list[int] = np.flatnonzero(~np.isfinite(np.vecdot(first, first).ravel())).tolist()
    return [slice(at * together, min((at + 1) * together, len(target))) for at in lost]


def _windows(strip: Array, count: int, step: int, length: int) -> Array:
    """See (rows, C, copies, columns) as `count` overlapping matrices, a step of rows apart, of `length` lines."""
    row, _, copy, number = strip.strides
    shape = (count, length, strip.shape[-1])
    return np.ndarray(shape, strip.dtype, strip, strides=(step * row, copy, number))


def _one_by_one(strip: Array, kernel: Array, out: Array) -> None:
    """Add product after product: slow, but a number meets only the windows that it lies in."""
    rows, columns = out.shape
    out[...] = 0
    for c, p, q in np.ndindex(kernel.shape):
        copy, first = q % 2, q - q % 2
        out += kernel[c, p, q] * strip[p : p + rows, c, copy, first : first + columns]
