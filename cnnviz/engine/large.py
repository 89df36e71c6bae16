"""Convolution of wide rows: what a window meets is laid out so that each row of output is one matrix product."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.engine.checks import Array
from cnnviz.engine.moved import fill, moved
from cnnviz.engine.scratch import scratch
from cnnviz.engine.strips import Windows, input_size

# Up to this many places of a single kernel, a product of a vector and a matrix is fastest.
_SMALL_KERNEL = 36


class Form(NamedTuple):
    """How a strip is multiplied, and what it must hold for that."""

    copies: int  # of the padded picture, moved by one kernel column each
    columns: int  # of each copy
    beside: int  # numbers kept for each row of output
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
    step = min(max(most // (walk.stride[0] * line + form.beside), 1), walk.out[0])
    step += step % 2 if step < walk.out[0] else 0  # rows go in pairs, see `_two_rows`
    shape = input_size(walk, step)[0], x.shape[1], form.copies, form.columns
    buffer, room = scratch([shape, ((step + 1) * form.beside,)], x.dtype)
    whole = input_size(walk, walk.out[0])[0]
    for number, sample in enumerate(x):
        source = moved(sample, walk.pads, mode, whole, form.columns, form.copies, walk.dilation[1])
        for row in range(turn * step, walk.out[0], turns * step):
            count = min(step, walk.out[0] - row)
            strip = buffer[: input_size(walk, count)[0]]
            fill(source, row * walk.stride[0], strip)
            form.product(strip, out[number, :, row : row + count].transpose(1, 0, 2), room)


def _form(weight: Array, walk: Windows) -> Form:
    """Choose a form: two rows at once for one kernel that is not small."""
    alone = weight.size == weight[0, 0].size and walk.stride == walk.dilation == (1, 1)
    return _two_rows(weight, walk) if alone and weight.size > _SMALL_KERNEL else _row_by_row(weight, walk)


def _row_by_row(weight: Array, walk: Windows) -> Form:
    """Keep each row once for every kernel column, moved by it; then a row of output is one product.

    The copies of a row lie behind each other, so that all a window's rows meet is a matrix of (kernel rows x C x
    kernel columns) x columns where they lie::

        out[i] = weight @ copies[s*i : s*i + kernel rows],    copies[r, c, q, j] = xpad[r, c, j + d*q]

    For one kernel this is a product of a vector and a matrix, which reads as fast as the cache gives.
    """
    matrix = np.ascontiguousarray(weight.transpose(0, 2, 1, 3)).reshape(len(weight), -1)
    columns = walk.out[1]

    def product(strip: Array, target: Array, room: Array) -> None:
        np.matmul(matrix, _windows(strip, len(target), walk.stride[0], matrix.shape[1]), out=target)

    return Form(weight.shape[3], columns, 0, product)


def _two_rows(weight: Array, walk: Windows) -> Form:
    """Give two rows of output of one kernel by one product, then add up what its columns give.

    The two windows share all rows but one each, and two kernel columns are met at once, so that a product is large
    enough for BLAS to be at its best::

        part[2i + a, b, j] = sum over r, e of K[r - a, 2b + e] * copies[2i + r, e, j],    a, e in {0, 1}
        out[i, j] = sum over b of part[i, b, j + 2b],                       copies[r, e, j] = xpad[r, j + e]

    where K is 0 outside of the kernel. Those zeros would turn an infinity next to the window to NaN, so a strip
    that does not come out finite is computed again without them.
    """
    kernel = weight[0, 0]
    pairs = -(-kernel.shape[1] // 2)
    wide = walk.out[1] + 2 * (pairs - 1)
    both, last = _staggered(kernel, 2), _staggered(kernel, 1)
    ones = np.ones((1, pairs), weight.dtype)

    def rows(strip: Array, target: Array, matrix: Array, together: int, room: Array) -> None:
        seen = _windows(strip, len(target) // together, together, matrix.shape[1])
        shape = len(seen), len(matrix), wide
        part = np.matmul(matrix, seen, out=room[: math.prod(shape)].reshape(shape))
        block, line, number = part.strides
        # The view reads what kernel columns 2b and 2b + 1 give 2b places further right.
        shifted = as_strided(
            part,
            (len(part), together, pairs, walk.out[1]),
            (block, pairs * line, line + 2 * number, number),
            writeable=False,
        )
        np.matmul(ones, shifted, out=target.reshape(len(part), together, 1, -1))

    def product(strip: Array, target: Array, room: Array) -> None:
        even = len(target) // 2 * 2
        if even:
            rows(strip, target[:even], both, 2, room)
        if even < len(target):
            rows(strip[even:], target[even:], last, 1, room)
        if not math.isfinite(float(np.add.reduce(target, axis=None))):
            _one_by_one(strip, kernel, target[:, 0])

    return Form(2, wide, pairs * wide, product)


def _staggered(kernel: Array, rows: int) -> Array:
    """Lay a kernel out for `_two_rows`: (rows x pairs of columns) x (kernel rows + rows - 1, 2)."""
    high, wide = kernel.shape
    pairs = -(-wide // 2)
    even = np.zeros((high, 2 * pairs), kernel.dtype)
    even[:, :wide] = kernel
    matrix = np.zeros((rows, pairs, high + rows - 1, 2), kernel.dtype)
    for row in range(rows):
        matrix[row, :, row : row + high] = even.reshape(high, pairs, 2).transpose(1, 0, 2)
    return matrix.reshape(rows * pairs, -1)


def _windows(strip: Array, count: int, step: int, length: int) -> Array:
    """See (rows, C, copies, columns) as `count` overlapping matrices, a step of rows apart, of `length` lines."""
    row, _, copy, number = strip.strides
    shape = (count, length, strip.shape[-1])
    return as_strided(strip, shape, (step * row, copy, number), writeable=False)


def _one_by_one(strip: Array, kernel: Array, out: Array) -> None:
    """Add product after product: slow, but a number meets only the windows that it lies in."""
    rows, columns = out.shape
    out[...] = 0
    for p, q in np.ndindex(kernel.shape):
        copy, first = q % 2, q - q % 2
        out += kernel[p, q] * strip[p : p + rows, 0, copy, first : first + columns]
