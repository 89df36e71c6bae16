"""Convolution layers backward: the gradients of the input, the weight and the bias."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.blocks import empty
from cnnviz.engine.checks import Array
from cnnviz.engine.geometry import PaddingArg, PaddingMode, Pads, PairArg, channels_of, whole
from cnnviz.engine.padding_backward import fold
from cnnviz.engine.quiet import quiet
from cnnviz.engine.row_products import Slide, correlate, correlate_weight
from cnnviz.engine.strips import STRIP_NUMBERS, Windows, windows


def conv2d_backward(
    dout: npt.ArrayLike,
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> tuple[Array, Array, Array]:
    """Give the gradients of `conv2d` with respect to the input, the weight and the bias.

    With s the stride, d the dilation, and dout the gradient of the loss with respect to the output::

        dxpad[n, c, u, v] = sum over o, p, q of weight[o, c, p, q] * dout[n, o, i, j],  s*i + d*p = u, s*j + d*q = v
        dweight[o, c, p, q] = sum over n, i, j of dout[n, o, i, j] * xpad[n, c, s*i + d*p, s*j + d*q]
        dbias[o] = sum over n, i, j of dout[n, o, i, j]

    The first is the full cross-correlation of dout, with s - 1 zeros between its cells, with the kernels turned by
    180 degrees and their channels swapped (the zeros are skipped, not multiplied); dx is dxpad with its border folded
    back as the padding mode took it, see `pad2d_backward`.

    Parameters
    ----------
    dout : array_like, (N, O, rows, columns), or (O, rows, columns) where x has no N
    x, weight, stride, padding, dilation, groups, padding_mode
        As they were given to `conv2d`.

    Returns
    -------
    dx, dweight : array of the shape of x, of weight
    dbias : array, (O,)
        Given also when there was no bias. Types as in `conv2d`.

    Raises
    ------
    TypeError, BadInput
        As in `conv2d`; BadInput also if dout has not the shape of the output.

    Examples
    --------
    >>> dx, dweight, dbias = conv2d_backward([[[1, 10]]], [[[1, 2, 3]]], [[[[4, 5]]]])
    >>> dx.tolist(), dweight.tolist(), dbias.tolist()
    ([[[4.0, 45.0, 50.0]]], [[[[21.0, 32.0]]]], [11.0])

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 4.
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.5 (equations 9.11 and 9.13).
    """
    given = checks.numbers(x, "x")
    images, kernels = checks.batch(given, "conv2d_backward"), checks.numbers(weight, "weight")
    groups = whole(groups, "groups")
    checks.convolution_shapes(images.shape, kernels.shape, None, groups, "conv2d_backward")
    size = images.shape[2], images.shape[3]
    walk = windows(size, kernels.shape[2:], stride, padding, dilation, "conv2d_backward")
    checks.padding_fits(size, walk.pads, padding_mode)
    expected = (len(images), len(kernels), *walk.out)
    gradient = checks.numbers(dout, "dout")
    incoming.same_shape(gradient, expected[4 - given.ndim :], "conv2d_backward")
    gradient, images, kernels = checks.floats(gradient.reshape(expected), images, kernels)
    with quiet():
        dx = input_gradient(gradient, kernels, walk, size, groups, padding_mode, _strip_numbers)
        dweight = weight_gradient(gradient, images, walk, groups, padding_mode, _strip_numbers)
        dbias = gradient.sum(axis=(2, 3)).sum(axis=0)
    return dx.reshape(given.shape), dweight, dbias


def input_gradient(
    dout: Array,
    weight: Array,
    walk: Windows,
    in_size: tuple[int, int],
    groups: int,
    mode: str = "zeros",
    most: int = STRIP_NUMBERS,
) -> Array:
    """Give the gradient (N, C, *in_size) of the input; it is also what a transposed convolution computes."""
    folded = mode != "zeros" and any(walk.pads)
    pads = walk.pads if folded else Pads(0, 0, 0, 0)
    size = pads.top + in_size[0] + pads.bottom, pads.left + in_size[1] + pads.right
    before = (0, 0) if folded else (walk.pads.top, walk.pads.left)
    dx = empty((len(dout), weight.shape[1] * groups, *size), dout.dtype)
    if walk.stride != (1, 1):  # else every place is written to
        dx.fill(0)
    # Zeros around dout meet every weight in a correlation; times infinity they would be NaN where nothing is.
    spread = _correlate_turned if np.isfinite(weight).all() else _scatter
    for group in range(groups):
        ins, outs = channels_of(group, groups, dx.shape[1]), channels_of(group, groups, dout.shape[1])
        spread(dout[:, outs], weight[outs], walk, before, dx[:, ins], most)
    return fold(dx, pads, mode) if folded else dx


def weight_gradient(
    dout: Array, x: Array, walk: Windows, groups: int, mode: str = "zeros", most: int = STRIP_NUMBERS
) -> Array:
    """Give the gradient (O, C / groups, kernel rows, kernel columns) of the weight."""
    channels, out_channels = x.shape[1], dout.shape[1]
    dweight = np.empty((out_channels, channels // groups, *walk.kernel), x.dtype)
    for group in range(groups):
        ins, outs = channels_of(group, groups, channels), channels_of(group, groups, out_channels)
        dweight[outs] = correlate_weight(dout[:, outs], x[:, ins], walk, mode, most)
    return dweight


class _Taps(NamedTuple):
    """The kernel rows (or columns) that meet one residue of the input's rows modulo the stride."""

    first: int  # row of dx, the first of this residue
    taps: slice  # kernel rows
    before: int  # zeros before dout
    dilation: int  # rows of dout from one tap to the next


