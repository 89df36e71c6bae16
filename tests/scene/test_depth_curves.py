"""Curves of errors or losses up to the playhead, and the numbers under them."""

from __future__ import annotations

import math

import pytest

from cnnviz.scene.primitives import Rect, Text
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from tests.scene.depth_runs import (
    LAST,
    MADE,
    RECIPE,
    links,
    scene,
    texts,
)


def test_each_network_has_its_name_above_and_its_numbers_below() -> None:
    shown = scene(250)
    told, places = texts(shown), {p.key: p.box for p in shown.primitives() if isinstance(p, Text)}
    # After 0, 100 and 200 updates 1, 1/2 and 1/3 were wrong in training, half as many in the test.
    for group, twin in ((("bare", "norm")[t.norm], t) for t in RECIPE.twins):
        name = f"{group}/{twin.name}"
        gone = twin is RECIPE.twins[-1]
        assert told[f"bars/{name}"] == twin.name.replace("-", " ")
        numbers = [told[f"table/{name}/{row}"] for row in ("train", "test")]
        assert numbers == (["–", "–"] if gone else ["33.3", "16.7"])
        assert places[f"bars/{name}"].cx == pytest.approx(places[f"table/{name}/test"].cx)


def test_the_losses_of_all_networks_are_drawn_in_place_of_the_errors() -> None:
    shown = scene(250, plots="loss")
    told = texts(shown)
    assert [told[f"losses/{name}"] for name in ("name", "fine", "bold")] == [
        "training loss:", "each batch", "mean of the last 25",
    ]  # fmt: skip
    assert not any(key.startswith("errors") for key in (*told, *links(shown)))
    factor = 0.01 ** (1 / LAST)
    now = 2 * factor**250
    mean = sum(2 * factor**n for n in range(226, 251)) / 25
    assert float(told["table/norm/plain-18/batch"]) == pytest.approx(now, rel=5e-3)
    assert float(told["table/norm/plain-18/mean"]) == pytest.approx(mean, rel=5e-3)
    assert told["table/bare/residual-34/batch"] == "–"
    # On a logarithmic axis from 10⁻² to 10 these losses lie on a straight line.
    curve, axes = (links(shown)[f"losses/norm/plain-18/{name}"].points for name in ("batch", "axes"))
    high = axes[1][1] - axes[0][1]
    heights = [(axes[1][1] - y) / high for _, y in curve]
    assert heights[0] == pytest.approx((math.log10(2) + 2) / 3, abs=1e-6)
    assert heights[-1] == pytest.approx((math.log10(now) + 2) / 3, abs=1e-6)
    assert len(curve) <= 2 * (axes[2][0] - axes[1][0]) + 4


def test_what_is_drawn_of_a_curve_stays_as_it_grows() -> None:
    key = "losses/norm/plain-18/batch"
    early, later = (links(scene(index, plots="loss"))[key].points for index in (900, 1700))
    full = len(early) - 4  # the last pixel of the shorter one is not full, and its last point is an exact one
    assert full > 50
    assert early[:full] == later[:full]
    values = MADE.runs[0].losses.astype(float)
    axes = links(scene(0, plots="loss"))["losses/norm/plain-18/axes"].points
    each = (LAST + 1) / (axes[2][0] - axes[1][0])
    third = [v for n, v in enumerate(values) if 2 <= n / each < 3]
    heights = [(axes[1][1] - y) / (axes[1][1] - axes[0][1]) * 3 - 2 for _, y in early[5:7]]
    assert heights == pytest.approx([math.log10(min(third)), math.log10(max(third))], abs=1e-6)


def test_hidden_numbers_are_not_there() -> None:
    hidden = Viewpoint(hidden=frozenset({"total"}))
    for plots, row in (("auto", "test"), ("loss", "mean")):
        shown = texts(scene(LAST, hidden, plots=plots))  # type: ignore[arg-type]  # a plain str from the table
        assert shown[f"table/norm/plain-18/{row}"] == "?"
        assert shown["published/0/error"] == "27.94"
        assert "? and ?" in shown["caption"]


def test_training_and_test_are_told_apart_by_dots_and_lines_of_two_colours() -> None:
    shown = scene(1000)
    line = links(shown)["errors/norm/plain-18/test"]
    dots = [
        p
        for p in shown.primitives()
        if isinstance(p, Rect) and p.key.startswith("errors/norm/plain-18/train")
    ]
    assert len(dots) == len(line.points) == 11
    assert {dot.fill for dot in dots} == {LIGHT.text}
    assert line.stroke == LIGHT.positive
    # In training twice as many are wrong, and the upright axis begins at 0.
    bottom = links(shown)["errors/norm/plain-18/axes"].points[1][1]
    for dot, (x, y) in zip(dots, line.points, strict=True):
        assert dot.box.cx == pytest.approx(x)
        assert bottom - dot.box.cy == pytest.approx(2 * (bottom - y))


def test_curves_go_up_to_the_playhead() -> None:
    shown = links(scene(450))
    _, (left, _), (right, _) = shown["errors/norm/plain-18/axes"].points
    # The test before it came after 400 updates, the playhead stands behind 451.
    assert shown["errors/norm/plain-18/test"].points[-1][0] == pytest.approx(
        left + 400 / (LAST + 1) * (right - left)
    )
    assert shown["errors/norm/plain-18/now"].points[0][0] == pytest.approx(
        left + 451 / (LAST + 1) * (right - left)
    )
    end = links(scene(LAST))
    assert end["errors/norm/plain-18/test"].points[-1][0] == pytest.approx(right)
    assert end["errors/norm/plain-18/now"].points[0][0] == pytest.approx(right)
