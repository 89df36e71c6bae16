"""How numbers are written: decimals common to a map, a real minus, never "-0", ≈ where digits do not add up."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINUS = "−"
MAX_DECIMALS = 3

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

LEAST = 0.01
"""Smaller numbers are told with two digits of their own."""

MOST_PLACES = 5
"""With more decimals than this they have a power of ten."""

HUGE = 1e9
"""From here on numbers are written with a power of ten: a descent that diverges has no end of digits."""


def decimals_needed(values: ArrayLike, limit: int = MAX_DECIMALS) -> int:
    """The fewest decimals, at most ``limit``, that write every finite value to within 1e-9 of its size.

    Examples
    --------
    >>> decimals_needed([10, 0.25, -3])
    2
    >>> decimals_needed([1 / 9])
    3
    """
    if isinstance(values, list) and len(values) == 1 and math.isfinite(values[0]):
        return _decimals_of(float(values[0]), limit)
    finite = np.asarray(values, dtype=np.float64).ravel()
    finite = finite[np.isfinite(finite)]
    for places in range(limit):
        if _exact(finite, places):
            return places
    return limit


def _decimals_of(value: float, limit: int) -> int:
    """`decimals_needed` of one number: most are, and NumPy takes ten times as long for them."""
    tolerance = 1e-9 * max(1.0, abs(value))
    return next((n for n in range(limit) if abs(value - round(value, n)) <= tolerance), limit)


def number(value: float, decimals: int) -> str:
    """``value`` with that many decimals.

    Examples
    --------
    >>> number(-30, 0), number(-0.0001, 2), number(3.14159, 2), number(-1.5e21, 2)
    ('−30', '0.00', '3.14', '−1.5e21')
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else MINUS + "∞")
    if abs(value) >= HUGE:
        digits, power = f"{value:.2e}".split("e")
        return f"{float(digits):g}e{int(power)}".replace("-", MINUS)
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else MINUS + text[1:]
    return text


def short(value: float, limit: int = MAX_DECIMALS) -> str:
    """``value`` with the decimals it needs, at most ``limit``."""
    return number(value, decimals_needed([value], limit))


def small(value: float) -> str:
    """A number with at least two of its own digits, however small it is, and no more than three where it is huge.

    Examples
    --------
    >>> small(0.5), small(-0.00887), small(3.41e-6), small(0.0), small(2e-20)
    ('0.5', '−0.0089', '3.4·10⁻⁶', '0', '2·10⁻²⁰')
    >>> small(-2.481e153), small(1e8)
    ('−2.48·10¹⁵³', '100000000')
    """
    if math.isfinite(value) and abs(value) >= HUGE:
        digits, power = f"{value:.2e}".split("e")
        return f"{float(digits):g}·10{str(int(power)).translate(SUPERSCRIPTS)}".replace("-", MINUS)
    if not value or not math.isfinite(value) or abs(value) >= LEAST:
        return short(value)
    digits, power = f"{value:.1e}".split("e")
    places = 1 - int(power)
    if places <= MOST_PLACES:
        return short(value, places)
    return f"{digits.removesuffix('.0')}·10{str(int(power)).translate(SUPERSCRIPTS)}".replace("-", MINUS)


def bracketed(text: str) -> str:
    """A number that is written, in brackets where it is negative, so that a sign may stand before it."""
    return f"({text})" if text.startswith(MINUS) else text


def rate_text(value: float) -> str:
    """A learning rate as one writes it, with a power of ten where it would be long.

    Examples
    --------
    >>> rate_text(0.002), rate_text(50.0), rate_text(2.5e-6), rate_text(1e300)
    ('0.002', '50', '2.5·10⁻⁶', '10³⁰⁰')
    """
    if 1e-4 <= value < 1e5:
        return f"{value:g}"
    digits, power = f"{value:.3e}".split("e")
    factor = f"{float(digits):g}·" if float(digits) != 1 else ""
    return f"{factor}10{str(int(power)).translate(SUPERSCRIPTS)}"


def as_shown(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """The values as their printed digits say them."""
    array = np.asarray(values, dtype=np.float64)
    if _exact(array, decimals):
        return np.round(array, decimals)
    # Half a digit is rounded as `number` does; NumPy multiplies first, which makes 2.675 a tie.
    return np.array([float(f"{v:.{decimals}f}") for v in array.ravel()]).reshape(array.shape)


def adds_up(
    parts: ArrayLike, total: float, decimals: int, bias: float = 0.0, printed: float | None = None
) -> bool:
    """Whether parts printed with these decimals, and a bias and a total with their own, add up as printed.

    If not, the sum is written with ≈. A total that is printed otherwise is given as its digits say it.
    """
    if not (np.isfinite(np.asarray(parts)).all() and np.isfinite(total)):
        return False
    shown = as_shown(parts, decimals)
    result, extra = (float(f"{v:.{decimals_needed([v])}f}") for v in (total, bias))
    result = result if printed is None else printed
    size = max(1.0, float(np.abs(shown).max(initial=0.0)))
    return abs(float(shown.sum()) + extra - result) <= 1e-9 * size


def multiplies(
    x: NDArray[np.float64],
    w: NDArray[np.float64],
    products: NDArray[np.float64],
    decimals: tuple[int, int, int],
    unit: float = 1.0,
) -> bool:
    """Whether each pair printed with these decimals, in a unit, gives its product as printed."""
    a, b, c = (as_shown(v, d) for v, d in zip((x, w, products), decimals, strict=True))
    size = np.maximum(1.0, np.abs(c))
    return bool((np.abs(a * b * unit - c) <= 1e-9 * size).all())


def _exact(values: NDArray[np.float64], decimals: int) -> bool:
    """Whether that many decimals write every value to within 1e-9 of the largest one's size."""
    tolerance = 1e-9 * max(1.0, float(np.abs(values).max(initial=0.0)))
    return bool(np.abs(values - np.round(values, decimals)).max(initial=0.0) <= tolerance)
