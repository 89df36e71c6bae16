"""Typeset formulas as outlines on a slide: crisp at any size, one shape for each colour, told in LaTeX."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cnnviz.export.slides_xml import NO_LINE, Sheet, fill, geometry, group, name_of, shape
from cnnviz.scene.formula_latex import latex
from cnnviz.scene.formulas import outline
from cnnviz.scene.formulas import shape as letter_shape
from cnnviz.scene.primitives import Align, Box, Formula

_SHARE = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}
_TAGS = {"M": "moveTo", "L": "lnTo", "Q": "quadBezTo"}


class _Filled(NamedTuple):
    """What has one colour: its bounds in em (the baseline's start is the origin) and its geometry."""

    role: str
    box: Box
    geometry: str


def formula_shape(sheet: Sheet, formula: Formula) -> str:
    """A group of outlines, where the stage has them."""
    set_out, em, box = outline(formula.name), formula.size, formula.box
    left = box.x + _SHARE[formula.align] * (box.w - set_out.width * em)
    baseline = box.cy + (set_out.ascent - set_out.descent) * em / 2
    palette = dict(formula.colors)
    parts = []
    for part in _filled(formula.name):
        place = Box(left + part.box.x * em, baseline + part.box.y * em, part.box.w * em, part.box.h * em)
        drawn = f"{part.geometry}{fill(palette[part.role], sheet.look)}{NO_LINE}"
        look = sheet.look
        frame = (look.emu(place.x), look.emu(place.y), look.emu(place.w), look.emu(place.h))
        parts.append(shape(sheet, part.role, frame, drawn))
    whole = Box(left, baseline - set_out.ascent * em, set_out.width * em, set_out.height * em)
    return group(sheet, name_of(formula.key), whole, parts, f"Formula: {latex(formula.name)}")


@lru_cache(maxsize=256)
def _filled(name: str) -> tuple[_Filled, ...]:
    """What is filled in each role's colour."""
    marks: dict[str, list[tuple[str, list[tuple[int, int]]]]] = {}
    em = 1
    for mark in outline(name).marks:
        data, em = letter_shape(mark.shape)
        dx, dy = round(mark.x * em), round(mark.y * em)
        marks.setdefault(mark.role, []).extend(
            (command, [(x + dx, y + dy) for x, y in points]) for command, points in _commands(data)
        )
    return tuple(_Filled(role, *_geometry(commands, em)) for role, commands in marks.items())


def _commands(data: str) -> list[tuple[str, list[tuple[int, int]]]]:
    commands = []
    for command, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", data):
        flat = [round(float(n)) for n in numbers.split()]
        commands.append((command, list(zip(flat[::2], flat[1::2], strict=True))))
    return commands


def _geometry(commands: list[tuple[str, list[tuple[int, int]]]], em: int) -> tuple[Box, str]:
    xs, ys = zip(*(point for _, points in commands for point in points), strict=True)
    left, top = min(xs), min(ys)
    wide, tall = max(1, max(xs) - left), max(1, max(ys) - top)
    path = "".join(_command(command, points, left, top) for command, points in commands)
    return Box(left / em, top / em, wide / em, tall / em), geometry(wide, tall, path)


def _command(command: str, points: list[tuple[int, int]], left: int, top: int) -> str:
    if command == "Z":
        return "<a:close/>"
    inside = "".join(f'<a:pt x="{x - left}" y="{y - top}"/>' for x, y in points)
    return f"<a:{_TAGS[command]}>{inside}</a:{_TAGS[command]}>"
