"""Padding backward: what the border was taken from gets the border's gradient back."""

from typing import Any

import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingMode, Pads, resolve_padding
from cnnviz.engine.padding import source_index
from cnnviz.engine.quiet import quiet


def pad2d_backward(
    dout: npt.ArrayLike,
    pads: int | tuple[int, int] | tuple[int, int, int, int],
    mode: PaddingMode = "zeros",
) -> Array:
    """Give the gradient of `pad2d`: fold the border back to the pixels it was taken from.

    A padded place reads the pixel source(i), so its gradient goes there::

        dx[..., u, v] = sum of dout[..., i, j] over the i, j with source(i) = u and source(j) = v

    and with "zeros" the border is cut off. The value that was filled in has no part in it.

    Parameters
    ----------
    dout : array_like, (..., top + H + bottom, left + W + right)
    pads : int, (rows, columns) or (top, bottom, left, right)
    mode : {"zeros", "reflect", "replicate", "circular"}

    Returns
    -------
    array, (..., H, W)
        float32 and float64 are kept; whole numbers and booleans are computed in float64.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or an amount is not a whole number.
    BadInput
        If nothing is left inside the padding, or the mode and the amounts do not fit, as in `pad2d`.

    Examples
    --------
    >>> pad2d_backward([[1, 2, 30, 40, 50, 6, 7]], (0, 0, 2, 2), "reflect").tolist()
    [[37.0, 48.0, 51.0]]

    References
    ----------
    Modes as in torch.nn.Conv2d; the gradient of a copy is a sum (Goodfellow, Bengio and Courville, 2016, 6.5).
    """
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    if gradient.ndim < 2:
        raise BadInput(f"pad2d_backward: dout has shape {gradient.shape}, give (..., H, W)")
    if isinstance(pads, str):
        raise BadInput(f"pad2d_backward: pads {pads!r} depends on a kernel: give numbers")
    amounts = resolve_padding(pads, (1, 1), 1)
    height = gradient.shape[-2] - amounts.top - amounts.bottom
    width = gradient.shape[-1] - amounts.left - amounts.right
    if height < 0 or width < 0:
        raise BadInput(
            f"pad2d_backward: dout {gradient.shape} is smaller than its own padding {tuple(amounts)}"
        )
    checks.padding_fits((height, width), amounts, mode)
    with quiet():
        return fold(gradient, amounts, mode)


def fold(gradient: Array, pads: Pads, mode: str) -> Array:
    """Cut the border off, after adding it to where `mode` took it from; columns first, then whole rows."""
    rows = slice(pads.top, gradient.shape[-2] - pads.bottom)
    dx = _fold_columns(gradient[..., rows, :], pads, mode)
    if mode == "zeros":
        return dx
    for row in (*range(pads.top), *range(rows.stop, gradient.shape[-2])):
        line = _fold_columns(gradient[..., row : row + 1, :], pads, mode)
        dx[..., source_index(row - pads.top, dx.shape[-2], mode), :] += line[..., 0, :]
    return dx


def _fold_columns(gradient: Array, pads: Pads, mode: str) -> npt.NDArray[Any]:
    """Fold the columns of every row."""
    wide = gradient.shape[-1]
    inside = gradient[..., pads.left : wide - pads.right].copy()
    if mode != "zeros":
        for column in (*range(pads.left), *range(wide - pads.right, wide)):
            inside[..., source_index(column - pads.left, inside.shape[-1], mode)] += gradient[..., column]
    return inside
