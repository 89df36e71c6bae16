"""How a curve that is pointed at comes forward, others step back, and its point is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.scene.areas import Look
from cnnviz.scene.primitives import Box, Color, Link, Primitive, Rect

BACK = 0.3
"""So clear is what steps back."""

FORWARD = 1.5
"""So many times as wide is the curve that comes forward."""

OVERLAID = "b3"
"""How clear it is where another one lies over it, as two hexadecimal digits."""


def set_back(p: Primitive) -> Primitive:
    """A line or an area at the back."""
    if isinstance(p, Link):
        return replace(p, stroke=_clearer(p.stroke), fill=_clearer(p.fill))
    return replace(p, fill=_clearer(p.fill)) if isinstance(p, Rect) else p


def _clearer(color: Color) -> Color:
    alpha = int(color[7:9] or "ff", 16)
    return f"{color[:7]}{round(alpha * BACK):02x}"


def set_forward(p: Primitive) -> Primitive:
    """A line that is wider, and clearer where one of the same colour lies over it; a dot that is larger."""
    if isinstance(p, Link):
        stroke = p.stroke if len(p.stroke) == 7 else f"{p.stroke[:7]}{OVERLAID}"
        return replace(p, stroke=stroke, width=p.width * FORWARD)
    if not isinstance(p, Rect) or not p.radius:
        return p
    by = p.radius * (FORWARD - 1) * 0.7
    return replace(p, box=p.box.inset(-by), radius=p.radius + by)


def line_at(key: str, x: float, box: Box, look: Look) -> Link:
    """An upright line through a plot."""
    width = max(1.0, look.metrics.stroke / 2)
    return Link(f"{key}/asked", ((x, box.y), (x, box.bottom)), look.theme.hover, width=width)


def dot_at(key: str, at: tuple[float, float], meant: bool, look: Look) -> Iterator[Primitive]:
    """A dot: where it is meant a larger one in a ring, so that it is told apart without its colour too."""
    (x, y), theme = at, look.theme
    sizes = ((2.9, theme.outline), (2.4, theme.hover), (1.5, theme.outline), (0.9, theme.hover))
    for n, (size, color) in enumerate(sizes if meant else ((1.6, theme.outline), (1.1, theme.hover))):
        r = max(2.0, look.metrics.stroke) * size
        yield Rect(f"{key}/asked/dot{n}", Box(x - r, y - r, 2 * r, 2 * r), color, r)
