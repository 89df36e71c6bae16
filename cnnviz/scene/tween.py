"""Between two scenes: outlines and links of the same key glide, everything else is already as in the second."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.scene.primitives import Box, Link, Primitive, Ring, Scene


def tween(a: Scene, b: Scene, t: float) -> Scene:
    """The scene at the part ``t`` (0 to 1) of the way from ``a`` to ``b``; at 1 it is ``b`` itself."""
    if t >= 1 or a.size != b.size:
        return b
    eased = t * t * (3 - 2 * t)
    before = {p.key: p for p in a.primitives()}
    panels = tuple(
        replace(panel, primitives=tuple(_between(before, p, eased) for p in panel.primitives))
        for panel in b.panels
    )
    return replace(b, panels=panels, over=tuple(_between(before, p, eased) for p in b.over))


def _between(before: dict[str, Primitive], after: Primitive, t: float) -> Primitive:
    start = before.get(after.key)
    if isinstance(after, Ring) and isinstance(start, Ring):
        return replace(after, box=Box(*(_mix(x, y, t) for x, y in zip(start.box, after.box, strict=True))))
    if isinstance(after, Link) and isinstance(start, Link) and len(start.points) == len(after.points):
        points = tuple(
            (_mix(p[0], q[0], t), _mix(p[1], q[1], t))
            for p, q in zip(start.points, after.points, strict=True)
        )
        return replace(after, points=points)
    return after


def _mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t
