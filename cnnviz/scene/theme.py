"""Colours by role, for light, dark and transparent stages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.engine.errors import BadInput
from cnnviz.scene.primitives import Color


@dataclass(frozen=True, slots=True)
class Theme:
    """One colour for each role.

    Text has a contrast of at least 4.5:1 on the background, outlines 3:1. ``accent`` stands for "now"; its hue is
    outside the map of signed values (``negative``, ``zero``, ``positive``). ``outline`` is the second stroke around the
    accent, so that it shows on any cell. Inputs, weights and outputs keep one colour each.
    """

    name: str
    background: Color | None
    surface: Color
    text: Color
    muted: Color
    line: Color
    blank: Color
    padding: Color
    accent: Color
    outline: Color
    hover: Color
    input: Color
    weight: Color
    output: Color
    negative: Color
    zero: Color
    positive: Color


LIGHT = Theme(
    name="light",
    background="#ffffff",
    surface="#f4f5f7",
    text="#16181d",
    muted="#59606c",
    line="#c9ced6",
    blank="#f4f5f7",
    padding="#dfe9e4",
    accent="#d1006c",
    outline="#ffffff",
    hover="#00857c",
    input="#1b7a3d",
    weight="#6a3fd0",
    output="#d1006c",
    negative="#1f62b8",
    zero="#ffffff",
    positive="#e27200",
)

DARK = Theme(
    name="dark",
    background="#14161a",
    surface="#1f2228",
    text="#eef0f3",
    muted="#a3abb8",
    line="#454b56",
    blank="#1f2228",
    padding="#2b3a35",
    accent="#ff5cae",
    outline="#14161a",
    hover="#37d0c4",
    input="#5fd28a",
    weight="#b79bff",
    output="#ff5cae",
    negative="#4f97f0",
    zero="#1a1c21",
    positive="#ff9a2e",
)

TRANSPARENT = replace(LIGHT, name="transparent", background=None)


def theme_named(name: str) -> Theme:
    """The theme light, dark or transparent (the light one without a background)."""
    for theme in (LIGHT, DARK, TRANSPARENT):
        if theme.name == name:
            return theme
    raise BadInput(f"theme {name!r} is unknown: give light, dark or transparent")
