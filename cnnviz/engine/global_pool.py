"""Global pooling, forward and backward: one number for a whole plane."""

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.pool import Indices
from cnnviz.engine.pool_backward import max_pool2d_backward, picture_shape
from cnnviz.engine.quiet import quiet


def global_avg_pool2d(x: npt.ArrayLike) -> Array:
    """Take the average of every plane (as torch.nn.functional.adaptive_avg_pool2d with size 1).

    ``out[n, c, 0, 0] = (sum over u, v of x[n, c, u, v]) / (H*W)``.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)

    Returns
    -------
    array, (N, C, 1, 1) or (C, 1, 1)
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    BadInput
        If the rank is wrong, or a plane has no pixel.

    Examples
    --------
    >>> global_avg_pool2d([[[1, 3, 2, 2], [4, 0, 2, 2]]]).tolist()
    [[[2.0]]]

    References
    ----------
    Lin, Chen and Yan (2013), Network in network, section 3.2.
    """
    images = _planes(x, "global_avg_pool2d")
    with quiet():
        out: Array = np.add.reduce(images, axis=(-2, -1), keepdims=True)
        out /= images.shape[-2] * images.shape[-1]
    return out


def global_avg_pool2d_backward(dout: npt.ArrayLike, in_shape: tuple[int, ...]) -> Array:
    """Give the gradient of `global_avg_pool2d`: every pixel gets the same share.

    ``dx[n, c, u, v] = dout[n, c, 0, 0] / (H*W)``.

    Parameters
    ----------
    dout : array_like, (N, C, 1, 1) or (C, 1, 1)
    in_shape : (N, C, H, W) or (C, H, W)

    Returns
    -------
    array of shape `in_shape`
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or a size is not a whole number.
    BadInput
        If the shapes do not fit.

    Examples
    --------
    >>> global_avg_pool2d_backward([[[12]]], (1, 2, 3)).tolist()
    [[[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]]

    References
    ----------
    Lin, Chen and Yan (2013), Network in network, section 3.2.
    """
    what = "global_avg_pool2d_backward"
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    shape = picture_shape(in_shape, what)
    incoming.same_shape(gradient, (*shape[:-2], 1, 1), what)
    dx = np.empty(shape, gradient.dtype)
    dx[...] = gradient / (shape[-2] * shape[-1])
    return dx


def global_max_pool2d(x: npt.ArrayLike) -> tuple[Array, Indices]:
    """Take the maximum of every plane, and tell where it was (as adaptive_max_pool2d with size 1).

    ``out[n, c, 0, 0] = max over u, v of x[n, c, u, v]``.

    Parameters
    ----------
    x : array_like, (N, C, H, W) or (C, H, W)

    Returns
    -------
    out : array, (N, C, 1, 1) or (C, 1, 1)
        float32 and float64 are kept; whole numbers and booleans are computed in float64.
    indices : int64 array of the same shape
        Row * W + column of the maximum; of equal ones the first in row-major order. A NaN is the maximum of its
        plane; of several the last is told, as in `max_pool2d` and PyTorch.

    Raises
    ------
    TypeError, BadInput
        As in `global_avg_pool2d`.

    Examples
    --------
    >>> out, indices = global_max_pool2d([[[1, 3, 2, 2], [4, 0, 4, 2]]])
    >>> out.tolist(), indices.tolist()
    ([[[4.0]]], [[[4]]])

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.3.
    """
    images = _planes(x, "global_max_pool2d")
    height, width = images.shape[-2:]
    flat = images.reshape(*images.shape[:-2], height * width)
    indices = flat.argmax(axis=-1)[..., np.newaxis].astype(np.int64, copy=False)
    out = np.take_along_axis(flat, indices, axis=-1)
    lost = np.isnan(out)
    if lost.any():
        last = height * width - 1 - np.isnan(flat[..., ::-1]).argmax(axis=-1)[..., np.newaxis]
        indices = np.where(lost, last, indices)
    return out[..., np.newaxis], indices[..., np.newaxis]


def global_max_pool2d_backward(
    dout: npt.ArrayLike, indices: npt.ArrayLike, in_shape: tuple[int, ...]
) -> Array:
    """Give the gradient of `global_max_pool2d`: each plane's goes to the pixel that was its maximum.

    ``dx[n, c, u, v] = dout[n, c, 0, 0] where indices[n, c, 0, 0] = u*W + v, else 0``.

    Parameters
    ----------
    dout : array_like, (N, C, 1, 1) or (C, 1, 1)
    indices : array_like of int, the same shape
        As `global_max_pool2d` gave them.
    in_shape : (N, C, H, W) or (C, H, W)

    Returns
    -------
    array of shape `in_shape`
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError, BadInput
        As in `max_pool2d_backward`.

    Examples
    --------
    >>> global_max_pool2d_backward([[[7]]], [[[4]]], (1, 2, 3)).tolist()
    [[[0.0, 0.0, 0.0], [0.0, 7.0, 0.0]]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, sections 6.5 and 9.3.
    """
    what = "global_max_pool2d_backward"
    gradient = checks.numbers(dout, "dout")
    incoming.same_shape(gradient, (*picture_shape(in_shape, what)[:-2], 1, 1), what)
    return max_pool2d_backward(gradient, indices, in_shape)


def _planes(x: npt.ArrayLike, what: str) -> Array:
    """Read the pictures, each of at least one pixel."""
    given = checks.numbers(x, "x")
    checks.batch(given, what)
    if min(given.shape[-2:]) < 1:
        raise BadInput(f"{what}: x has shape {given.shape}, a plane needs at least one row and one column")
    (images,) = checks.floats(given)
    return images
