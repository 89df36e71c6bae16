"""The same operations as plain loops: slow, obvious, to be read as prose, and an oracle for the fast ones."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import padding_fits
from cnnviz.engine.geometry import (
    PaddingArg,
    PaddingMode,
    Pads,
    PairArg,
    conv_out_size,
    pair,
    resolve_padding,
)

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def conv2d(
    x: npt.NDArray[Any],
    weight: npt.NDArray[Any],
    bias: npt.NDArray[Any] | None = None,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Floats:
    """Cross-correlation, cell by cell; arguments as in `cnnviz.engine.conv2d`, x (N, C, H, W).

    Examples
    --------
    >>> conv2d(np.array([[[[1, 2, 3]]]]), np.array([[[[1, 10]]]])).tolist()
    [[[[21.0, 32.0]]]]
    """
    samples, _, height, width = x.shape
    out_channels, group_channels, kernel_rows, kernel_columns = weight.shape
    (row_step, column_step), (row_gap, column_gap) = pair(stride, "stride"), pair(dilation, "dilation")
    kernel_size = kernel_rows, kernel_columns
    pads = resolve_padding(padding, (height, width), kernel_size, stride, dilation)
    padding_fits((height, width), pads, padding_mode)
    rows, columns = conv_out_size((height, width), kernel_size, stride, padding, dilation)
    out = np.zeros((samples, out_channels, rows, columns))
    for n, o, i, j in np.ndindex(out.shape):
        group = o // (out_channels // groups)
        total = 0.0
        for c, p, q in np.ndindex(group_channels, kernel_rows, kernel_columns):
            row = row_step * i + row_gap * p - pads.top
            column = column_step * j + column_gap * q - pads.left
            plane = x[n, group * group_channels + c]
            total += float(weight[o, c, p, q]) * pixel(plane, row, column, padding_mode)
        out[n, o, i, j] = total if bias is None else total + float(bias[o])
    return out


def pixel(plane: npt.NDArray[Any], row: int, column: int, mode: PaddingMode = "zeros") -> float:
    """Read one pixel of a plane (H, W) that may lie outside of it, in the padding.

    Examples
    --------
    >>> [pixel(np.array([[1, 2, 3]]), 0, -1, mode) for mode in ("zeros", "reflect", "replicate", "circular")]
    [0.0, 2.0, 1.0, 3.0]
    """
    height, width = plane.shape
    if mode == "zeros" and not (0 <= row < height and 0 <= column < width):
        return 0.0
    return float(plane[_at(row, height, mode), _at(column, width, mode)])


def _at(index: int, n: int, mode: PaddingMode) -> int:
    """Tell which row or column a place outside is filled from; it lies at most one picture away."""
    if index < 0:
        return {"reflect": -index, "replicate": 0, "circular": index + n}[mode]
    if index >= n:
        return {"reflect": 2 * (n - 1) - index, "replicate": n - 1, "circular": index - n}[mode]
    return index


def relu(x: npt.NDArray[Any]) -> Floats:
    """Keep what is positive, cut what is negative to zero, and let NaN through.

    Examples
    --------
    >>> relu(np.array([-30, 0, 30])).tolist()
    [0.0, 0.0, 30.0]
    """
    out = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        number = float(x[place])
        out[place] = number if number > 0 or math.isnan(number) else 0.0
    return out


def max_pool2d(
    x: npt.NDArray[Any],
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    ceil_mode: bool = False,
) -> tuple[Floats, Indices]:
    """Maximum of every window and its flat index; arguments as in `cnnviz.engine.max_pool2d`, x (N, C, H, W).

    Examples
    --------
    >>> out, indices = max_pool2d(np.array([[[[1, 3, 2], [4, 0, 9]]]]), 2)
    >>> out.tolist(), indices.tolist()
    ([[[[4.0]]]], [[[[3]]]])
    """
    height, width = x.shape[2:]
    step = kernel_size if stride is None else stride
    pads = resolve_padding(padding, (height, width), kernel_size, step, dilation)
    rows, columns = conv_out_size(
        (height, width), kernel_size, step, padding, dilation, "max_pool2d", ceil_mode
    )
    out = np.zeros((*x.shape[:2], rows, columns))
    indices = np.zeros(out.shape, np.int64)
    for n, c, i, j in np.ndindex(out.shape):
        best = None
        for row, column in _window(i, j, pair(kernel_size, "k"), pair(step, "s"), pair(dilation, "d"), pads):
            if not (0 <= row < height and 0 <= column < width):
                continue
            number = float(x[n, c, row, column])
            if best is None or number > best or math.isnan(number):
                best = number
                indices[n, c, i, j] = row * width + column
        assert best is not None, "a window that holds no pixel is refused before"
        out[n, c, i, j] = best
    return out, indices


def avg_pool2d(
    x: npt.NDArray[Any],
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Floats:
    """Average of every window; arguments as in `cnnviz.engine.avg_pool2d`, x (N, C, H, W).

    Examples
    --------
    >>> avg_pool2d(np.array([[[[1, 3], [4, 0]]]]), 2).tolist()
    [[[[2.0]]]]
    """
    height, width = x.shape[2:]
    step = kernel_size if stride is None else stride
    pads = resolve_padding(padding, (height, width), kernel_size, step)
    rows, columns = conv_out_size((height, width), kernel_size, step, padding, 1, "avg_pool2d", ceil_mode)
    out = np.zeros((*x.shape[:2], rows, columns))
    for n, c, i, j in np.ndindex(out.shape):
        total, count = 0.0, 0
        for row, column in _window(i, j, pair(kernel_size, "k"), pair(step, "s"), (1, 1), pads):
            if 0 <= row < height and 0 <= column < width:
                total += float(x[n, c, row, column])
                count += 1
            elif count_include_pad and row < height + pads.bottom and column < width + pads.right:
                count += 1
        out[n, c, i, j] = total / count
    return out


def _window(
    i: int, j: int, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int], pads: Pads
) -> list[tuple[int, int]]:
    """List the rows and columns of the picture under the window of output cell (i, j), in row-major order."""
    top, left = stride[0] * i - pads.top, stride[1] * j - pads.left
    return [(top + dilation[0] * p, left + dilation[1] * q) for p, q in np.ndindex(kernel)]
