"""The curve of a run in the plots of the others."""

from __future__ import annotations

import pytest

from cnnviz.lesson.lesson import Plots
from cnnviz.scene.primitives import Link, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from tests.scene.depth_runs import SIZE, links, texts, timeline


def asked(tensor: str, plots: Plots = "auto", size: tuple[float, float] = SIZE, index: int = 1000) -> Scene:
    ref = CellRef(0, tensor, 400, 0, 0)
    return build_scene(timeline(plots), index, Viewpoint(), size, LIGHT, ref)


def shadows(scene: Scene) -> dict[str, Link]:
    return {key: link for key, link in links(scene).items() if key.endswith("/shadow")}


@pytest.mark.parametrize(("plots", "start", "line"), [("auto", "errors", "test"), ("loss", "losses", "mean")])
@pytest.mark.parametrize("tensor", ["curves/norm/plain-34/bold", "names/norm/plain-34"])
def test_it_lies_at_the_same_place_in_all_plots(tensor: str, plots: Plots, start: str, line: str) -> None:
    scene = asked(tensor, plots)
    own, found = links(scene)[f"{start}/norm/plain-34/{line}"], shadows(scene)
    assert len(found) == 7
    assert f"{start}/norm/plain-34/shadow" not in found
    for key, shadow in found.items():
        left, there = (links(scene)[f"{start}/{name}/axes"].points[0][0] for name in (
            "norm/plain-34", key.removeprefix(f"{start}/").removesuffix("/shadow")))  # fmt: skip
        assert [(x - there, y) for x, y in shadow.points] == [
            pytest.approx((x - left, y)) for x, y in own.points
        ]
    assert texts(scene)[f"{start}/shadow"] == "plain 34 with batch norm"


def test_dots_and_places_have_none() -> None:
    for tensor in ("curves/norm/plain-34/fine", "curves/norm/plain-34/free", "curves/every/bold"):
        assert not shadows(asked(tensor))


def test_a_curve_of_one_point_has_none() -> None:
    assert not shadows(asked("names/norm/plain-34", index=0))
    assert not shadows(asked("names/bare/residual-34"))


def test_where_there_is_no_room_it_has_no_name() -> None:
    small = asked("names/norm/plain-34", "loss", (480.0, 420.0))
    assert shadows(small)
    assert "losses/shadow" not in texts(small)
