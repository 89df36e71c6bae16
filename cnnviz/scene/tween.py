"""Between two scenes: outlines and links of the same key glide, everything else is already as in the second.

Between two levels it is the maps that glide: a plane of a tensor goes from its old box to its new one.
"""

from __future__ import annotations

from dataclasses import replace

from cnnviz.scene.primitives import Box, Grid, Link, Primitive, Ring, Scene


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


def tween_levels(a: Scene, b: Scene, t: float) -> Scene:
    """The scene at the part ``t`` of the way from one level to another; at 1 it is ``b`` itself.

    Numbers in cells appear at the end: type that changes its size in every picture cannot be read.
    """
    if t >= 1 or a.size != b.size:
        return b
    eased = t * t * (3 - 2 * t)
    before = {(p.ref[0], p.ref[1]): p.box for p in a.primitives() if isinstance(p, Grid) and p.of_tensor}
    panels = tuple(
        replace(panel, primitives=tuple(_glided(before, p, eased) for p in panel.primitives))
        for panel in b.panels
    )
    return replace(b, panels=panels, over=tuple(p for p in b.over if not isinstance(p, Ring | Link)))


def _glided(before: dict[tuple[str, int], Box], after: Primitive, t: float) -> Primitive:
    if not isinstance(after, Grid):
        return after
    start = before.get((after.ref[0], after.ref[1]), after.box)
    if start == after.box or not after.box.w:
        return after
    box = Box(*(_mix(x, y, t) for x, y in zip(start, after.box, strict=True)))
    scale = box.w / after.box.w
    origin = (
        box.x + (after.origin[0] - after.box.x) * scale,
        box.y + (after.origin[1] - after.box.y) * scale,
    )
    return replace(after, box=box, origin=origin, cell=after.cell * scale, text_size=0.0)


def _mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t
