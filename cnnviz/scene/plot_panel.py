"""The plot beside a lesson that learns, whichever its step has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.scene.areas import Look
from cnnviz.scene.chain_graph import chain_graph
from cnnviz.scene.check_panel import check_panel
from cnnviz.scene.letters import width_of
from cnnviz.scene.parabola import parabola_plot
from cnnviz.scene.plot_numbers import brief
from cnnviz.scene.plots import (
    LOG,
    LOW,
    Floats,
    Labels,
    Span,
    axes_in,
    axes_parts,
    curve_plot,
    point_at,
    polyline,
    text_size,
    uneven_values,
    y_span,
)
from cnnviz.scene.primitives import Box, Link, Primitive, Run, Text, Weight
from cnnviz.scene.surface import surface_plot
from cnnviz.scene.track_curves import Named, track_colors, track_curves, track_names
from cnnviz.timeline.frame import CellRef, TrackFrame
from cnnviz.timeline.gradient_check import check_of, weight_at
from cnnviz.timeline.loss_curve import means_of
from cnnviz.timeline.plots import AccuracyCurve, Chain, Check, LossCurve, Parabola, Plot, Surface
from cnnviz.timeline.timeline import Timeline

UPDATES = "updates"
"""What the axes count: iterations are counted from 1, and the loss of the first is that before any update."""


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
        case AccuracyCurve():
            return accuracy_plot(key, box, plot, look)
        case LossCurve():
            if sum(t.learning is not None for t in look.tracks) > 1:
                return _of_tracks(key, box, look)
            return (*loss_plot(key, box, plot, look), *_end(key, box, plot, look))


def _end(key: str, box: Box, plot: LossCurve, look: Look) -> tuple[Primitive, ...]:
    """Where a descent has stopped, at its last iteration."""
    learning = next((t.learning for t in look.tracks if t.learning is not None), None)
    if learning is None or not learning.stopped or learning.iteration + 1 < learning.filled:
        return ()
    log, reach = _scale((plot,))
    axes = axes_in(box, _planned(plot.planned), reach, look, Labels("Loss", UPDATES, " "), log, True)
    runs = (Run("stopped", look.theme.accent, Weight.BOLD),)
    x = axes.at(plot.iteration, axes.y[0])[0]
    size = text_size(look)
    wide = width_of(runs, size) + 2
    beside = x + size if x + size + wide <= axes.box.right else x - size - wide
    line = Link(f"{key}/end", ((x, axes.box.y), (x, axes.box.bottom)), look.theme.accent, width=1.0)
    return (line, Text(f"{key}/stopped", Box(beside, axes.box.y, wide, round(size * 1.3)), runs, size))


def _loss_words(plot: LossCurve, look: Look) -> str:
    """The loss of the iteration, and of several examples or batches what their mean is."""
    if "total" in look.viewpoint.hidden:
        return "L = ?"
    told = f"L = {brief(plot.loss)}"
    if plot.batches:
        return f"{told} of this batch" + (
            f", {brief(float(plot.means[-1]))} of the last {plot.examples}" if plot.means.size else ""
        )
    return told + (", and its mean over all examples" if plot.means.size > 1 else "")


def accuracy_plot(key: str, box: Box, plot: AccuracyCurve, look: Look) -> tuple[Primitive, ...]:
    """The share of test pictures that are right, in per cent, over the updates; the last test is the point."""
    x, y = plot.iterations, 100 * plot.shares
    labels = Labels(_title(plot, box, look), UPDATES, _tested(plot, "total" in look.viewpoint.hidden))
    axes = axes_in(box, _planned(plot.planned), (0.0, 100.0), look, labels, False, True)
    parts = axes_parts(key, box, axes, look, labels)
    parts += polyline(f"{key}/curve", axes, x, y, look.theme.text, look)
    if x.size:
        parts += point_at(f"{key}/point", axes, (float(x[-1]), float(y[-1])), look)
    return tuple(parts)


def _title(plot: AccuracyCurve, box: Box, look: Look) -> str:
    """What is tested, and how often where that is not before every update and there is room to say it."""
    widest = int(np.diff(plot.iterations).max(initial=1))
    title = "Test accuracy"
    told = f"{title}, every {widest} updates"
    wide = width_of((Run(told, look.theme.text, Weight.MEDIUM),), text_size(look) * 1.1)
    fits = wide <= box.w and box.h >= text_size(look) * LOW
    return told if widest > 1 and fits else title


def _tested(plot: AccuracyCurve, hidden: bool) -> str:
    """The last test: the share, of how many pictures, after how many updates."""
    if not plot.iterations.size:
        return "not tested yet"
    updates, share = int(plot.iterations[-1]), "?" if hidden else f"{100 * plot.shares[-1]:.1f} %"
    return f"{share} of {plot.pictures:,} right after {updates:,} update{'' if updates == 1 else 's'}"


def _of_tracks(key: str, box: Box, look: Look) -> tuple[Primitive, ...]:
    """The losses of all tracks that learn in one plot, each in its colour, with its shape and name."""
    colors = track_colors(look.theme)
    ones = [(t.track, plot) for t in look.tracks for plot in t.plots if isinstance(plot, LossCurve)]
    log, reach = _scale([plot for _, plot in ones])
    labels, span = Labels("Loss", UPDATES, " "), _planned(max(plot.planned for _, plot in ones))
    if box.h < text_size(look) * LOW:  # the only line above is that of the names
        labels = Labels("", f"loss{f' ({LOG})' if log else ''} over {UPDATES}", " ")
    axes = axes_in(box, span, reach, look, labels, log, True)
    parts = axes_parts(key, box, axes, look, labels)
    place = next((p.box for p in parts if p.key == f"{key}/label/y" and isinstance(p, Text)), None)
    parts = [p for p in parts if p.key != f"{key}/label/y"]
    curves = [Named(track, look.lesson.tracks[track].name or f"Track {track + 1}", colors[n % len(colors)], plot)
              for n, (track, plot) in enumerate(ones)]  # fmt: skip
    parts += track_curves(key, axes, curves, look)
    return (*parts, *(track_names(key, place, curves, look) if place is not None else ()))


def _scale(plots: Sequence[LossCurve]) -> tuple[bool, Span]:
    """Whether the axis of losses is logarithmic, and its range: by the whole run, so that it stays while it is played.

    Of several examples it is their mean that is read.
    """
    every = [_finite(np.concatenate((plot.ahead, plot.losses))) for plot in plots]
    # A loss of batches falls from its greatest to near 0: on an even axis that never changes it is seen to do so.
    even = any(plot.batches for plot in plots)
    log = not even and uneven_values(np.concatenate([_read(plot) for plot in plots]))
    return log, y_span(np.concatenate(every), log)


def _read(plot: LossCurve) -> Floats:
    """The values that tell how far a run goes, as far as they are looked at ahead."""
    losses = plot.ahead if plot.ahead.size else plot.losses
    means = means_of(losses, plot.examples)
    return _finite(means if means.size else losses)


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _planned(iterations: int) -> tuple[float, float]:
    """The range of an axis of iterations: it stays while more are computed."""
    return (0.0, float(max(iterations - 1, 1)))


def loss_plot(key: str, box: Box, plot: LossCurve, look: Look) -> tuple[Primitive, ...]:
    """The losses up to this iteration with its point; of several examples in turn faint, and their mean over them."""
    theme = look.theme
    several = plot.means.size > 1
    labels = Labels("Loss", UPDATES, _loss_words(plot, look))
    point, numbers = (float(plot.iteration), plot.loss), np.arange(plot.losses.size)
    color = theme.line if several else theme.text
    log, reach = _scale((plot,))
    span = _planned(plot.planned)
    parts = curve_plot(key, box, numbers, plot.losses, point, look, labels, log, color, span, reach)
    if not several:
        return parts
    axes = axes_in(box, span, reach, look, labels, log, True)
    places = numbers[plot.examples - 1 :].astype(np.float64)
    fine = np.isfinite(plot.means)
    mean = polyline(f"{key}/mean", axes, places[fine], plot.means[fine], theme.text, look)
    at = next((n for n, p in enumerate(parts) if p.key.startswith(f"{key}/point")), len(parts))
    return (*parts[:at], *mean, *parts[at:])
