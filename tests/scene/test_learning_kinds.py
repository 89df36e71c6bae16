"""Backward pictures of convolutions of every kind: what lies over what, what it is called, and what stands around."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import AnyLayer, ConvTranspose
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Formula, Grid, Ring, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.sections import Kind
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.dump import cell_texts
from tests.scene.ink import problems
from tests.scene.scenes import texts

KERNEL = np.array([[1.0, 2], [3, 4]])


def lesson(spec: Any, weight: np.ndarray, size: int = 3, channels: int = 1) -> Timeline:
    """A convolution of 1×1 below, so that a gradient has to go back through the one in question."""
    first = Conv(channels, (1, 1)), Params(np.arange(1.0, channels + 1).reshape(-1, 1, 1, 1))
    layers: tuple[AnyLayer, ...] = (first[0], spec)
    params = (first[1], Params(np.asarray(weight, dtype=np.float64)))
    source = Source(np.arange(float(size * size)).reshape(1, size, size) % 4)
    track = Track(source, layers, params)
    target = np.ones(track.shapes()[-1])
    recipe = Recipe((Example(target),), rate=0.001, iterations=2)
    return make_timeline(Lesson("Kinds", (Track(source, layers, params, "", recipe),), "cell"))


def scene(timeline: Timeline, kind: Kind, cell: int = 0, theme: Any = LIGHT) -> Scene:
    section = next(s for s in timeline.sections[0] if s.kind == kind and s.layer == 1)
    index = section.start + section.cut.offset_of(cell)
    return build_scene(timeline, index, Viewpoint(), (1280, 800), theme)


def numbers(drawn: Scene, tensor: str) -> list[str]:
    grid = next(p for p in drawn.primitives() if isinstance(p, Grid) and p.ref[0] == f"0/{tensor}")
    assert grid.values is not None
    return cell_texts(grid.values, grid.decimals)


def formula(drawn: Scene) -> str:
    return next(p.name for p in drawn.primitives() if isinstance(p, Formula))


def test_a_cross_correlation_goes_back_by_the_turned_kernel() -> None:
    drawn = scene(lesson(Conv(1, (2, 2)), KERNEL[None, None]), "input")
    assert numbers(drawn, "conv2.turned") == ["4", "3", "2", "1"]
    assert texts(drawn)["0/conv2.turned/shape"] == "by 180°, 2×2"
    assert formula(drawn) == "input.conv"


def test_a_true_convolution_goes_back_by_the_kernel_as_it_stands() -> None:
    timeline = lesson(Conv(1, (2, 2), flipped=True), KERNEL[None, None])
    drawn = scene(timeline, "input")
    assert numbers(drawn, "conv2.turned") == ["1", "2", "3", "4"]
    said = texts(drawn)
    assert (said["0/conv2.turned/title"], said["0/conv2.turned/shape"]) == ("Kernel W", "as it stands, 2×2")
    assert "as it stands" in drawn.caption
    assert formula(drawn) == "input.conv.true"


def test_the_gradient_of_a_true_convolutions_kernel_is_drawn_turned_and_says_so() -> None:
    timeline = lesson(Conv(1, (2, 2), flipped=True), KERNEL[None, None])
    drawn = scene(timeline, "weight", 3)
    assert texts(drawn)["0/conv2.weight.grad/shape"] == "turned, 2×2"
    assert formula(drawn) == "weight.conv.-.turned"
    updated = texts(scene(timeline, "update", 3))
    assert {updated[f"0/conv2.weight{end}/shape"].split(",")[0] for end in ("", ".grad", ".next")} == {
        "turned"
    }
    # On the stage the last cell is W[0, 0]: it met the last pixel of each window.
    it = timeline.iteration(0, 0)
    shown = timeline.frame(timeline.count - 1).lead.tensor("conv2.weight.grad").values
    dw = timeline.iteration(0, timeline.lesson.tracks[0].recipe.iterations - 1).back.layers[1].dw  # type: ignore[union-attr]  # it learns
    assert dw is not None
    assert it.back.layers[1].dw is not None
    np.testing.assert_array_equal(shown[0], dw[0, 0, ::-1, ::-1])


def test_a_transposed_convolution_goes_back_by_its_own_kernel_over_the_padded_gradient() -> None:
    weight = np.stack([np.stack([KERNEL, KERNEL + 4])])  # one input, two outputs
    timeline = lesson(ConvTranspose(2, (2, 2), (2, 2), (1, 1)), weight)
    drawn = scene(timeline, "input", 4)
    own = [p.values for p in drawn.primitives() if isinstance(p, Grid) and p.ref[0] == "0/transposed1.own"]
    assert [v.tolist() for v in own if v is not None] == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    said = texts(drawn)
    assert (said["0/transposed1.own/title"], said["0/transposed1.own/shape"]) == (
        "Kernel W",
        "of input 0",
    )
    assert said["0/transposed1.grad/shape"] == "2 of 4×4, padded 6×6"
    assert "sum/w/label" in said
    assert said["sum/w/label"] == "W"
    assert formula(drawn) == "input.transposed"
    # Cell (1, 1) of three rows was laid at row 2·1 − 1 = 1, in the border of one cell at row 2.
    window = next(
        p
        for p in drawn.primitives()
        if isinstance(p, Ring) and p.key.startswith("now/window/0/transposed1.grad")
    )
    grid = next(p for p in drawn.primitives() if isinstance(p, Grid) and p.ref[0] == "0/transposed1.grad")
    assert (window.box.y - grid.box.y, window.box.x - grid.box.x) == (2 * grid.cell, 2 * grid.cell)


def test_of_a_transposed_convolution_the_gradient_lies_under_the_window_and_the_input_is_the_kernel() -> None:
    timeline = lesson(ConvTranspose(1, (2, 2), (1, 1), (1, 1)), KERNEL[None, None])
    drawn = scene(timeline, "weight", 1)
    said = texts(drawn)
    assert (said["sum/x/label"], said["sum/w/label"]) == ("δ", "X")
    assert drawn.caption.startswith("δ under the window times X")
    assert formula(drawn) == "weight.transposed"


def test_a_copied_border_hands_back_by_the_weights_that_read_it() -> None:
    drawn = scene(
        lesson(Conv(1, (3, 3), (1, 1), 1, padding_mode="circular"), np.ones((1, 1, 3, 3)), 4), "input"
    )
    assert texts(drawn)["sum/w/label"] == "W"


def test_the_numbers_of_a_spread_gradient_are_told_from_the_zeros_between() -> None:
    timeline = lesson(Conv(1, (3, 3), (2, 2), 1), np.ones((1, 1, 3, 3)), 5)
    drawn = scene(timeline, "input")
    grid = next(p for p in drawn.primitives() if isinstance(p, Grid) and p.ref[0] == "0/conv2.grad.spread")
    rings = [p for p in drawn.primitives() if isinstance(p, Ring) and p.key.startswith("own/0/")]
    places = sorted(
        (round((r.box.y - grid.box.y) / grid.cell), round((r.box.x - grid.box.x) / grid.cell)) for r in rings
    )
    # Three numbers each way, two cells apart, behind room for a kernel of three.
    assert places == [(i, j) for i in (2, 4, 6) for j in (2, 4, 6)]


CASES = {
    "flipped, padded": lambda: lesson(Conv(2, (2, 3), (2, 1), 1, flipped=True), np.ones((2, 2, 2, 3)), 5, 2),
    "transposed": lambda: lesson(ConvTranspose(2, (3, 3), (2, 2), (1, 1)), np.ones((2, 2, 3, 3)), 3, 2),
    "groups": lambda: lesson(Conv(4, (3, 3), groups=2), np.ones((4, 2, 3, 3)), 4, 4),
    "depthwise": lambda: lesson(Conv(3, (2, 2), groups=3), np.ones((3, 1, 2, 2)), 4, 3),
    "stride, padded": lambda: lesson(Conv(2, (3, 3), (2, 2), 1), np.ones((2, 2, 3, 3)), 6, 2),
    "dilated": lambda: lesson(Conv(1, (3, 3), dilation=(2, 2)), np.ones((1, 1, 3, 3)), 7),
}


@pytest.mark.parametrize("name", CASES)
def test_every_kind_has_room(name: str) -> None:
    timeline = CASES[name]()
    for number, section in enumerate(timeline.sections[0]):
        for index in (section.start, (section.start + section.stop) // 2, section.stop - 1):
            for size in ((1280, 800), (1920, 1080)):
                drawn = build_scene(timeline, index, Viewpoint(), size, DARK if number % 2 else LIGHT)
                assert not list(problems(drawn)), (section.name, index, size)
