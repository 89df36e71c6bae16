"""How numbers are written at plots: short, with a power of ten where they would be long."""

from __future__ import annotations

import math

from cnnviz.scene.numbers import MINUS, SUPERSCRIPTS, decimals_needed, number, short


def tick_text(value: float, step: float) -> str:
    """A tick's number: with the decimals of its step, and with a power of ten where it would be long.

    Examples
    --------
    >>> tick_text(0.5, 0.25), tick_text(1e6, 1e6), tick_text(-2e-7, 1e-7)
    ('0.50', '10⁶', '−2·10⁻⁷')
    """
    if value and not 1e-3 <= abs(value) < 1e5:
        mantissa, exponent = f"{value:.3e}".split("e")
        power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
        factor = f"{float(mantissa):g}".replace("-", MINUS)
        return power if factor == "1" else f"{factor}·{power}"
    return number(value, decimals_needed([value, step], 6))


def brief(value: float) -> str:
    """A number with the decimals it needs, and with a power of ten where these do not show it or it would be long.

    Examples
    --------
    >>> brief(0.81), brief(-4.0), brief(2.5e-5), brief(1.25e8)
    ('0.81', '−4', '2.5·10⁻⁵', '1.25·10⁸')
    """
    if not math.isfinite(value) or not value or 1e-2 <= abs(value) < 1e5:
        return short(value)
    if 1e-3 <= abs(value) < 1e5:
        return short(value, 5)
    rounded = float(f"{value:.2e}")
    return tick_text(rounded, rounded)


PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def value_of(text: str) -> float:
    """The number that `brief` wrote, as its digits say it: printed products are compared with it.

    Examples
    --------
    >>> value_of("−0.861"), value_of("2.5·10⁻⁵"), value_of("10⁶"), value_of("−1.5e21")
    (-0.861, 2.5e-05, 1000000.0, -1.5e+21)
    """
    factor, _, power = text.rpartition("10") if any(c in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" for c in text) else (text, "", "0")
    mantissa = factor.removesuffix("·").translate(PLAIN) or "1"
    if mantissa in ("∞", "-∞", "NaN"):
        return math.nan
    return float(mantissa) if "e" in mantissa else float(f"{mantissa}e{power.translate(PLAIN)}")


def equals(exact: float, text: str) -> str:
    """``=`` or ``≈``: whether what the printed parts give is what is printed as their result."""
    shown = value_of(text)
    return "=" if abs(exact - shown) <= 1e-9 * max(1.0, abs(shown)) else "≈"
