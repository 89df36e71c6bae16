"""The arithmetic of what residual blocks are made of: two numbers added, one normalised, one kept."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.specs import Add, BatchNorm, PaddedShortcut
from cnnviz.scene.block_formula import holds, mean_and_spread
from cnnviz.scene.colors import colorise, diverging, greys
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import text_size
from cnnviz.scene.numbers import MINUS, bracketed, decimals_needed, short
from cnnviz.scene.primitives import Align, Box, Color, Grid, Primitive, Run, Text, Weight
from cnnviz.scene.sums import Progress, Style
from cnnviz.timeline.frame import Focus

Runs = tuple[Run, ...]

OF_BLOCK = (Add, BatchNorm, PaddedShortcut)
"""Layers whose arithmetic stands here."""

CELL = 2.3
"""The side of a cell, in sizes of large type, where there is room."""

LEAST = 20.0
"""Cells of fewer pixels are told in words."""


def block_sum(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """How a cell comes about: an addition as the cells that are added, all else, or in little room, as a line."""
    if isinstance(focus.spec, Add):
        drawn = _cells(focus, progress, area, style)
        if drawn:
            return drawn
    return block_line(focus, progress, area, style)


def block_line(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """The same as one line of text."""
    total = _total(focus, progress, style)
    runs = (*_spelled(focus, style), Run(" ", total.color), total)
    h = style.large * 1.6
    size = min(style.large, area.w / max(1e-9, width_of(runs, 1.0)))
    return (Text("sum/total", Box(area.x, area.cy - h / 2, area.w, h), runs, size, Align.CENTER),)


def _spelled(focus: Focus, style: Style) -> Runs:
    terms, theme = focus.terms, style.theme
    x = [short(float(v)) for v in terms.x]
    match focus.spec:
        case Add() as spec:
            scaled = spec.scale != 1
            first = Run(bracketed(x[0]) if scaled else x[0], theme.text, Weight.BOLD)
            runs: Runs = (Run(f"{short(spec.scale)} × ", theme.weight), first) if scaled else (first,)
            if spec.shortcut:
                runs += (Run(" + ", theme.muted), Run(bracketed(x[1]), theme.input, Weight.BOLD))
            return runs
        case BatchNorm():
            mean, spread = (short(v) for v in mean_and_spread(terms))
            return (
                Run("(", theme.muted), Run(x[0], theme.input, Weight.BOLD),
                Run(f" {MINUS} {bracketed(mean)}) / {spread}", theme.muted),
            )  # fmt: skip
    return (
        (Run(x[0], theme.input, Weight.BOLD),) if x else (Run("no input: a channel of zeros", theme.muted),)
    )


def _cells(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """The summands and their sum as the cells that they are on the maps; nothing where there is no room."""
    spec, terms, theme = focus.spec, focus.terms, style.theme
    assert isinstance(spec, Add)
    label = style.small * 1.6
    cell = float(int(min(area.h - label, style.large * CELL)))
    shown = [("f", "f(x)", theme.text, float(terms.x[0]), progress.products > 0 or progress.total)]
    if spec.shortcut:
        name = "x" if focus.partner == "input" else "shortcut"
        shown.append(("s", name, theme.input, float(terms.x[1]), progress.products > 1 or progress.total))
    factor = (Run(f"{short(spec.scale)} ×", theme.weight, Weight.BOLD),) if spec.scale != 1 else ()
    before = width_of(factor, style.large) + (style.small if factor else 0)
    sign = style.large * 1.7
    total = (_total(focus, progress, style),)
    last = max(width_of(total, style.large * 1.2), style.large * 4.5)
    wide = before + cell * len(shown) + sign * (len(shown) - 1) + style.small + last
    if cell < LEAST or wide > area.w:
        return ()
    x, top = round(area.cx - wide / 2), round(area.y + label)
    out: list[Primitive] = []
    if factor:
        out.append(Text("sum/scale", Box(x, top, before, cell), factor, style.large))
    x = round(x + before)
    for n, (key, name, color, value, written) in enumerate(shown):
        out += _one(key, name, color, value, Box(x, top, cell, cell), written, label, style)
        x = round(x + cell)
        if n < len(shown) - 1:
            plus = (Run("+", theme.muted),)
            out.append(Text(f"sum/sign/{n}", Box(x, top, sign, cell), plus, style.large, Align.CENTER))
            x = round(x + sign)
    out.append(Text("sum/total", Box(x + style.small, top, last, cell), total, style.large * 1.2))
    return tuple(out)


def _total(focus: Focus, progress: Progress, style: Style) -> Run:
    """The result, or a question mark, behind its sign."""
    known = progress.total and not progress.hide_total
    sign = "=" if holds(focus.spec, focus.terms) else "≈"
    return Run(f"{sign} {short(focus.terms.total) if known else '?'}", style.theme.output, Weight.BOLD)


def _one(
    key: str, name: str, color: Color, value: float, box: Box, written: bool, label: float, style: Style
) -> tuple[Primitive, ...]:
    """A number as a cell with what it is called above it; a question mark where it is asked for."""
    values = np.array([[value]])
    table = greys() if style.source_table == "grey" else diverging(style.theme)
    places = decimals_needed([value])
    head = Box(box.x - 40, box.y - label, box.w + 80, label)
    out: list[Primitive] = [
        Text(f"sum/{key}/label", head, (Run(name, color, Weight.MEDIUM),), style.small, Align.CENTER),
        Grid(
            key=f"sum/{key}/0", box=box, origin=(box.x, box.y), cell=box.w,
            image=colorise(values, style.source_span, table), ref=(f"0/sum.{key}", 0, 0, 0), values=values,
            decimals=places, text_size=min(style.large, text_size(box.w, len(short(value)))),
            written=int(written), blank=style.theme.blank, line=style.theme.line,
        ),
    ]  # fmt: skip
    if not written:
        asked = (Run("?", style.theme.muted, Weight.BOLD),)
        out.append(Text(f"sum/{key}/asked", box, asked, style.large, Align.CENTER))
    return tuple(out)
