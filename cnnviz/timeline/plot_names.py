"""The names of what can be pointed at in the plots of what learns, and whether something is one of them."""

from __future__ import annotations

from cnnviz.timeline.frame import CellRef

PLOT = "plot"
"""How the names of what can be pointed at begin: ``plot/plot0/curve``, its plane being the number of the iteration."""

TESTS = "tests"
"""The plot of test accuracy, where it stands beside that of the loss."""

FREE = "free"
"""The room of a plot ahead of its curve."""


def of_plot(ref: CellRef) -> bool:
    """Whether it is a part of a plot over iterations, and no cell."""
    return ref.tensor.startswith(f"{PLOT}/")
