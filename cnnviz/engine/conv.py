"""Convolution layers forward: cross-correlation with stride, padding, dilation and groups, strip by strip."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.blocks import empty
from cnnviz.engine.checks import Array
from cnnviz.engine.flat import correlate_flat, numbers_each
from cnnviz.engine.geometry import PaddingArg, PaddingMode, PairArg, channels_of, whole
from cnnviz.engine.large import correlate_wide, fits
from cnnviz.engine.quiet import quiet
from cnnviz.engine.row_products import Slide, correlate
from cnnviz.engine.strips import STRIP_NUMBERS, Windows, input_size, strips, windows
from cnnviz.engine.threads import side_by_side, turns_for

# Up to this many output channels x kernel columns, one product for all kernel columns at once is faster.
_FEW = 32
# Up to this many places of a window, small pictures are fastest when all windows of a sample are kept at once.
_FLAT = 160
# Numbers of those windows kept at once: so few that they stay in the cache.
_FLAT_NUMBERS = 500_000
# Samples from which it pays to pack them side by side, how many a thread takes at once, and the numbers of a pack.
_MANY = 8
_GROUP = 32
_PACKED_NUMBERS = 300_000
# Columns of output from which a row is an operand by itself.
_WIDE = 64


def conv2d(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Slide kernels over pictures and sum the products (cross-correlation, as in torch.nn.functional.conv2d).

    With s the stride, d the dilation and xpad the padded picture::

        out[n, o, i, j] = bias[o] + sum over c, p, q of weight[o, c, p, q] * xpad[n, c, s*i + d*p, s*j + d*q]

    With g groups, output channel o sees the C/g input channels of its group only. True convolution is the
    same with the kernel turned by 180 degrees.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)
    weight : array_like, (O, C/g, kernel rows, kernel columns)
    bias : array_like, (O,), optional
    stride, dilation : int or (rows, columns)
    padding : int, (rows, columns), (top, bottom, left, right), "valid", "same" or "full"
        See `resolve_padding`.
    groups : int
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        See `pad2d`.

    Returns
    -------
    array, (N, O, rows, columns), or (O, rows, columns) for a picture without N
        Fresh, C-contiguous, and the same bytes for the same input on any number of threads. Sizes as in
        `conv_out_size`. float32 and float64 are kept, mixed they give float64. Whole numbers and booleans take
        the floating-point type of the other arguments, and float64 when there is none.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a size is not a whole number.
    BadInput
        If shapes, channels or groups do not fit, or the kernel does not fit the padded picture even once.

    Examples
    --------
    >>> edge = [[10, 10, 10, 0, 0, 0]] * 6
    >>> conv2d([edge], [[[[1, 0, -1]] * 3]])[0, 0].tolist()
    [0.0, 30.0, 30.0, 0.0]

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 2.
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.1 (equation 9.6) and 9.5.
    """
    given = [checks.numbers(x, "x"), checks.numbers(weight, "weight")]
    if bias is not None:
        given.append(checks.numbers(bias, "bias"))
    images, kernels, *offsets = given
    images = checks.batch(images, "conv2d")
    groups = whole(groups, "groups")
    checks.convolution_shapes(images.shape, kernels.shape, offsets[0].shape if offsets else None, groups)
    height, width = images.shape[2:]
    walk = windows((height, width), kernels.shape[2:], stride, padding, dilation, "conv2d")
    checks.padding_fits((height, width), walk.pads, padding_mode)
    images, kernels, *offsets = checks.floats(images, kernels, *offsets)
    size = len(images), len(kernels), *walk.out
    checks.room(size, "conv2d", itemsize=images.itemsize)
    out = empty(size, images.dtype)
    turns = turns_for(out.size * kernels[0].size, out.size)

    def work(turn: int) -> None:
        with quiet():
            for group in range(groups):
                ins = channels_of(group, groups, images.shape[1])
                outs = channels_of(group, groups, len(kernels))
                part = _Part(images[:, ins], kernels[outs], walk, padding_mode, out[:, outs])
                _correlate(part, _strip_numbers, turn, turns)

    side_by_side(work, turns)
    if offsets:
        with quiet():
            out += offsets[0][:, np.newaxis, np.newaxis]
    return out if given[0].ndim == 4 else out[0]


class _Part(NamedTuple):
    """One group of a convolution: what goes in, how the window walks, and where to write."""

    x: Array
    weight: Array
    walk: Windows
    mode: str
    out: Array


