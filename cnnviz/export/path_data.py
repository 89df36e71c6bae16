"""Lengths and outlines as vector files write them."""

from __future__ import annotations

import re
from functools import lru_cache

from cnnviz.scene.formulas import outline, shape

_OPERATORS = {"M": "m", "L": "l", "C": "c", "Q": "c", "Z": "h"}


@lru_cache(maxsize=1 << 14)
def plain(length: float) -> str:
    """Write a length with at most three decimals.

    Examples
    --------
    >>> plain(44.0), plain(18.48), plain(1 / 3), plain(-0.0001)
    ('44', '18.48', '0.333', '0')
    """
    return f"{round(length, 3) + 0.0:.9g}"


@lru_cache(maxsize=256)
def formula_paths(name: str) -> tuple[tuple[str, str], ...]:
    """What is filled in each role's colour, as path data in thousandths of an em."""
    paths: dict[str, list[str]] = {}
    for mark in outline(name).marks:
        paths.setdefault(mark.role, []).append(moved_path(*shape(mark.shape), mark.x, mark.y))
    return tuple((role, "".join(data)) for role, data in paths.items())


def moved_path(data: str, units: int, x: float, y: float) -> str:
    """Move path data of so many units to an em by a way in em; the result is in thousandths of an em."""
    parts = []
    for command, numbers in re.findall(r"([A-Z])([^A-Z]*)", data):
        flat = [float(n) * 1000 / units for n in numbers.split()]
        moved = [n + 1000 * (x, y)[place % 2] for place, n in enumerate(flat)]
        parts.append(command + " ".join(f"{round(n, 1) + 0.0:g}" for n in moved))
    return "".join(parts)


@lru_cache(maxsize=512)
def pdf_path(data: str) -> str:
    """Turn path data of SVG with absolute commands into the operators of a PDF page, which has no quadratic curves.

    Examples
    --------
    >>> pdf_path("M0 0Q3 6 6 0Z")
    '0 0 m 2 4 4 4 6 0 c h'
    """
    parts: list[str] = []
    here = (0.0, 0.0)
    for command, numbers in re.findall(r"([A-Z])([^A-Z]*)", data):
        flat = [float(n) for n in numbers.split()]
        points = list(zip(flat[::2], flat[1::2], strict=True))
        if command == "Q":
            (x, y), (end_x, end_y) = points
            first = (here[0] + 2 / 3 * (x - here[0]), here[1] + 2 / 3 * (y - here[1]))
            points = [first, (end_x + 2 / 3 * (x - end_x), end_y + 2 / 3 * (y - end_y)), (end_x, end_y)]
        parts += [plain(length) for point in points for length in point]
        parts.append(_OPERATORS[command])
        here = points[-1] if points else here
    return " ".join(parts)
