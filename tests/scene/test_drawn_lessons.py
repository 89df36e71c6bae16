"""Lessons drawn by chance, of every layer and one to three tracks: every scene can be built, and says nothing wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Grid, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.relations import relate
from cnnviz.timeline.timeline import Timeline, make_timeline
from cnnviz.timeline.trace import facts
from tests.helpers.random_chains import small_lessons
from tests.scene.ink import problems

SIZES = ((1280, 720), (1920, 1080))


def some_steps(timeline: Timeline, share: float) -> set[int]:
    return {0, int(share * (timeline.count - 1)), timeline.count - 1}


@settings(max_examples=40)
@given(
    lesson=small_lessons(),
    share=st.floats(0, 1),
    hidden=st.sets(st.sampled_from(["total", "products", "cell"])),
)
def test_every_scene_can_be_built(lesson: Lesson, share: float, hidden: set[str]) -> None:
    timeline = make_timeline(lesson)
    view = Viewpoint(hidden=frozenset(hidden))  # type: ignore[arg-type]  # words of the type
    for index in some_steps(timeline, share):
        json.dumps(facts(timeline.frame(index)), allow_nan=False)
        scene = build_scene(timeline, index, view, (1280, 720), DARK)
        keys = [p.key for p in scene.primitives()]
        assert len(set(keys)) == len(keys), sorted({k for k in keys if keys.count(k) > 1})
        said = "\n".join(p.text for p in scene.primitives() if isinstance(p, Text) and "formula" not in p.key)
        assert not re.search(r"\bnan\b|(?<![\w.)])−0(?![\d.,])", said, re.IGNORECASE)


@settings(max_examples=20)
@given(lesson=small_lessons(), share=st.floats(0, 1), data=st.data())
def test_every_cell_can_be_hovered(lesson: Lesson, share: float, data: st.DataObject) -> None:
    timeline = make_timeline(lesson)
    index = int(share * (timeline.count - 1))
    scene = build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT)
    for grid in (p for p in scene.primitives() if isinstance(p, Grid) and "/" in p.ref[0]):
        row, column = data.draw(st.integers(0, grid.rows - 1)), data.draw(st.integers(0, grid.columns - 1))
        at = grid.origin[0] + (column + 0.5) * grid.cell, grid.origin[1] + (row + 0.5) * grid.cell
        ref = cell_at(scene, *at)
        assert ref is not None
        hovered = build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT, ref)
        relation = relate(timeline, ref)
        assert (hovered.caption != scene.caption) or relation is None or relation.focus is not None


def plain(lesson: Lesson) -> Lesson:
    """One track without what is drawn beside the maps."""
    view = replace(lesson.view, marks=False, range="layer", curves=False, heat="none")
    return replace(lesson, tracks=lesson.tracks[:1], view=view)


def wrong(scene: Scene) -> list[str]:
    return list(problems(scene))


@settings(max_examples=40)
@given(lesson=small_lessons(1).map(plain), share=st.floats(0, 1))
def test_nothing_overlaps_in_a_single_track(lesson: Lesson, share: float) -> None:
    timeline = make_timeline(lesson)
    for index in some_steps(timeline, share):
        for size in SIZES:
            assert not wrong(build_scene(timeline, index, Viewpoint(), size, LIGHT)), (index, size)
