"""Pooling layers forward: the maximum or the average of every window, in strips of rows."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.blocks import empty
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingArg, PairArg, extent
from cnnviz.engine.quiet import quiet
from cnnviz.engine.strips import STRIP_NUMBERS, Windows, strips, windows

Indices = npt.NDArray[np.int64]


def max_pool2d(
    x: npt.ArrayLike,
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    ceil_mode: bool = False,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> tuple[Array, Indices]:
    """Take the maximum of every window, and tell where it was.

    With s the stride, d the dilation, and padding that is never a maximum::

        out[n, c, i, j] = max over p, q of xpad[n, c, s*i + d*p, s*j + d*q]

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)
    kernel_size, dilation : int or (rows, columns)
    stride : int or (rows, columns), optional
        The kernel size when it is not given.
    padding : int, (rows, columns), (top, bottom, left, right), "valid", "same" or "full"
        At most d(f - 1) on each side (f - 1 without dilation), so that no window lies in the padding alone.
    ceil_mode : bool
        Round sizes up, see `out_size`.

    Returns
    -------
    out : array, (N, C, rows, columns) or (C, rows, columns)
        float32 and float64 are kept; whole numbers and booleans are computed in float64.
    indices : int64 array of the same shape
        Row * W + column of the maximum in the unpadded plane; of equal ones the first in row-major order. A
        NaN is the maximum of its window; of several the last is told, as in PyTorch.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or a size is not a whole number.
    BadInput
        If the rank is wrong, the window does not fit, or a window would hold no pixel.

    Examples
    --------
    >>> out, indices = max_pool2d([[[1, 3, 2, 2], [4, 0, 2, 1]]], 2)
    >>> out.tolist(), indices.tolist()
    ([[[4.0, 2.0]]], [[[4, 2]]])

    References
    ----------
    Dumoulin and Visin (2016), section 3; Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.3.
    """
    images, walk, batched = _prepared(x, kernel_size, stride, padding, dilation, ceil_mode, "max_pool2d")
    size = (*images.shape[:2], *walk.out)
    checks.room(size, "max_pool2d")
    out, indices = np.empty(size, images.dtype), np.empty(size, np.int64)
    for strip in strips(
        images, walk, value=-np.inf, beside=3 * images.shape[1] * walk.out[1], most=_strip_numbers
    ):
        part = (strip.samples, slice(None), strip.rows)
        padded = strip.padded.transpose(0, 2, 1, 3)
        out[part] = _maxima(padded, walk)
        indices[part] = _places(padded, out[part], strip.rows, walk, (images.shape[2], images.shape[3]))
    return (out, indices) if batched else (out[0], indices[0])


def window_maxima(
    x: npt.ArrayLike,
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    ceil_mode: bool = False,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Take the maximum of every window without asking where it was, in a third of the time.

    Arguments, formula, the first result and errors are those of `max_pool2d`.

    Examples
    --------
    >>> window_maxima([[[1, 3, 2, 2], [4, 0, 2, 1]]], 2).tolist()
    [[[4.0, 2.0]]]
    """
    images, walk, batched = _prepared(x, kernel_size, stride, padding, dilation, ceil_mode, "max_pool2d")
    out = empty((*images.shape[:2], *walk.out), images.dtype)
    beside = images.shape[1] * walk.out[1]
    for strip in strips(images, walk, value=-np.inf, beside=beside, most=_strip_numbers):
        out[strip.samples, :, strip.rows] = _maxima(strip.padded.transpose(0, 2, 1, 3), walk)
    return out if batched else out[0]


