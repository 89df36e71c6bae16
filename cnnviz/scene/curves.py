"""An activation drawn as a curve, with the point of the number at work on it."""

from __future__ import annotations

from cnnviz.engine.specs import AnyLayer
from cnnviz.scene.numbers import decimals_needed, number
from cnnviz.scene.primitives import Align, Box, Link, Primitive, Ring, Run, Text
from cnnviz.scene.theme import Theme
from cnnviz.timeline.curves import curve_of
from cnnviz.timeline.frame import Focus


def curve_panel(
    key: str,
    box: Box,
    spec: AnyLayer,
    reach: float,
    focus: Focus | None,
    theme: Theme,
    size: float,
    stroke: float,
) -> tuple[Primitive, ...]:
    """Axes through 0, the curve from −reach to reach, and where the focused number stands on it.

    Parameters
    ----------
    reach : float
        How far the axes go to both sides, in units of the input.
    focus : Focus or None
        The cell whose point is marked, when this activation is at work.
    """
    curve = curve_of(spec, reach)
    scale = min(box.w, box.h) / (2 * reach)

    def at(x: float, y: float) -> tuple[float, float]:
        # Both axes have the same unit, so that the slope 1 is drawn as 45 degrees.
        y = min(max(y, -reach), reach)
        return (box.cx + x * scale, box.cy - y * scale)

    points = tuple(at(float(x), float(y)) for x, y in zip(curve.x, curve.y, strict=True))
    text = number(reach, decimals_needed([reach], 1))
    label = size * 1.2
    parts: list[Primitive] = [
        Link(f"{key}/axis/x", (at(-reach, 0), at(reach, 0)), theme.muted, width=1.0, arrow=True),
        Link(f"{key}/axis/y", (at(0, -reach), at(0, reach)), theme.muted, width=1.0, arrow=True),
        Text(f"{key}/axis/right", Box(box.right - label * 3, box.cy + 2, label * 3, label),
             (Run(text, theme.muted),), size, Align.RIGHT),
        # Where x is negative no curve goes up.
        Text(f"{key}/axis/top", Box(box.cx - 4 - label * 3, box.y, label * 3, label), (Run(text, theme.muted),),
             size, Align.RIGHT),
        Link(f"{key}/curve", points, theme.text, width=max(2.0, stroke)),
    ]  # fmt: skip
    if focus is not None:
        x, y = float(focus.terms.x[0]), focus.terms.total
        px, py = at(min(max(x, -reach), reach), y)
        zero = at(0, 0)
        r = max(4.0, stroke * 2.2)
        parts += [
            Link(f"{key}/from", ((px, zero[1]), (px, py)), theme.input, width=max(1.5, stroke * 0.7)),
            Link(f"{key}/to", ((px, py), (zero[0], py)), theme.output, width=max(1.5, stroke * 0.7)),
            Ring(f"{key}/point", Box(px - r, py - r, 2 * r, 2 * r), theme.accent, theme.outline, stroke,
                 fill=theme.accent, radius=r),
        ]  # fmt: skip
    return tuple(parts)
