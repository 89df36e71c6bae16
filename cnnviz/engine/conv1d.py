"""Convolution of lines, forward and backward, by the code for pictures: a line is a picture of one row."""

from typing import Any, Literal

import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.conv import conv2d
from cnnviz.engine.conv_backward import conv2d_backward
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingArg, PaddingMode, conv_out_size, whole

LinePaddingArg = int | tuple[int, int] | Literal["valid", "same", "full"]


def conv1d(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    stride: int = 1,
    padding: LinePaddingArg = 0,
    dilation: int = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """Slide kernels over lines and sum the products (cross-correlation, as in torch.nn.functional.conv1d).

    With s the stride, d the dilation and xpad the padded line::

        out[n, o, i] = bias[o] + sum over c, p of weight[o, c, p] * xpad[n, c, s*i + d*p]

    Parameters
    ----------
    x : array_like, (N, C, L) or (C, L)
    weight : array_like, (O, C/g, kernel size)
    bias : array_like, (O,), optional
    stride, dilation, groups : int
    padding : int, (before, after), "valid", "same" or "full"
    padding_mode : {"zeros", "reflect", "replicate", "circular"}

    Returns
    -------
    array, (N, O, places), or (O, places) for a line without N
        Sizes as in `out_size`, types as in `conv2d`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a size is not a whole number.
    BadInput
        If shapes, channels or groups do not fit, or the kernel does not fit the padded line even once.

    Examples
    --------
    >>> conv1d([[0, 1, 2, 3, 4, 5, 6]], [[[1, 2]]]).tolist()
    [[2.0, 5.0, 8.0, 11.0, 14.0, 17.0]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.1 (equation 9.3).
    """
    lines, kernels = _read(x, weight, stride, dilation, groups, "conv1d")
    offsets = None if bias is None else checks.numbers(bias, "bias")
    if offsets is not None and offsets.shape != kernels.shape[:1]:
        raise BadInput(
            f"conv1d: bias has shape {offsets.shape}, give one number for each of {len(kernels)} output channels"
        )
    around = _around(padding)
    picture, kernel = lines[..., None, :], kernels[..., None, :]
    _fits(picture, kernel, stride, around, dilation, "conv1d")
    out = conv2d(picture, kernel, offsets, (1, stride), around, (1, dilation), groups, padding_mode)
    return out[..., 0, :]


def conv1d_backward(
    dout: npt.ArrayLike,
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    stride: int = 1,
    padding: LinePaddingArg = 0,
    dilation: int = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> tuple[Array, Array, Array]:
    """Give the gradients of `conv1d` with respect to the input, the weight and the bias.

    ::

        dxpad[n, c, u] = sum over o, p of weight[o, c, p] * dout[n, o, i] with s*i + d*p = u
        dweight[o, c, p] = sum over n, i of dout[n, o, i] * xpad[n, c, s*i + d*p]
        dbias[o] = sum over n, i of dout[n, o, i]

    Parameters
    ----------
    dout : array_like, (N, O, places), or (O, places) where x has no N
    x, weight, stride, padding, dilation, groups, padding_mode
        As they were given to `conv1d`.

    Returns
    -------
    dx, dweight : array of the shape of x, of weight
    dbias : array, (O,)

    Raises
    ------
    TypeError, BadInput
        As in `conv1d`; BadInput also if dout has not the shape of the output.

    Examples
    --------
    >>> dx, dweight, dbias = conv1d_backward([[1, 10]], [[1, 2, 3]], [[[4, 5]]])
    >>> dx.tolist(), dweight.tolist(), dbias.tolist()
    ([[4.0, 45.0, 50.0]], [[[21.0, 32.0]]], [11.0])

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.5.
    """
    lines, kernels = _read(x, weight, stride, dilation, groups, "conv1d_backward")
    gradient, around = checks.numbers(dout, "dout"), _around(padding)
    picture, kernel = lines[..., None, :], kernels[..., None, :]
    places = _fits(picture, kernel, stride, around, dilation, "conv1d_backward")
    incoming.same_shape(gradient, (*lines.shape[:-2], len(kernels), places), "conv1d_backward")
    dx, dweight, dbias = conv2d_backward(
        gradient[..., None, :], picture, kernel, (1, stride), around, (1, dilation), groups, padding_mode
    )
    return dx[..., 0, :], dweight[..., 0, :], dbias


def _read(
    x: npt.ArrayLike, weight: npt.ArrayLike, stride: int, dilation: int, groups: int, what: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Read lines and kernels, and check what a picture of one row would be refused for in other words."""
    lines, kernels = checks.numbers(x, "x"), checks.numbers(weight, "weight")
    if lines.ndim not in (2, 3) or lines.shape[-2] < 1:
        raise BadInput(
            f"{what}: x has shape {lines.shape}, give (N, C, L) or (C, L) with at least one channel"
        )
    if kernels.ndim != 3 or min(kernels.shape) < 1:
        raise BadInput(
            f"{what}: weight has shape {kernels.shape}, give (out channels, channels / groups, size)"
        )
    whole(stride, "stride")
    whole(dilation, "dilation")
    number, channels = whole(groups, "groups"), lines.shape[-2]
    if channels % number or len(kernels) % number:
        raise BadInput(
            f"{what}: groups {number} must divide both the {channels} input channels "
            f"and the {len(kernels)} output channels"
        )
    if kernels.shape[1] * number != channels:
        raise BadInput(
            f"{what}: weight {kernels.shape} with groups {number} is for {kernels.shape[1] * number} input channels, "
            f"but x {lines.shape} has {channels}"
        )
    return lines, kernels


def _fits(
    picture: npt.NDArray[Any],
    kernel: npt.NDArray[Any],
    stride: int,
    around: PaddingArg,
    dilation: int,
    what: str,
) -> int:
    """Count the places of the kernel; BadInput when there is none."""
    size = picture.shape[-2], picture.shape[-1]
    return conv_out_size(size, (1, kernel.shape[-1]), (1, stride), around, (1, dilation), what)[1]


def _around(padding: LinePaddingArg) -> PaddingArg:
    """Say for a picture of one row what is padded before and after a line."""
    if isinstance(padding, str):
        return padding
    amounts = padding if isinstance(padding, (tuple, list)) else (padding, padding)
    if len(amounts) not in (1, 2):
        raise BadInput(
            f"padding {tuple(amounts)} has {len(amounts)} amounts: give one, or two (before, after)"
        )
    return (0, 0, whole(amounts[0], "padding", least=0), whole(amounts[-1], "padding", least=0))
