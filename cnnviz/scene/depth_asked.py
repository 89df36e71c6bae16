"""What of the runs is pointed at or chosen: it comes forward, the others step back, and its point is marked in all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cnnviz.files.recordings import Run
from cnnviz.scene.areas import Look
from cnnviz.scene.curve_asked import dot_at, line_at, set_back, set_forward
from cnnviz.scene.depth_bars import run_title
from cnnviz.scene.depth_curves import KINDS, axis_of
from cnnviz.scene.depth_shadow import shadow_parts
from cnnviz.scene.plots import Axes
from cnnviz.scene.primitives import Box, Link, Panel, Primitive, Text
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import RunsFrame
from cnnviz.timeline.runs_names import BARS, BOLD, CURVES, EVERY, FINE, FREE, NAMES
from cnnviz.timeline.runs_points import Curves, RunPoint, drawn_curves, name_of, point_near, run_of

PARTS = {
    "errors": {FINE: ("train",), BOLD: ("test", "end")},
    "losses": {FINE: ("batch",), BOLD: ("mean", "end")},
}
"""What the parts of both curves are called in keys."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is pointed at or chosen.

    Attributes
    ----------
    curves : "errors" or "losses"
    run : Run or None
        None for a curve of all runs.
    line : str
        Which of both curves, `FREE` beside them, or empty for all of a run.
    point : RunPoint or None
        The point that is told of; None where there is none.
    place : RunPoint or None
        The same where it is pointed at, not where it is that of the playhead.
    goal : int
        The iteration that a click goes to.
    """

    curves: Curves
    run: Run | None
    line: str
    point: RunPoint | None = None
    place: RunPoint | None = None
    goal: int = 0


def asked_of(frame: RunsFrame, look: Look, pointed: CellRef | None, chosen: CellRef | None) -> Asked | None:
    """What is asked for: by the pointer, else by what is chosen; None where neither is a run or a curve."""
    curves = drawn_curves(look.lesson.view.plots) or "errors"
    for ref, held in ((pointed, False), (chosen, True)):
        asked = None if ref is None else _asked(frame, curves, ref, held)
        if asked is not None:
            return asked
    return None


def _asked(frame: RunsFrame, curves: Curves, ref: CellRef, held: bool) -> Asked | None:
    kind, _, name = ref.tensor.partition("/")
    if kind == CURVES and name.startswith(EVERY):
        return Asked(curves, None, name.removeprefix(EVERY))
    line = ""
    if kind == CURVES:
        name, _, line = name.rpartition("/")
    run = run_of(frame.recording, name) if kind in (CURVES, NAMES) else None
    if run is None:
        return None
    if line == FREE:
        return Asked(curves, run, line, goal=max(ref.plane - 1, 0))
    if held or not line:
        return Asked(curves, run, line, point_near(frame, run, curves, frame.iteration + 1))
    point = point_near(frame, run, curves, ref.plane)
    return Asked(curves, run, line, point, point, 0 if point is None else point.iteration)


def asked_panels(panels: list[Panel], frame: RunsFrame, asked: Asked, look: Look) -> list[Panel]:
    """The panels with what is asked for in front, and with its point, or the place of the pointer, in all plots."""
    out = []
    for panel in panels:
        parts = tuple(_staged(p, panel, asked, look) for p in panel.primitives)
        if panel.key == asked.curves:
            under, over = _shadows(panel, asked, look)
            under += _lines(panel, frame, asked, look)
            parts = (*under, *parts, *over, *_dots(panel, frame, asked, look))
        out.append(replace(panel, primitives=parts))
    return out


def _staged(p: Primitive, panel: Panel, asked: Asked, look: Look) -> Primitive:
    """A part of a curve, a bar or a name, in front or at the back."""
    if panel.key == asked.curves:
        return p if asked.line == FREE else _curve_staged(p, asked)
    if not panel.key.startswith(f"{BARS}/") or asked.run is None:
        return p
    group, _, name = name_of(asked.run).partition("/")
    if p.key == f"{BARS}/{group}/{name}" and isinstance(p, Text):
        return replace(p, runs=tuple(replace(run, color=look.theme.hover) for run in p.runs))
    bar = re.fullmatch(rf"{BARS}/(\w+)/\w+/([\w-]+)/bar\d+", p.key)
    others = bar is not None and (bar[1], bar[2]) != (group, name)
    return set_back(p) if others and not asked.line else p


def _curve_staged(p: Primitive, asked: Asked) -> Primitive:
    """A part of a curve: those of other runs step back, of all runs those of the other curve."""
    part = re.fullmatch(rf"{asked.curves}/(\w+/[\w-]+)/([a-z]+)\d*", p.key)
    line = None if part is None else _line_of(asked.curves, part[2])
    if part is None or line is None:
        return p
    if asked.run is not None and part[1] != name_of(asked.run):
        return set_back(p)
    if line == (asked.line or BOLD):
        return set_forward(p)
    return set_back(p) if asked.run is None else p


def _line_of(curves: Curves, part: str) -> str | None:
    return next((line for line, names in PARTS[curves].items() if part in names), None)


def _plots(panel: Panel, frame: RunsFrame, asked: Asked) -> Iterator[tuple[str, Axes]]:
    """The plot of each run: its name and its axes."""
    for p in panel.primitives:
        if isinstance(p, Link) and p.span is not None:
            (left, top), (_, bottom), (right, _) = p.points
            box = Box(left, top, right - left, bottom - top)
            name = p.key.removeprefix(f"{asked.curves}/").removesuffix("/axes")
            yield name, axis_of(KINDS[asked.curves], box, frame.recording)


def _shadows(panel: Panel, asked: Asked, look: Look) -> tuple[list[Primitive], list[Primitive]]:
    """The curve that is meant in the plots of the others: where neither dots nor single losses are."""
    if asked.run is None or asked.line in (FINE, FREE):
        return [], []
    return shadow_parts(panel, asked.run, run_title(asked.run), look)


def _lines(panel: Panel, frame: RunsFrame, asked: Asked, look: Look) -> Iterator[Primitive]:
    """In each plot a line at the place that is pointed at: under the words that may stand there."""
    if asked.place is None and asked.line != FREE:
        return
    updates = asked.goal + 1 if asked.place is None else asked.place.updates
    for name, axes in _plots(panel, frame, asked):
        yield line_at(f"{asked.curves}/{name}", axes.at(float(updates), axes.y[0])[0], axes.box, look)


def _dots(panel: Panel, frame: RunsFrame, asked: Asked, look: Look) -> Iterator[Primitive]:
    """In each plot the point at the place that is pointed at, the one that is meant the largest."""
    if asked.place is None:
        return
    updates, scale = asked.place.updates, 100 if asked.curves == "errors" else 1
    for name, axes in _plots(panel, frame, asked):
        run = run_of(frame.recording, name)
        point = None if run is None else point_near(frame, run, asked.curves, updates)
        value = math.nan if point is None else (point.fine if asked.line == FINE else point.bold) * scale
        if point is not None and point.updates == updates and math.isfinite(value):
            at = axes.at(float(updates), value)
            yield from dot_at(f"{asked.curves}/{name}", at, run is asked.run, look)
