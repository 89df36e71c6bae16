"""Formulas as outlines: where the stage has them, in its colours, told in LaTeX."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np

from cnnviz.export.raster import pixel_array
from cnnviz.export.slides_formula import formula_shape
from cnnviz.export.slides_xml import NAMESPACES, Look, Sheet
from cnnviz.paint.painter import scene_image
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Align, Box, Formula, Panel, Scene
from tests.export.decks import A, P

COLORS = (("input", "#1b7a3d"), ("weight", "#6a3fd0"), ("output", "#d1006c"), ("text", "#16181d"))
NAME = "lhs.IK.ij sum.mn in.IK.0.-.none ker.IK.0.mn"
UNIT = 6350


def _formula(align: Align = Align.LEFT) -> Formula:
    return Formula("formula/operation", Box(40, 30, 600, 90), NAME, COLORS, 30, align)


def _shapes(formula: Formula) -> list[ET.Element]:
    xml = formula_shape(Sheet(Look(UNIT, 1.0, {})), formula)
    return list(ET.fromstring(f"<root {NAMESPACES}>{xml}</root>").iter(f"{P}sp"))


def _bounds(shape: ET.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in pixels."""
    off, ext = shape.find(f".//{A}off"), shape.find(f".//{A}ext")
    assert off is not None
    assert ext is not None
    x, y = (int(off.get(key, "")) / UNIT for key in ("x", "y"))
    return x, y, x + int(ext.get("cx", "")) / UNIT, y + int(ext.get("cy", "")) / UNIT


def _seen(formula: Formula, role: str) -> tuple[int, int, int, int]:
    """The bounds of what the stage draws in a role's colour."""
    alone = tuple((name, "#000000" if name == role else "#ffffff") for name, _ in COLORS)
    panel = Panel("p", Box(0, 0, 700, 150), "", (replace(formula, colors=alone),))
    pixels = pixel_array(scene_image(Scene((700.0, 150.0), "#ffffff", (panel,), (), "", "")))
    ys, xs = np.nonzero(pixels[..., 0] < 250)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def test_each_colour_lies_where_the_stage_has_it() -> None:
    formula = _formula()
    shapes = _shapes(formula)
    assert len(shapes) == len({mark.role for mark in outline(NAME).marks})
    roles = dict(COLORS)
    for shape in shapes:
        (properties,) = shape.iter(f"{P}cNvPr")
        role = str(properties.get("name"))
        assert [c.get("val") for c in shape.iter(f"{A}srgbClr")] == [roles[role][1:].upper()]
        for drawn, told in zip(_seen(formula, role), _bounds(shape), strict=True):
            assert abs(drawn - told) <= 1.5  # the stage sets the baseline on a pixel


def test_every_outline_is_closed_and_within_its_shape() -> None:
    for shape in _shapes(_formula()):
        (path,) = shape.iter(f"{A}path")
        points = [(int(p.get("x", "")), int(p.get("y", ""))) for p in path.iter(f"{A}pt")]
        assert all(0 <= x <= int(path.get("w", "")) and 0 <= y <= int(path.get("h", "")) for x, y in points)
        assert len(list(path.iter(f"{A}moveTo"))) == len(list(path.iter(f"{A}close"))) > 0


def test_a_formula_may_stand_at_the_right() -> None:
    right = max(_bounds(shape)[2] for shape in _shapes(_formula(Align.RIGHT)))
    assert abs(right - 640) < 3


def test_it_is_told_in_latex() -> None:
    xml = formula_shape(Sheet(Look(UNIT, 1.0, {})), _formula())
    (told,) = {
        e.get("descr") for e in ET.fromstring(f"<root {NAMESPACES}>{xml}</root>").iter(f"{P}cNvPr")
    } - {None}
    assert told == r"Formula: S(i,j)= \sum_{m}\sum_{n} I(i+m,j+n) K(m,n)"
