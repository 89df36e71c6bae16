"""Transposed convolution and the convolution of lines as plain loops, with their gradients: prose, and an oracle."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.geometry import PairArg, extent, out_size, pair
from cnnviz.engine.naive import Floats

Numbers = npt.NDArray[Any]


def conv_transpose2d(
    x: Numbers,
    weight: Numbers,
    bias: Numbers | None = None,
    stride: PairArg = 1,
    padding: PairArg = 0,
    output_padding: PairArg = 0,
    groups: int = 1,
    dilation: PairArg = 1,
) -> Floats:
    """Add the kernel, times the number, at the place of every number; arguments as in the fast one, x (N, C, H, W).

    Examples
    --------
    >>> conv_transpose2d(np.array([[[[1, 2]]]]), np.array([[[[1, 10, 100]]]]), None, (1, 2)).tolist()
    [[[[1.0, 10.0, 102.0, 20.0, 200.0]]]]
    """
    size = _size(x, weight, stride, padding, output_padding, dilation)
    out = np.zeros((len(x), weight.shape[1] * groups, *size))
    for here, tap, there in _products(x, weight, size, stride, padding, groups, dilation):
        out[there] += float(x[here]) * float(weight[tap])
    if bias is not None:
        for o in range(out.shape[1]):
            out[:, o] += float(bias[o])
    return out


def conv_transpose2d_backward(
    dout: Numbers,
    x: Numbers,
    weight: Numbers,
    stride: PairArg = 1,
    padding: PairArg = 0,
    output_padding: PairArg = 0,
    groups: int = 1,
    dilation: PairArg = 1,
) -> tuple[Floats, Floats, Floats]:
    """Send the gradient of every cell back over each of its products; arguments as in the fast one.

    Examples
    --------
    >>> x, weight = np.array([[[[1, 2]]]]), np.array([[[[1, 10, 100]]]])
    >>> dx, dweight, dbias = conv_transpose2d_backward(np.array([[[[1, 2, 3, 4, 5]]]]), x, weight, (1, 2))
    >>> dx.tolist(), dweight.tolist(), dbias.tolist()
    ([[[[321.0, 543.0]]]], [[[[7.0, 10.0, 13.0]]]], [15.0])
    """
    size = _size(x, weight, stride, padding, output_padding, dilation)
    dx, dweight, dbias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(weight.shape[1] * groups)
    for here, tap, there in _products(x, weight, size, stride, padding, groups, dilation):
        dx[here] += float(dout[there]) * float(weight[tap])
        dweight[tap] += float(dout[there]) * float(x[here])
    for n, o, u, v in np.ndindex(dout.shape):
        dbias[o] += float(dout[n, o, u, v])
    return dx, dweight, dbias


def _size(
    x: Numbers, weight: Numbers, stride: PairArg, padding: PairArg, more: PairArg, dilation: PairArg
) -> tuple[int, int]:
    """Count rows and columns: the kernels at their places, without the padding, and what is asked for more."""
    steps, pads, ends, gaps = (pair(value, "value", least=0) for value in (stride, padding, more, dilation))
    rows, columns = (
        (x.shape[2 + axis] - 1) * steps[axis]
        + extent(weight.shape[2 + axis], gaps[axis])
        + ends[axis]
        - 2 * pads[axis]
        for axis in (0, 1)
    )
    return rows, columns


def _products(
    x: Numbers,
    weight: Numbers,
    size: tuple[int, int],
    stride: PairArg,
    padding: PairArg,
    groups: int,
    dilation: PairArg,
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    """List every product: where its number stands in x, its weight, and the cell it is added to."""
    step, pad, gap = pair(stride, "s"), pair(padding, "p", least=0), pair(dilation, "d")
    for n, c, i, j in np.ndindex(x.shape):
        group = c // (x.shape[1] // groups)
        for o, p, q in np.ndindex(weight.shape[1:]):
            u, v = step[0] * i + gap[0] * p - pad[0], step[1] * j + gap[1] * q - pad[1]
            if 0 <= u < size[0] and 0 <= v < size[1]:
                yield (n, c, i, j), (c, o, p, q), (n, group * weight.shape[1] + o, u, v)


def conv1d(
    x: Numbers,
    weight: Numbers,
    bias: Numbers | None = None,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Floats:
    """Cross-correlation of lines x (N, C, L), zeros around them, with kernels (O, C, size).

    Examples
    --------
    >>> conv1d(np.array([[[0, 1, 2, 3]]]), np.array([[[1, 2]]])).tolist()
    [[[2.0, 5.0, 8.0]]]
    """
    samples, channels, length = x.shape
    kernels, _, kernel_size = weight.shape
    out = np.zeros((samples, kernels, out_size(length, kernel_size, stride, padding, padding, dilation)))
    for n, o, i in np.ndindex(out.shape):
        total = 0.0 if bias is None else float(bias[o])
        for c, p in np.ndindex(channels, kernel_size):
            place = stride * i + dilation * p - padding
            if 0 <= place < length:
                total += float(weight[o, c, p]) * float(x[n, c, place])
        out[n, o, i] = total
    return out


def conv1d_backward(
    dout: Numbers, x: Numbers, weight: Numbers, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[Floats, Floats, Floats]:
    """Send the gradient of every cell back over each of its products; arguments as in `conv1d`.

    Examples
    --------
    >>> [d.tolist() for d in conv1d_backward(np.array([[[1, 10]]]), np.array([[[1, 2, 3]]]), np.array([[[4, 5]]]))]
    [[[[4.0, 45.0, 50.0]]], [[[21.0, 32.0]]], [11.0]]
    """
    dx, dweight, dbias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(len(weight))
    for n, o, i in np.ndindex(dout.shape):
        gradient = float(dout[n, o, i])
        dbias[o] += gradient
        for c, p in np.ndindex(weight.shape[1:]):
            place = stride * i + dilation * p - padding
            if 0 <= place < x.shape[2]:
                dx[n, c, place] += gradient * float(weight[o, c, p])
                dweight[o, c, p] += gradient * float(x[n, c, place])
    return dx, dweight, dbias
