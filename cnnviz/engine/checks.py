"""What every operation asks of its arguments: each rule once, with errors that name argument and rule."""

import math
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import PADDING_MODES, Pads

Array = npt.NDArray[np.floating[Any]]


def _machine_memory() -> int:
    """Bytes of memory that this machine has; where it does not tell, more than any has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not every system knows these words
        return 2**40


_MEMORY = _machine_memory()


def numbers(value: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Read an array of real numbers (floating point, whole or boolean); TypeError for anything else."""
    array = rows(value, name)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, not {array.dtype}")
    return array


def rows(value: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Read an array of anything; BadInput where rows are not of the same length."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise BadInput(f"{name} is ragged: every row must be of the same length") from error


def word(value: object, name: str) -> None:
    """Raise TypeError for what is no word, such as an array, which would not even compare with one."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a word, not {type(value).__name__}")


def floats(*arrays: npt.NDArray[Any]) -> tuple[Array, ...]:
    """Bring arrays to the one floating-point type they are computed in.

    float32 and float64 are kept, mixed they become float64. Whole numbers and booleans take the type of the
    floating-point arrays beside them, and float64 when there are none. float16 is computed in float32, and
    anything wider than float64 in float64.
    """
    kinds = [array.dtype for array in arrays if array.dtype.kind == "f"]
    wide = np.result_type(*kinds) if kinds else np.dtype(np.float64)
    dtype = np.dtype(np.float32) if wide.itemsize <= 4 else np.dtype(np.float64)
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def room(shape: tuple[int, ...], what: str, name: str = "the result", itemsize: int = 8) -> None:
    """Raise BadInput for an array that this machine cannot hold, before anything is allocated for it.

    Examples
    --------
    >>> room((2, 3), "pad2d")
    """
    size = math.prod(shape) * itemsize
    if size > _MEMORY:
        raise BadInput(
            f"{what}: {name} of shape {shape} would take {size / 2**30:.3g} GiB, but this machine has "
            f"{_MEMORY / 2**30:.3g} GiB: choose smaller sizes"
        )


def batch(x: npt.NDArray[Any], what: str, name: str = "x") -> npt.NDArray[Any]:
    """See (C, H, W) as a batch of one, (N, C, H, W) as it is; BadInput for other ranks or no channels."""
    if x.ndim not in (3, 4):
        raise BadInput(f"{what}: {name} has shape {x.shape}, give (N, C, H, W) or (C, H, W)")
    if x.shape[-3] < 1:
        raise BadInput(f"{what}: {name} has shape {x.shape}, it needs at least one channel")
    return x if x.ndim == 4 else x[np.newaxis]


def convolution_shapes(
    x: tuple[int, ...],
    weight: tuple[int, ...],
    bias: tuple[int, ...] | None,
    groups: int,
    what: str = "conv2d",
) -> None:
    """Raise BadInput unless channels, groups and bias of a convolution fit together."""
    if len(weight) != 4 or min(weight) < 1:
        raise BadInput(
            f"{what}: weight has shape {weight}, give (out channels, channels / groups, rows, columns)"
        )
    channels, out_channels = x[1], weight[0]
    if channels % groups or out_channels % groups:
        raise BadInput(
            f"{what}: groups {groups} must divide both the {channels} input channels "
            f"and the {out_channels} output channels"
        )
    if weight[1] * groups != channels:
        raise BadInput(
            f"{what}: weight {weight} with groups {groups} is for {weight[1] * groups} input channels, "
            f"but x {x} has {channels}"
        )
    if bias is not None and bias != (out_channels,):
        raise BadInput(
            f"{what}: bias has shape {bias}, give one number for each of {out_channels} output channels"
        )


def padding_fits(in_size: tuple[int, int], pads: Pads, mode: object) -> None:
    """Raise BadInput for an unknown padding mode, or more rows or columns than the picture can lend it."""
    word(mode, "padding mode")
    if mode not in PADDING_MODES:
        raise BadInput(f"padding mode {mode!r} is unknown: give {', '.join(PADDING_MODES)}")
    if mode == "zeros":
        return
    for axis, n, amount in (("rows", in_size[0], max(pads[:2])), ("columns", in_size[1], max(pads[2:]))):
        most = n - 1 if mode == "reflect" else n
        if n < 1 and amount:
            raise BadInput(f"padding mode {mode} needs a picture that has {axis}")
        if mode != "replicate" and amount > most:
            raise BadInput(
                f"padding mode {mode} with {amount} {axis} needs at most {most}: the picture has {n} {axis}"
            )


def pooling_pads(pads: Pads, reach: tuple[int, int], what: str) -> None:
    """Raise BadInput when a pooling window could lie in the padding alone: at most d(f-1) on each side."""
    for axis, amount, most in (
        ("rows", max(pads[:2]), reach[0] - 1),
        ("columns", max(pads[2:]), reach[1] - 1),
    ):
        if amount > most:
            raise BadInput(
                f"{what}: padding of {amount} {axis} is more than {most}, so a window could hold no pixel: "
                "choose less padding or a larger window"
            )
