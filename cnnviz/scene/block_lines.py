"""The ways of a residual block between its panels: shortcut and body above them, and the sign of the addition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cnnviz.engine.branches import Joint, joints
from cnnviz.engine.specs import Add, Layers
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.numbers import short
from cnnviz.scene.primitives import Align, Box, Color, Grid, Link, Panel, Primitive, Ring, Run, Text, Weight
from cnnviz.timeline.frame import TrackFrame
from cnnviz.timeline.sections import tensor_names

DASH = 7.0
"""Length of a dash, and of the gap behind it, of a shortcut that is switched off."""

UPPER, LOWER, ONLY = 1.0, 0.4, 0.65
"""How high lines run above the titles, in sizes of small type: of the shortcut and of the body, and of one alone."""


def lift_of(layers: Layers, m: Metrics) -> float:
    """The room that shortcuts need above the titles of the panels."""
    return round(m.small * 1.3) if joints(layers) else 0.0


def shortcut_lines(
    track: TrackFrame, layers: Layers, panels: list[Panel], head: float, look: Look
) -> list[Primitive]:
    """For each block the line from x to the addition, the sign of it, and lines from f and to y.

    Where the shortcut has layers of its own, the line begins at the last of them, and another leads from x to the
    first layer of the body. ``head`` is the height of the titles above the panels. A shortcut that is switched off is
    dashed.
    """
    names = tensor_names(layers)
    boxes = {p.key.partition("/")[2]: p for p in panels}
    marks: list[Primitive] = []
    for joint in joints(layers):
        ends = [boxes.get(names[number]) for number in (joint.end, joint.add, joint.add + 1)]
        if all(end is not None for end in ends):
            own = [end for end in ends if end is not None]
            marks += _block(track, layers, joint, own, _gap(own[0], panels), head, look)
            start = boxes.get(names[joint.start])
            if joint.shortcut and start is not None:
                marks += _to_body(track, joint, start, own[0], panels, head, look)
    return marks


def _next_to(panel: Panel, panels: list[Panel]) -> Panel | None:
    """What stands at the right of a panel."""
    right = [p for p in panels if p.box.x >= panel.box.right and abs(p.box.y - panel.box.y) < 1]
    return min(right, key=lambda p: p.box.x, default=None)


def _gap(panel: Panel, panels: list[Panel]) -> tuple[float, float]:
    """From where to where nothing stands at the right of a panel."""
    right = _next_to(panel, panels)
    return panel.box.right, panel.box.right + 12 if right is None else right.box.x


def _part(gap: tuple[float, float], share: float) -> float:
    return gap[0] + (gap[1] - gap[0]) * share


def _to_body(
    track: TrackFrame, joint: Joint, start: Panel, end: Panel, panels: list[Panel], head: float, look: Look
) -> Iterator[Primitive]:
    """The line from x over the layers of the shortcut to the first one of the body, open where the shortcut crosses."""
    first = _next_to(end, panels)
    if first is None:
        return
    m, theme = look.metrics, look.theme
    x, body, gap = _cells(start), _cells(first), _gap(end, panels)
    color = theme.accent if track.focus.layer == joint.end else theme.muted
    wide, key = max(1.5, m.stroke * 0.75), f"{track.track}/shortcut/{joint.add}/body"
    out, into, crossed = _part(_gap(start, panels), 0.5), _part(gap, 0.7), _part(gap, 0.3)
    top, level, bridge = end.box.y - head - m.small * LOWER, x.y + min(x.h / 2, m.body), wide * 1.5 + 1
    yield Link(
        f"{key}/0", ((x.right, level), (out, level), (out, top), (crossed - bridge, top)), color, width=wide
    )
    rest = ((crossed + bridge, top), (into, top), (into, body.cy), (body.x, body.cy))
    yield Link(f"{key}/1", rest, color, width=wide, arrow=True)


def _block(
    track: TrackFrame,
    layers: Layers,
    joint: Joint,
    ends: list[Panel],
    gap: tuple[float, float],
    head: float,
    look: Look,
) -> Iterator[Primitive]:
    x, f, y = (_cells(panel) for panel in ends)
    spec = layers[joint.add]
    assert isinstance(spec, Add)
    m, theme = look.metrics, look.theme
    at_work = track.focus.layer == joint.add
    color = theme.accent if at_work else theme.muted
    key = f"{track.track}/shortcut/{joint.add}"
    share, lane = (0.3, UPPER) if joint.shortcut else (0.5, ONLY)
    out, radius = _part(gap, share), float(round(m.small * 0.62))
    middle = (_cells(ends[1]).right + y.x) / 2
    if ends[1].box.right < ends[2].box.x:
        middle = (ends[1].box.right + ends[2].box.x) / 2
    # Whole pixels, so that the circle is as wide as it is high.
    middle, across, top = round(middle), round(min(f.cy, y.cy)), ends[0].box.y - head - m.small * lane
    start = x.y + min(x.h / 2, m.body)
    wide = max(1.5, m.stroke * 0.75)
    bend = ((x.right, start), (out, start), (out, top), (middle, top), (middle, across - radius))
    if spec.shortcut:
        yield Link(f"{key}/line", bend, color, width=wide, arrow=True)
    else:
        yield from _dashed(f"{key}/line", (*bend[:-1], (middle, across - radius * 3)), theme.line, wide)
    yield Link(f"{key}/f", ((f.right, across), (middle - radius, across)), color, width=wide)
    yield Link(f"{key}/y", ((middle + radius, across), (y.x, across)), color, width=wide, arrow=True)
    yield from _sign(key, spec, middle, across, radius, color, look)


def _sign(
    key: str, spec: Add, x: float, y: float, radius: float, color: Color, look: Look
) -> Iterator[Primitive]:
    """The circle of the addition, empty without a shortcut, and how much of f is added."""
    m, theme = look.metrics, look.theme
    around = Box(x - radius, y - radius, 2 * radius, 2 * radius)
    back = look.theme.background or theme.surface
    thick = max(1, round(m.stroke * 0.75))
    # A stroke lies about its edge: the circle is rounded where it ends.
    yield Ring(f"{key}/ring", around, color, width=thick, fill=back, radius=radius + thick - thick // 2)
    if spec.shortcut:
        plus = (Run("+", color, Weight.BOLD),)
        yield Text(f"{key}/plus", around, plus, radius * 1.7, Align.CENTER)
    if spec.scale != 1:
        told = (Run(f"×{short(spec.scale)}", theme.weight, Weight.BOLD),)
        box = Box(x - m.small * 2, y + radius + 1, m.small * 4, m.small * 1.2)
        yield Text(f"{key}/scale", box, told, m.small * 0.9, Align.CENTER)


def _dashed(key: str, points: tuple[tuple[float, float], ...], color: Color, wide: float) -> Iterator[Link]:
    """A line along the axes in dashes."""
    for n, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        length = abs(x1 - x0) + abs(y1 - y0)
        for k in range(int(length // (2 * DASH)) + 1):
            a, b = (min(1.0, d / length) if length else 0.0 for d in (2 * DASH * k, 2 * DASH * k + DASH))
            ends = tuple((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in (a, b))
            yield Link(f"{key}/{n}/{k}", ends, color, width=wide)


def _cells(panel: Panel) -> Box:
    """The box around the grids of a panel."""
    boxes = [p.box for p in panel.primitives if isinstance(p, Grid)] or [panel.box]
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)
