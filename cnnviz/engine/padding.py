"""Padding: a larger picture whose border is zeros, or is taken from the picture by one of three rules."""

from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PaddingMode, Pads, resolve_padding


def pad2d(
    x: npt.ArrayLike,
    pads: int | tuple[int, int] | tuple[int, int, int, int],
    mode: PaddingMode = "zeros",
    value: float = 0.0,
) -> npt.NDArray[Any]:
    """Pad the last two axes of an array, whatever stands before them.

    With n rows, and i counted from the first row of the picture, outside of it (columns likewise):

    - "zeros": `value`; "replicate": the nearest row, min(max(i, 0), n - 1);
    - "reflect": the mirror at the border row, which is not repeated: -i before, 2(n - 1) - i after;
    - "circular": the picture again, i mod n.

    Parameters
    ----------
    x : array_like, (..., H, W)
        Its type is kept.
    pads : int, (rows, columns) or (top, bottom, left, right)
    mode : {"zeros", "reflect", "replicate", "circular"}
    value : float
        What "zeros" fills in.

    Returns
    -------
    array, (..., top + H + bottom, left + W + right)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or an amount is not a whole number.
    BadInput
        If an amount is negative, the mode unknown, the type of `x` cannot hold `value`, or the picture is too
        small: "reflect" needs every amount under the size, "circular" not above the size, as in PyTorch.

    Examples
    --------
    >>> pad2d([[1, 2, 3]], (0, 0, 2, 2), "reflect").tolist()
    [[3, 2, 1, 2, 3, 2, 1]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.5; modes as in torch.nn.Conv2d.
    """
    picture = checks.numbers(x, "x")
    if picture.ndim < 2:
        raise BadInput(f"pad2d: x has shape {picture.shape}, give (..., H, W)")
    if isinstance(pads, str):
        raise BadInput(f"pad2d: pads {pads!r} depends on a kernel: give numbers")
    height, width = picture.shape[-2:]
    amounts = resolve_padding(pads, (height, width), 1)
    checks.padding_fits((height, width), amounts, mode)
    size = (amounts.top + height + amounts.bottom, amounts.left + width + amounts.right)
    checks.room((*picture.shape[:-2], *size), "pad2d", itemsize=picture.itemsize)
    out = np.empty((*picture.shape[:-2], *size), picture.dtype)
    copy_padded(picture, out, 0, amounts, mode, _fill(value, picture.dtype))
    return out


def copy_padded(
    x: npt.NDArray[Any],
    out: npt.NDArray[Any],
    first: int,
    pads: Pads,
    mode: str,
    value: float = 0.0,
    first_column: int = 0,
) -> None:
    """Write a part of the padded picture into `out` (..., rows, columns), without making the whole.

    The part starts at row `first` and column `first_column` of the padded picture and is as large as `out`, which
    may end before the padding does or after it. What lies after it is filled as the padding is.
    """
    rows, columns = out.shape[-2:]
    height, width = x.shape[-2:]
    source_rows, at_rows = _inside(first - pads.top, rows, height)
    left = first_column - pads.left
    source_columns, at_columns = _inside(left, columns, width)
    out[..., at_rows, at_columns] = x[..., source_rows, source_columns]
    if mode == "zeros":
        out[..., : at_rows.start, :] = value
        out[..., at_rows.stop :, :] = value
        out[..., at_rows, : at_columns.start] = value
        out[..., at_rows, at_columns.stop :] = value
        return
    for column in chain(range(at_columns.start), range(at_columns.stop, columns)):
        out[..., at_rows, column] = x[..., source_rows, source_index(column + left, width, mode)]
    if at_rows.start or at_rows.stop < rows:
        across = np.array([source_index(column + left, width, mode) for column in range(columns)])
        for row in chain(range(at_rows.start), range(at_rows.stop, rows)):
            out[..., row, :] = x[..., source_index(first - pads.top + row, height, mode), across]


def source_index(index: int, n: int, mode: str) -> int:
    """Tell which of n rows or columns fills the place `index`, which may lie outside 0 ... n - 1.

    Examples
    --------
    >>> [source_index(-2, 5, mode) for mode in ("reflect", "replicate", "circular")]
    [2, 0, 3]
    """
    if mode == "reflect":
        return n - 1 - abs(n - 1 - abs(index))
    if mode == "replicate":
        return min(max(index, 0), n - 1)
    return index % n


def _inside(start: int, length: int, n: int) -> tuple[slice, slice]:
    """Cut the places start ... start + length - 1 to 0 ... n - 1: which they are, and where they stand."""
    begin = min(max(start, 0), n)
    end = min(max(start + length, begin), n)
    at = min(max(begin - start, 0), length)
    return slice(begin, end), slice(at, at + end - begin)


def _fill(value: float, dtype: np.dtype[Any]) -> Any:
    """Give the value in the picture's own type, or refuse one that would change (0.5 among integers)."""
    if checks.numbers(value, "value").ndim:
        raise BadInput(f"pad2d: value has shape {np.shape(value)}: give one number")
    if dtype.kind != "f" and not (np.isfinite(value) and value == int(value) and _holds(dtype, int(value))):
        raise BadInput(f"pad2d: value {value} cannot be held by x, whose type is {dtype}")
    return dtype.type(value)


def _holds(dtype: np.dtype[Any], value: int) -> bool:
    """Tell whether an integer or boolean type has this value."""
    if dtype.kind == "b":
        return value in (0, 1)
    return bool(np.iinfo(dtype).min <= value <= np.iinfo(dtype).max)