def _correlate(part: _Part, most: int, turn: int, turns: int) -> None:
    """Write one turn of the cross-correlation of one group, by the form that is fastest for it."""
    x, weight, walk, mode, out = part
    if _is_small(part, most):
        share = slice(len(x) * turn // turns, len(x) * (turn + 1) // turns)
        correlate_flat(x[share], weight, walk, mode, out[share], min(most, _FLAT_NUMBERS))
        return
    if fits(walk) and walk.out[1] >= _WIDE:
        correlate_wide(x, weight, walk, mode, out, most, turn, turns)
        return
    if walk.stride == (1, 1) and len(x) >= _MANY and (mode == "zeros" or not any(walk.pads)):
        slide = Slide((walk.pads.top, walk.pads.left), walk.dilation)
        for first in range(turn * _GROUP, len(x), turns * _GROUP):
            group = slice(first, first + _GROUP)
            correlate(x[group], weight, slide, out[group], min(most, _PACKED_NUMBERS))
        return
    product, beside = _by_columns(weight, walk)
    for strip in strips(x, walk, mode, beside=beside, most=most // -(-turns // 2), turn=turn, turns=turns):
        product(strip.padded, out[strip.samples, :, strip.rows].transpose(0, 2, 1, 3))


def _is_small(part: _Part, most: int) -> bool:
    """Tell whether all windows of a sample, with few places each, are kept at once."""
    few = part.weight[0].size <= _FLAT
    return few and part.walk.stride == (1, 1) and numbers_each(part.weight, part.walk) <= most


def _by_columns(weight: Array, walk: Windows) -> tuple[Callable[[Array, Array], None], int]:
    """Multiply by kernel columns, at once where they are few."""
    out_channels, channels, kernel_rows, kernel_columns = weight.shape
    # One matrix for each kernel column: (output channels) x (kernel rows, channels).
    matrices = np.ascontiguousarray(weight.transpose(3, 0, 2, 1)).reshape(kernel_columns, out_channels, -1)
    at_once = walk.stride[1] == 1 and out_channels * kernel_columns <= _FEW
    beside = out_channels * walk.out[1] * (kernel_columns if at_once else 1)
    if walk.dilation[0] > 1:  # the rows of a window are copied together, see _window_rows
        beside += channels * kernel_rows * input_size(walk, 1)[1]
    form = _all_columns if at_once else _column_by_column
    return lambda padded, target: form(padded, matrices, walk, target), beside


def _all_columns(padded: Array, columns: Array, walk: Windows, target: Array) -> None:
    """Multiply by all kernel columns at once, then add up what they give, each one place further right."""
    kernel_columns, out_channels, _ = columns.shape
    products = columns.reshape(kernel_columns * out_channels, -1) @ _window_rows(padded, walk)
    products = products.reshape(*products.shape[:2], kernel_columns, out_channels, -1)
    n, row, column, channel, number = products.strides
    # The view reads column q of the kernel d*q places further right; it ends where the padded picture ends.
    shifted = np.lib.stride_tricks.as_strided(
        products,
        (*products.shape[:4], walk.out[1]),
        (n, row, column + walk.dilation[1] * number, channel, number),
        writeable=False,
    )
    np.add.reduce(shifted, axis=2, out=target)


def _column_by_column(padded: Array, columns: Array, walk: Windows, target: Array) -> None:
    """Multiply by one kernel column after the other and add up, so that only one product is kept."""
    step = walk.stride[1]
    used = {q * walk.dilation[1] % step for q in range(len(columns))}
    phases = {phase: _window_rows(padded[..., phase::step], walk) for phase in used}
    product = np.empty(target.shape, target.dtype)
    for q, column in enumerate(columns):
        first, phase = divmod(q * walk.dilation[1], step)
        seen = phases[phase][..., first : first + walk.out[1]]
        if q == 0:
            np.matmul(column, seen, out=target)
        else:
            target += np.matmul(column, seen, out=product)


def _window_rows(padded: Array, walk: Windows) -> Array:
    """See (n, input rows, channels, columns) as (n, output rows, kernel rows and channels, columns).

    Without dilation this is a view: the rows of a window lie behind each other, and windows overlap. Every
    stride-th column is copied first, because BLAS reads neighbours only.
    """
    packed = np.ascontiguousarray(padded)
    reach = walk.dilation[0] * (walk.kernel[0] - 1) + 1
    rows = np.lib.stride_tricks.sliding_window_view(packed, reach, axis=1)[
        :, :: walk.stride[0], ..., :: walk.dilation[0]
    ]
    stacked = rows.transpose(0, 1, 4, 2, 3)
    return stacked.reshape(*stacked.shape[:2], -1, stacked.shape[-1])
