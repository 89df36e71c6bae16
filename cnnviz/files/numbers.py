"""Reads one number in the ways people write it: 0.5, 0,5, 1e-3, 1/9, −2."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from cnnviz.engine.errors import BadInput
from cnnviz.files.reading import plain_signs, shown

LONGEST = 100
"""So many characters a number may have; more is a mistake, not precision."""

DECIMAL = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""An unsigned number with a decimal point, as a piece of a regular expression; ASCII digits only."""

_FRACTION = re.compile(rf"([+-]?{DECIMAL})(?:[ \t]*/[ \t]*([+-]?{DECIMAL}))?")
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_CHAIN = re.compile(r",[0-9]+,")
_BLANK_BETWEEN = re.compile(r"[0-9][ \t]+[+-]?[0-9]")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])|(?<![0-9.]),(?=[0-9])")


def parse_number(text: str, where: str = "number") -> float:
    """Read one number.

    A sign (+, -, − or –), digits with a decimal point or a decimal comma, a power of ten, and one fraction
    bar: ``1/9``, ``-0,5``, ``1e-3``, ``1,5/2``. As the text is one number, a comma can only be a decimal
    comma.

    Raises
    ------
    BadInput
        The text is no such number, divides by zero, or is not finite.
    """
    cleaned = plain_signs(text).strip()
    if len(cleaned) > LONGEST:
        raise BadInput(
            f"{where}: {shown(cleaned, 24)!r} is too long for a number; give at most {LONGEST} characters"
        )
    match = _FRACTION.fullmatch(_with_points(cleaned))
    if match is None:
        raise BadInput(f"{where}: {_not_a_number(text)}; write it as 0.5, 0,5, 1e-3 or 1/9")
    return quotient(match[1], match[2], where)


def is_number(text: str) -> bool:
    """Whether `parse_number` would take it for one number, be it finite or not."""
    cleaned = plain_signs(text).strip()
    return len(cleaned) <= LONGEST and _FRACTION.fullmatch(_with_points(cleaned)) is not None


def decimal_commas(lines: Iterable[str]) -> bool:
    """Whether the commas in rows of numbers are decimal commas rather than separators.

    They are when all of this holds, and separators otherwise: every comma stands between two digits, no two
    of them hold only digits between them (``1,0,-1`` and ``1,2,3`` are cells), no number has a decimal
    point, and blanks separate numbers somewhere. So ``0,5 0,25`` are two numbers, but ``1,0`` alone in its
    row is 1 and 0.
    """
    blanks = False
    commas = False
    for line in lines:
        here = line.count(",")
        commas |= here > 0
        if "." in line or _CHAIN.search(line) or here != len(_DECIMAL_COMMA.findall(line)):
            return False
        blanks = blanks or _BLANK_BETWEEN.search(line) is not None
    return commas and blanks


def quotient(numerator: str, denominator: str | None, where: str) -> float:
    """Divide two well-written numbers; BadInput for a division by zero and for overflow."""
    value = float(numerator)
    written = numerator
    if denominator is not None:
        divisor = float(denominator)
        written = f"{numerator}/{denominator}"
        if divisor == 0.0:
            raise BadInput(f"{where}: {shown(written, 40)} divides by zero; give another denominator")
        value /= divisor
    if not math.isfinite(value):
        raise BadInput(f"{where}: {shown(written, 40)} is not finite; give a number between -1e308 and 1e308")
    return value


def _with_points(text: str) -> str:
    """Turn decimal commas into points: at most one in each part of a fraction, and none beside a point."""
    return text if "." in text else "/".join(_COMMA.sub(".", part, count=1) for part in text.split("/"))


def _not_a_number(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        return "there is no number"
    if stripped.lstrip("+-−").lower() in ("nan", "inf", "infinity", "∞"):
        return f"{shown(stripped)} is not a finite number"
    return f"{shown(stripped, 24)!r} is not a number"
