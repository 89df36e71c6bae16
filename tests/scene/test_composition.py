"""Parts of the stage that are left out give their room to the maps; margins stay free."""

import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import PARTS, Part
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.primitives import Grid, Link, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

SIZE = (1280.0, 720.0)


def _stage(lesson: str, composition: Composition, index: int = 5) -> Scene:
    return build_scene(
        make_timeline(shipped_lesson(lesson)), index, Viewpoint(), SIZE, LIGHT, composition=composition
    )


def _without(*parts: Part) -> Composition:
    return Composition(frozenset(PARTS) - set(parts))


def _keys(scene: Scene) -> set[str]:
    return {p.key for p in scene.primitives()}


def _cell(scene: Scene) -> float:
    return next(p.cell for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/input")


GONE: dict[Part, tuple[str, ...]] = {
    "title": ("title",),
    "section": ("section",),
    "caption": ("caption",),
    "formula": ("formula/",),
    "arithmetic": ("sum/",),
    "legend": ("/legend",),
}


@pytest.mark.parametrize("part", GONE)
def test_what_is_left_out_is_gone_and_the_rest_is_there(part: Part) -> None:
    whole, bare = _keys(_stage("vertical-edge", WHOLE)), _keys(_stage("vertical-edge", _without(part)))

    def told(keys: set[str], marks: tuple[str, ...]) -> bool:
        return any(
            mark in key if mark.startswith("/") else key.startswith(mark) for key in keys for mark in marks
        )

    assert told(whole, GONE[part])
    assert not told(bare, GONE[part])
    for other, marks in GONE.items():
        if other != part:
            assert told(bare, marks), other


def test_a_plot_is_left_out() -> None:
    assert any(p.key == "plot" for p in _stage("tiny-network", WHOLE).panels)
    assert not any(p.key == "plot" for p in _stage("tiny-network", _without("plot")).panels)


@pytest.mark.parametrize("lesson", ["photo-edges", "strides"])
def test_the_maps_take_the_room(lesson: str) -> None:
    bare = Composition(frozenset())
    assert _cell(_stage(lesson, bare)) > _cell(_stage(lesson, WHOLE))


@pytest.mark.parametrize("lesson", ["vertical-edge", "photo-edges", "strides", "tiny-network", "learn-sobel"])
@pytest.mark.parametrize("margin", [0.1, 0.25])
def test_margins_stay_free(lesson: str, margin: float) -> None:
    scene = _stage(lesson, Composition(margin=margin))
    free = margin * SIZE[1]
    for p in scene.primitives():
        if isinstance(p, Link):
            xs, ys = zip(*p.points, strict=True)
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        else:
            left, right, top, bottom = p.box.x, p.box.right, p.box.y, p.box.bottom
        assert left >= free, p.key
        assert right <= SIZE[0] - free, p.key
        assert top >= free, p.key
        assert bottom <= SIZE[1] - free, p.key
