"""Weights as the stage shows them: one plane for each output and channel, as they meet the input."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import used_weight
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Linear
from cnnviz.timeline.memo import Memo


def shown_weight(spec: AnyLayer, params: Params) -> NDArray[np.float64]:
    """The weights for the stage, (outputs, channels, rows, columns), read-only.

    Kernels of a true convolution are turned by 180°, as they slide. A transposed convolution's are ordered by
    output. Those of a fully connected layer are one matrix, a row for each output: (1, 1, outputs, inputs).
    """
    if isinstance(spec, Conv) and not spec.flipped:
        return (
            params.weight
        )  # at once: there can be millions, and to find them by their content takes as long
    return _arranged(spec, params)


@lru_cache(maxsize=64)  # the same array in every frame: what is derived from it is kept by its identity
def _arranged(spec: AnyLayer, params: Params) -> NDArray[np.float64]:
    weight = params.weight
    if isinstance(spec, Linear):
        shown = weight[None, None]
    elif isinstance(spec, ConvTranspose):
        shown = _by_output(spec, weight)
    else:
        shown = used_weight(spec, weight)
    if shown.base is not params.weight or not shown.flags.c_contiguous:
        shown = np.ascontiguousarray(shown)
    shown.setflags(write=False)
    return shown


def largest(values: NDArray[np.float64]) -> float:
    """The largest magnitude of a read-only array, found once."""
    # Without an array of magnitudes: there can be millions.
    return _largest.get(values, "largest", lambda: float(max(abs(values.min()), abs(values.max()))))


_largest: Memo[float] = Memo(256)


def weight_index(
    spec: AnyLayer, shape: tuple[int, ...], plane: int, row: int, column: int
) -> tuple[int, ...] | None:
    """Where a weight on the stage stands in the layer's own array of that shape; None outside."""
    if isinstance(spec, Linear):
        index: tuple[int, ...] = (row, column) if plane == 0 else (-1,)
    elif isinstance(spec, ConvTranspose):
        each = shape[0] // spec.groups
        output, place = divmod(plane, each)
        group, at = divmod(output, shape[1])
        index = (group * each + place, at, row, column)
    elif isinstance(spec, Conv) and spec.flipped:
        index = (*divmod(plane, shape[1]), shape[2] - 1 - row, shape[3] - 1 - column)
    else:
        index = (*divmod(plane, shape[1]), row, column)
    inside = len(index) == len(shape) and all(0 <= i < n for i, n in zip(index, shape, strict=True))
    return index if inside else None


def _by_output(spec: ConvTranspose, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    groups, (channels, outputs, *size) = spec.groups, weight.shape
    grouped = weight.reshape(groups, channels // groups, outputs, *size)
    return grouped.swapaxes(1, 2).reshape(groups * outputs, channels // groups, *size)
