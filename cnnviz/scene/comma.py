"""A scene with decimal commas: every number on it is written as in most of Europe."""

from __future__ import annotations

import re
from dataclasses import replace

from cnnviz.scene.primitives import Grid, Panel, Primitive, Scene, Text

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
POINT = re.compile(r"(?<=\d)\.(?=\d)")
BETWEEN = re.compile(r"(?<=\d), (?=[\d−])")

OWN = ("title", "story")
"""Texts that a teacher wrote stay as they were written, as do the names of tracks."""

NARROW = "\u202f"
"""A narrow space that does not break: between thousands, as the comma is taken."""


def with_comma(scene: Scene) -> Scene:
    """The scene with decimal commas in its texts and grids; lists of numbers are parted by semicolons."""
    panels = tuple(_panel(panel) for panel in scene.panels)
    over = tuple(_primitive(p) for p in scene.over)
    return replace(scene, panels=panels, over=over, caption=comma(scene.caption), spoken=comma(scene.spoken))


def comma(text: str) -> str:
    """A text with decimal commas.

    Examples
    --------
    >>> comma("max(1.5, 2.25) of 1,024 is 2.25.")
    'max(1,5; 2,25) of 1\u202f024 is 2,25.'
    """
    parted = BETWEEN.sub("; ", text) if POINT.search(text) else text
    return POINT.sub(",", THOUSANDS.sub(NARROW, parted))


def _panel(panel: Panel) -> Panel:
    return replace(panel, primitives=tuple(_primitive(p) for p in panel.primitives))


def _primitive(primitive: Primitive) -> Primitive:
    if isinstance(primitive, Grid):
        return replace(primitive, comma=True)
    if not isinstance(primitive, Text) or primitive.key in OWN or primitive.key.endswith("/name"):
        return primitive
    # Of a section's title the count of steps follows its name.
    kept = 1 if primitive.key == "section" else 0
    told = tuple(replace(run, text=comma(run.text)) for run in primitive.runs[kept:])
    return replace(primitive, runs=(*primitive.runs[:kept], *told))
