"""Which parts of the stage must be painted again when one scene follows another."""

from __future__ import annotations

from dataclasses import fields

from cnnviz.scene.primitives import Box, Grid, Link, Primitive, Ring, Scene

MARGIN = 2.0
"""Antialiased edges and strokes reach a little beyond their box."""
MANY = 8
"""From so many changed parts on, painting everything is quicker than a clip of that many pieces."""


def damage(old: Scene | None, new: Scene) -> tuple[Box, ...] | None:
    """The boxes that differ between two scenes, or None when everything has to be painted.

    Primitives are matched by their keys. What came, went, moved or changed is damaged where it was and where it
    is now.
    """
    if old is None or old.size != new.size or old.background != new.background:
        return None
    before, after = _by_key(old), _by_key(new)
    if before is None or after is None or not _same_order(before, after):
        return None
    boxes: dict[Box, None] = {}  # a text that changed in its place is one box, not two
    for key in before.keys() | after.keys():
        boxes.update(dict.fromkeys(_changed(before.get(key), after.get(key))))
        if len(boxes) > MANY:
            return None
    return tuple(boxes)


def extent(primitive: Primitive) -> Box:
    """The box outside which a primitive paints nothing."""
    if isinstance(primitive, Link):
        return _around(primitive)
    if isinstance(primitive, Ring):
        return primitive.box.inset(-2 * primitive.width - MARGIN)
    return primitive.box.inset(-MARGIN)


def _by_key(scene: Scene) -> dict[str, Primitive] | None:
    """Primitives by key, or None when a key comes twice."""
    primitives = scene.primitives()
    table = {p.key: p for p in primitives}
    return table if len(table) == len(primitives) else None


def _same_order(before: dict[str, Primitive], after: dict[str, Primitive]) -> bool:
    """Whether what is in both lies one above the other in the same order."""
    return [k for k in before if k in after] == [k for k in after if k in before]


def _changed(old: Primitive | None, new: Primitive | None) -> list[Box]:
    if old is new:
        return []
    if isinstance(old, Grid) and isinstance(new, Grid):
        return _changed_grid(old, new)
    if old == new:
        return []
    return [extent(p) for p in (old, new) if p is not None]


def _changed_grid(old: Grid, new: Grid) -> list[Box]:
    """A grid that only wrote more cells is damaged in their rows; arrays are compared by identity."""
    differing = {f.name for f in fields(Grid) if not _same(getattr(old, f.name), getattr(new, f.name))}
    if not differing:
        return []
    if differing == {"written"}:
        first, last = sorted((old.cells_written(), new.cells_written()))
        top, bottom = first // new.columns, (last - 1) // new.columns + 1
        rows = Box(new.box.x, new.origin[1] + top * new.cell, new.box.w, (bottom - top) * new.cell)
        return [rows.inset(-MARGIN)]
    return [extent(old), extent(new)]


def _same(a: object, b: object) -> bool:
    return a is b or (not hasattr(a, "shape") and not hasattr(b, "shape") and a == b)


def _around(link: Link) -> Box:
    xs, ys = [x for x, _ in link.points], [y for _, y in link.points]
    reach = MARGIN + link.width * (8 if link.arrow else 2)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)).inset(-reach)
