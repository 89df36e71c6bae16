"""Positive numbers in few bytes, where neighbours change alike: steps of a logarithmic scale, and their changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 64
"""Steps to a doubling: a number comes back within 0.55 %."""

NONE, ENDLESS, ZERO = 32_767, 32_766, -32_768
"""What stands for a number that was not measured, for infinity, and for 0."""


def to_octaves(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Code an array (rows, columns) of numbers from 0 to infinity, or nan, as (2, columns, rows) bytes.

    With n the nearest whole number to 64 log2 x, what is coded is how much more n changes from row to row than in the
    column before. Its sign stands in the last bit, so that small ones are small numbers; first come the lower bytes
    of all, then the higher ones.

    Examples
    --------
    >>> to_octaves(np.float32([[1.0, 8.0], [2.0, 4.0]])).tolist()
    [[[0, 128], [128, 255]], [[0, 0], [1, 0]]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.rint(STEPS * np.log2(values.astype(np.float64)))
    codes = np.select(
        [np.isnan(values), np.isposinf(values), values == 0], [NONE, ENDLESS, ZERO], np.nan_to_num(steps)
    ).astype(np.int16)
    changes = np.diff(np.diff(codes.T, prepend=np.int16(0)), axis=0, prepend=np.int16(0))  # modulo 2^16
    signed_last = (changes << 1) ^ (changes >> 15)
    return np.ascontiguousarray(signed_last.astype("<i2")[..., np.newaxis].view(np.uint8).transpose(2, 0, 1))


def from_octaves(coded: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The numbers that `to_octaves` has coded, each within 0.55 %.

    Examples
    --------
    >>> from_octaves(to_octaves(np.float32([[1.0, 8.0], [2.0, 4.1]]))).tolist()
    [[1.0, 8.0], [2.0, 4.087588787078857]]
    """
    joined = np.ascontiguousarray(coded.transpose(1, 2, 0)).view("<u2")[..., 0].astype(np.uint16)
    changes = (joined >> 1).astype(np.int16) ^ -(joined & 1).astype(np.int16)
    codes = np.cumsum(np.cumsum(changes, axis=0, dtype=np.int16), axis=1, dtype=np.int16).T
    values = np.minimum(np.exp2(codes / STEPS), np.finfo(np.float32).max).astype(np.float32)
    values[codes == NONE], values[codes == ENDLESS], values[codes == ZERO] = np.nan, np.inf, 0
    return np.ascontiguousarray(values)
