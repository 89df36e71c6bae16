"""Transposed convolution, forward and backward: the gradient of a convolution, used as a layer that enlarges."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.conv import conv2d
from cnnviz.engine.conv_backward import input_gradient, weight_gradient
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PairArg, extent, pair, resolve_padding, whole
from cnnviz.engine.quiet import quiet
from cnnviz.engine.strips import STRIP_NUMBERS, Windows

AmountsArg = int | tuple[int, int] | tuple[int, int, int, int]


def conv_transpose2d(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    stride: PairArg = 1,
    padding: AmountsArg = 0,
    output_padding: PairArg = 0,
    groups: int = 1,
    dilation: PairArg = 1,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> Array:
    """Send every number of x out through the kernels, as `conv2d` backward sends a gradient to its input.

    With s the stride, d the dilation and p the padding, which is cut off the result here::

        out[n, o, u, v] = bias[o] + sum over c, a, b of weight[c, o, a, b] * x[n, c, i, j]
        over the i, j with s*i + d*a = u + p, s*j + d*b = v + p

    It has (H - 1)s - 2p + d(f - 1) + 1 + output_padding rows, columns likewise. `output_padding` adds no zeros: it
    only chooses among the sizes that a convolution with this stride brings to H.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)
    weight : array_like, (C, O/g, kernel rows, kernel columns)
    bias : array_like, (O,), optional
    stride, dilation : int or (rows, columns)
    padding : int, (rows, columns) or (top, bottom, left, right)
    output_padding : int or (rows, columns)
        Rows and columns more at the end; less than the stride or less than the dilation.
    groups : int

    Returns
    -------
    array, (N, O, rows, columns), or (O, rows, columns) for a picture without N
        Types as in `conv2d`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a size is not a whole number.
    BadInput
        If shapes, channels or groups do not fit, nothing is left inside the padding, or `output_padding` is too large.

    Examples
    --------
    >>> conv_transpose2d([[[1, 2]]], [[[[1, 10, 100]]]], stride=(1, 2)).tolist()
    [[[1.0, 10.0, 102.0, 20.0, 200.0]]]

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 4 (relationship 14).
    """
    given = [checks.numbers(x, "x"), checks.numbers(weight, "weight")]
    if bias is not None:
        given.append(checks.numbers(bias, "bias"))
    shape = given[2].shape if len(given) > 2 else None
    call = _Call.of(given[0], given[1], shape, stride, padding, output_padding, groups, dilation)
    images, kernels, *offsets = checks.floats(checks.batch(given[0], call.what), *given[1:])
    with quiet():
        out = input_gradient(images, kernels, call.walk, call.size, call.groups, most=_strip_numbers)
        if offsets:
            out += offsets[0][:, np.newaxis, np.newaxis]
    return out if given[0].ndim == 4 else out[0]


def conv_transpose2d_backward(
    dout: npt.ArrayLike,
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    stride: PairArg = 1,
    padding: AmountsArg = 0,
    output_padding: PairArg = 0,
    groups: int = 1,
    dilation: PairArg = 1,
    *,
    _strip_numbers: int = STRIP_NUMBERS,
) -> tuple[Array, Array, Array]:
    """Give the gradients of `conv_transpose2d` with respect to the input, the weight and the bias.

    ::

        dx = conv2d(dout, weight, stride, padding, dilation, groups), its first H rows and W columns
        dweight[c, o, a, b] = sum over n, i, j of x[n, c, i, j] * doutpad[n, o, s*i + d*a, s*j + d*b]
        dbias[o] = sum over n, u, v of dout[n, o, u, v]

    Parameters
    ----------
    dout : array_like, (N, O, rows, columns), or (O, rows, columns) where x has no N
    x, weight, stride, padding, output_padding, groups, dilation
        As they were given to `conv_transpose2d`.

    Returns
    -------
    dx, dweight : array of the shape of x, of weight
    dbias : array, (O,)
        Given also when there was no bias. Types as in `conv2d`.

    Raises
    ------
    TypeError, BadInput
        As in `conv_transpose2d`; BadInput also if dout has not the shape of the output.

    Examples
    --------
    >>> dout = [[[1, 2, 3, 4, 5]]]
    >>> dx, dweight, dbias = conv_transpose2d_backward(dout, [[[1, 2]]], [[[[1, 10, 100]]]], stride=(1, 2))
    >>> dx.tolist(), dweight.tolist(), dbias.tolist()
    ([[[321.0, 543.0]]], [[[[7.0, 10.0, 13.0]]]], [15.0])

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 4.
    """
    given, kernels = checks.numbers(x, "x"), checks.numbers(weight, "weight")
    call = _Call.of(
        given, kernels, None, stride, padding, output_padding, groups, dilation, "conv_transpose2d_backward"
    )
    images, walk = checks.batch(given, call.what), call.walk
    expected = (len(images), kernels.shape[1] * call.groups, *call.size)
    gradient = checks.numbers(dout, "dout")
    incoming.same_shape(gradient, expected[4 - given.ndim :], call.what)
    gradient, images, kernels = checks.floats(gradient.reshape(expected), images, kernels)
    dx = conv2d(
        gradient,
        kernels,
        None,
        walk.stride,
        walk.pads,
        walk.dilation,
        call.groups,
        _strip_numbers=_strip_numbers,
    )
    with quiet():
        dweight = weight_gradient(images, gradient, walk, call.groups, most=_strip_numbers)
        dbias = gradient.sum(axis=(2, 3)).sum(axis=0)
    # An output_padding as large as the stride (dilation allows it) gives the convolution a window too many.
    dx = np.ascontiguousarray(dx[:, :, : walk.out[0], : walk.out[1]])
    return dx.reshape(given.shape), dweight, dbias


class _Call(NamedTuple):
    """A transposed convolution that fits: the convolution it is the gradient of, and the size it gives."""

    walk: Windows
    size: tuple[int, int]
    groups: int
    what: str

    @classmethod
    def of(
        cls,
        x: npt.NDArray[np.generic],
        weight: npt.NDArray[np.generic],
        bias: tuple[int, ...] | None,
        stride: PairArg,
        padding: AmountsArg,
        output_padding: PairArg,
        groups: int,
        dilation: PairArg,
        what: str = "conv_transpose2d",
    ) -> "_Call":
        """Check the arguments."""
        images = checks.batch(x, what)
        groups = whole(groups, "groups")
        _shapes(images.shape, weight.shape, bias, groups, what)
        if isinstance(padding, str):
            raise BadInput(f"{what}: padding {padding!r} depends on the output: give numbers")
        pads = resolve_padding(padding, (1, 1), 1)
        step, apart = pair(stride, "stride"), pair(dilation, "dilation")
        more = pair(output_padding, "output padding", least=0)
        kernel = weight.shape[2], weight.shape[3]
        size = (
            _size(images.shape[2], kernel[0], step[0], pads[:2], more[0], apart[0], what, "rows"),
            _size(images.shape[3], kernel[1], step[1], pads[2:], more[1], apart[1], what, "columns"),
        )
        uncut = size[0] + pads.top + pads.bottom, size[1] + pads.left + pads.right
        checks.room((len(images), weight.shape[1] * groups, *uncut), what, "a result with its padding", 4)
        return cls(Windows(kernel, step, apart, pads, images.shape[2:]), size, groups, what)


def _shapes(
    x: tuple[int, ...], weight: tuple[int, ...], bias: tuple[int, ...] | None, groups: int, what: str
) -> None:
    """Raise BadInput unless channels, groups and bias fit together."""
    if len(weight) != 4 or min(weight) < 1:
        raise BadInput(
            f"{what}: weight has shape {weight}, give (channels, out channels / groups, rows, columns)"
        )
    if weight[0] != x[1]:
        raise BadInput(f"{what}: weight {weight} is for {weight[0]} input channels, but x {x} has {x[1]}")
    if x[1] % groups:
        raise BadInput(f"{what}: groups {groups} must divide the {x[1]} input channels")
    if bias is not None and bias != (weight[1] * groups,):
        raise BadInput(
            f"{what}: bias has shape {bias}, give one number for each of {weight[1] * groups} output channels"
        )


def _size(
    n: int, kernel: int, stride: int, pads: tuple[int, ...], more: int, dilation: int, what: str, axis: str
) -> int:
    """Compute the size along one axis, or raise BadInput when there is none."""
    if n < 1:
        raise BadInput(f"{what}: x has no {axis}, it needs at least one row and one column")
    if more >= max(stride, dilation):
        raise BadInput(
            f"{what}: output padding {more} must be less than the stride {stride} or the dilation {dilation}"
        )
    size = (n - 1) * stride + extent(kernel, dilation) + more - sum(pads)
    if size < 1:
        raise BadInput(
            f"{what}: {n} {axis} with kernel {kernel}, stride {stride} and padding {sum(pads)} in all give "
            f"{size} {axis}: choose less padding"
        )
    return size
