"""How numbers are written: decimals common to a map, a real minus, never "-0", ≈ where digits do not add up."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINUS = "−"
MAX_DECIMALS = 3


def decimals_needed(values: ArrayLike, limit: int = MAX_DECIMALS) -> int:
    """The fewest decimals, at most ``limit``, that write every finite value to within 1e-9 of its size.

    Examples
    --------
    >>> decimals_needed([10, 0.25, -3])
    2
    >>> decimals_needed([1 / 9])
    3
    """
    finite = np.asarray(values, dtype=np.float64).ravel()
    finite = finite[np.isfinite(finite)]
    if finite.size == 0:
        return 0
    tolerance = 1e-9 * max(1.0, float(np.abs(finite).max()))
    for places in range(limit):
        if np.abs(finite - np.round(finite, places)).max() <= tolerance:
            return places
    return limit


def number(value: float, decimals: int) -> str:
    """``value`` with that many decimals.

    Examples
    --------
    >>> number(-30, 0), number(-0.0001, 2), number(3.14159, 2)
    ('−30', '0.00', '3.14')
    """
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else ("∞" if value > 0 else MINUS + "∞")
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else MINUS + text[1:]
    return text


def short(value: float, limit: int = MAX_DECIMALS) -> str:
    """``value`` with the decimals it needs, at most ``limit``."""
    return number(value, decimals_needed([value], limit))


def cell_texts(values: NDArray[np.floating] | NDArray[np.integer], decimals: int) -> list[str]:
    """The text of each cell, row by row."""
    return [number(float(v), decimals) for v in values.ravel()]


def adds_up(parts: ArrayLike, total: float, decimals: int) -> bool:
    """Whether the parts as printed add up to the total as printed; if not, the sum is written with ≈."""
    shown = np.round(np.asarray(parts, dtype=np.float64), decimals)
    if not np.isfinite(shown).all() or not np.isfinite(total):
        return False
    return bool(abs(float(shown.sum()) - round(float(total), decimals)) < 0.5 * 10.0**-decimals)
