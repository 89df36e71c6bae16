"""Convolution of small pictures: all that one sample's windows meet is one matrix, made by a few long copies."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.engine.checks import Array
from cnnviz.engine.padding import copy_padded
from cnnviz.engine.scratch import scratch
from cnnviz.engine.strips import Windows, input_size


def numbers_each(weight: Array, walk: Windows) -> int:
    """Count the numbers that `correlate_flat` keeps for one sample beside input and output."""
    out_channels, channels, kernel_rows, kernel_columns = weight.shape
    high, wide = input_size(walk, walk.out[0])
    line = channels * kernel_rows * kernel_columns + out_channels
    return wide * (int(channels) * high + int(line) * walk.out[0])


def correlate_flat(x: Array, weight: Array, walk: Windows, mode: str, out: Array, most: int) -> None:
    """Write the cross-correlation of stride 1 of x (N, C, H, W) to `out` (N, O, rows, columns).

    With v the columns of the padded picture, read as one line of numbers, kernel place (p, q) meets, for output
    cell t = i*v + j, the number t + d*p*v + d*q. So the matrix of all windows holds, for each place and channel,
    the same line moved: long copies, not one for each row. The product also holds the few cells that start near
    the end of a row and run over to the next; they are left out.
    """
    out_channels, channels, kernel_rows, kernel_columns = weight.shape
    matrix = np.ascontiguousarray(weight.transpose(0, 2, 3, 1)).reshape(out_channels, -1)
    high, wide = input_size(walk, walk.out[0])
    line = (walk.out[0] - 1) * wide + walk.out[1]
    together = max(min(most // numbers_each(weight, walk), len(x)), 1)
    padded, seen, product = scratch(
        [
            (together, channels, high, wide),
            (together, matrix.shape[1], line),
            (together, out_channels, line),
        ],
        x.dtype,
    )
    n, channel, row, number = padded.strides
    moved = as_strided(
        padded,
        (together, kernel_rows, kernel_columns, channels, line),
        (n, walk.dilation[0] * row, walk.dilation[1] * number, channel, number),
        writeable=False,
    )
    n, channel, number = product.strides
    cells = as_strided(
        product, (together, *out.shape[1:]), (n, channel, wide * number, number), writeable=False
    )
    for sample in range(0, len(x), together):
        group = slice(sample, min(sample + together, len(x)))
        count = group.stop - sample
        copy_padded(x[group], padded[:count], 0, walk.pads, mode)
        seen.reshape(moved.shape)[:count] = moved[:count]
        np.matmul(matrix, seen[:count], out=product[:count])
        out[group] = cells[:count]
