"""A scene as a slide: order, ground, names, and how many shapes a slide may have."""

import xml.etree.ElementTree as ET

import numpy as np

from cnnviz.export.slides_scene import MOST_SHAPES, slide_xml
from cnnviz.export.slides_xml import Look, Sheet
from cnnviz.scene.primitives import Box, Grid, Panel, Primitive, Rect, Ring, Run, Scene, Text
from tests.export.decks import A, P

LOOK = Look(6350, 1.0, {"#ffffff": "bg1"})


def _slide(
    *primitives: Primitive, over: tuple[Primitive, ...] = (), ground: str | None = "#ffffff"
) -> ET.Element:
    panel = Panel("p", Box(0, 0, 1920, 1080), "Input", primitives)
    scene = Scene((1920.0, 1080.0), ground, (panel,), over, "", "Step 1")
    return ET.fromstring(slide_xml(scene, Sheet(LOOK), False, "Edges"))


def _names(slide: ET.Element) -> list[str]:
    tree = slide.find(f"{P}cSld/{P}spTree")
    assert tree is not None
    return [str(shape[0][0].get("name")) for shape in tree if shape.tag in (f"{P}sp", f"{P}grpSp", f"{P}pic")]


def _grid(key: str, side: int, numbers: bool) -> Grid:
    image = np.zeros((side, side, 3), np.uint8)
    values = np.zeros((side, side)) if numbers else None
    return Grid(key, Box(0, 0, 20 * side, 20 * side), (0, 0), 20, image, ("0/x", 0, 0, 0), values, 0, 9.0)


def _text(key: str, words: str = "Edges") -> Text:
    return Text(key, Box(0, 0, 200, 30), (Run(words, "#000000"),), 20)


def test_shapes_stand_in_the_order_of_the_scene_behind_the_title() -> None:
    slide = _slide(
        Rect("under", Box(0, 0, 9, 9), "#112233"), _text("title"), _grid("0/a/0", 2, True),
        over=(Ring("now/window/0/a/0", Box(0, 0, 9, 9), "#000000"),),
    )  # fmt: skip
    assert _names(slide) == ["!!title", "!!under", "!!0/a/0", "!!window"]


def test_the_ground_is_that_of_the_theme_or_none() -> None:
    (ground,) = _slide(_text("title")).iter(f"{P}bg")
    assert [c.get("val") for c in ground.iter(f"{A}schemeClr")] == ["bg1"]
    assert not list(_slide(_text("title"), ground=None).iter(f"{P}bg"))


def test_marks_of_the_moment_are_named_by_kind_and_counted() -> None:
    keys = ("now/window/0/a/0", "now/window/0/a/1", "now/cell/0", "0/a/0/frame")
    slide = _slide(*(Ring(key, Box(0, 0, 9, 9), "#000000") for key in keys))
    assert _names(slide)[:5] == ["!!title", "!!window", "!!window 2", "!!cell", "!!0/a/0/frame"]


def test_a_grid_is_told_by_its_label_and_its_place_among_planes() -> None:
    slide = _slide(_text("0/a/title", "Maps"), _grid("0/a/0", 2, False), _grid("0/a/1", 2, False))
    told = [e.get("descr") for e in slide.iter(f"{P}cNvPr") if str(e.get("name")).startswith("!!0/a/")]
    assert told == [None, "Maps, plane 1 of 2: 2×2", "Maps, plane 2 of 2: 2×2"]


def test_on_a_crowded_slide_maps_without_numbers_are_pictures() -> None:
    side = 20
    few = _slide(*(_grid(f"0/a/{n}", side, n < 2) for n in range(MOST_SHAPES // side**2)))
    assert not list(few.iter(f"{P}pic"))
    many = _slide(*(_grid(f"0/a/{n}", side, n < 2) for n in range(MOST_SHAPES // side**2 + 1)))
    assert len(list(many.iter(f"{P}pic"))) == MOST_SHAPES // side**2 - 1


def test_outlines_are_told_by_what_they_mark_frames_are_not() -> None:
    box = Box(0, 0, 9, 9)
    slide = _slide(
        _text("0/a/title", "Map"), _grid("0/a/0", 2, False), _text("sum/x/label", "window"), _grid("sum/x/0", 2, False),
        Ring("0/a/0/frame", box, "#000000"), Ring("sum/x/now", box, "#000000", "#ffffff"),
        over=(Ring("now/window/0/a/0", box, "#000000"), Ring("now/cell/0", box, "#000000", "#ffffff")),
    )  # fmt: skip
    told = {e.get("name"): e.get("descr") for e in slide.iter(f"{P}cNvPr")}
    assert told["!!sum/x/now"] == "What is at work in window"
    assert told["!!window"] == "The window on Map"
    assert told["!!cell"] == "The cell at work"
    (frame,) = [e for e in slide.iter(f"{P}cNvPr") if e.get("name") == "!!0/a/0/frame"]
    assert frame.get("descr") is None
    assert any(e.tag.endswith("}decorative") and e.get("val") == "1" for e in frame.iter())
