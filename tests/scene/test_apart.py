"""Tracks seen from afar: the arrangement in which the smallest panel is largest, and names that are not cut."""

from __future__ import annotations

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.apart import LEAST, fitted, parts_apart
from cnnviz.scene.primitives import Box, Grid, Run, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.ink import ELIDED, problems, width_of
from tests.scene.scenes import texts

AREA = Box(20, 100, 1200, 500)


def test_one_track_has_all() -> None:
    assert parts_apart(AREA, (3.0,), 100, 20, 50) == (AREA,)


@pytest.mark.parametrize(
    ("panels", "across"),
    [
        # A panel side by side: min(580 / 2, 500 − 100) = 290; in rows min(1200 / 2, 240 − 100) = 140.
        ((2.0, 2.0), 2),
        # Side by side min(590 / 8, 400) = 74; in rows min(1200 / 8, 140) = 140.
        ((8.0, 8.0), 1),
        # Four abreast min(285 / 3, 400) = 95, two 140 (of 193 wide), one 35.
        ((3.0, 3.0, 3.0, 3.0), 2),
    ],
)
def test_the_smallest_panel_is_as_large_as_can_be(panels: tuple[float, ...], across: int) -> None:
    parts = parts_apart(AREA, panels, 100, 20, 50)
    assert len({part.y for part in parts}) == -(-len(panels) // across)
    assert len({part.x for part in parts}) == across
    assert min(p.x for p in parts) == AREA.x
    assert max(p.right for p in parts) == pytest.approx(AREA.right)
    assert max(p.bottom for p in parts) == pytest.approx(AREA.bottom)


def test_titles_that_would_be_cut_count_against_an_arrangement() -> None:
    # Side by side a panel has min(590 / 4, 400) = 147, in rows min(300, 140) = 140.
    assert len({p.x for p in parts_apart(AREA, (4.0, 4.0), 100, 20, 50)}) == 2
    assert len({p.x for p in parts_apart(AREA, (4.0, 4.0), 100, 20, 160)}) == 1


def test_a_line_is_set_so_small_that_it_is_not_cut() -> None:
    assert LEAST > ELIDED
    runs = (Run("Light from the bottom right", "#000000"),)
    assert fitted(runs, 20, 1000) == 20
    small = fitted(runs, 20, 100)
    assert width_of(runs[0].text, small) * LEAST == pytest.approx(100, rel=0.02)


def largest(scene: Scene) -> float:
    return max(p.cell for p in scene.primitives() if isinstance(p, Grid))


@pytest.mark.parametrize("level", ["network", "layer"])
def test_every_track_has_its_name_and_cells_that_can_be_read(level: str) -> None:
    timeline = make_timeline(shipped_lesson("padding-fills"))
    scene = build_scene(timeline, 4, Viewpoint(level=level), (1280, 720), LIGHT)  # type: ignore[arg-type]  # a level
    names = [track.name for track in timeline.lesson.tracks]
    assert (
        [texts(scene)[f"{n}/name"] for n in range(4)]
        == names
        == ["Zeros", "Reflect", "Replicate", "Circular"]
    )
    assert largest(scene) >= 18
    assert not list(problems(scene))
