"""Small shapes by which curves are told apart without colour: disc, square, diamond, triangle, then the same hollow."""

from __future__ import annotations

import math

from cnnviz.scene.primitives import Box, Color, Link, Primitive, Rect

SHAPES = 4
"""So many shapes there are; the next curves have them hollow."""

SIDES = {2: ((0, -1), (1, 0), (0, 1), (-1, 0)), 3: ((0, -1), (1, 0.8), (-1, 0.8))}
"""The corners of diamond and triangle, in halves of their size."""

HOLLOW = 0.45
"""So much of its size the inside of a hollow shape has."""


def marker(
    key: str, number: int, at: tuple[float, float], r: float, color: Color, inside: Color
) -> list[Primitive]:
    """The shape of the curve of that number around a place.

    Parameters
    ----------
    r : float
        Half the width of a disc; the others are as large to the eye.
    inside : color
        What is seen through hollow shapes: that of the background.
    """
    shape, hollow = number % SHAPES, number // SHAPES % 2
    parts = [_shape(key, shape, at, r, color)]
    return [*parts, _shape(f"{key}/inside", shape, at, r * HOLLOW, inside)] if hollow else parts


def _shape(key: str, shape: int, at: tuple[float, float], r: float, color: Color) -> Primitive:
    x, y = at
    if shape < 2:
        half = r if shape == 0 else r * math.sqrt(math.pi) / 2
        return Rect(key, Box(x - half, y - half, 2 * half, 2 * half), color, half if shape == 0 else 0.0)
    half = r * 1.25
    corners = tuple((x + half * dx, y + half * dy) for dx, dy in SIDES[shape])
    return Link(key, corners, "#00000000", color, closed=True)
