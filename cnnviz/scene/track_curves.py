"""The losses of several tracks in one plot: each a curve of its own colour and shape, and their names above."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.markers import marker
from cnnviz.scene.plots import Axes, polyline, text_size
from cnnviz.scene.primitives import Box, Color, Link, Primitive, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.plots import LossCurve

MARKS = 6
"""So many shapes a curve has over all its iterations, beside the larger one at the playhead."""

SAMPLES = (1.8, 0.8)
"""The length of a piece of a curve before its name, in sizes of the text; where room is scarce it is but a shape."""

GAP = 0.9
"""Between two names."""


def track_colors(theme: Theme) -> tuple[Color, ...]:
    """The colours of the first tracks, in their order; that of the pointer is none of them."""
    return (theme.negative, theme.positive, theme.input, theme.weight, theme.text)


class Named(NamedTuple):
    """A track that learns: its number, name and colour, and its losses so far."""

    track: int
    name: str
    color: Color
    plot: LossCurve


def track_curves(key: str, axes: Axes, curves: Sequence[Named], look: Look) -> list[Primitive]:
    """All curves, then all shapes on them, so that none is crossed out."""
    theme = look.theme
    r, inside = max(4.0, look.metrics.stroke * 1.8) * 0.8, theme.background or theme.surface
    lines: list[Primitive] = []
    marks: list[Primitive] = []
    for n, (track, _, color, plot) in enumerate(curves):
        known = np.flatnonzero(np.isfinite(plot.losses))
        lines += polyline(
            f"{key}/curve{track}", axes, known.astype(np.float64), plot.losses[known], color, look
        )
        for m, at in enumerate(_marked(plot, n, len(curves))):
            if at < plot.iteration and np.isfinite(plot.losses[at]):
                place = axes.at(float(at), float(plot.losses[at]))
                marks += marker(f"{key}/mark{track}/{m}", n, place, r * 0.75, color, inside)
        if np.isfinite(plot.loss):
            place = axes.at(float(plot.iteration), plot.loss)
            marks += marker(f"{key}/point{track}", n, place, r * 1.45, theme.outline, theme.outline)[:1]
            marks += marker(f"{key}/point{track}/now", n, place, r * 1.15, color, inside)
    return [*lines, *marks]


def _marked(plot: LossCurve, number: int, count: int) -> range:
    """The iterations at which a curve has its shapes: others than those of the next, which may run there too."""
    each = max(math.ceil(plot.planned / MARKS), 1)
    return range(each * (number + 1) // (count + 1), plot.losses.size, each)


def track_names(key: str, box: Box, curves: Sequence[Named], look: Look) -> list[Primitive]:
    """In a row each name behind a piece of its curve; narrower where there is no room for all."""
    size, inside = text_size(look), look.theme.background or look.theme.surface
    # In the colour of text: those of curves need not be dark enough for letters.
    runs = [(Run(one.name, look.theme.text, Weight.MEDIUM),) for one in curves]
    wide = [width_of(run, size) * 1.02 + 2 for run in runs]
    for sample in SAMPLES:
        fixed = len(curves) * size * (sample + 0.4) + (len(curves) - 1) * size * GAP
        share = min(max(box.w - fixed, 1.0) / sum(wide), 1.0)
        if share == 1.0:
            break
    parts: list[Primitive] = []
    left = box.x
    for n, (one, run, width) in enumerate(zip(curves, runs, wide, strict=True)):
        middle = (left + size * sample / 2, box.cy)
        ends = ((left, box.cy), (left + size * sample, box.cy))
        stroke = max(1.5, look.metrics.stroke * 0.8)
        parts.append(Link(f"{key}/sample{one.track}", ends, one.color, width=stroke))
        parts += marker(f"{key}/sample{one.track}/mark", n, middle, size * 0.34, one.color, inside)
        left += size * (sample + 0.4)
        parts.append(Text(f"{key}/{one.track}/name", Box(left, box.y, width * share, box.h), run, size))
        left += width * share + size * GAP
    return parts
