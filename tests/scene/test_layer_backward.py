"""One layer on the way back: what stands beside one another adds up to the gradients that PyTorch's rules give."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Grid, Link, Ring, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.engine.test_branches import IDENTITY, PADDED, PROJECTION
from tests.helpers.learning_twin import layer_backward
from tests.scene.ink import problems
from tests.scene.scenes import texts
from tests.timeline.test_branches import lesson_of

LAYER = Viewpoint(level="layer")
SIZE = (1280, 720)


@cache
def shipped(name: str) -> Timeline:
    return make_timeline(shipped_lesson(name))


def section_of(timeline: Timeline, kind: str, layer: int) -> Section:
    return next(s for s in timeline.sections[0] if (s.kind, s.layer) == (kind, layer))


def at(timeline: Timeline, kind: str, layer: int, step: int = -1, **other: Any) -> Scene:
    section = section_of(timeline, kind, layer)
    index = (section.stop if step < 0 else section.start) + step
    return build_scene(timeline, index, LAYER, SIZE, other.pop("theme", LIGHT))


def grids_of(scene: Scene) -> dict[str, Grid]:
    return {p.key: p for p in scene.primitives() if isinstance(p, Grid)}


def values_of(scene: Scene, key: str) -> np.ndarray[Any, Any]:
    """The numbers of a grid, in the power of ten that stands above it."""
    grid = grids_of(scene)[key]
    assert grid.values is not None
    told = texts(scene).get(f"{key.rpartition('/')[0]}/shape", "")
    power = int(told.partition("·10")[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    return np.asarray(grid.values, np.float64) * 10.0**power


def kinds(scene: Scene) -> dict[str, int]:
    names = [key.rsplit("/", 1)[0] for key in grids_of(scene) if not key.endswith("/thumb")]
    return {name: names.count(name) for name in names}


def test_of_a_kernel_all_inputs_stand_beside_the_gradient_of_its_map_and_its_own() -> None:
    timeline = shipped("mnist-network")
    scene = at(timeline, "weight", 4)
    assert kinds(scene) == {"0/pool1": 16, "0/conv2.grad": 1, "0/conv2.weight.grad": 16}
    grids, it = grids_of(scene), timeline.iteration(0, 0)
    assert len([key for key in grids if key.endswith("/thumb")]) == 32
    # The last kernel's gradient of its third channel, by plain loops.
    x, delta = it.arrays[4][2], values_of(scene, "0/conv2.grad/31")
    np.testing.assert_allclose(delta, it.back.maps[5][31], rtol=1e-12)
    wanted = [[float((x[m : m + 8, n : n + 8] * delta).sum()) for n in range(5)] for m in range(5)]
    np.testing.assert_allclose(
        values_of(scene, f"0/conv2.weight.grad/{31 * 16 + 2}"), wanted, rtol=1e-9, atol=1e-18
    )


def test_of_an_input_what_each_gradient_gives_adds_up() -> None:
    timeline = shipped("mnist-network")
    scene = at(timeline, "input", 4)
    assert kinds(scene) == {
        "0/conv2.grad.spread": 32, "0/conv2.turned": 32, "0/pool1.grad.parts": 32, "0/pool1.grad": 1,
    }  # fmt: skip
    it = timeline.iteration(0, 0)
    parts = sum(values_of(scene, f"0/pool1.grad.parts/{n}") for n in range(32))
    whole = values_of(scene, "0/pool1.grad/15")
    np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-18)
    params = it.track.params[4]
    assert params is not None
    dx, _, _ = layer_backward(timeline.lesson.tracks[0].layers[4], params, it.arrays[4], it.back.maps[5])
    np.testing.assert_allclose(whole, dx[15], rtol=1e-9, atol=1e-18)


def test_a_kernel_that_is_drawn_turned_slides_as_it_is_drawn() -> None:
    # As the formula has it: ∂L/∂X(c) = Σ δ(o) ⋆ rot180 W(o, c).
    said = texts(at(shipped("mnist-network"), "input", 4))
    assert [text for key, text in said.items() if key.endswith(".turned/sign")] == ["⋆"]


def test_of_many_gradients_the_window_is_on_the_one_that_gives_most() -> None:
    timeline = shipped("mnist-network")
    scene = at(timeline, "input", 4)
    windows = [p.key for p in scene.primitives() if isinstance(p, Ring) and "/now/window/" in p.key]
    (most,) = (int(key.rsplit("/", 1)[1]) for key in windows)
    section = section_of(timeline, "input", 4)
    row, column = timeline.step(section.stop - 1).cell[1:]
    given = [abs(values_of(scene, f"0/pool1.grad.parts/{n}")[row, column]) for n in range(32)]
    assert most == int(np.argmax(given))
    assert [p for p in scene.primitives() if isinstance(p, Link)]


def test_a_fully_connected_layer_is_laid_out_like_the_maps_before_it() -> None:
    timeline = shipped("mnist-network")
    it = timeline.iteration(0, 0)
    scene = at(timeline, "weight", 8)
    product = values_of(scene, "0/flat1.laid/7") * it.back.maps[-1][9, 0, 0]  # the last output
    np.testing.assert_allclose(
        values_of(scene, "0/linear1.weight.grad.row/7"), product, rtol=1e-9, atol=1e-18
    )
    scene = at(timeline, "input", 8)
    laid = values_of(scene, "0/flat1.grad.laid/3")
    params = it.track.params[8]
    assert params is not None
    wanted = (params.weight.T @ it.back.maps[-1].ravel()).reshape(32, 4, 4)[3]
    np.testing.assert_allclose(laid, wanted, rtol=1e-9, atol=1e-18)
    rings = {p.key: p.box for p in scene.primitives() if isinstance(p, Ring)}
    last = grids_of(scene)["0/flat1.grad.laid/31"].box
    ring = rings["0/now/flat1.grad.laid"]
    assert (ring.cx > last.cx, ring.cy > last.cy) == (True, True)  # the last cell of the last map


def test_at_an_addition_both_ways_stand_beside_one_another() -> None:
    scene = at(shipped("residual-backward"), "input", 3, 5)
    assert list(kinds(scene)) == ["0/add1.grad", "0/conv2.grad", "0/add1.grad.shortcut"]
    assert texts(scene)["0/conv2.grad/sign"] == texts(scene)["0/add1.grad.shortcut/sign"] == "→"


def test_where_ways_meet_what_comes_by_the_shortcut_is_added() -> None:
    scene = at(shipped("residual-backward"), "input", 0, 5)
    assert texts(scene)["0/numbers"] == "9 products: Σ = 26   + 12 by the shortcut   = 38"
    assert texts(scene)["0/add1.grad/sign"] == "+"
    assert texts(scene)["0/add1.grad/title"] == "By the shortcut"


def test_the_sum_can_be_asked_for() -> None:
    timeline = shipped("residual-backward")
    view = Viewpoint(level="layer", hidden=frozenset({"total"}))
    scene = build_scene(timeline, section_of(timeline, "input", 2).start, view, SIZE, LIGHT)
    assert texts(scene)["0/numbers"] == "9 products: Σ = ?"
    meeting = build_scene(timeline, section_of(timeline, "input", 0).start + 5, view, SIZE, LIGHT)
    assert "38" not in texts(meeting)["0/numbers"]


@pytest.mark.parametrize("kind", ["loss", "error", "update"])
def test_loss_and_update_are_told_of_a_cell(kind: str) -> None:
    timeline = shipped("residual-backward")
    index = next(s.start for s in timeline.sections[0] if s.kind == kind)
    near, layer = (
        build_scene(timeline, index, Viewpoint(level=level), SIZE, LIGHT) for level in ("cell", "layer")
    )
    assert [p.key for p in near.primitives()] == [p.key for p in layer.primitives()]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("layers", [IDENTITY, PROJECTION, PADDED], ids=["identity", "projection", "padded"])
def test_every_gradient_of_a_block_is_drawn_inside_the_stage(layers: Any, theme: Any) -> None:
    timeline = make_timeline(lesson_of(layers))
    for section in timeline.sections[0]:
        if section.kind in ("weight", "bias", "input"):
            scene = build_scene(timeline, section.stop - 1, LAYER, SIZE, theme)
            assert not list(problems(scene)), section.name
            assert all(key.startswith("0/") for key in grids_of(scene))


def test_of_very_many_channels_some_are_shown() -> None:
    timeline = shipped("resnet-34")
    section = next(
        s
        for s in timeline.sections[0]
        if s.kind == "input" and s.shape == (512, 2, 2) and s.op == "conv2d_backward_input"
    )
    scene = build_scene(timeline, section.start, LAYER, SIZE, LIGHT)
    assert set(kinds(scene).values()) == {64, 1}
