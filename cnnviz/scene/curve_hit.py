"""Which curve of a plot, or which name of one, lies under a point of the stage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from cnnviz.scene.primitives import Box, Link, Panel, Rect, Scene, Text
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.plot_names import PLOT, TESTS
from cnnviz.timeline.runs_names import BARS, BOLD, CURVES, EVERY, FINE, FREE, NAMES

Places: TypeAlias = list[tuple[float, float]]

BORDER = 4.0
"""So far beside its axes a plot still can be pointed at: points lie on them."""

REACH = 12.0
"""So far behind its last point a curve is still the one that is meant."""

THIN = (FINE, "curve")
AHEAD = 4.0
"""By so much a mean is preferred to these, which sweep over it."""

RUN_PLOTS = ("errors", "losses")
LINES = {"train": FINE, "batch": FINE, "test": BOLD, "mean": BOLD, "end": BOLD}
"""What the parts of the curves of runs are called in keys, and which of both it is."""


class _Axes(NamedTuple):
    key: str
    box: Box
    span: tuple[float, float]


def curve_at(scene: Scene, x: float, y: float) -> CellRef | None:
    """The curve of a run that is nearest to a point within its plot, or the run or curve whose name is there."""
    for panel in scene.panels:
        if panel.key.startswith(f"{BARS}/"):
            if (named := _name_at(panel, x, y)) is not None:
                return named
        elif panel.key in RUN_PLOTS:
            if (entry := _entry_at(panel, x, y)) is not None:
                return entry
            if (axes := _axes_at(panel, x, y)) is not None:
                name = axes.key.partition("/")[2]
                line = _line_at(panel, axes.key, x, y)
                return CellRef(0, f"{CURVES}/{name}/{line}", _number_at(axes, x), 0, 0)
        elif panel.key in (PLOT, TESTS) and (found := _in_plot(panel, x, y)) is not None:
            return found
    return None


def _in_plot(panel: Panel, x: float, y: float) -> CellRef | None:
    """A place in the plot of what learns, or the name of a track there."""
    for p in panel.primitives:
        name = re.fullmatch(r"(plot\d+)/(\d+)/name", p.key)
        if name is not None and isinstance(p, Text) and p.box.inset(-BORDER, 0).holds(x, y):
            return CellRef(int(name[2]), f"{PLOT}/{p.key}", 0, 0, 0)
    axes = _axes_at(panel, x, y)
    own = None if axes is None else re.match(r"plot(\d+)", axes.key)
    if axes is None or own is None:
        return None
    line = nearest(_lines_of(panel, axes.key), x, y)
    several = re.fullmatch(r"curve(\d+)", line)
    return CellRef(
        int(several[1] if several else own[1]), f"{PLOT}/{axes.key}/{line}", _number_at(axes, x), 0, 0
    )


def _lines_of(panel: Panel, key: str) -> Iterator[tuple[str, Places]]:
    """The curves of a plot of what learns: its mean first, and of each that has but one point this."""
    found: dict[str, Places] = {}
    for p in panel.primitives:
        part = re.fullmatch(rf"{re.escape(key)}/(curve|mean|point)(\d*)", p.key)
        if part is None:
            continue
        if isinstance(p, Link) and not p.closed:
            found[f"{part[1]}{part[2]}"] = list(p.points)
        elif isinstance(p, Rect):
            found.setdefault(f"curve{part[2]}", [(p.box.cx, p.box.cy)])
        elif isinstance(p, Link):
            found.setdefault(f"curve{part[2]}", [p.points[-1]])
    yield from found.items()


def seeks(ref: CellRef) -> bool:
    """Whether what lies under a point is a plot, where a click goes to an iteration."""
    if ref.tensor.startswith(f"{PLOT}/"):
        return not ref.tensor.endswith("/name")
    return ref.tensor.startswith(f"{CURVES}/") and not ref.tensor.startswith(f"{CURVES}/{EVERY}")


def _axes_at(panel: Panel, x: float, y: float) -> _Axes | None:
    for p in panel.primitives:
        if isinstance(p, Link) and p.span is not None:
            (left, top), (_, bottom), (right, _) = p.points
            box = Box(left, top, right - left, bottom - top)
            if box.inset(-BORDER).holds(x, y):
                return _Axes(p.key.removesuffix("/axes"), box, p.span)
    return None


def _number_at(axes: _Axes, x: float) -> int:
    """The whole number on the lower axis that is nearest."""
    share = min(max((x - axes.box.x) / axes.box.w, 0.0), 1.0)
    return round(axes.span[0] + share * (axes.span[1] - axes.span[0]))


def _line_at(panel: Panel, key: str, x: float, y: float) -> str:
    """Which curve of a plot of a run is nearest."""
    return nearest(_curves(panel, key), x, y)


def nearest(curves: Iterable[tuple[str, Places]], x: float, y: float) -> str:
    """Which curve is nearest, of those that reach so far; `FREE` where none does."""
    best, found = math.inf, FREE
    for line, places in curves:
        away = distance(places, x, y) + (AHEAD if line in THIN else 0.0)
        if x <= places[-1][0] + REACH and away < best:
            best, found = away, line
    return found


def distance(places: Places, x: float, y: float) -> float:
    """From a point to the line through places."""
    points = np.array(places) - (x, y)
    if len(points) == 1:
        return float(np.hypot(*points[0]))
    start, step = points[:-1], np.diff(points, axis=0)
    length = np.maximum((step**2).sum(axis=1), np.finfo(np.float64).tiny)
    along = np.clip(-(start * step).sum(axis=1) / length, 0.0, 1.0)
    nearest = start + along[:, np.newaxis] * step
    return float(np.sqrt((nearest**2).sum(axis=1).min()))


def _curves(panel: Panel, key: str) -> Iterator[tuple[str, Places]]:
    """The places of each curve of a plot, from left to right."""
    found: dict[str, Places] = {}
    for p in panel.primitives:
        part = re.fullmatch(f"{re.escape(key)}/([a-z]+)[0-9]*", p.key)
        if part is None or part[1] not in LINES:
            continue
        if isinstance(p, Link):
            found.setdefault(part[1], []).extend(p.points)
        elif isinstance(p, Rect):
            found.setdefault(part[1], []).append((p.box.cx, p.box.cy))
    if len(found) > 1 and {"test", "mean"} & found.keys():
        found.pop("end", None)  # of a curve of one point nothing else is there
    for name, places in found.items():
        yield LINES[name], places


def _name_at(panel: Panel, x: float, y: float) -> CellRef | None:
    """The run whose name over its bars is under a point."""
    for p in panel.primitives:
        name = p.key.removeprefix(f"{BARS}/")
        if isinstance(p, Text) and name.count("/") == 1 and not name.endswith("/title") and p.box.holds(x, y):
            return CellRef(0, f"{NAMES}/{name}", 0, 0, 0)
    return None


def _entry_at(panel: Panel, x: float, y: float) -> CellRef | None:
    """Which of both curves is told of at a point over the plots: a sample of it, and what it stands for."""
    for line in (FINE, BOLD):
        key = f"{panel.key}/{line}"
        word = next((p for p in panel.primitives if isinstance(p, Text) and p.key == key), None)
        samples = [_left(p) for p in panel.primitives if p.key.startswith(f"{key}/swatch")]
        if word is None or not samples:
            continue
        left = min(samples)
        if Box(left, word.box.y, word.box.right - left, word.box.h).holds(x, y):
            return CellRef(0, f"{CURVES}/{EVERY}{line}", 0, 0, 0)
    return None


def _left(p: object) -> float:
    return p.points[0][0] if isinstance(p, Link) else p.box.x if isinstance(p, Rect) else math.inf
