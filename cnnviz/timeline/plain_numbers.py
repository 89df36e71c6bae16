"""Numbers as JSON can hold them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def plain_numbers(values: NDArray[np.floating]) -> list[float | str]:
    """The values of an array, row by row."""
    flat = values.ravel()
    if np.isfinite(flat).all():
        plain: list[float | str] = (flat.astype(np.float64) + 0.0).tolist()  # + 0.0 turns -0.0 into 0.0
        return plain
    return [plain_number(v) for v in flat.tolist()]


def plain_number(value: float) -> float | str:
    """JSON has no infinity: it is written as a word, as in the padding of a maximum."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value + 0.0
