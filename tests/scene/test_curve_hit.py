"""Which curve lies under a point: the nearest one in the plot of a run, and what its names stand for."""

from __future__ import annotations

import pytest

from cnnviz.scene.curve_hit import seeks
from cnnviz.scene.hit import cell_at
from cnnviz.scene.primitives import Link, Rect, Scene, Text
from cnnviz.timeline.frame import CellRef
from tests.scene.depth_runs import LAST, links, scene


def at(shown: Scene, x: float, y: float) -> tuple[str, int] | None:
    found = cell_at(shown, x, y)
    return None if found is None else (found.tensor, found.plane)


def text(shown: Scene, key: str) -> Text:
    return next(p for p in shown.primitives() if isinstance(p, Text) and p.key == key)


@pytest.mark.parametrize("size", [(640.0, 400.0), (1280.0, 800.0), (3840.0, 2160.0)])
def test_points_of_both_curves_are_found(size: tuple[float, float]) -> None:
    shown = scene(1000, size=size)
    line = links(shown)["errors/norm/plain-18/test"]
    dots = [
        p.box
        for p in shown.primitives()
        if isinstance(p, Rect) and p.key.startswith("errors/norm/plain-18/train")
    ]
    per_pixel = (LAST + 1) / (links(shown)["errors/norm/plain-18/axes"].points[2][0] - line.points[0][0])
    for n in (0, 4, 7, 10):
        x, y = line.points[n]
        found = at(shown, x, y)
        assert found is not None
        assert found[0] == "curves/norm/plain-18/bold"
        assert found[1] == pytest.approx(100 * n, abs=per_pixel)
    # In training twice as many are wrong: the dots stand above the line.
    below = at(shown, dots[0].cx, dots[0].cy)
    assert below is not None
    assert below[0] == "curves/norm/plain-18/fine"


def test_the_nearest_in_height_is_meant_wherever_in_the_plot() -> None:
    shown = scene(LAST, plots="loss", made=False)
    _, (left, bottom), (right, _) = links(shown)["losses/norm/residual-34/axes"].points
    mean = links(shown)["losses/norm/residual-34/mean"].points
    middle = mean[len(mean) // 2]
    number = (middle[0] - left) / (right - left) * (LAST + 1)
    found = at(shown, *middle)
    assert found is not None
    assert found[0] == "curves/norm/residual-34/bold"
    assert found[1] == pytest.approx(number, abs=0.51)
    # Single losses go far down there, the mean does not.
    assert at(shown, middle[0], bottom - 1) == ("curves/norm/residual-34/fine", found[1])


def test_ahead_of_the_playhead_no_curve_is_meant_but_a_place() -> None:
    shown = scene(450)
    line = links(shown)["errors/norm/plain-18/test"]
    x, y = line.points[-1]
    near, ahead = at(shown, x + 8, y), at(shown, x + 30, y)
    assert near is not None
    assert near[0] == "curves/norm/plain-18/bold"
    assert ahead is not None
    assert ahead[0] == "curves/norm/plain-18/free"
    assert ahead[1] > 451


def test_before_its_second_test_the_first_point_of_a_curve_is_found() -> None:
    shown = scene(0)
    end = next(p for p in shown.primitives() if isinstance(p, Rect) and p.key == "errors/norm/plain-18/end")
    assert at(shown, end.box.cx, end.box.cy) == ("curves/norm/plain-18/bold", 0)
    assert at(shown, end.box.cx, end.box.cy - 60) == ("curves/norm/plain-18/fine", 0)


def test_names_of_runs_and_of_curves_are_found() -> None:
    shown = scene(100)
    for key, found in (("bars/norm/plain-34", "names/norm/plain-34"), ("bars/bare/plain-18", "names/bare/plain-18"),
                       ("errors/fine", "curves/every/fine"), ("errors/bold", "curves/every/bold")):  # fmt: skip
        box = text(shown, key).box
        assert at(shown, box.cx, box.cy) == (found, 0)
    swatch = links(shown)["errors/bold/swatch"].points
    assert at(shown, swatch[0][0] + 1, swatch[0][1]) == ("curves/every/bold", 0)
    title = text(shown, "bars/norm/title").box
    assert at(shown, title.cx, title.cy) is None


def test_between_the_plots_nothing_is_found() -> None:
    shown = scene(100)
    one, other = (links(shown)[f"errors/norm/{name}/axes"].points for name in ("plain-18", "plain-34"))
    assert at(shown, (one[2][0] + other[0][0]) / 2, one[0][1] + 5) is None
    assert at(shown, one[0][0] + 20, one[1][1] + 10) is None


def test_plots_are_where_a_click_seeks() -> None:
    names = (
        "curves/norm/plain-18/bold",
        "curves/norm/plain-18/free",
        "curves/every/bold",
        "names/norm/plain-18",
        "input",
    )
    assert [seeks(CellRef(0, name, 0, 0, 0)) for name in names] == [True, True, False, False, False]


def test_each_curve_lies_within_its_axes() -> None:
    shown = scene(LAST)
    for link in (p for p in shown.primitives() if isinstance(p, Link) and p.span is not None):
        assert link.span == (0.0, float(LAST + 1))
