"""A scene as the XML of one slide, with its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from cnnviz.export.slides_formula import formula_shape
from cnnviz.export.slides_grid import grid_shape, has_numbers, seen_cells
from cnnviz.export.slides_shapes import gradient_shape, link_shape, rect_shape, ring_shape
from cnnviz.export.slides_text import hidden_title, text_shape
from cnnviz.export.slides_xml import EMPTY_TREE, HEAD, NAMESPACES, Look, Sheet, fill, name_of
from cnnviz.paint.color import visible
from cnnviz.scene.grid_words import grid_words
from cnnviz.scene.primitives import Formula, Gradient, Grid, Link, Primitive, Rect, Ring, Scene, Text

TITLE = "title"
"""The key of the text that becomes the slide's title."""

MOST_SHAPES = 2_000
"""With more cells on a slide, maps without numbers become pictures: programs slow down."""

MORPH = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice xmlns:p159="http://schemas.microsoft.com/office/powerpoint/2015/09/main" Requires="p159">'
    '<p:transition spd="med" xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" p14:dur="600">'
    '<p159:morph option="byObject"/></p:transition></mc:Choice>'
    '<mc:Fallback><p:transition spd="med"><p:fade/></p:transition></mc:Fallback></mc:AlternateContent>'
)
"""Shapes of one name glide from slide to slide; where that is not known, slides fade."""

_RINGS = {
    "window": "The window on", "cell": "The cell at work in", "partner": "What is multiplied in", "part": "The part in",
    "gradient": "The gradient in", "product": "The factor at work in",
}  # fmt: skip


def slide_xml(scene: Scene, sheet: Sheet, morph: bool, title: str = "") -> str:
    """Write a slide; its pictures are kept in ``sheet``.

    Parameters
    ----------
    scene : Scene
    sheet : Sheet
        A new one.
    morph : bool
        Let what has one name glide from the slide before to this one.
    title : str
        For the outline, where the scene shows none.
    """
    shapes = "".join(_shapes(scene, sheet))
    if not any(p.text.strip() for p in scene.primitives() if _is_title(p)):
        shapes = hidden_title(sheet, title or scene.spoken, scene.size, "#808080") + shapes
    ground = ""
    if scene.background is not None:
        ground = f"<p:bg><p:bgPr>{fill(scene.background, sheet.look)}<a:effectLst/></p:bgPr></p:bg>"
    return (
        f"{HEAD}<p:sld {NAMESPACES}><p:cSld>{ground}<p:spTree>{EMPTY_TREE}{shapes}</p:spTree></p:cSld>"
        f"<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>{MORPH if morph else ''}</p:sld>"
    )


def _shapes(scene: Scene, sheet: Sheet) -> Iterator[str]:
    """Every primitive in drawing order, but the title before all: slides are read aloud in the order of shapes."""
    titles, names = _titles(scene), _ring_names(scene)
    crowded = _crowded(scene, sheet.look)
    for primitive in sorted(scene.primitives(), key=_is_title, reverse=True):
        match primitive:
            case Grid():
                plain = crowded and not has_numbers(primitive, sheet.look)
                yield grid_shape(sheet, primitive, grid_words(primitive, titles[primitive.key]), plain)
            case Text():
                yield text_shape(sheet, primitive, _is_title(primitive))
            case Ring():
                yield ring_shape(sheet, primitive, names[primitive.key], _ring_told(primitive, titles))
            case Rect():
                yield rect_shape(sheet, primitive)
            case Link():
                yield link_shape(sheet, primitive)
            case Gradient():
                yield gradient_shape(sheet, primitive, "Legend: the colours of the values")
            case Formula():
                yield formula_shape(sheet, primitive)


def _is_title(primitive: Primitive) -> TypeGuard[Text]:
    return isinstance(primitive, Text) and primitive.key == TITLE


def _crowded(scene: Scene, look: Look) -> bool:
    return sum(seen_cells(p, look) for p in scene.primitives() if isinstance(p, Grid)) > MOST_SHAPES


def _titles(scene: Scene) -> dict[str, str]:
    """What each grid shows: the label or title beside it, and which of several planes it is."""
    titles = {}
    for panel in scene.panels:
        texts = {p.key: p.text for p in panel.primitives if isinstance(p, Text)}
        grids = [p for p in panel.primitives if isinstance(p, Grid)]
        for grid in grids:
            stem = _stem(grid.key)
            fellows = [other.key for other in grids if _stem(other.key) == stem]
            title = texts.get(f"{stem}/label") or texts.get(f"{stem}/title") or panel.title or grid.key
            several = f", plane {fellows.index(grid.key) + 1} of {len(fellows)}" if len(fellows) > 1 else ""
            titles[grid.key] = title + several
    titles |= {p.key: p.key for p in scene.over if isinstance(p, Grid)}
    return titles


def _stem(key: str) -> str:
    return key.rpartition("/")[0]


def _ring_names(scene: Scene) -> dict[str, str]:
    """A name for each outline. What marks the moment is named by its kind, so that it glides from map to map."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for ring in scene.primitives():
        if not isinstance(ring, Ring):
            continue
        now, _, rest = ring.key.partition("/")
        kind = rest.partition("/")[0]
        if now != "now":
            names[ring.key] = name_of(ring.key)
            continue
        counts[kind] = counts.get(kind, 0) + 1
        names[ring.key] = name_of(kind if counts[kind] == 1 else f"{kind} {counts[kind]}")
    return names


def _ring_told(ring: Ring, titles: dict[str, str]) -> str:
    """What an outline marks, in words; nothing for the frame of a map."""
    now = ring.key.startswith("now/")
    if not now and not visible(ring.outer):
        return ""
    kind, _, place = ring.key.removeprefix("now/").partition("/")
    words = _RINGS.get(kind, "What is at work in")
    place = place if now else ring.key
    title = titles.get(place) or next(
        (t for key, t in titles.items() if place.startswith(f"{_stem(key)}/")), ""
    )
    return f"{words} {title}" if title else words.rpartition(" ")[0]
