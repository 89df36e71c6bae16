"""Bars of layers on a scale that stays, cut at the top, and of runs that have ended."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnnviz.files.recordings import Recording
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.depth_bars import Scale, bars_parts
from cnnviz.scene.depth_columns import broken
from cnnviz.scene.primitives import Box, Rect, Text
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.recorded import RunsFrame
from tests.helpers.runs import made_run, small_runs
from tests.scene.depth_runs import (
    GONE,
    TIMELINE,
    bars,
    links,
    scene,
    texts,
)


def test_bars_stand_on_a_logarithmic_scale() -> None:
    scale = Scale("gradients", "norm", (1e-2, 1e2))
    assert [scale.share(v) for v in (1e2, 1.0, 1e-1)] == pytest.approx([1.0, 0.5, 0.25])
    assert scale.share(0.0) == scale.share(math.nan) == 0.0
    assert scale.share(1e-9) == pytest.approx(0.01)
    assert scale.share(1e9) == scale.share(math.inf) == 1.0


def test_each_layer_has_its_bar_from_left_to_right() -> None:
    runs = small_runs(5)
    made = Recording(runs, (made_run(runs.twins[0], runs, 5, scale=10.0),), "x")
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), TIMELINE.lesson)
    box = Box(100.0, 50.0, 80.0, 200.0)
    scale = Scale("gradients", "norm", (1.0, 1e4))
    drawn = bars_parts("b", box, made.runs[0], scale, RunsFrame(made, 0), look)
    heights = [p.box.h for p in drawn if isinstance(p, Rect)]
    lefts = [p.box.x for p in drawn if isinstance(p, Rect)]
    # Layers 1 to 4 have the gradients 10, 20, 30, 40; four powers of ten are 200 pixels high.
    assert heights == pytest.approx([50 * math.log10(v) for v in (10, 20, 30, 40)])
    assert np.diff(lefts) == pytest.approx([20.0] * 3)
    assert all(p.box.bottom == pytest.approx(250.0) for p in drawn if isinstance(p, Rect))


def test_bars_move_and_axes_stay() -> None:
    first, later = scene(0), scene(40)
    ticks = [
        {p.key: (p.text, p.box) for p in shown.primitives() if isinstance(p, Text) and "/tick" in p.key}
        for shown in (first, later)
    ]
    assert ticks[0] == ticks[1]
    assert len(ticks[0]) >= 6
    for kind in ("gradients", "spreads"):
        one, other = (bars(shown, f"bars/bare/{kind}/plain-34") for shown in (first, later))
        assert len(one) == len(other) == 34
        assert all(a.box.h < b.box.h for a, b in zip(one, other, strict=True))


def test_every_bar_is_as_high_as_its_number_says() -> None:
    shown = scene(25)
    drawn = bars(shown, "bars/norm/gradients/plain-34")
    axis = links(shown)["bars/norm/gradients/plain-34/axes"]
    tall = axis.points[1][1] - axis.points[0][1]
    # The largest gradient is 0.01·34·2,000 = 680, and all but 0.5 % are 0.7 or more: the axis goes from 10⁻¹ to 10³.
    expected = [(math.log10(0.01 * layer * 26) + 1) / 4 * tall for layer in range(1, 35)]
    assert [b.box.h for b in drawn] == pytest.approx(expected, rel=1e-5)


def test_bars_that_are_cut_at_the_top_are_said_to_be() -> None:
    key = "bars/bare/gradients/residual-34/state"
    # The last layers of the last run have 0.01·34·2¹² at iteration 1.
    assert key not in texts(scene(0))
    assert texts(scene(1))[key] == "beyond the"
    assert texts(scene(1))[f"{key}/1"] == "scale"


def test_a_run_that_has_diverged_keeps_its_last_bars_faint_and_says_so() -> None:
    before, after = scene(GONE - 1), scene(GONE)
    key = "bars/bare/gradients/residual-34"
    assert "diverged" not in texts(before).get(f"{key}/state", "")
    for place in (key, "bars/bare/spreads/residual-34", "errors/bare/residual-34"):
        assert [texts(after)[f"{place}/state{n}"] for n in ("", "/1")] == ["diverged at", "iteration 4"]
    assert [b.box for b in bars(before, key)] == [b.box for b in bars(after, key)]
    assert {b.fill for b in bars(after, key)} == {f"{next(iter(bars(before, key))).fill}66"}


def test_a_note_that_finds_no_room_is_its_first_word() -> None:
    small = texts(scene(GONE, size=(640.0, 360.0)))
    assert small["bars/bare/gradients/residual-34/state"] == "diverged"
    assert "bars/bare/gradients/residual-34/state/1" not in small


def test_words_are_broken_where_they_would_be_too_wide() -> None:
    assert broken("one two three", 1e9, 10.0) == ("one two three",)
    assert broken("one two three", 1.0, 10.0) == ("one", "two", "three")


def test_the_dark_stage_has_its_own_colours() -> None:
    light, dark = (
        bars(scene(0, theme=theme), "bars/norm/spreads/plain-18")[0].fill for theme in (LIGHT, DARK)
    )
    assert (light, dark) == (LIGHT.positive, DARK.positive)
