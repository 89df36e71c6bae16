"""The plot beside a lesson that learns, whichever its step has."""

from __future__ import annotations

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.chain_graph import chain_graph
from cnnviz.scene.check_panel import check_panel
from cnnviz.scene.numbers import short
from cnnviz.scene.parabola import parabola_plot
from cnnviz.scene.plots import Labels, curve_plot
from cnnviz.scene.primitives import Box, Primitive
from cnnviz.scene.surface import surface_plot
from cnnviz.timeline.frame import CellRef, TrackFrame
from cnnviz.timeline.gradient_check import check_of, weight_at
from cnnviz.timeline.plots import Chain, Check, LossCurve, Parabola, Plot, Surface
from cnnviz.timeline.timeline import Timeline


def plot_panel(
    timeline: Timeline, track: TrackFrame, box: Box, look: Look, pointed: CellRef | None = None
) -> tuple[Primitive, ...]:
    """The plot of a step in its box; nothing where the track has none.

    Parameters
    ----------
    pointed : CellRef, optional
        The hovered or pinned cell: of a weight, its derivative is checked in place of that of the one at work.
    """
    if not track.plots or box.w <= 0 or box.h <= 0:
        return ()
    plot = track.plots[0]
    if isinstance(plot, Check) and pointed is not None and pointed.track == track.track:
        it = timeline.iteration(track.track, track.step.iteration)
        plot = check_of(it, weight_at(it, track.step.section, track.step.cell, pointed))
    return _drawn(f"plot{track.track}", box, plot, look)


def _drawn(key: str, box: Box, plot: Plot, look: Look) -> tuple[Primitive, ...]:
    match plot:
        case Parabola():
            return parabola_plot(key, box, plot, look)
        case Chain():
            return chain_graph(key, box, plot, look)
        case Surface():
            return surface_plot(key, box, plot, look)
        case Check():
            return check_panel(key, box, plot, look)
        case LossCurve():
            return loss_plot(key, box, plot, look)


def loss_plot(key: str, box: Box, plot: LossCurve, look: Look) -> tuple[Primitive, ...]:
    """The losses of all iterations that are computed, with the point of this one."""
    loss = "?" if "total" in look.viewpoint.hidden else short(plot.loss, 6)
    labels = Labels("", "iteration", f"Loss L = {loss}")
    if box.h >= look.metrics.body * 6:
        labels = Labels("Loss", "iteration", f"L = {loss}")
    point = (float(plot.iteration), plot.loss)
    return curve_plot(key, box, np.arange(plot.losses.size), plot.losses, point, look, labels)
