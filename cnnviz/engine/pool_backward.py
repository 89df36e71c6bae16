"""Pooling layers backward: the gradient goes to the maximum, or is shared out over the window."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingArg, PairArg, shape_of
from cnnviz.engine.pool import met, window_counts
from cnnviz.engine.quiet import quiet
from cnnviz.engine.strips import STRIP_NUMBERS, Windows, windows


def max_pool2d_backward(
    dout: npt.ArrayLike,
    indices: npt.ArrayLike,
    in_shape: tuple[int, ...],
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Give the gradient of `max_pool2d`: every window sends its gradient to the pixel that was its maximum.

    ``dx[n, c, u, v] = sum of dout[n, c, i, j] over the i, j with indices[n, c, i, j] = u*W + v``. A pixel that won
    several windows gets the sum, one that won none gets 0. The places are in the indices, so the window's size,
    stride and padding are not asked for again.

    Parameters
    ----------
    dout : array_like, (N, C, rows, columns) or (C, rows, columns)
    indices : array_like of int, the same shape
        As `max_pool2d` gave them.
    in_shape : (N, C, H, W) or (C, H, W)
        Shape of the input of `max_pool2d`.

    Returns
    -------
    array of shape `in_shape`
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers or `indices` whole numbers.
    BadInput
        If the shapes do not fit, or an index lies outside the plane.

    Examples
    --------
    >>> max_pool2d_backward([[[5, 7]]], [[[4, 2]]], (1, 2, 4)).tolist()
    [[[0.0, 0.0, 7.0, 0.0], [5.0, 0.0, 0.0, 0.0]]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, sections 6.5 and 9.3.
    """
    what = "max_pool2d_backward"
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    places = checks.rows(indices, "indices")
    if places.dtype.kind not in "iu":
        raise TypeError(f"indices must hold whole numbers, not {places.dtype}")
    shape = _fitting_shape(in_shape, gradient.shape, what)
    incoming.same_shape(places, gradient.shape, what, "indices")
    plane = shape[-2] * shape[-1]
    if places.size and not 0 <= int(places.min()) <= int(places.max()) < plane:
        raise BadInput(
            f"{what}: indices run from {places.min()} to {places.max()}, "
            f"but a plane {shape[-2]}x{shape[-1]} has the places 0 to {plane - 1}"
        )
    dx = np.zeros(shape, gradient.dtype)
    with quiet():
        _route(gradient, places.astype(np.intp, copy=False), dx.reshape(-1, plane), _strip_numbers)
    return dx


def _route(gradient: Array, places: npt.NDArray[np.intp], dx: Array, most: int) -> None:
    """Add every number to its place on its plane, several planes or some rows of one at a time.

    Adding at places is as fast as assigning where places, values and target are flat and of plain types; a slice for
    each place of the window takes three to seven times as long.
    """
    planes = len(dx)
    count = gradient.shape[-2] * gradient.shape[-1]
    values, at = gradient.reshape(planes, count), places.reshape(planes, count)
    together = max(most // max(count, 1), 1)
    for plane in range(0, planes, together):
        group = slice(plane, min(plane + together, planes))
        start = np.arange(group.stop - plane, dtype=np.intp)[:, np.newaxis] * dx.shape[1]
        for number in range(0, count, most):
            part = group, slice(number, number + most)
            np.add.at(dx[group].reshape(-1), (at[part] + start).ravel(), values[part].ravel())


def avg_pool2d_backward(
    dout: npt.ArrayLike,
    in_shape: tuple[int, ...],
    kernel_size: PairArg,
    stride: PairArg | None = None,
    padding: PaddingArg = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Give the gradient of `avg_pool2d`: every window shares its gradient out evenly.

    With s the stride, p the padding, and count as in `avg_pool2d`::

        dx[n, c, u, v] = sum over i, j of dout[n, c, i, j] / count[i, j]
        over the windows that hold the pixel: 0 <= u + p - s*i < f, columns likewise

    Parameters
    ----------
    dout : array_like, (N, C, rows, columns) or (C, rows, columns)
    in_shape : (N, C, H, W) or (C, H, W)
        Shape of the input of `avg_pool2d`.
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As they were given to `avg_pool2d`.

    Returns
    -------
    array of shape `in_shape`
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or a size is not a whole number.
    BadInput
        If dout has not the shape of the output; else as in `avg_pool2d`.

    Examples
    --------
    >>> avg_pool2d_backward([[[4, 8]]], (1, 2, 4), 2).tolist()
    [[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, sections 6.5 and 9.3.
    """
    what = "avg_pool2d_backward"
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    shape = _fitting_shape(in_shape, gradient.shape, what)
    step = kernel_size if stride is None else stride
    walk = windows((shape[-2], shape[-1]), kernel_size, step, padding, 1, what, ceil_mode)
    checks.pooling_pads(walk.pads, walk.kernel, what)
    incoming.same_shape(gradient, (*shape[:-2], *walk.out), what)
    rows = window_counts(walk, 0, shape[-2], count_include_pad)
    columns = window_counts(walk, 1, shape[-1], count_include_pad)
    dx = np.zeros(shape, gradient.dtype)
    planes, values = dx.reshape(-1, *shape[-2:]), gradient.reshape(-1, *walk.out)
    per_row = walk.out[1] + shape[-1]
    rows_at_once = min(max(_strip_numbers // per_row, 1), walk.out[0])
    together = max(_strip_numbers // (per_row * rows_at_once), 1)
    with quiet():
        for plane in range(0, len(planes), together):
            for row in range(0, walk.out[0], rows_at_once):
                part = slice(row, min(row + rows_at_once, walk.out[0]))
                counts = np.multiply.outer(rows[part], columns).astype(dx.dtype)
                shares = values[plane : plane + together, part] / counts
                _share_out(shares, part, walk, planes[plane : plane + together])
    return dx


def _share_out(shares: Array, part: slice, walk: Windows, dx: Array) -> None:
    """Add the shares of some rows of windows to dx: along the columns first, then to whole rows."""
    wide = np.zeros((*shares.shape[:2], dx.shape[2]), dx.dtype)
    for q in range(walk.kernel[1]):
        windows_met, at = met(q - walk.pads.left, walk.stride[1], 0, walk.out[1], dx.shape[2])
        wide[:, :, at] += shares[:, :, windows_met]
    for p in range(walk.kernel[0]):
        windows_met, at = met(p - walk.pads.top, walk.stride[0], part.start, part.stop, dx.shape[1])
        dx[:, at] += wide[:, slice(windows_met.start - part.start, windows_met.stop - part.start)]


def picture_shape(in_shape: tuple[int, ...], what: str) -> tuple[int, ...]:
    """Read the shape of the input that a gradient is for."""
    shape = shape_of(in_shape, "in_shape")
    if len(shape) not in (3, 4) or min(shape[-2:]) < 1:
        raise BadInput(f"{what}: in_shape {shape} is no picture, give (N, C, H, W) or (C, H, W)")
    checks.room(shape, what, "a gradient", 4)
    return shape


def _fitting_shape(in_shape: tuple[int, ...], dout: tuple[int, ...], what: str) -> tuple[int, ...]:
    """Check the shape of the input against the gradient's."""
    shape = picture_shape(in_shape, what)
    if len(dout) != len(shape) or dout[:-2] != shape[:-2]:
        raise BadInput(f"{what}: dout has shape {dout}, which does not belong to an input of shape {shape}")
    return shape
