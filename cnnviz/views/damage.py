"""Which parts of the stage must be painted again when one scene follows another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

from cnnviz.scene.primitives import Box, Grid, Link, Primitive, Ring, Scene

Primitives: TypeAlias = tuple[Primitive, ...]

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
    pairs = _pairs(old.primitives(), new.primitives())
    if pairs is None:
        return None
    boxes: dict[Box, None] = {}  # a text that changed in its place is one box, not two
    for before, after in pairs:
        boxes.update(dict.fromkeys(_changed(before, after)))
        if len(boxes) > MANY:
            return None
    return tuple(boxes)


def update_changed(widget: QWidget, old: Scene | None, new: Scene) -> None:
    """Have a widget paint what differs between two scenes."""
    parts = damage(old, new)
    if parts is None:
        widget.update()
    elif parts:
        region = QRegion()
        for part in parts:
            region += QRectF(*part).toAlignedRect()
        widget.update(region)


def extent(primitive: Primitive) -> Box:
    """The box outside which a primitive paints nothing."""
    if isinstance(primitive, Link):
        return _around(primitive)
    if isinstance(primitive, Ring):
        return primitive.box.inset(-2 * primitive.width - MARGIN)
    return primitive.box.inset(-MARGIN)


def _pairs(
    before: Primitives, after: Primitives
) -> Iterable[tuple[Primitive | None, Primitive | None]] | None:
    """What has the same key; None when a key comes twice or what is in both lies in another order."""
    old, new = {p.key: p for p in before}, {p.key: p for p in after}
    if len(old) < len(before) or len(new) < len(after):
        return None
    if list(old) == list(new):  # most steps
        return zip(before, after, strict=True)
    if [k for k in old if k in new] != [k for k in new if k in old]:
        return None
    return [(old.get(key), new.get(key)) for key in old.keys() | new.keys()]


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