def avg_pool2d(
    x: npt.ArrayLike,
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Take the average of every window.

    With s the stride and zeros as padding::

        out[n, c, i, j] = (sum over p, q of xpad[n, c, s*i + p, s*j + q]) / count[i, j]

    where count is the number of cells of the window that lie in the padded picture, or, without
    `count_include_pad`, in the picture itself. What hangs over the end in `ceil_mode` is never counted.

    Parameters
    ----------
    x, kernel_size, stride, padding, ceil_mode
        As in `max_pool2d`.
    count_include_pad : bool
        Whether the zeros of the padding are counted.

    Returns
    -------
    array, (N, C, rows, columns) or (C, rows, columns)
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError, BadInput
        As in `max_pool2d`.

    Examples
    --------
    >>> avg_pool2d([[[1, 3, 2, 2], [4, 0, 2, 1]]], 2).tolist()
    [[[2.0, 1.75]]]

    References
    ----------
    Dumoulin and Visin (2016), section 3; Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.3.
    """
    images, walk, batched = _prepared(x, kernel_size, stride, padding, 1, ceil_mode, "avg_pool2d")
    out = empty((*images.shape[:2], *walk.out), images.dtype)
    rows = window_counts(walk, 0, images.shape[2], count_include_pad)
    columns = window_counts(walk, 1, images.shape[3], count_include_pad)
    with quiet():
        for strip in strips(images, walk, beside=images.shape[1] * walk.out[1], most=_strip_numbers):
            total = _sums(strip.padded.transpose(0, 2, 1, 3), walk)
            total /= np.multiply.outer(rows[strip.rows], columns).astype(out.dtype)
            out[strip.samples, :, strip.rows] = total
    return out if batched else out[0]


def _prepared(
    x: npt.ArrayLike,
    kernel_size: PairArg,
    stride: PairArg | None,
    padding: PaddingArg,
    dilation: PairArg,
    ceil_mode: bool,
    what: str,
) -> tuple[Array, Windows, bool]:
    """Check the arguments: the batch, its windows, and whether it was given as a batch."""
    given = checks.numbers(x, "x")
    (images,) = checks.floats(checks.batch(given, what))
    height, width = images.shape[2:]
    step = kernel_size if stride is None else stride
    walk = windows((height, width), kernel_size, step, padding, dilation, what, ceil_mode)
    reach = extent(walk.kernel[0], walk.dilation[0]), extent(walk.kernel[1], walk.dilation[1])
    checks.pooling_pads(walk.pads, reach, what)
    for axis, n in ((0, height), (1, width)):
        # Without dilation the rule above is enough.
        if walk.dilation[axis] > 1 and not _count_within(walk, axis, 0, n).all():
            raise BadInput(
                f"{what}: with dilation {walk.dilation[axis]} a window steps over the {n} "
                f"{('rows', 'columns')[axis]} of the picture: choose less dilation or less padding"
            )
    return images, walk, given.ndim == 4


def _maxima(padded: Array, walk: Windows) -> Array:
    """Compare columns, then rows: slices are much faster than one maximum over a view of all windows."""
    wide = padded[..., _taps(walk, 1, 0)].copy()
    for column in range(1, walk.kernel[1]):
        np.maximum(wide, padded[..., _taps(walk, 1, column)], out=wide)
    rows = (padded.shape[2] - extent(walk.kernel[0], walk.dilation[0])) // walk.stride[0] + 1
    best = wide[:, :, _taps(walk, 0, 0, rows)].copy()
    for row in range(1, walk.kernel[0]):
        np.maximum(best, wide[:, :, _taps(walk, 0, row, rows)], out=best)
    return best


def _sums(padded: Array, walk: Windows) -> Array:
    """Add columns, then rows."""
    wide = padded[..., _taps(walk, 1, 0)].copy()
    for column in range(1, walk.kernel[1]):
        wide += padded[..., _taps(walk, 1, column)]
    rows = (padded.shape[2] - walk.kernel[0]) // walk.stride[0] + 1
    total = wide[:, :, _taps(walk, 0, 0, rows)].copy()
    for row in range(1, walk.kernel[0]):
        total += wide[:, :, _taps(walk, 0, row, rows)]
    return total


def _taps(walk: Windows, axis: int, place: int, count: int = 0) -> slice:
    """Cut out, along one axis, what stands at one place of every window."""
    first = place * walk.dilation[axis]
    return slice(first, first + ((count or walk.out[axis]) - 1) * walk.stride[axis] + 1, walk.stride[axis])


def _places(padded: Array, best: Array, rows: slice, walk: Windows, in_size: tuple[int, int]) -> Indices:
    """Find the flat index of every maximum on the unpadded plane: the first of equal ones, the last NaN.

    Every place of the window has a rank, the first the highest; the best rank among those that hold the
    maximum wins. Small whole numbers keep this arithmetic fast, where writing under a mask is slow.
    """
    count = walk.kernel[0] * walk.kernel[1]
    first = np.zeros(best.shape, np.min_scalar_type(count))
    last_nan = np.zeros_like(first)
    any_nan = bool(np.isnan(best).any())
    for place, (p, q) in enumerate(np.ndindex(walk.kernel)):
        # Only windows whose place lies on the picture: -inf may be a maximum, padding never.
        high, _ = met(walk.dilation[0] * p - walk.pads.top, walk.stride[0], rows.start, rows.stop, in_size[0])
        across, _ = met(walk.dilation[1] * q - walk.pads.left, walk.stride[1], 0, walk.out[1], in_size[1])
        part = ..., slice(high.start - rows.start, high.stop - rows.start), across
        here = padded[:, :, _taps(walk, 0, p, rows.stop - rows.start), _taps(walk, 1, q)][part]
        hit = np.equal(here, best[part])
        np.maximum(first[part], hit.view(np.uint8) * first.dtype.type(count - place), out=first[part])
        if any_nan:
            lost = np.isnan(here).view(np.uint8) * first.dtype.type(place + 1)
            np.maximum(last_nan[part], lost, out=last_nan[part])
    found = np.where(last_nan > 0, last_nan - 1, count - first) if any_nan else count - first
    offsets = np.add.outer(
        np.arange(walk.kernel[0]) * (walk.dilation[0] * in_size[1]),
        np.arange(walk.kernel[1]) * walk.dilation[1],
    )
    places: Indices = offsets.ravel().take(found)
    places += np.add.outer(_starts(walk, 0)[rows] * in_size[1], _starts(walk, 1))
    return places


def _starts(walk: Windows, axis: int) -> Indices:
    """Say where on the unpadded picture each window begins, along one axis."""
    before = (walk.pads.top, walk.pads.left)[axis]
    return np.arange(walk.out[axis], dtype=np.int64) * walk.stride[axis] - before


def met(offset: int, stride: int, start: int, stop: int, n: int) -> tuple[slice, slice]:
    """Find which windows start ... stop - 1 have the place s*i + offset on the n rows (or columns), and these.

    Examples
    --------
    >>> met(-1, 2, 0, 4, 6)
    (slice(1, 4, None), slice(1, 6, 2))
    """
    first = max(start, -(offset // stride))
    last = max(first, min(stop, (n - 1 - offset) // stride + 1))
    begin = first * stride + offset
    return slice(first, last), slice(begin, begin + max((last - first - 1) * stride + 1, 0), stride)


def window_counts(walk: Windows, axis: int, n: int, include_pad: bool) -> Indices:
    """Count the rows (or columns) that an average is over, for each row (or column) of the output."""
    before, after = ((walk.pads.top, walk.pads.bottom), (walk.pads.left, walk.pads.right))[axis]
    amounts = (before, after) if include_pad else (0, 0)
    return _count_within(walk, axis, -amounts[0], n + amounts[1])


def _count_within(walk: Windows, axis: int, begin: int, end: int) -> Indices:
    """Count, for each window, its places from `begin` to `end` - 1 along one axis."""
    starts, apart, most = _starts(walk, axis), walk.dilation[axis], walk.kernel[axis]
    # Place p stands at start + d*p, so the first at or after a point is that point minus the start over d, rounded up.
    first, last = (np.minimum(np.maximum(-((starts - point) // apart), 0), most) for point in (begin, end))
    return np.asarray(last - first)
