"""The power of ten that small or huge numbers share, so that the largest is shown with two of its digits or more."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.layers import AvgPool, MaxPool
from cnnviz.engine.specs import GlobalAvgPool, GlobalMaxPool
from cnnviz.scene.numbers import HUGE, MAX_DECIMALS, SUPERSCRIPTS, decimals_needed, number, small
from cnnviz.timeline.frame import Focus

NOISE = 1e-14
"""What is smaller is left over from rounding."""


def shared_power(values: ArrayLike, decimals: int = MAX_DECIMALS) -> int:
    """A multiple of 3, or 0 where so many decimals show two digits of the largest number and it is not too long.

    Examples
    --------
    >>> shared_power([0.5, 0.001]), shared_power([0.0021, 0.0]), shared_power([-0.00021]), shared_power([0.0])
    (0, -3, -6, 0)
    >>> shared_power([1e8]), shared_power([-2.48e154])
    (0, 153)
    """
    array = np.abs(np.asarray(values, dtype=np.float64).ravel())
    reach = float(array[np.isfinite(array)].max(initial=0.0))
    if reach < NOISE or 10.0 ** (1 - decimals) <= reach < HUGE:
        return 0
    return 3 * math.floor(math.log10(reach) / 3 + 1e-12)


def decimals_in(values: ArrayLike, power: int, limit: int = MAX_DECIMALS) -> int:
    """The decimals of numbers in units of a power of ten: those that are needed, and no more than three digits then."""
    if not power:
        return decimals_needed(values, limit)
    scaled = np.asarray(values, dtype=np.float64) / 10.0**power
    reach = float(np.abs(scaled[np.isfinite(scaled)]).max(initial=0.0))
    return decimals_needed(scaled, 2 if reach < 10 else (1 if reach < 100 else 0))


def power_text(power: int) -> str:
    """The factor that numbers stand in; nothing for 1.

    Examples
    --------
    >>> power_text(-6), power_text(0)
    ('·10⁻⁶', '')
    """
    return f"·10{str(power).translate(SUPERSCRIPTS)}" if power else ""


def in_unit(focus: Focus) -> tuple[Focus, str]:
    """A cell whose parts and total are given in their shared power of ten, and that power as it is written."""
    terms = focus.terms
    pooled = focus.kind == "forward" and isinstance(
        focus.spec, MaxPool | AvgPool | GlobalMaxPool | GlobalAvgPool
    )
    parts = terms.x if pooled else terms.products
    # A bias has its digits beside those of the products.
    power = shared_power(np.append(parts, terms.bias or 0.0))
    if not power or not (pooled or terms.w.size):
        return focus, ""
    unit = 10.0**power
    scaled = replace(
        terms, products=terms.products / unit, total=terms.total / unit,
        x=terms.x / unit if pooled else terms.x, bias=None if terms.bias is None else terms.bias / unit,
    )  # fmt: skip
    return replace(focus, terms=scaled), power_text(power)


def total_text(focus: Focus) -> str:
    """A total with the decimals that it needs, or with two of its own digits where these would show none."""
    total = focus.terms.total
    parts = np.abs(focus.terms.products) if focus.terms.products.size else np.abs(focus.terms.x)
    if abs(total) <= 1e-12 * float(parts.max(initial=0.0)):
        return number(total, decimals_needed([total]))  # what is left over where parts cancel is no result
    return small(total)
