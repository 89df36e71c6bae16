"""Rings, links, discs and legends as native shapes."""

import xml.etree.ElementTree as ET

import pytest

from cnnviz.export.slides_shapes import gradient_shape, link_shape, rect_shape, ring_shape
from cnnviz.export.slides_xml import NAMESPACES, Look, Sheet
from cnnviz.scene.colors import legend_colors
from cnnviz.scene.primitives import Box, Gradient, Link, Rect, Ring
from cnnviz.scene.theme import LIGHT
from tests.export.decks import A, P

LOOK = Look(1000, 1.0, {})
"""A thousand units a pixel, so that numbers can be read."""


def _elements(xml: str) -> list[ET.Element]:
    return list(ET.fromstring(f"<root {NAMESPACES}>{xml}</root>"))


def _frame(shape: ET.Element) -> tuple[int, int, int, int]:
    off, ext = shape.find(f".//{A}xfrm/{A}off"), shape.find(f".//{A}xfrm/{A}ext")
    assert off is not None
    assert ext is not None
    return int(off.get("x", "")), int(off.get("y", "")), int(ext.get("cx", "")), int(ext.get("cy", ""))


def _geometry(shape: ET.Element) -> str | None:
    preset = shape.find(f".//{A}prstGeom")
    return None if preset is None else preset.get("prst")


def _points(shape: ET.Element) -> list[tuple[int, int]]:
    return [(int(p.get("x", "")), int(p.get("y", ""))) for p in shape.iter(f"{A}pt")]


def _ring(ring: Ring) -> list[ET.Element]:
    return _elements(ring_shape(Sheet(LOOK), ring, "!!window", "The window"))


def test_a_double_stroke_is_a_group_of_two_of_one_name() -> None:
    (group,) = _ring(Ring("now/window", Box(20, 30, 90, 60), "#d1006c", "#ffffff", 4))
    properties = group.find(f"{P}nvGrpSpPr/{P}cNvPr")
    assert properties is not None
    assert (properties.get("name"), properties.get("descr")) == ("!!window", "The window")
    assert _frame(group) == (20_000, 30_000, 90_000, 60_000)
    rim, line = group.findall(f"{P}sp")
    # The stroke reaches 2 to both sides of the edge, the rim from there 2 more outwards.
    widths = [int(ln.get("w", "")) for ln in group.iter(f"{A}ln")]
    assert widths == [6_000, 4_000]
    assert _frame(line) == (20_000, 30_000, 90_000, 60_000)
    assert _frame(rim) == (19_000, 29_000, 92_000, 62_000)
    assert [c.get("val") for c in group.iter(f"{A}srgbClr")] == ["FFFFFF", "D1006C"]


def test_a_plain_frame_is_one_shape_and_a_dashed_one_is_dashed() -> None:
    (frame,) = _ring(Ring("0/input/0/frame", Box(0, 0, 9, 9), "#c9ced6", width=1.0, dashed=True))
    assert frame.tag == f"{P}sp"
    (dash,) = frame.iter(f"{A}ds")
    assert (dash.get("d"), dash.get("sp")) == ("300000", "200000")  # thousandths of a percent of its width


def test_of_a_clipped_ring_only_sides_that_may_be_seen_are_drawn() -> None:
    # The right half is beyond the clip: what is left are top and bottom up to it, and the left side.
    (frame,) = _ring(Ring("w", Box(10, 10, 40, 20), "#000000", clip=Box(0, 0, 30, 100)))
    assert _frame(frame) == (10_000, 10_000, 20_000, 20_000)
    right, low = 20_000, 20_000
    assert _points(frame) == [(0, 0), (right, 0), (0, low), (right, low), (0, 0), (0, low)]


def test_a_ring_out_of_sight_is_not_drawn() -> None:
    assert _ring(Ring("w", Box(10, 10, 40, 20), "#000000", "#ffffff", clip=Box(100, 100, 30, 30))) == []


@pytest.mark.parametrize(
    ("radius", "geometry"), [(0.0, "rect"), (3.0, "roundRect"), (10.0, "ellipse"), (99.0, "ellipse")]
)
def test_corners_are_round_up_to_a_disc(radius: float, geometry: str) -> None:
    (shape,) = _elements(rect_shape(Sheet(LOOK), Rect("r", Box(0, 0, 20, 20), "#d1006c", radius)))
    assert _geometry(shape) == geometry


@pytest.mark.parametrize(
    ("end", "flips", "frame"),
    [
        ((30, 40), (None, None), (10, 20, 20, 20)),
        ((0, 40), ("1", None), (0, 20, 10, 20)),
        ((30, 0), (None, "1"), (10, 0, 20, 20)),
        ((10, 0), (None, "1"), (10, 0, 0, 20)),
    ],
)
def test_a_straight_link_is_a_connector_that_runs_its_way(
    end: tuple[float, float], flips: tuple[str | None, str | None], frame: tuple[int, int, int, int]
) -> None:
    (line,) = _elements(link_shape(Sheet(LOOK), Link("l", ((10, 20), end), "#000000", arrow=True)))
    assert line.tag == f"{P}cxnSp"
    (transform,) = line.iter(f"{A}xfrm")
    assert (transform.get("flipH"), transform.get("flipV")) == flips
    assert _frame(line) == tuple(1000 * n for n in frame)
    assert [head.get("type") for head in line.iter(f"{A}tailEnd")] == ["triangle"]


def test_a_bent_link_is_a_line_and_a_closed_one_is_filled() -> None:
    points = ((5.0, 5.0), (25.0, 5.0), (25.0, 35.0))
    (line,) = _elements(link_shape(Sheet(LOOK), Link("l", points, "#000000")))
    assert _points(line) == [(0, 0), (20_000, 0), (20_000, 30_000)]
    assert [path.get("fill") for path in line.iter(f"{A}path")] == ["none"]
    assert not list(line.iter(f"{A}close"))
    (area,) = _elements(link_shape(Sheet(LOOK), Link("l", points, "#00000000", "#d1006c14", closed=True)))
    assert len(list(area.iter(f"{A}close"))) == 1
    assert [alpha.get("val") for alpha in area.iter(f"{A}alpha")] == ["7843"]  # 20 of 255


def test_a_grey_legend_is_one_ramp() -> None:
    greys = tuple(f"#{n:02x}{n:02x}{n:02x}" for n in range(0, 256, 15))
    (bar,) = _elements(gradient_shape(Sheet(LOOK), Gradient("g", Box(0, 0, 160, 9), greys), "Legend"))
    assert [c.get("val") for c in bar.iter(f"{A}srgbClr")] == ["000000", "FFFFFF"]


def test_a_signed_legend_bends_where_its_colours_do() -> None:
    signed = legend_colors(LIGHT, "signed")
    (group,) = _elements(gradient_shape(Sheet(LOOK), Gradient("g", Box(0, 0, 170, 9), signed), "Legend"))
    pieces = group.findall(f"{P}sp")
    assert 2 <= len(pieces) <= 16
    assert _frame(pieces[0])[0] == 0
    assert sum(_frame(pieces[-1])[::2]) == 170_000
    colors = [[c.get("val", "") for c in piece.iter(f"{A}srgbClr")] for piece in pieces]
    # Each goes on where the one before ends.
    assert [pair[1] for pair in colors[:-1]] == [pair[0] for pair in colors[1:]]
    assert (colors[0][0], colors[-1][1]) == (signed[0][1:].upper(), signed[-1][1:].upper())
