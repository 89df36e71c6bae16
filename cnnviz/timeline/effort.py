"""How much work the arrays of a lesson are, by arithmetic on shapes."""

from __future__ import annotations

import math

from cnnviz.engine.windows import terms_per_cell
from cnnviz.timeline.timeline import Timeline

TERMS_AT_ONCE = 64
"""A processor multiplies and adds so many terms of a sum in the time in which one number comes and goes in memory."""


def effort(timeline: Timeline) -> int:
    """About how many numbers have to be written, sums of many terms counting for more.

    Examples
    --------
    A map of 1,000 cells with 9 terms each, and another by the activation: about 2,000.
    """
    total = 0.0
    for sections, track in zip(timeline.sections, timeline.lesson.tracks, strict=True):
        for section in sections:
            terms = terms_per_cell(track.layers[section.layer], section.in_shape)
            total += math.prod(section.shape) * (1 + terms / TERMS_AT_ONCE)
    return round(total)