def _residues(kernel: int, stride: int, dilation: int, padded: int) -> Iterator[_Taps]:
    """Take the places u of the input apart by u modulo s, so that no zero between the cells of dout is multiplied.

    Tap p meets the places with u + padding = s*i + d*p. With g = gcd(s, d) every (s/g)-th tap meets the same places,
    and from one of them to the next i falls by d/g.
    """
    common = math.gcd(stride, dilation)
    apart = stride // common
    for tap in range(min(apart, kernel)):
        first = (dilation * tap - padded) % stride
        count = len(range(tap, kernel, apart))
        ahead = (first + padded - dilation * tap) // stride
        between = dilation // common
        yield _Taps(first, slice(tap, None, apart), (count - 1) * between - ahead, between)


def _correlate_turned(
    dout: Array, weight: Array, walk: Windows, before: tuple[int, int], dx: Array, most: int
) -> None:
    """Correlate dout with the turned kernels, one residue of rows and columns after the other."""
    turned = weight.swapaxes(0, 1)
    for rows in _residues(walk.kernel[0], walk.stride[0], walk.dilation[0], before[0]):
        for columns in _residues(walk.kernel[1], walk.stride[1], walk.dilation[1], before[1]):
            target = dx[:, :, rows.first :: walk.stride[0], columns.first :: walk.stride[1]]
            taps = turned[:, :, rows.taps, columns.taps][:, :, ::-1, ::-1]
            slide = Slide((rows.before, columns.before), (rows.dilation, columns.dilation))
            if target.size:
                correlate(dout, taps, slide, target, most)


def _scatter(
    dout: Array, weight: Array, walk: Windows, before: tuple[int, int], dx: Array, _most: int
) -> None:
    """Add what each weight sends to the places it met, a sample at a time: no zero is ever multiplied."""
    height, width = dx.shape[2:]
    (top, left), (rows, columns) = before, dout.shape[2:]
    high = max(top + height, (rows - 1) * walk.stride[0] + walk.dilation[0] * (walk.kernel[0] - 1) + 1)
    wide = max(left + width, (columns - 1) * walk.stride[1] + walk.dilation[1] * (walk.kernel[1] - 1) + 1)
    for sample, gradient in enumerate(dout):
        padded = np.zeros((dx.shape[1], high, wide), dx.dtype)
        for p, q in np.ndindex(walk.kernel):
            row, column = p * walk.dilation[0], q * walk.dilation[1]
            met = padded[:, row :: walk.stride[0], column :: walk.stride[1]][:, :rows, :columns]
            met += np.tensordot(weight[:, :, p, q], gradient, (0, 0))
        dx[sample] = padded[:, top : top + height, left : left + width]
