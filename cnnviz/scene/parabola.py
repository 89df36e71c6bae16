"""The squared error over the one number that is predicted, with the point at work, the target and the tangent."""

from __future__ import annotations

from math import isfinite

from cnnviz.scene.areas import Look
from cnnviz.scene.plot_numbers import brief, equals, value_of
from cnnviz.scene.plots import (
    Axes,
    Labels,
    axes_in,
    axes_parts,
    mark_text,
    point_at,
    polyline,
    segment,
    text_size,
    y_span,
)
from cnnviz.scene.primitives import Box, Link, Primitive, Run, Weight
from cnnviz.timeline.plots import Parabola

LINES = 3
"""Of text, in the middle at the top."""

LABELS = Labels("Loss over the prediction", "ŷ", "L = (ŷ − y)²")


def parabola_plot(key: str, box: Box, facts: Parabola, look: Look) -> tuple[Primitive, ...]:
    """The parabola, the target at its foot, the prediction on it and its slope there."""
    theme, hidden = look.theme, look.viewpoint.hidden
    span = (float(facts.x[0]), float(facts.x[-1]))
    axes = axes_in(box, span, y_span(facts.y), look, LABELS)
    parts = axes_parts(key, box, axes, look, LABELS)
    foot = axes.at(facts.target, axes.y[0])
    top = (foot[0], min(axes.box.y + text_size(look) * 1.4 * LINES + 4, foot[1]))
    parts.append(Link(f"{key}/target", (foot, top), theme.input, width=max(1.5, look.metrics.stroke * 0.6)))
    parts += polyline(f"{key}/curve", axes, facts.x, facts.y, theme.text, look)
    if isfinite(facts.loss):
        down = (axes.at(facts.prediction, facts.loss), axes.at(facts.prediction, axes.y[0]))
        parts.append(Link(f"{key}/prediction", down, theme.accent, width=1.0))
    tangent = segment(axes, (facts.prediction, facts.loss), facts.slope)
    if tangent is not None:
        parts.append(Link(f"{key}/tangent", tangent, theme.accent, width=max(1.5, look.metrics.stroke * 0.8)))
    if isfinite(facts.loss):
        parts += point_at(f"{key}/point", axes, (facts.prediction, facts.loss), look)
    slope = brief(facts.slope)
    printed = 2 * (value_of(brief(facts.prediction)) - value_of(brief(facts.target)))
    loss = "?" if "total" in hidden else brief(facts.loss)
    lines = (
        (Run(f"ŷ = {brief(facts.prediction)}, L = {loss}", theme.accent, Weight.MEDIUM),),
        (Run(f"slope 2(ŷ − y) {equals(printed, slope)} {slope}", theme.accent),),
        (Run(f"target y = {brief(facts.target)}", theme.input, Weight.MEDIUM),),
    )
    return (*parts, *_texts(key, axes, lines, look))


def _texts(key: str, axes: Axes, lines: tuple[tuple[Run, ...], ...], look: Look) -> list[Primitive]:
    """Lines at the top in the middle, where a parabola leaves room."""
    size = text_size(look)
    return [
        mark_text(f"{key}/line{n}", axes, 0.5, axes.box.y + n * size * 1.4, line, look)
        for n, line in enumerate(lines)
    ]
