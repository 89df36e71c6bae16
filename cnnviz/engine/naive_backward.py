"""The gradients of convolution, pooling and padding as plain loops: slow, obvious, an oracle for the fast ones."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.geometry import (
    PaddingArg,
    PaddingMode,
    Pads,
    PairArg,
    conv_out_size,
    pair,
    resolve_padding,
)
from cnnviz.engine.naive import Floats, Indices, pixel

Numbers = npt.NDArray[Any]


def conv2d_backward(
    dout: Numbers,
    x: Numbers,
    weight: Numbers,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> tuple[Floats, Floats, Floats]:
    """Send the gradient of every cell back over each of its products; arguments as in the fast one, x (N, C, H, W).

    Examples
    --------
    >>> x, weight = np.array([[[[1, 2, 3]]]]), np.array([[[[4, 5]]]])
    >>> dx, dweight, dbias = conv2d_backward(np.array([[[[1, 10]]]]), x, weight)
    >>> dx.tolist(), dweight.tolist(), dbias.tolist()
    ([[[[4.0, 45.0, 50.0]]]], [[[[21.0, 32.0]]]], [11.0])
    """
    out_channels, group_channels, kernel_rows, kernel_columns = weight.shape
    size = x.shape[2], x.shape[3]
    step, gap = pair(stride, "stride"), pair(dilation, "dilation")
    pads = resolve_padding(padding, size, (kernel_rows, kernel_columns), stride, dilation)
    dx, dweight, dbias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(out_channels)
    for n, o, i, j in np.ndindex(dout.shape):
        gradient = float(dout[n, o, i, j])
        dbias[o] += gradient
        first_channel = o // (out_channels // groups) * group_channels
        for c, p, q in np.ndindex(group_channels, kernel_rows, kernel_columns):
            row = step[0] * i + gap[0] * p - pads.top
            column = step[1] * j + gap[1] * q - pads.left
            plane = x[n, first_channel + c]
            dweight[o, c, p, q] += gradient * pixel(plane, row, column, padding_mode)
            place = taken_from(row, column, size, padding_mode)
            if place is not None:
                dx[n, first_channel + c][place] += gradient * float(weight[o, c, p, q])
    return dx, dweight, dbias


def taken_from(row: int, column: int, size: tuple[int, int], mode: PaddingMode) -> tuple[int, int] | None:
    """Tell which pixel of a picture of this size a place of the padded picture shows; None for a zero.

    Examples
    --------
    >>> [taken_from(0, -1, (1, 3), mode) for mode in ("zeros", "reflect", "replicate", "circular")]
    [None, (0, 1), (0, 0), (0, 2)]
    """
    numbered = 1 + np.arange(size[0] * size[1]).reshape(size)
    number = int(pixel(numbered, row, column, mode))
    return divmod(number - 1, size[1]) if number else None


def pad2d_backward(dout: Numbers, pads: Pads, mode: PaddingMode = "zeros") -> Floats:
    """Give every pixel the gradients of the places that show it; dout (..., rows, columns).

    Examples
    --------
    >>> pad2d_backward(np.array([[1, 2, 30, 40, 50, 6, 7]]), Pads(0, 0, 2, 2), "circular").tolist()
    [[36.0, 48.0, 52.0]]
    """
    rows, columns = dout.shape[-2:]
    size = rows - pads.top - pads.bottom, columns - pads.left - pads.right
    dx = np.zeros((*dout.shape[:-2], *size))
    for i, j in np.ndindex(rows, columns):
        place = taken_from(i - pads.top, j - pads.left, size, mode)
        if place is not None:
            dx[..., place[0], place[1]] += dout[..., i, j]
    return dx


def max_pool2d_backward(dout: Numbers, indices: Numbers, in_shape: tuple[int, ...]) -> Floats:
    """Send every gradient to the pixel that was the maximum; dout (N, C, rows, columns).

    Examples
    --------
    >>> max_pool2d_backward(np.array([[[[5, 7]]]]), np.array([[[[4, 2]]]]), (1, 1, 2, 4)).tolist()
    [[[[0.0, 0.0, 7.0, 0.0], [5.0, 0.0, 0.0, 0.0]]]]
    """
    dx = np.zeros(in_shape)
    for n, c, i, j in np.ndindex(dout.shape):
        row, column = divmod(int(indices[n, c, i, j]), in_shape[3])
        dx[n, c, row, column] += float(dout[n, c, i, j])
    return dx


def avg_pool2d_backward(
    dout: Numbers,
    in_shape: tuple[int, ...],
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Floats:
    """Share every gradient out over the pixels that were averaged; arguments as in the fast one, dout (N, C, ...).

    Examples
    --------
    >>> avg_pool2d_backward(np.array([[[[4, 8]]]]), (1, 1, 1, 4), (1, 2)).tolist()
    [[[[2.0, 2.0, 4.0, 4.0]]]]
    """
    height, width = in_shape[2:]
    kernel, step = pair(kernel_size, "k"), pair(kernel_size if stride is None else stride, "s")
    pads = resolve_padding(padding, (height, width), kernel, step)
    assert dout.shape[2:] == conv_out_size((height, width), kernel, step, padding, 1, "avg", ceil_mode)
    dx = np.zeros(in_shape)
    for n, c, i, j in np.ndindex(dout.shape):
        places = [(step[0] * i + p - pads.top, step[1] * j + q - pads.left) for p, q in np.ndindex(kernel)]
        pixels = [place for place in places if 0 <= place[0] < height and 0 <= place[1] < width]
        padded = [
            place for place in places if place[0] < height + pads.bottom and place[1] < width + pads.right
        ]
        count = len(padded) if count_include_pad else len(pixels)
        for row, column in pixels:
            dx[n, c, row, column] += float(dout[n, c, i, j]) / count
    return dx


def global_avg_pool2d(x: Numbers) -> Floats:
    """Average every plane of x (N, C, H, W).

    Examples
    --------
    >>> global_avg_pool2d(np.array([[[[1, 3, 2]]]])).tolist()
    [[[[2.0]]]]
    """
    out = np.zeros((*x.shape[:2], 1, 1))
    for n, c in np.ndindex(x.shape[:2]):
        out[n, c, 0, 0] = sum(float(number) for number in x[n, c].ravel()) / x[n, c].size
    return out


def global_avg_pool2d_backward(dout: Numbers, in_shape: tuple[int, ...]) -> Floats:
    """Give every pixel its share; dout (N, C, 1, 1).

    Examples
    --------
    >>> global_avg_pool2d_backward(np.array([[[[12]]]]), (1, 1, 1, 3)).tolist()
    [[[[4.0, 4.0, 4.0]]]]
    """
    dx = np.zeros(in_shape)
    for n, c, row, column in np.ndindex(in_shape):
        dx[n, c, row, column] = float(dout[n, c, 0, 0]) / (in_shape[2] * in_shape[3])
    return dx


def global_max_pool2d(x: Numbers) -> tuple[Floats, Indices]:
    """Find the maximum of every plane of x (N, C, H, W) and its flat index.

    Examples
    --------
    >>> [answer.item() for answer in global_max_pool2d(np.array([[[[1, 3], [3, 2]]]]))]
    [3.0, 1]
    """
    out, indices = np.zeros((*x.shape[:2], 1, 1)), np.zeros((*x.shape[:2], 1, 1), np.int64)
    for n, c in np.ndindex(x.shape[:2]):
        best = -math.inf
        for place, number in enumerate(float(number) for number in x[n, c].ravel()):
            if place == 0 or number > best or math.isnan(number):
                best, indices[n, c, 0, 0] = number, place
        out[n, c, 0, 0] = best
    return out, indices
