"""Points of the plots of what learns: which one a pointer means, its numbers, and the step that a click goes to."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from cnnviz.timeline.frame import CellRef, Frame
from cnnviz.timeline.plot_names import FREE, TESTS, of_plot
from cnnviz.timeline.plots import AccuracyCurve, LossCurve
from cnnviz.timeline.timeline import Timeline

OverIterations: TypeAlias = LossCurve | AccuracyCurve


class PlotPoint(NamedTuple):
    """A point of a curve: the iteration, the value, and the mean of the last ones; NaN where there is none."""

    iteration: int
    value: float
    mean: float


def plot_of(frame: Frame, ref: CellRef) -> OverIterations | None:
    """The plot of which a part is pointed at; None where it is none over iterations."""
    if not of_plot(ref) or not 0 <= ref.track < len(frame.tracks):
        return None
    plots = frame.tracks[ref.track].plots
    kind = AccuracyCurve if f"/{TESTS}/" in ref.tensor else (LossCurve, AccuracyCurve)
    return next((plot for plot in plots if isinstance(plot, kind)), None)


def point_of(plot: OverIterations, iteration: int) -> PlotPoint | None:
    """The point that is nearest to an iteration; None where a curve has none so far."""
    if isinstance(plot, AccuracyCurve):
        if not plot.iterations.size:
            return None
        n = int(np.abs(plot.iterations - iteration).argmin())
        return PlotPoint(int(plot.iterations[n]), float(plot.shares[n]), np.nan)
    known = np.flatnonzero(np.isfinite(plot.losses))
    if not known.size:
        return None
    n = int(known[np.abs(known - iteration).argmin()])
    place = n - plot.examples + 1
    mean = float(plot.means[place]) if 0 <= place < plot.means.size else np.nan
    return PlotPoint(n, float(plot.losses[n]), mean)


def index_in_plot(timeline: Timeline, index: int, ref: CellRef) -> int | None:
    """The step that a click at a plot goes to: the start of the iteration there; None where it has no iterations."""
    plot = plot_of(timeline.frame(index), ref)
    if plot is None:
        return None
    point = None if ref.tensor.endswith(f"/{FREE}") else point_of(plot, ref.plane)
    last = timeline.repeats(timeline.lead).iterations - 1
    return timeline.index_at(min(max(ref.plane if point is None else point.iteration, 0), last))
