"""One changed weight or pixel: what it adds to a map that is there already, far cheaper than all of it again."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingArg, PaddingMode, PairArg, shape_of, whole
from cnnviz.engine.padding import source_index
from cnnviz.engine.quiet import quiet
from cnnviz.engine.scratch import scratch
from cnnviz.engine.strips import Windows, windows
from cnnviz.engine.threads import side_by_side, turns_for

# Products kept at once: few enough to stay in the cache until they are added, but calls for fewer rows take longer.
_NUMBERS = 360_000
# Their rows start so many numbers apart, or a multiple of it: at the start of a line of the cache, as most pictures'
# rows do. Elsewhere writing them takes half as long again.
_APART = 16


class _Meeting(NamedTuple):
    """Along one axis: which outputs meet which inputs at one place of the kernel."""

    inside: slice  # outputs whose input lies in the picture
    first: int  # input of the first of them
    outside: list[int]  # outputs whose input lies in the padding
    sources: list[int]  # the input that each of those is filled from


def update_weight(
    out: Array,
    x: npt.ArrayLike,
    place: tuple[int, int, int, int],
    delta: float,
    kernel_size: PairArg,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> None:
    """Change the map of `conv2d` as a change of one weight does.

    With place = (o, c, p, q), s the stride, d the dilation and c' the channel c of the group of o::

        out[n, o, i, j] += delta * xpad[n, c', s*i + d*p, s*j + d*q]

    The sum differs from a new computation by rounding, and rounding adds up: after many changes compute again.

    Parameters
    ----------
    out : array, (N, O, rows, columns) or (O, rows, columns)
        What `conv2d` gave; it is written to.
    x : array_like, (N, C, H, W) or (C, H, W)
    place : (out channel, channel of the group, kernel row, kernel column)
    delta : float
        New weight minus old weight.
    kernel_size, stride, padding, dilation, groups, padding_mode
        As they were given to `conv2d`.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, `out` not floating-point ones, or a size is not a whole number.
    BadInput
        If `out` has not the shape that belongs to x, or cannot be written to; if the place is not in the weight,
        or delta is not finite.

    Examples
    --------
    >>> x, out = np.array([[[1.0, 2.0, 3.0]]]), np.zeros((1, 1, 2))
    >>> update_weight(out, x, (0, 0, 0, 1), 10, (1, 2))
    >>> out.tolist()
    [[[20.0, 30.0]]]

    References
    ----------
    Convolution is linear in every weight: Goodfellow, Bengio and Courville (2016), section 9.1 (equation 9.6).
    """
    images = checks.batch(checks.numbers(x, "x"), "update_weight")
    walk = _walk(images.shape[2:], kernel_size, stride, padding, dilation, padding_mode, "update_weight")
    maps = _maps(out, np.ndim(x), (len(images), *walk.out), "update_weight")
    each = _channels_each(maps.shape[1], images.shape[1], groups, "update_weight")
    o, c, p, q = _inside_of(place, (maps.shape[1], each, *walk.kernel), "update_weight")
    step = _finite(delta, "update_weight")
    source = images[:, o // (maps.shape[1] // groups) * each + c]
    rows, columns = (
        _meeting(walk, axis, at, n, padding_mode)
        for axis, at, n in ((0, p, source.shape[1]), (1, q, source.shape[2]))
    )
    with quiet():
        _add_borders(maps[:, o], source, step, rows, columns, walk.stride)
    for target, picture in zip(maps[:, o], source, strict=True):
        _add_inside(target[rows.inside, columns.inside], _seen(picture, walk.stride, rows, columns), step)


def update_pixel(
    out: Array,
    weight: npt.ArrayLike,
    place: tuple[int, int, int, int],
    delta: float,
    in_size: tuple[int, int],
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> None:
    """Change the map of `conv2d` as a change of one pixel does.

    With place = (n, c, u, v), s the stride and d the dilation, for every place (y, x) of the padded picture that is
    taken from row u and column v (one, or more where the padding repeats it)::

        out[n, o, i, j] += delta * weight[o, c, p, q]    where  s*i + d*p = y  and  s*j + d*q = x

    Parameters
    ----------
    out : array, (N, O, rows, columns), or (O, rows, columns) for N = 1
        What `conv2d` gave; it is written to.
    weight : array_like, (O, C/g, kernel rows, kernel columns)
    place : (sample, channel, row, column)
    delta : float
        New pixel minus old pixel.
    in_size : (H, W)
    stride, padding, dilation, groups, padding_mode
        As they were given to `conv2d`.

    Raises
    ------
    TypeError, BadInput
        As in `update_weight`.

    Examples
    --------
    >>> out = np.zeros((1, 1, 3))
    >>> update_pixel(out, [[[[5.0, 7.0]]]], (0, 0, 0, 1), 10, (1, 4))
    >>> out.tolist()
    [[[70.0, 50.0, 0.0]]]

    References
    ----------
    As in `update_weight`.
    """
    _floating(out, "update_pixel")
    kernels = checks.numbers(weight, "weight")
    in_size = _picture_size(in_size)
    if kernels.ndim != 4:
        raise BadInput(
            f"update_pixel: weight has shape {kernels.shape}, give (out channels, channels / groups, rows, columns)"
        )
    whole(groups, "groups")
    walk = _walk(in_size, kernels.shape[2:], stride, padding, dilation, padding_mode, "update_pixel")
    samples = len(out) if np.ndim(out) == 4 else 1
    maps = _maps(out, np.ndim(out), (samples, *walk.out), "update_pixel")
    each = kernels.shape[1]
    n, c, u, v = _inside_of(place, (samples, each * groups, *in_size), "update_pixel")
    checks.convolution_shapes((samples, each * groups, *in_size), kernels.shape, None, groups, "update_pixel")
    if len(kernels) != maps.shape[1]:
        raise BadInput(
            f"update_pixel: weight {kernels.shape} gives {len(kernels)} channels, out has {maps.shape[1]}"
        )
    share = len(kernels) // groups
    outs = slice(c // each * share, (c // each + 1) * share)
    target, step = maps[n, outs], _finite(delta, "update_pixel")
    with quiet():
        change = kernels[outs, c % each] * target.dtype.type(step)
        for rows, kernel_rows in _hits(walk, 0, u, in_size[0], padding_mode):
            for columns, kernel_columns in _hits(walk, 1, v, in_size[1], padding_mode):
                target[:, rows[:, np.newaxis], columns] += change[
                    :, kernel_rows[:, np.newaxis], kernel_columns
                ]


def _walk(
    in_size: tuple[int, ...],
    kernel_size: PairArg | tuple[int, ...],
    stride: PairArg,
    padding: PaddingArg,
    dilation: PairArg,
    mode: str,
    what: str,
) -> Windows:
    """Check the geometry as `conv2d` does."""
    size = (in_size[0], in_size[1])
    walk = windows(size, kernel_size, stride, padding, dilation, what)  # type: ignore[arg-type]  # windows checks the rank
    checks.padding_fits(size, walk.pads, mode)
    return walk


def _maps(out: Array, rank: int, size: tuple[int, int, int], what: str) -> Array:
    """See the map to change as (N, O, rows, columns); refuse what cannot be one."""
    _floating(out, what)
    maps = out if out.ndim == 4 else out[np.newaxis]
    if out.ndim != rank or (len(maps), *maps.shape[2:]) != size:
        raise BadInput(
            f"{what}: out has shape {out.shape}, but {size[0]} samples give {size[1]} rows and {size[2]} columns"
        )
    if not out.flags.writeable:
        raise BadInput(f"{what}: out is read-only, give a copy that may be written to")
    return maps


def _floating(out: object, what: str) -> None:
    """Refuse a map that cannot be changed in place."""
    if not isinstance(out, np.ndarray) or out.dtype.kind != "f":
        raise TypeError(f"{what}: out must be an array of floating-point numbers")


def _picture_size(in_size: object) -> tuple[int, int]:
    """Read (H, W)."""
    size = shape_of(in_size, "in_size")
    if len(size) != 2:
        raise BadInput(f"update_pixel: in_size {size} has {len(size)} numbers: give (H, W)")
    return size[0], size[1]


def _channels_each(out_channels: int, channels: int, groups: int, what: str) -> int:
    """Count the input channels of a group."""
    whole(groups, "groups")
    if channels % groups or out_channels % groups:
        raise BadInput(
            f"{what}: groups {groups} must divide both the {channels} input channels "
            f"and the {out_channels} output channels"
        )
    return channels // groups


def _inside_of(place: tuple[int, ...], shape: tuple[int, ...], what: str) -> tuple[int, ...]:
    """Read a place of an array of this shape."""
    at = shape_of(place, "place")
    if len(at) != len(shape) or any(index >= n for index, n in zip(at, shape, strict=True)):
        raise BadInput(f"{what}: place {at} is not in an array of shape {tuple(shape)}")
    return at


def _finite(delta: float, what: str) -> float:
    """Read a change: infinity minus infinity would be no way back."""
    if checks.numbers(delta, f"{what}: delta").ndim:
        raise BadInput(f"{what}: delta has shape {np.shape(delta)}: give one number")
    if not math.isfinite(delta):
        raise BadInput(f"{what}: delta is {delta}, it must be finite: compute the map again instead")
    return float(delta)


def _meeting(walk: Windows, axis: int, place: int, n: int, mode: str) -> _Meeting:
    """Tell, along one axis, what the outputs meet at one place of the kernel."""
    step, count = walk.stride[axis], walk.out[axis]
    start = walk.dilation[axis] * place - (walk.pads.top, walk.pads.left)[axis]
    first = min(max(-(start // step), 0), count)
    last = min(max(-((start - n) // step), first), count)
    outside = [*range(first), *range(last, count)]
    if mode == "zeros":
        return _Meeting(slice(first, last), start + step * first, [], [])
    sources = [source_index(start + step * output, n, mode) for output in outside]
    return _Meeting(slice(first, last), start + step * first, outside, sources)


def _seen(
    picture: npt.NDArray[Any], stride: tuple[int, int], rows: _Meeting, columns: _Meeting
) -> npt.NDArray[Any]:
    """Cut out the inputs that lie in the picture, one for each output of `inside`."""
    picture = picture[rows.first :: stride[0], columns.first :: stride[1]]
    return picture[: rows.inside.stop - rows.inside.start, : columns.inside.stop - columns.inside.start]


def _add_inside(target: Array, picture: npt.NDArray[Any], delta: float) -> None:
    """Add delta times the picture, some rows at a time so that the products never leave the cache."""
    if not target.size:
        return
    columns = target.shape[1]
    high = min(max(_NUMBERS // columns, 1), len(target))
    turns = turns_for(0, target.size)

    def work(turn: int) -> None:
        product = scratch([(high, -(-columns // _APART) * _APART)], target.dtype)[0][:, :columns]
        with quiet():
            factor = target.dtype.type(delta)
            for row in range(turn * high, len(target), turns * high):
                part = target[row : row + high]
                part += np.multiply(
                    picture[row : row + high], factor, out=product[: len(part)], casting="same_kind"
                )

    side_by_side(work, turns)


def _add_borders(
    target: Array,
    source: npt.NDArray[Any],
    delta: float,
    rows: _Meeting,
    columns: _Meeting,
    stride: tuple[int, int],
) -> None:
    """Add what outputs (N, rows, columns) meet in a padding that is taken from the picture."""
    inner = range(rows.inside.start, rows.inside.stop)
    seen = [rows.first + stride[0] * number for number in range(len(inner))]
    beside = range(columns.inside.start, columns.inside.stop)
    across = [columns.first + stride[1] * number for number in range(len(beside))]
    every, each = [*columns.outside, *beside], [*columns.sources, *across]
    samples = range(len(target))
    if rows.outside:
        target[np.ix_(samples, rows.outside, every)] += delta * source[np.ix_(samples, rows.sources, each)]
    if columns.outside and seen:
        target[np.ix_(samples, inner, columns.outside)] += (
            delta * source[np.ix_(samples, seen, columns.sources)]
        )


def _hits(
    walk: Windows, axis: int, index: int, n: int, mode: str
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """List, for each place of the padded picture that holds this row (or column), outputs and kernel places."""
    before, after = ((walk.pads.top, walk.pads.bottom), (walk.pads.left, walk.pads.right))[axis]
    places = [index + before]
    if mode != "zeros":
        outside = (*range(-before, 0), *range(n, n + after))
        places += [at + before for at in outside if source_index(at, n, mode) == index]
    kernel = np.arange(walk.kernel[axis])
    hits = []
    for place in places:
        output, rest = np.divmod(place - walk.dilation[axis] * kernel, walk.stride[axis])
        met = (rest == 0) & (output >= 0) & (output < walk.out[axis])
        hits.append((output[met], kernel[met]))
    return hits
