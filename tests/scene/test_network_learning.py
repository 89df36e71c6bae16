"""What stands on the stage while a network learns from batches: its kernels, loss and tests, and a kernel's change."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Level
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.composition import Composition
from cnnviz.scene.plot_panel import accuracy_plot
from cnnviz.scene.primitives import Box, Grid, Link, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.plots import AccuracyCurve
from cnnviz.timeline.timeline import Timeline, make_timeline

SIZE = (1280.0, 800.0)


@lru_cache(maxsize=1)
def _timeline() -> Timeline:
    return make_timeline(shipped_lesson("learn-digits"))


def _scene(
    index: int,
    level: Level = "network",
    composition: Composition | None = None,
    pinned: CellRef | None = None,
) -> Scene:
    view = Viewpoint(level=level, pinned=pinned)
    return build_scene(_timeline(), index, view, SIZE, LIGHT, composition=composition or Composition())


def _grids(scene: Scene, part: str) -> list[Grid]:
    return [p for p in scene.primitives() if isinstance(p, Grid) and part in p.key]


def _values(grid: Grid) -> NDArray[np.float64]:
    assert grid.values is not None
    return np.asarray(grid.values, np.float64)


def _texts(scene: Scene) -> dict[str, str]:
    return {p.key: p.text for p in scene.primitives() if isinstance(p, Text)}


def test_kernels_stand_under_the_overview_in_colours_that_stay() -> None:
    kernels = [_grids(_scene(n), "/conv1.weight/") for n in (0, 100)]
    assert [len(ones) for ones in kernels] == [4, 4]
    for n, ones in zip((0, 100), kernels, strict=True):
        own = _timeline().iteration(0, n).before.params[0]
        assert own is not None
        assert [_values(g).tolist() for g in ones] == own.weight[:, 0].tolist()
    # One palette and one range: the same weight has the same colour in both iterations.
    ends = [{k: t for k, t in _texts(_scene(n)).items() if "weight/legend" in k} for n in (0, 100)]
    assert ends[0] == ends[1]
    assert len(ends[0]) >= 2


def test_loss_and_accuracy_are_plotted_up_to_the_iteration() -> None:
    scene, words = _scene(60), _texts(_scene(60))
    lines = {p.key: p for p in scene.primitives() if isinstance(p, Link)}
    assert words["plot0/title"] == "Loss"
    assert words["plot0/tests/title"] == "Test accuracy"
    tests = lines["plot0/tests/curve"].points
    assert len(tests) == 61  # so small a network is tested before every update
    assert words["plot0/tests/label/y"].endswith("% of 297 right after 60 updates")
    shares = _timeline().frame(60).lead.plots[1].shares  # type: ignore[union-attr]
    axis = lines["plot0/tests/axes"].points  # from 100 % at the top down to 0
    heights = [axis[1][1] - share * (axis[1][1] - axis[0][1]) for share in shares]
    assert [y for _, y in tests] == pytest.approx(heights)
    losses = _timeline().frame(60).lead.learning.losses  # type: ignore[union-attr]
    assert words["plot0/label/y"].startswith(f"L = {losses[60]:.3f} of this batch")
    assert f"{losses[36:61].mean():.3f} of the last 25" in words["plot0/label/y"]


def test_a_curve_of_fewer_tests_says_how_often_they_are_made() -> None:
    every = np.arange(0, 60, 25.0)
    plot = AccuracyCurve(np.append(every, 57.0), np.array([0.1, 0.5, 0.75, 0.8]), 100, 1000)
    frame = _timeline().frame(0)
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 800), _timeline().lesson, frame.tracks)
    for wide, title in ((320.0, "Test accuracy, every 25 updates"), (150.0, "Test accuracy")):
        parts = accuracy_plot("tests", Box(0, 0, wide, 240), plot, look)
        texts = {p.key: "".join(run.text for run in p.runs) for p in parts if isinstance(p, Text)}
        assert texts["tests/title"] == title
        assert texts["tests/label/y"] == "80.0 % of 1,000 right after 57 updates"
    hidden = Look(Viewpoint(hidden=frozenset({"total"})), LIGHT, look.metrics, look.lesson, look.tracks)
    parts = accuracy_plot("tests", Box(0, 0, 320, 240), plot, hidden)
    assert any(isinstance(p, Text) and p.runs[0].text.startswith("? of 1,000") for p in parts)


def test_the_caption_tells_the_batch_the_step_and_the_last_test() -> None:
    frame = _timeline().frame(60)
    learning = frame.lead.learning
    assert learning is not None
    assert learning.tested is not None
    told = _texts(_scene(60))["caption"]
    found = re.fullmatch(
        r"Iteration 61: the mean loss of 25 pictures is ([\d.]+), the weights move by ([\d.]+) %; "
        r"([\d.]+) % of the test pictures right after 60 updates\.",
        told,
    )
    assert found is not None
    assert float(found[1]) == pytest.approx(learning.loss, abs=6e-4)
    assert float(found[2]) == pytest.approx(100 * learning.moved, rel=0.06)
    assert float(found[3]) == pytest.approx(100 * learning.tested[1], abs=0.06)


def test_parts_that_are_left_out_of_an_export_are() -> None:
    bare = _scene(30, composition=Composition(frozenset({"title", "caption"})))
    assert _grids(bare, "/conv1.weight/")
    assert "plot0/tests/title" not in _texts(bare)


def test_the_kernel_of_a_chosen_map_has_a_ring() -> None:
    scene = _scene(30, pinned=CellRef(0, "conv1", 2, 1, 1))
    rings = [p for p in scene.primitives() if isinstance(p, Ring) and p.key.endswith("/chosen")]
    kernel = _grids(scene, "/conv1.weight/2")
    assert [ring.box for ring in rings] == [kernel[0].box]


def test_under_a_kernel_stands_what_the_update_adds() -> None:
    scene = _scene(40, "layer")
    change = _grids(scene, "conv1.weight.step")
    shown = [_values(grid) for grid in change]
    it = _timeline().iteration(0, 40)
    before, after = it.before.params[0], it.after.params[0]
    assert before is not None
    assert after is not None
    assert len(change) == 1
    power = int(np.log10(shown[0][0, 0] / (after.weight - before.weight)[0, 0, 0, 0]).round())
    np.testing.assert_allclose(shown[0] * 10.0**-power, (after.weight - before.weight)[0, 0], atol=1e-12)
    kernel = _grids(scene, "conv1.weight/0")[0]
    assert change[0].box.y > kernel.box.bottom
    assert "·10" in _texts(scene)["0/conv1.weight.step/shape"]


def test_one_weight_is_followed_at_the_level_of_cells() -> None:
    for index in (0, 33):
        focus = [t for t in _scene(index, "cell").primitives() if isinstance(t, Text) and t.key == "caption"]
        assert len(focus) == 1
    rings = [
        [p.box for p in _scene(index, "cell").primitives() if isinstance(p, Ring) and "conv1.weight" in p.key]
        for index in (0, 33)
    ]
    assert rings[0]
    assert rings[0] == rings[1]


def test_a_chosen_map_is_told_with_its_own_kernel_at_the_level_of_cells() -> None:
    kernels = [
        [g.ref[1] for g in _grids(_scene(30, "cell", pinned=pinned), "conv1.weight/")]
        for pinned in (None, CellRef(0, "conv1", 2, 1, 1))
    ]
    assert kernels == [[0], [2]]


def test_many_tracks_keep_the_room_for_themselves() -> None:
    timeline = make_timeline(replace(shipped_lesson("learning-rates"), pace="iteration"))
    scene = build_scene(timeline, 20, Viewpoint(level="network"), SIZE, LIGHT)
    assert "plot0/title" not in _texts(scene)
    one = make_timeline(replace(shipped_lesson("learn-sobel"), pace="iteration"))
    words = _texts(build_scene(one, 20, Viewpoint(level="network"), SIZE, LIGHT))
    assert words["plot0/title"] == "Loss, log scale"
    assert "plot0/tests/title" not in words


def test_plots_of_the_same_numbers_are_made_once_and_others_anew() -> None:
    one, again, other = ({p.key: p for p in scene.panels} for scene in (_scene(60), _scene(60), _scene(61)))
    for key in ("plot", "tests"):
        assert one[key] is again[key]
        assert one[key].primitives != other[key].primitives
    dark = build_scene(_timeline(), 60, Viewpoint(level="network"), SIZE, DARK)
    assert {p.key: p for p in dark.panels}["plot"].primitives != one["plot"].primitives
