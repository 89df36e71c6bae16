"""Scenes of the lessons made by hand, and how to find things in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cnnviz.scene.primitives import Grid, Primitive, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.scene.lessons import LESSONS

SIZES = ((860, 520), (1024, 768), (1280, 720), (1280, 800), (1920, 1080), (2560, 1440))


@lru_cache(maxsize=4)
def timeline_named(name: str) -> Timeline:
    """One of the lessons made by hand, cut into steps."""
    return make_timeline(LESSONS[name]())


def scene_of(name: str = "6x6", index: int = 0, **other: Any) -> Scene:
    """A lesson's stage at one step."""
    view, size = other.pop("viewpoint", Viewpoint()), other.pop("size", (1280, 800))
    return build_scene(timeline_named(name), index, view, size, other.pop("theme", LIGHT), **other)


def steps_worth_a_look(timeline: Timeline) -> list[int]:
    """Some steps of every kind: the first dozen, each section's ends, and one in the middle."""
    starts = [start for start, _ in timeline.section_starts()]
    wanted = {*range(12), *starts, *(s - 1 for s in starts), timeline.count // 2, timeline.count - 1}
    return sorted(i for i in wanted if 0 <= i < timeline.count)


def named(scene: Scene, key: str) -> Primitive:
    """The one primitive with that key."""
    (found,) = (p for p in scene.primitives() if p.key == key)
    return found


def grid_named(scene: Scene, key: str) -> Grid:
    """The one grid with that key."""
    grid = named(scene, key)
    assert isinstance(grid, Grid)
    return grid


def texts(scene: Scene) -> dict[str, str]:
    """What every text says, by its key."""
    return {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}
