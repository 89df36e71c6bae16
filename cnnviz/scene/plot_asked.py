"""A plot over iterations that is pointed at: its point is marked and told, and the other curves step back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.areas import Look
from cnnviz.scene.comma import comma
from cnnviz.scene.curve_asked import dot_at, line_at, set_back, set_forward
from cnnviz.scene.plot_numbers import brief
from cnnviz.scene.primitives import Box, Link, Panel, Primitive, Scene, Text
from cnnviz.timeline.frame import CellRef, Frame
from cnnviz.timeline.plot_names import FREE, PLOT, TESTS
from cnnviz.timeline.plot_points import OverIterations, PlotPoint, plot_of, point_of
from cnnviz.timeline.plots import AccuracyCurve, LossCurve

NAMED = "name"
"""How the key of a track's name in the plot of several ends."""


def with_asked(scene: Scene, frame: Frame, ref: CellRef, look: Look) -> Scene:
    """The scene with that part of a plot pointed at."""
    plot = plot_of(frame, ref)
    if plot is None:
        return scene
    key, _, line = ref.tensor.removeprefix(f"{PLOT}/").rpartition("/")
    named = line == NAMED
    if named:
        key, _, track = key.rpartition("/")
        line = f"curve{track}"
    point = None if line == FREE else point_of(plot, frame.step.iteration if named else ref.plane)
    told = _told(frame, ref, plot, point, look)
    if look.lesson.conventions.decimal == "comma":
        told = comma(told)
    at = None if named else ref.plane if point is None else point.iteration
    mark = partial(_marked, key=key, line=line, at=at, look=look)
    panels = tuple(
        _said(mark(panel) if panel.key in (PLOT, TESTS) else panel, told) for panel in scene.panels
    )
    spoken = scene.spoken.removesuffix(scene.caption) + told
    return replace(scene, panels=panels, caption=told, spoken=spoken)


def _said(panel: Panel, told: str) -> Panel:
    """The panel with other words as the caption."""
    parts = tuple(
        replace(p, runs=(replace(p.runs[0], text=told),)) if isinstance(p, Text) and p.key == "caption" else p
        for p in panel.primitives
    )
    return replace(panel, primitives=parts)


def _marked(panel: Panel, key: str, line: str, at: int | None, look: Look) -> Panel:
    """The panel with its curve in front, and with a line and a dot at an iteration; beside it the line alone."""
    axes = next((p for p in panel.primitives if isinstance(p, Link) and p.span is not None), None)
    if axes is None or axes.span is None:
        return panel
    own = axes.key == f"{key}/axes"
    parts = tuple(_staged(p, key, line, look) for p in panel.primitives) if own else panel.primitives
    if at is None:
        return replace(panel, primitives=parts)
    (left, top), (_, bottom), (right, _) = axes.points
    x = left + (at - axes.span[0]) / (axes.span[1] - axes.span[0]) * (right - left)
    upright = line_at(axes.key.removesuffix("/axes"), x, Box(left, top, right - left, bottom - top), look)
    return replace(panel, primitives=(upright, *parts, *(_dots(panel, key, x, line, look) if own else ())))


def _staged(p: Primitive, key: str, line: str, look: Look) -> Primitive:
    """A part of a curve, in front or at the back; the names of other tracks fainter."""
    part = re.fullmatch(rf"{re.escape(key)}/(curve|mean|point|mark|sample)(\d*)(/.*)?", p.key)
    track = re.fullmatch(r"curve(\d+)", line)
    if track is None:
        return set_forward(p) if part is not None and f"{part[1]}{part[2]}" == line else p
    if part is not None and part[2] != track[1]:
        return set_back(p)
    if part is not None and part[1] == "curve":
        return set_forward(p)
    name = re.fullmatch(rf"{re.escape(key)}/(\d+)/name", p.key)
    if name is not None and name[1] != track[1] and isinstance(p, Text):
        return replace(p, runs=tuple(replace(run, color=look.theme.muted) for run in p.runs))
    return p


def _dots(panel: Panel, key: str, x: float, line: str, look: Look) -> Iterator[Primitive]:
    """The point of the curve at an iteration, and those of the other tracks."""
    for p in panel.primitives:
        part = re.fullmatch(rf"{re.escape(key)}/(curve\d*|mean)", p.key)
        if not isinstance(p, Link) or part is None:
            continue
        xs, ys = zip(*p.points, strict=True)
        if (part[1] == line or part[1] not in ("curve", "mean")) and xs[0] - 1 <= x <= xs[-1] + 1:
            at = (x, float(np.interp(x, xs, ys)))
            yield from dot_at(f"{key}/{part[1]}", at, part[1] == line, look)


def _told(frame: Frame, ref: CellRef, plot: OverIterations, point: PlotPoint | None, look: Look) -> str:
    """The numbers of a point, or the iteration that a click goes to."""
    if point is None:
        return f"A click goes to {_when(ref.plane)}."
    hidden = "total" in look.viewpoint.hidden
    if isinstance(plot, AccuracyCurve):
        share = "?" if hidden else f"{100 * point.value:.1f} %"
        then = _after(point.iteration)
        return f"{then[0].upper()}{then[1:]}: {share} of {plot.pictures:,} test pictures right."
    start = f"I{_when(point.iteration)[1:]}"
    loss = "?" if hidden else brief(point.value)
    losses = [p for track in frame.tracks for p in track.plots if isinstance(p, LossCurve)]
    if len(losses) > 1:
        others = _others(frame, ref, point.iteration, hidden, look.lesson)
        return f"{start}: loss {', '.join((f'{loss} ({_name(look.lesson, ref.track)})', *others))}."
    if math.isnan(point.mean) or plot.means.size < 2:
        return f"{start}: loss {loss}{' of this batch' if plot.batches else ''}."
    mean = "?" if hidden else brief(point.mean)
    if plot.batches:
        return f"{start}: loss {loss} of this batch, {mean} of the last {plot.examples}."
    return f"{start}: loss {loss} of this example, {mean} over all {plot.examples}."


def _when(iteration: int) -> str:
    """An iteration counted from 1, as in the title, and its place on the axis."""
    return f"iteration {iteration + 1:,}, {_after(iteration)}"


def _after(updates: int) -> str:
    return f"after {updates:,} update{'' if updates == 1 else 's'}" if updates else "before any update"


def _others(frame: Frame, ref: CellRef, iteration: int, hidden: bool, lesson: Lesson) -> Iterator[str]:
    """The losses of the other tracks at the same iteration."""
    for track in frame.tracks:
        plot = plot_of(frame, ref._replace(track=track.track))
        point = None if plot is None or track.track == ref.track else point_of(plot, iteration)
        if point is not None and point.iteration == iteration:
            yield f"{'?' if hidden else brief(point.value)} ({_name(lesson, track.track)})"


def _name(lesson: Lesson, track: int) -> str:
    return lesson.tracks[track].name or f"track {track + 1}"
