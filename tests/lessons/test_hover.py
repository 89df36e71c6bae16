"""Hovering a cell of the input lights exactly the outputs whose windows hold it, counted by loops over all windows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.scene.marks import cell_box
from cnnviz.scene.primitives import Box, Grid, Rect, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.twin import Cell, counted_uses

SMALL = 150
"""Inputs of more cells are not small."""

IDS = [
    lesson.id
    for lesson in shipped()
    if all(math.prod(track.source.shape) <= SMALL for track in shipped_lesson(lesson.id).tracks)
]


def test_most_lessons_are_small() -> None:
    assert len(IDS) >= 20


@pytest.mark.parametrize("name", IDS)
def test_hovering_an_input_cell_lights_the_outputs_that_read_it(name: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    for number, track in enumerate(timeline.lesson.tracks):
        spec, shapes = track.layers[0], track.shapes()
        for cell in np.ndindex(shapes[0]):
            c, i, j = (int(v) for v in cell)
            relation = relate(timeline, CellRef(number, "input", c, i, j))
            assert relation is not None
            assert relation.feeds is not None
            area = relation.feeds
            lit: dict[Cell, int] = {
                (plane, int(r), int(k)): int(area.counts[m, n])
                for plane in range(*area.planes)
                for m, r in enumerate(area.rows)
                for n, k in enumerate(area.columns)
                if area.counts[m, n]
            }
            assert lit == counted_uses(spec, shapes[0], shapes[1], (c, i, j)), (number, cell)
            assert relation.uses == sum(lit.values())


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("vertical-edge", 0),
        ("padding", 1),
        ("padding-fills", 1),
        ("strides", 1),
        ("dilation", 1),
        ("pooling", 0),
    ],
)
def test_what_lights_on_the_stage_are_those_cells(name: str, track: int) -> None:
    timeline = make_timeline(shipped_lesson(name))
    chain = timeline.lesson.tracks[track]
    before, after = chain.shapes()[:2]
    for cell in ((0, 0, 0), (0, 2, 3), (0, before[1] - 1, before[2] - 1)):
        scene = build_scene(
            timeline, timeline.count - 1, Viewpoint(), (1280, 800), LIGHT, CellRef(track, "input", *cell)
        )
        target = grid_of(scene, f"{track}/{timeline.tensor_names(track)[1]}")
        expected = counted_uses(chain.layers[0], before, after, cell)
        boxes = {rounded(cell_box(target, i, j)) for _, i, j in expected}
        assert {rounded(p.box) for p in lit_on(scene, target)} == boxes, cell


def grid_of(scene: Scene, tensor: str) -> Grid:
    return next(p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == tensor)


def lit_on(scene: Scene, target: Grid) -> list[Rect]:
    """The rectangles of the pointer's colour that lie on a map."""
    return [
        p
        for p in scene.primitives()
        if isinstance(p, Rect) and p.key.startswith(f"hover/{target.key}/") and p.fill.startswith(LIGHT.hover)
    ]


def rounded(box: Box) -> tuple[float, ...]:
    return tuple(round(v, 3) for v in box)
