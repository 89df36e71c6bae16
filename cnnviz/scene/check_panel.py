"""The gradient check: the loss over one weight with a secant beside the tangent, and both derivatives in numbers."""

from __future__ import annotations

from cnnviz.scene.areas import Look
from cnnviz.scene.numbers import number
from cnnviz.scene.plot_numbers import brief, tick_text
from cnnviz.scene.plots import (
    Axes,
    Labels,
    axes_in,
    axes_parts,
    point_at,
    polyline,
    segment,
    text_size,
    y_span,
)
from cnnviz.scene.primitives import Align, Box, Link, Primitive, Run, Text, Weight
from cnnviz.timeline.plots import Check

DIGITS = 8
"""Decimals of both derivatives: those in which they differ are seen."""


def check_panel(key: str, box: Box, check: Check, look: Look) -> tuple[Primitive, ...]:
    """The curve L(w) with the point, its tangent and a secant; below it the two derivatives and how far they differ."""
    size = text_size(look)
    lines = _lines(check, look)
    height = round(size * 1.35)
    table = Box(box.x, box.bottom - height * len(lines), box.w, height * len(lines))
    room = Box(box.x, box.y, box.w, table.y - box.y - size * 0.4)
    w = _letter(check)
    labels = Labels(f"Gradient check of {check.name}", w, f"L({w});  secant: (L({w} + h) − L({w} − h)) / 2h")
    span = (float(check.x[0]), float(check.x[-1]))
    axes = axes_in(room, span, y_span(check.y), look, labels)
    parts = axes_parts(key, room, axes, look, labels)
    parts += polyline(f"{key}/curve", axes, check.x, check.y, look.theme.text, look)
    parts += _slopes(key, axes, check, look)
    for n, (name, value, color) in enumerate(lines):
        place = Box(table.x, table.y + n * height, table.w, height)
        parts += [
            Text(f"{key}/line{n}/name", Box(place.x, place.y, place.w * 0.56, height), (Run(name, color),), size),
            Text(f"{key}/line{n}/value", Box(place.x + place.w * 0.57, place.y, place.w * 0.43, height),
                 (Run(value, color, Weight.MEDIUM),), size, Align.RIGHT),
        ]  # fmt: skip
    return tuple(parts)


def _slopes(key: str, axes: Axes, check: Check, look: Look) -> list[Primitive]:
    theme, stroke = look.theme, look.metrics.stroke
    h, drawn = check.drawn.h, check.drawn
    below, above = (check.weight - h, drawn.below), (check.weight + h, drawn.above)
    parts: list[Primitive] = []
    tangent = segment(axes, (check.weight, check.loss), check.analytic)
    if tangent is not None:
        parts.append(Link(f"{key}/tangent", tangent, theme.accent, width=max(1.5, stroke * 0.8)))
    parts.append(
        Link(f"{key}/secant", (axes.at(*below), axes.at(*above)), theme.hover, width=max(1.5, stroke * 0.8))
    )
    for name, point in (("below", below), ("above", above)):
        parts += point_at(f"{key}/{name}", axes, point, look, theme.hover, 0.8)
    return parts + point_at(f"{key}/point", axes, (check.weight, check.loss), look)


def _letter(check: Check) -> str:
    """The weight's name, or w for a long one."""
    return check.name if len(check.name) < 4 else check.name[0].lower()


def _lines(check: Check, look: Look) -> tuple[tuple[str, str, str], ...]:
    theme, hidden = look.theme, "total" in look.viewpoint.hidden
    analytic = "?" if hidden else _digits(check.analytic)
    return (
        (f"∂L/∂{_letter(check)} by the chain rule", analytic, theme.accent),
        (f"difference, h = {brief(check.drawn.h)}", _digits(check.drawn.value), theme.hover),
        (
            f"difference, h = {tick_text(check.fine.h, check.fine.h)}",
            _digits(check.fine.value),
            theme.text,
        ),
        ("relative difference", tick_text(check.relative, check.relative or 1.0), theme.text),
    )


def _digits(value: float) -> str:
    """A derivative with all decimals that are compared, or shorter where they would not show it."""
    return number(value, DIGITS) if not value or 1e-3 <= abs(value) < 1e5 else brief(value)
