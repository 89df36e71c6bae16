"""Convolution as matrix products of whole rows, with the samples innermost so that a window's rows are an operand.

Part of a batch is packed as (row, channel, column, sample). In this layout the rows that a window looks at, all their
channels and, for one kernel column, all places of the window along the row are one matrix that BLAS reads where it
lies: nothing is copied for a window, and the end of one row never meets the start of the next.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import Pads
from cnnviz.engine.padding import copy_padded
from cnnviz.engine.scratch import scratch
from cnnviz.engine.strips import STRIP_NUMBERS, Windows, input_size

# From this many columns on, the row of one sample alone is worth the call of a product.
_LONG_ENOUGH = 128
# Numbers in one packed row of all channels (columns x samples x channels): so many stay in the fastest cache.
_ROW_NUMBERS = 8192
# Fewer samples than this side by side take longer to pack than the longer rows save.
_FEWEST_TOGETHER = 8
# Up to this many output channels x kernel columns, one product for all kernel columns at once is faster.
_FEW = 32


class Slide(NamedTuple):
    """A window that moves by one; pairs are (rows, columns), and `before` is what is padded above and on the left."""

    before: tuple[int, int]
    dilation: tuple[int, int]


def correlate(x: Array, weight: Array, slide: Slide, out: Array, most: int = STRIP_NUMBERS) -> None:
    """Write the cross-correlation of stride 1 of x (N, C, H, W), zeros around it, to `out` (N, O, rows, columns).

    ``out[n, o, i, j] = sum over c, p, q of weight[o, c, p, q] * x0[n, c, i + d*p - top, j + d*q - left]``. The size of
    `out`, which may be any view, tells how far the window slides; a negative `before` starts inside the picture.
    """
    out_channels, channels, kernel_rows, kernel_columns = weight.shape
    samples, _, rows, columns = out.shape
    more_rows, more_columns = slide.dilation[0] * (kernel_rows - 1), slide.dilation[1] * (kernel_columns - 1)
    wide = columns + more_columns
    together = _together(samples, columns, channels)
    matrices = _matrices(weight, slide.dilation[0])
    product = _all_columns if out_channels * kernel_columns <= _FEW else _column_by_column
    beside = out_channels * wide * (kernel_columns + 1 if product is _all_columns else 2)
    pads = Pads(slide.before[0], 0, slide.before[1], 0)
    for group, part in _parts(samples, together, rows, most // ((channels * wide + beside) * together)):
        high, count = part.stop - part.start, group.stop - group.start
        once = (kernel_columns * out_channels, wide) if product is _all_columns else (out_channels, columns)
        packed, total, room = scratch(
            [
                (high + more_rows, channels, wide, count),
                (high, out_channels, columns * count),
                (high, once[0], once[1] * count),
            ],
            x.dtype,
        )
        copy_padded(x[group], packed.transpose(3, 1, 0, 2), part.start, pads, "zeros")
        product(packed, matrices, slide.dilation, (high, columns), total, room)
        out[group, :, part] = total.reshape(high, out_channels, columns, count).transpose(3, 1, 0, 2)


def correlate_weight(dout: Array, x: Array, walk: Windows, mode: str, most: int = STRIP_NUMBERS) -> Array:
    """Give the gradient of a weight (O, C, kernel rows, kernel columns): dout is the kernel that meets the padded x.

    ``dw[o, c, p, q] = sum over n, i, j of dout[n, o, i, j] * xpad[n, c, s*i + d*p, s*j + d*q]``.
    """
    channels, out_channels = x.shape[1], dout.shape[1]
    together = _together(len(x), walk.out[1], max(channels, out_channels))
    block = _block(walk.kernel[0], walk.dilation[0])
    total = np.zeros((walk.kernel[0] // block, walk.kernel[1], block * channels, out_channels), x.dtype)
    numbers = channels * walk.stride[0] * input_size(walk, 1)[1] + out_channels * walk.out[1]
    per_row = numbers * together + total[0, 0].size
    for group, part in _parts(len(x), together, walk.out[0], most // per_row):
        high, count = part.stop - part.start, group.stop - group.start
        length, shape = walk.out[1] * count, _packed_shape(high, channels, count, walk)
        packed, phases, cells, products = scratch(
            [
                shape,
                shape if walk.stride[1] > 1 else (0,),
                (high, walk.out[1], count, out_channels),
                (high, *total.shape[2:]),
            ],
            x.dtype,
        )
        packed = _packed_phases(x[group], part.start, walk, mode, packed, phases)
        np.copyto(cells, dout[group, :, part].transpose(2, 3, 0, 1))
        rows = cells.reshape(high, length, out_channels)
        for p, q in np.ndindex(total.shape[:2]):
            seen = _window_rows(packed, p * walk.dilation[0], block, walk.stride[0], high)
            further, phase = divmod(q * walk.dilation[1], walk.stride[1])
            start = (phase * (packed.shape[2] // walk.stride[1]) + further) * count
            np.matmul(seen[..., start : start + length], rows, out=products)
            total[p, q] += np.add.reduce(products, axis=0)
    places = total.reshape(-1, walk.kernel[1], block, channels, out_channels).transpose(4, 3, 0, 2, 1)
    return places.reshape(out_channels, channels, *walk.kernel)


def _together(samples: int, columns: int, channels: int) -> int:
    """Say how many samples lie side by side: enough for long rows, shared out evenly; 1 where a row is long itself."""
    if columns >= _LONG_ENOUGH or samples <= 1:
        return 1
    wanted = max(-(-_ROW_NUMBERS // (columns * channels)), _FEWEST_TOGETHER)
    return -(-samples // -(-samples // wanted))


def _parts(samples: int, together: int, rows: int, rows_at_once: int) -> Iterator[tuple[slice, slice]]:
    """Cut a batch to groups of samples, and their rows of output to strips of at least one row."""
    step = min(max(rows_at_once, 1), rows)
    for sample in range(0, samples, together):
        for row in range(0, rows, step):
            yield slice(sample, min(sample + together, samples)), slice(row, min(row + step, rows))


def _block(kernel_rows: int, dilation: int) -> int:
    """Count the kernel rows that one product takes: all of them, unless dilation sets them apart."""
    return kernel_rows if dilation == 1 else 1


def _matrices(weight: Array, dilation: int) -> Array:
    """Lay a weight out as (blocks, kernel columns, O, rows of a block x C), as `_window_rows` lays the input."""
    out_channels, channels, kernel_rows, kernel_columns = weight.shape
    block = _block(kernel_rows, dilation)
    cut = weight.reshape(out_channels, channels, kernel_rows // block, block, kernel_columns)
    return cut.transpose(2, 4, 0, 3, 1).reshape(-1, kernel_columns, out_channels, block * channels)


def _window_rows(packed: Array, first: int, block: int, step: int, count: int) -> Array:
    """See the rows of `count` windows as (count, rows x channels, columns x samples); windows may overlap."""
    _, channels, columns, samples = packed.shape
    line = columns * samples * packed.itemsize
    return np.lib.stride_tricks.as_strided(
        packed[first:],
        (count, block * channels, columns * samples),
        (step * channels * line, line, packed.itemsize),
        writeable=False,
    )


def _all_columns(
    packed: Array,
    matrices: Array,
    dilation: tuple[int, int],
    size: tuple[int, int],
    out: Array,
    products: Array,
) -> None:
    """Multiply by all kernel columns at once, then add up what they give, each one place further right."""
    blocks, kernel_columns, out_channels, _ = matrices.shape
    count = packed.shape[-1]
    for p in range(blocks):
        seen = _window_rows(packed, p * dilation[0], _rows_of(matrices, packed), 1, size[0])
        matrix = matrices[p].reshape(kernel_columns * out_channels, -1)
        if p == 0:
            np.matmul(matrix, seen, out=products)
        else:
            products += matrix @ seen
    total = products.reshape(size[0], kernel_columns, out_channels, -1)
    row, column, channel, number = total.strides
    # The view reads column q of the kernel d*q places further right; it ends where the padded picture ends.
    shifted = np.lib.stride_tricks.as_strided(
        total,
        (*total.shape[:3], size[1] * count),
        (row, column + dilation[1] * count * number, channel, number),
        writeable=False,
    )
    np.add.reduce(shifted, axis=1, out=out)


def _column_by_column(
    packed: Array,
    matrices: Array,
    dilation: tuple[int, int],
    size: tuple[int, int],
    total: Array,
    product: Array,
) -> None:
    """Multiply by one kernel column after the other and add up, so that only one product is kept."""
    count = packed.shape[-1]
    for p, q in np.ndindex(matrices.shape[:2]):
        seen = _window_rows(packed, p * dilation[0], _rows_of(matrices, packed), 1, size[0])
        start = q * dilation[1] * count
        part = seen[..., start : start + size[1] * count]
        if p == q == 0:
            np.matmul(matrices[p, q], part, out=total)
        else:
            total += np.matmul(matrices[p, q], part, out=product)


def _rows_of(matrices: Array, packed: Array) -> int:
    """Tell how many kernel rows one matrix holds."""
    return int(matrices.shape[-1] // packed.shape[1])


def _packed_shape(rows: int, channels: int, samples: int, walk: Windows) -> tuple[int, int, int, int]:
    """Count what `_packed_phases` writes for some rows of output; columns are a multiple of the stride."""
    high, wide = input_size(walk, rows)
    return high, channels, -(-wide // walk.stride[1]) * walk.stride[1], samples


def _packed_phases(x: Array, first: int, walk: Windows, mode: str, packed: Array, phases: Array) -> Array:
    """Pack the padded input from a row of output on; with stride s, every s-th column first, then the next ones.

    So the columns that a kernel column meets are neighbours, whatever the stride. Gives `packed` or `phases`, which
    are overwritten; without a stride `phases` is not needed.
    """
    wide, step = input_size(walk, 1)[1], walk.stride[1]
    copy_padded(x, packed[:, :, :wide].transpose(3, 1, 0, 2), first * walk.stride[0], walk.pads, mode)
    if step == 1:
        return packed
    packed[:, :, wide:] = 0
    high, channels, columns, samples = packed.shape
    np.copyto(
        phases.reshape(high, channels, step, columns // step, samples),
        packed.reshape(high, channels, columns // step, step, samples).swapaxes(2, 3),
    )
    return phases
