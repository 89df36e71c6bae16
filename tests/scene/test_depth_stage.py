"""The stage of runs: bars on a scale that stays, curves and a table with the recorded numbers, what is said of them."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.plans import PARTS
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.depth_bars import Scale, bars_parts
from cnnviz.scene.depth_words import runs_caption
from cnnviz.scene.hit import cell_at
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.primitives import Box, Link, Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import RunsFrame, span_of
from cnnviz.timeline.runs_timeline import with_runs
from cnnviz.timeline.timeline import make_timeline
from tests.helpers.runs import made_run, small_runs
from tests.scene.ink import problems

TIMELINE = make_timeline(shipped_lesson("twins"))
SHIPPED = recording("twins")
LAST = TIMELINE.count - 1
SIZE = (1280.0, 800.0)


def scene(index: int, viewpoint: Viewpoint | None = None, theme: Theme = LIGHT, size: tuple[float, float] = SIZE,
          composition: Composition = WHOLE) -> Scene:  # fmt: skip
    return build_scene(TIMELINE, index, viewpoint or Viewpoint(), size, theme, composition=composition)


def texts(shown: Scene) -> dict[str, str]:
    return {p.key: p.text for p in shown.primitives() if isinstance(p, Text)}


def bars(shown: Scene, start: str) -> list[Rect]:
    return [p for p in shown.primitives() if isinstance(p, Rect) and p.key.startswith(f"{start}/bar")]


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


@pytest.mark.parametrize("size", [(1280.0, 720.0), (1280.0, 800.0), (1920.0, 1080.0), (3840.0, 2160.0)])
@pytest.mark.parametrize("index", [0, 2, 3, 30, LAST])
def test_nothing_overlaps_or_is_cut(index: int, size: tuple[float, float]) -> None:
    assert not list(problems(scene(index, size=size)))


def test_bars_move_and_axes_stay() -> None:
    first, later = scene(0), scene(40)
    ticks = [
        {p.key: (p.text, p.box) for p in shown.primitives() if isinstance(p, Text) and "/tick" in p.key}
        for shown in (first, later)
    ]
    assert ticks[0] == ticks[1]
    assert len(ticks[0]) > 8
    for kind in ("gradients", "spreads"):
        one, other = (bars(shown, f"bars/bare/{kind}/plain-34") for shown in (first, later))
        assert len(one) == len(other) == 34
        assert [b.box.h for b in one] != [b.box.h for b in other]


def test_every_bar_is_as_high_as_its_number_says() -> None:
    index = 25
    shown = scene(index)
    run = SHIPPED.runs[1]
    low, high = (math.log10(v) for v in span_of(SHIPPED, "gradients"))
    drawn = bars(shown, "bars/norm/gradients/plain-34")
    axis = next(p for p in shown.primitives() if p.key == "bars/norm/gradients/plain-34/axes")
    assert isinstance(axis, Link)
    tall = axis.points[1][1] - axis.points[0][1]
    expected = [(math.log10(v) - low) / (high - low) * tall for v in run.gradients[index].tolist()]
    assert [b.box.h for b in drawn] == pytest.approx(expected, rel=1e-6)


def test_bars_that_are_cut_at_the_top_are_said_to_be() -> None:
    run = SHIPPED.runs[7]
    top = span_of(SHIPPED, "gradients")[1]
    assert (run.gradients[0] < top).all()
    assert (run.gradients[2] > top).any()
    key = "bars/bare/gradients/residual-34/state"
    assert key not in texts(scene(0))
    assert texts(scene(2))[key] == "beyond the scale"


def test_a_run_that_has_diverged_keeps_its_last_bars_faint_and_says_so() -> None:
    before, after = scene(2), scene(3)
    key = "bars/bare/gradients/residual-34"
    assert "diverged" not in texts(before).get(f"{key}/state", "")
    assert texts(after)[f"{key}/state"] == "diverged at iteration 3"
    assert [b.box for b in bars(before, key)] == [b.box for b in bars(after, key)]
    assert {b.fill for b in bars(after, key)} == {f"{next(iter(bars(before, key))).fill}66"}


def test_the_table_holds_the_errors_of_the_last_test_and_the_published_ones_apart() -> None:
    shown = texts(scene(LAST))
    for row, name in enumerate(("plain-18", "plain-34", "residual-18", "residual-34")):
        assert shown[f"table/{row}/0"] == name.replace("-", " ")
        for column, norm in ((1, True), (3, False)):
            run = next(r for r in SHIPPED.runs if (r.twin.name, r.twin.norm) == (name, norm))
            wanted = (
                ["–", "–"]
                if run.stopped
                else [f"{100 * float(errors[-1]):.1f}" for errors in (run.train_errors, run.test_errors)]
            )
            assert [shown[f"table/{row}/{column + n}"] for n in (0, 1)] == wanted
    assert [shown[f"table/{row}/5"] for row in range(4)] == ["27.94", "28.54", "27.88", "25.03"]
    assert shown["table/group2"] == "published"
    assert shown["table/head4"] == "validation"
    assert "ImageNet" in shown["table/note0"]
    assert "He et al. 2015" in shown["table/note1"]


def test_hidden_numbers_are_not_there() -> None:
    hidden = Viewpoint(hidden=frozenset({"total"}))
    shown = texts(scene(LAST, hidden))
    assert shown["table/0/1"] == shown["table/0/4"] == "?"
    assert shown["table/0/5"] == "27.94"
    assert "? and ?" in shown["caption"]


def test_curves_go_up_to_the_playhead() -> None:
    def ends(index: int) -> tuple[float, float]:
        drawn = {p.key: p for p in scene(index).primitives() if isinstance(p, Link)}
        curve, now = drawn["errors/norm/run0/test"], drawn["errors/norm/now"]
        return curve.points[-1][0], now.points[0][0]

    curve, now = ends(LAST)
    assert curve == pytest.approx(now)
    curve, now = ends(SHIPPED.samples.index(450))
    assert curve < now
    # The test before it came after 400 updates, the playhead stands behind 451 of 2,000.
    start = next(p for p in scene(0).primitives() if p.key == "errors/norm/axes")
    assert isinstance(start, Link)
    left, right = start.points[1][0], start.points[2][0]
    assert curve == pytest.approx(left + 0.2 * (right - left))
    assert now == pytest.approx(left + 0.2255 * (right - left))


def test_recorded_runs_are_called_so_with_their_recipe() -> None:
    line = texts(scene(0))["recipe/line"]
    assert line.startswith("Recorded   Textures and shapes")
    for part in ("batches of 32", "rate 0.01", "momentum 0.9", "seed 0", SHIPPED.made):
        assert part in line
    here = with_runs(TIMELINE, replace(SHIPPED, made=""))
    shown = texts(build_scene(here, 0, Viewpoint(), SIZE, LIGHT))
    assert shown["recipe/line"].startswith("Computed here   Textures and shapes")


def test_what_is_not_computed_yet_is_said() -> None:
    recipe = SHIPPED.recipe
    half = Recording(recipe, tuple(made_run(twin, recipe, 10) for twin in recipe.twins))
    shown = texts(build_scene(with_runs(TIMELINE, half), 15, Viewpoint(), SIZE, LIGHT))
    assert shown["bars/norm/gradients/plain-18/state"] == "not computed yet"
    assert "8 of 8 are not computed so far" in shown["caption"]


def test_the_caption_tells_the_gradients_at_both_ends_of_the_deepest_plain_network() -> None:
    runs = small_runs(5)
    made = Recording(runs, (made_run(runs.twins[0], runs, 5, scale=0.5),), "x")
    assert runs_caption(RunsFrame(made, 1)) == (
        "Gradients of layers 1 and 4 of plain 4: 0.5 and 2 with batch norm."
    )  # fmt: skip
    gone = Recording(runs, (made_run(runs.twins[1], runs, 2, stopped=True),), "x")
    assert runs_caption(RunsFrame(gone, 3)) == "Residual 4 without batch norm diverged."
    assert runs_caption(RunsFrame(gone, 1)) == "Iteration 1."


def test_a_bar_that_is_pointed_at_tells_its_numbers() -> None:
    shown = scene(25)
    bar = bars(shown, "bars/norm/spreads/plain-34")[6]
    # Also above a low bar, anywhere in its column.
    ref = cell_at(shown, bar.box.cx, bar.box.y - 5)
    assert ref == CellRef(0, "bars/norm/spreads/plain-34", 6, 0, 0)
    pointed = build_scene(TIMELINE, 25, Viewpoint(), SIZE, LIGHT, ref)
    run = SHIPPED.runs[1]
    norm, spread = (float(f"{values[25, 6]:.2e}") for values in (run.gradients, run.spreads))
    assert texts(pointed)["caption"] == pointed.caption
    assert pointed.caption.startswith("Layer 7 of plain 34 with batch norm: gradient norm ")
    told = [value_of(part) for part in re.findall(r"[\d.·⁰¹²³⁴⁵⁶⁷⁸⁹⁻]*\d", pointed.caption)[-2:]]
    assert told == pytest.approx([norm, spread], rel=0.05)
    rings = [p.key for p in pointed.primitives() if isinstance(p, Ring)]
    assert rings == ["bars/norm/gradients/plain-34/bar6/ring", "bars/norm/spreads/plain-34/bar6/ring"]
    hidden = Viewpoint(hidden=frozenset({"total"}))
    assert "norm ?, spread ?" in build_scene(TIMELINE, 25, hidden, SIZE, LIGHT, ref).caption


def test_beside_the_bars_nothing_is_pointed_at() -> None:
    shown = scene(25)
    bar = bars(shown, "bars/norm/spreads/plain-34")[6]
    assert cell_at(shown, bar.box.cx, bar.box.bottom + 4) is None
    assert cell_at(shown, 5.0, 5.0) is None
    other = build_scene(TIMELINE, 25, Viewpoint(), SIZE, LIGHT, CellRef(0, "input", 0, 0, 0))
    assert other.caption == shown.caption


def test_a_bar_of_a_run_that_has_ended_tells_when_it_was_measured() -> None:
    shown = scene(30)
    bar = bars(shown, "bars/bare/gradients/residual-34")[0]
    ref = cell_at(shown, bar.box.cx, bar.box.bottom - 2)
    caption = build_scene(TIMELINE, 30, Viewpoint(), SIZE, LIGHT, ref).caption
    assert caption.startswith("Layer 1 of residual 34 without batch norm")
    assert caption.endswith(", at iteration 2.")


def test_parts_that_are_left_out_are_not_drawn() -> None:
    bare = Composition(frozenset(PARTS) - {"title", "section", "caption"})
    shown = texts(scene(0, composition=bare))
    assert not {"title", "section", "caption", "story"} & shown.keys()
    whole = texts(scene(0))
    assert whole["title"] == "Plain and residual twins"
    assert whole["section"] == "Iteration 0  of 2,000"


def test_the_dark_stage_has_its_own_colours() -> None:
    light, dark = (
        bars(scene(0, theme=theme), "bars/norm/spreads/plain-18")[0].fill for theme in (LIGHT, DARK)
    )
    assert (light, dark) == (LIGHT.positive, DARK.positive)
