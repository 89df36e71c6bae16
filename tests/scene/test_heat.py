"""Heat-maps on the stage: tints and counts are those of the field and of the fan-out, cell by cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.lesson import Heat, Lesson, Track, View
from cnnviz.lesson.source import Source
from cnnviz.scene.marks import cell_box
from cnnviz.scene.primitives import Box, Grid, Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.heat import field_of
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.examples import lesson, vertical_edge
from tests.scene.scenes import grid_named, named, texts


def shown(made: Lesson, heat: Heat, index: int = 0, view: Viewpoint | None = None) -> tuple[Timeline, Scene]:
    timeline = make_timeline(replace(made, view=View(heat=heat)))
    return timeline, build_scene(timeline, index, view or Viewpoint(), (1280, 720), LIGHT)


def rects(scene: Scene, start: str) -> dict[Box, str]:
    return {p.box: p.fill for p in scene.primitives() if isinstance(p, Rect) and p.key.startswith(start)}


def two_layers() -> Lesson:
    kernel = Params(np.array([[[[1.0, 0, -1]] * 3]]))
    track = Track(
        Source(np.arange(49.0).reshape(1, 7, 7)), (Conv(1, (3, 3)), Conv(1, (3, 3))), (kernel, kernel)
    )
    return Lesson("Two", (track,))


def test_use_counts_stand_in_place_of_the_input() -> None:
    _, scene = shown(vertical_edge(), "uses")
    grid = grid_named(scene, "0/input/0")
    assert grid.values is not None
    assert grid.values[:3].tolist() == [[1, 2, 3, 3, 2, 1], [2, 4, 6, 6, 4, 2], [3, 6, 9, 9, 6, 3]]
    assert grid.cells_written() == 36
    # The more often a pixel is used, the further is its colour from that of an unused one.
    dark = grid.colors().sum(axis=2)
    assert dark[2, 2] < dark[1, 1] < dark[0, 0]


def test_use_counts_of_a_padded_input_count_the_padding_too() -> None:
    _, scene = shown(vertical_edge(padding=1), "uses")
    grid = grid_named(scene, "0/input/0")
    assert grid.values is not None
    assert grid.values.shape == (8, 8)
    assert grid.values[1, 1:7].tolist() == [4, 6, 6, 6, 6, 4]
    assert grid.values[0].tolist() == [1, 2, 3, 3, 3, 3, 2, 1]


def test_a_field_tints_what_the_cell_is_made_of() -> None:
    timeline, scene = shown(two_layers(), "field", 26)
    focus = timeline.frame(26).lead.focus
    assert focus.target == "conv2"
    counts = field_of(timeline.lesson.tracks[0], focus).counts
    assert np.count_nonzero(counts) == 25
    grid = grid_named(scene, "0/input/0")
    tints = rects(scene, "field/")
    assert set(tints) == {cell_box(grid, int(r), int(c)) for r, c in np.argwhere(counts)}
    alphas = {
        int(counts[r, c]): int(tints[cell_box(grid, int(r), int(c))][-2:], 16) for r, c in np.argwhere(counts)
    }
    assert [alphas[n] for n in sorted(alphas)] == sorted(set(alphas.values()))  # more ways, a stronger tint
    ring = named(scene, "field/ring/0/input/0")
    assert isinstance(ring, Ring)
    assert ring.box == Box(cell_box(grid, 0, 1).x, cell_box(grid, 0, 1).y, 5 * grid.cell, 5 * grid.cell)


def test_a_pixel_lights_the_outputs_that_it_feeds() -> None:
    _, scene = shown(vertical_edge(), "fan-out", 5)  # cell (1, 1): the middle of its window is pixel (2, 2)
    source, target = grid_named(scene, "0/input/0"), grid_named(scene, "0/conv1/0")
    pixel = named(scene, "fan/pixel/0")
    assert isinstance(pixel, Ring)
    assert pixel.box == cell_box(source, 2, 2)
    assert set(rects(scene, "hover/0/conv1")) == {cell_box(target, r, c) for r in range(3) for c in range(3)}
    assert not [key for key in texts(scene) if key.startswith("fan/")]


def test_an_output_fed_more_than_once_says_how_often() -> None:
    made = lesson([[[1.0, 2, 3]]], [[[[1.0, 1, 1]]]], padding=(0, 0, 1, 1), padding_mode="replicate")
    _, scene = shown(made, "fan-out", view=Viewpoint(pinned=CellRef(0, "input", 0, 0, 0)))
    said = {key: text for key, text in texts(scene).items() if key.startswith("fan/")}
    assert list(said.values()) == ["2×", "1×"]


def test_no_heat_no_marks() -> None:
    _, scene = shown(two_layers(), "none", 25)
    assert not [p.key for p in scene.primitives() if p.key.startswith(("field", "fan"))]


def test_large_fields_are_tinted_as_a_whole() -> None:
    made = lesson(np.ones((1, 70, 70)), np.ones((1, 1, 31, 31)), after=())
    twice = Track(made.tracks[0].source, made.tracks[0].layers * 2, made.tracks[0].params * 2)
    timeline, scene = shown(Lesson("Large", (twice,), "layer"), "field", 1)
    grid = grid_named(scene, "0/input/0")
    assert timeline.frame(1).lead.focus.cell == (0, 9, 9)
    ((box, _),) = rects(scene, "field/").items()
    assert isinstance(grid, Grid)
    assert abs(box.w - 61 * grid.cell) < 1e-6
    assert not [t for t in scene.primitives() if isinstance(t, Text) and t.key.startswith("fan")]
