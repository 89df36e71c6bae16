"""Planes: the colour of each cell is that of its value, and padding looks added whatever it holds."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.geometry import PADDING_MODES
from cnnviz.engine.layers import Conv, MaxPool
from cnnviz.lesson.edits import set_weight
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.colors import colorise, diverging, greys, rgb
from cnnviz.scene.planes import PADDING_MIX, planes_of
from cnnviz.scene.primitives import Grid
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline import tensors
from cnnviz.timeline.cache import ByteCache
from cnnviz.timeline.frame import Tensor
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.dump import dump
from tests.scene.lessons import chain, kernels, photo, random_lesson
from tests.scene.scenes import scene_of

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)


def tensor(name: str, mode: str = "zeros", padding: int = 2) -> Tensor:
    conv = Conv(2, (3, 3), padding=padding, padding_mode=mode)  # type: ignore[arg-type]  # one of PADDING_MODES
    track = chain(photo(9, 7), conv, kernels(2, 1, (3, 3)), None)
    return make_timeline(Lesson("planes", (track,), "cell")).frame(0).lead.tensor(name)


def shown(one: Tensor, theme: Theme) -> list[np.ndarray]:
    found = []
    for plane in planes_of(one, one.span, theme):
        assert not plane.image.flags.writeable
        found.append(plane.image if plane.palette is None else plane.palette[plane.image])
    return found


@BOTH
def test_maps_have_the_colours_of_their_values(theme: Theme) -> None:
    one = tensor("conv1")
    assert np.array_equal(shown(one, theme), colorise(one.values, one.span, diverging(theme)))


@BOTH
@pytest.mark.parametrize("mode", PADDING_MODES)
def test_padding_is_blended_with_its_tone(theme: Theme, mode: str) -> None:
    one = tensor("input", mode)
    (found,) = shown(one, theme)
    plain = colorise(one.padded, one.span, greys())[0]
    inner = np.zeros(plain.shape[:2], bool)
    inner[2:-2, 2:-2] = True
    assert np.array_equal(found[inner], plain[inner])
    blended = plain * (1 - PADDING_MIX) + np.array(rgb(theme.padding)) * PADDING_MIX
    assert np.abs(found[~inner] - blended[~inner]).max() <= 0.5


def test_padding_of_one_value_costs_one_colour_and_no_map_of_colours() -> None:
    (plane,) = planes_of(tensor("input"), (0, 255), LIGHT)
    assert plane.image.ndim == 2
    assert plane.palette is not None
    assert len(plane.palette) == len(greys()) + 1


def test_a_grid_tells_the_colours_of_a_part() -> None:
    grids = [p for p in scene_of("same").primitives() if isinstance(p, Grid)]
    grid = next(g for g in grids if g.key == "0/input/0")
    assert grid.palette is not None
    part = grid.colors(slice(0, 2), slice(3, 6))
    assert part.shape == (2, 3, 3)
    assert np.array_equal(part, grid.colors()[0:2, 3:6])


def test_an_edit_and_its_undo_draw_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensors, "_CACHE", ByteCache(0))  # nothing is found again, all is computed again
    before = random_lesson((1, 600, 900), padding="same", pool=MaxPool((2, 2), (2, 2)), whole=False)
    weight = before.tracks[0].params[0].weight[0, 0, 1, 2]  # type: ignore[union-attr]  # a convolution has some
    edited = set_weight(before, (0, 0, 1, 2), 3.5)
    undone = set_weight(edited, (0, 0, 1, 2), float(weight))

    def drawn(lesson: Lesson, index: int) -> str:
        return dump(build_scene(make_timeline(lesson), index, Viewpoint(), (1280, 800), LIGHT))

    index = make_timeline(before).count // 3
    one, other = drawn(before, index), drawn(edited, index)
    assert one != other
    assert drawn(undone, index) == one


def test_planes_are_made_when_they_are_asked_for_and_then_kept() -> None:
    one = tensor("conv1")
    planes = planes_of(one, one.span, LIGHT)
    assert len(planes) == 2
    assert planes[1] is planes[1]
    assert [np.array_equal(p.values, v) for p, v in zip(planes, one.values, strict=True)] == [True, True]
    assert np.array_equal(planes[1:][0].image, planes[1].image)
    with pytest.raises(IndexError):
        planes[2]
