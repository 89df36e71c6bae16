"""What the windows of a layer leave over: rows and columns at the end that no window reaches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.engine.geometry import extent
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape, pads_of
from cnnviz.engine.specs import AnyLayer, out_shape
from cnnviz.engine.windows import places_read


class Remainder(NamedTuple):
    """Rows at the bottom and columns at the right of the padded picture that no window covers."""

    rows: int
    columns: int


NOTHING = Remainder(0, 0)


def uncovered(spec: AnyLayer, in_shape: Shape) -> Remainder:
    """The remainder of the size formula's division: ``(n + 2p − d(f − 1) − 1) mod s``, padding counted.

    Where the quotient is rounded up a last window hangs over the end and nothing is left.

    Examples
    --------
    >>> uncovered(Conv(1, (3, 3), stride=(2, 2)), (1, 6, 6))
    Remainder(rows=1, columns=1)
    """
    if not isinstance(spec, Conv | MaxPool | AvgPool):
        return NOTHING
    pads, out = pads_of(spec, in_shape), spec.out_shape(in_shape)
    apart = spec.dilation if isinstance(spec, Conv) else (1, 1)
    room = in_shape[1] + pads.top + pads.bottom, in_shape[2] + pads.left + pads.right
    rows, columns = (
        max(
            room[axis]
            - (out[axis + 1] - 1) * spec.stride[axis]
            - extent(spec.kernel_size[axis], apart[axis]),
            0,
        )
        for axis in (0, 1)
    )
    return Remainder(rows, columns)


def of_picture(spec: AnyLayer, in_shape: Shape) -> Remainder:
    """Those of the `uncovered` rows and columns that are the picture's own, not of its padding."""
    if not isinstance(spec, Conv | MaxPool | AvgPool):
        return NOTHING
    pads, left = pads_of(spec, in_shape), uncovered(spec, in_shape)
    return Remainder(max(left.rows - pads.bottom, 0), max(left.columns - pads.right, 0))


def skips(spec: AnyLayer, in_shape: Shape) -> bool:
    """Whether rows or columns before the remainder are read by no window either: between steps or dilated weights.

    Examples
    --------
    >>> skips(Conv(1, (1, 1), stride=(2, 2)), (1, 6, 6)), skips(Conv(1, (3, 3), stride=(2, 2)), (1, 6, 6))
    (True, False)
    """
    own, out = of_picture(spec, in_shape), out_shape(spec, in_shape)
    for axis in (0, 1):
        read = np.unique(places_read(spec, in_shape, out, axis))
        if (read >= 0).sum() < in_shape[axis + 1] - own[axis]:
            return True
    return False
