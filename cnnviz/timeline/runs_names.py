"""The names of what can be pointed at or chosen where runs are shown, and whether something is one of them."""

from __future__ import annotations

from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline

BARS = "bars"
CURVES = "curves"
NAMES = "names"
"""How the names of what can be pointed at begin: ``bars/norm/gradients/plain-18``, its plane being the layer;
``curves/norm/plain-18/bold``, its plane being the number of updates; and ``names/norm/plain-18``."""

FINE, BOLD, FREE = "fine", "bold", "free"
"""The dotted or thin curve of a network, the thick one, and the room in which neither is."""

EVERY = "every/"
"""In place of group and network: that curve of all of them."""


def can_be_chosen(timeline: Timeline, ref: CellRef) -> bool:
    """Whether it is the name, a curve or a layer's bars of a run of this lesson: such a choice is kept at all steps."""
    return timeline.runs is not None and ref.tensor.partition("/")[0] in (BARS, CURVES, NAMES)
