"""How the numbers of the arithmetic are printed in cells: as many decimals as they need and as can be read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.scene.maps import DIGIT, Figures, figures
from cnnviz.scene.numbers import number

LEAST_TYPE = 6.5
"""Smaller numbers cannot be read."""

HIGH, WIDE = 0.42, 0.88
"""How much of a cell's height and width its number fills."""

FULL = 0.94
"""The part of the width that it may fill rather than be left out."""

COMFORTABLE = 0.48
"""Rather than in type of less than so many sizes of small type, numbers without an end are told with fewer digits."""


class Print(NamedTuple):
    """Decimals, and the size of type: 0 where no number could be read."""

    decimals: int
    size: float


def print_of(values: NDArray[np.float64], cell: float, small: float) -> Print:
    """The decimals of a block of numbers, one count for all of them, and the size of their type.

    All decimals that its numbers need; fewer where their type would be too small, or, of numbers that have no end of
    digits, smaller than is comfortable.

    Parameters
    ----------
    values : ndarray
    cell : float
        Side of a cell, in pixels.
    small : float
        The size of small type.
    """
    printed = figures_of_block(values)
    sizes = {d: size_in(cell, _characters(printed, d)) for d in range(printed.decimals, -1, -1)}
    wanted = LEAST_TYPE if printed.exact else max(LEAST_TYPE, small * COMFORTABLE)
    # Two digits of the largest number say more than larger type.
    least = min(printed.least, printed.decimals)
    for decimals in range(printed.decimals, least - 1, -1):
        if sizes[decimals] >= wanted:
            return Print(decimals, sizes[decimals])
    fewest = max(least - 1, 0)
    for decimals in (least, fewest):
        if sizes[decimals] >= LEAST_TYPE:
            return Print(decimals, sizes[decimals])
    fits = sizes[fewest] * FULL / WIDE >= LEAST_TYPE and HIGH * cell >= LEAST_TYPE
    return Print(fewest, LEAST_TYPE if fits else 0.0)


def size_in(cell: float, characters: int) -> float:
    """The size of type at which so many characters fill a cell."""
    return min(HIGH * cell, WIDE * cell / (DIGIT * characters))


def figures_of_block(values: NDArray[np.float64]) -> Figures:
    """What the finite numbers of a block need; found again by the array itself, as a copy would be measured anew."""
    return figures(values if np.isfinite(values).all() else np.where(np.isfinite(values), values, 0.0))


def _characters(printed: Figures, decimals: int) -> int:
    return max(*(len(number(end, decimals)) for end in printed.ends), 1)
