"""The stage of runs: bars on a scale that stays, curves and numbers as they were measured, what is said of them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.recordings import Recording, Run, recording
from cnnviz.lesson.lesson import Plots
from cnnviz.lesson.plans import PARTS
from cnnviz.lesson.runs import Runs, Twin
from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.composition import WHOLE, Composition
from cnnviz.scene.depth_bars import Scale, bars_parts
from cnnviz.scene.depth_columns import broken
from cnnviz.scene.depth_words import runs_caption
from cnnviz.scene.hit import cell_at
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.primitives import Box, Link, Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import RunsFrame
from cnnviz.timeline.runs_timeline import with_runs
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.runs import made_run, small_runs
from tests.scene.ink import problems

TIMELINE = make_timeline(shipped_lesson("twins"))
SHIPPED = recording("twins")
LAST = TIMELINE.count - 1
SIZE = (1280.0, 800.0)
GONE = 3
"""The iteration at which the last of the made runs diverges."""


def _made(twin: Twin, recipe: Runs, gone: bool) -> Run:
    """A run whose bars grow with the iterations, and whose loss falls from 2 to 0.02."""
    count = recipe.recipe.iterations
    run = made_run(twin, recipe, GONE if gone else count, stopped=gone, scale=1e-2)
    times = 1.0 + np.arange(count, dtype=np.float32)[:, None]
    grown = np.minimum(times, GONE) ** 12 if gone else times
    losses = np.geomspace(2.0, 0.02, count).astype(np.float32)
    losses[run.done :] = np.nan
    return replace(run, gradients=run.gradients * grown, spreads=run.spreads * grown, losses=losses)


RECIPE = SHIPPED.recipe
MADE = Recording(
    replace(RECIPE, id="made"),
    tuple(_made(twin, RECIPE, twin is RECIPE.twins[-1]) for twin in RECIPE.twins),
    "1 January 2026, a machine of a kind with a long name, one thread",
)
"""Eight runs with numbers that can be told by heart; the last one diverges."""


@lru_cache
def timeline(plots: Plots = "auto", made: bool = True) -> Timeline:
    lesson = replace(TIMELINE.lesson, view=replace(TIMELINE.lesson.view, plots=plots))
    own = make_timeline(lesson)
    return with_runs(own, MADE) if made else own


def scene(index: int, viewpoint: Viewpoint | None = None, theme: Theme = LIGHT, size: tuple[float, float] = SIZE,
          composition: Composition = WHOLE, plots: Plots = "auto", made: bool = True) -> Scene:  # fmt: skip
    return build_scene(
        timeline(plots, made), index, viewpoint or Viewpoint(), size, theme, composition=composition
    )


def texts(shown: Scene) -> dict[str, str]:
    return {p.key: p.text for p in shown.primitives() if isinstance(p, Text)}


def links(shown: Scene) -> dict[str, Link]:
    return {p.key: p for p in shown.primitives() if isinstance(p, Link)}


def bars(shown: Scene, start: str) -> list[Rect]:
    return [p for p in shown.primitives() if isinstance(p, Rect) and re.fullmatch(f"{start}/bar\\d+", p.key)]


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


@pytest.mark.parametrize("type_size", [1.0, 1.2])
@pytest.mark.parametrize("plots", ["auto", "loss", "none"])
@pytest.mark.parametrize(
    "size", [(1280.0, 720.0), (1280.0, 800.0), (1920.0, 1080.0), (3840.0, 2160.0), (640.0, 360.0)]
)
@pytest.mark.parametrize("made", [True, False])
def test_nothing_overlaps_or_is_cut(
    made: bool, size: tuple[float, float], plots: Plots, type_size: float
) -> None:
    for index in (0, 1, 2, 3, 50, 500, LAST):
        composition = Composition(type=type_size)
        assert not list(problems(scene(index, size=size, plots=plots, composition=composition, made=made)))


def test_no_label_is_smaller_than_the_stage_s_smallest_type() -> None:
    for size in ((1280.0, 720.0), (1920.0, 1080.0)):
        least = Metrics.of(*size).small
        shown = scene(500, size=size)
        assert min(p.size for p in shown.primitives() if isinstance(p, Text)) >= least


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
        assert [texts(after)[f"{place}/state{n}"] for n in ("", "/1")] == ["diverged at", "iteration 3"]
    assert [b.box for b in bars(before, key)] == [b.box for b in bars(after, key)]
    assert {b.fill for b in bars(after, key)} == {f"{next(iter(bars(before, key))).fill}66"}


def test_a_note_that_finds_no_room_is_its_first_word() -> None:
    small = texts(scene(GONE, size=(640.0, 360.0)))
    assert small["bars/bare/gradients/residual-34/state"] == "diverged"
    assert "bars/bare/gradients/residual-34/state/1" not in small


def test_words_are_broken_where_they_would_be_too_wide() -> None:
    assert broken("one two three", 1e9, 10.0) == ("one two three",)
    assert broken("one two three", 1.0, 10.0) == ("one", "two", "three")


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


def test_a_lesson_without_plots_leaves_their_room_to_the_bars() -> None:
    whole = scene(50)
    plain = Composition(frozenset(PARTS) - {"plot"})
    for bare in (scene(50, plots="none"), scene(50, composition=plain)):
        assert not any(panel.key in ("errors", "losses", "table") for panel in bare.panels)
        key = "bars/norm/gradients/plain-18/axes"
        high, low = (links(s)[key].points[1][1] - links(s)[key].points[0][1] for s in (bare, whole))
        assert high > 1.5 * low


def test_a_small_picture_has_bars_and_says_that_they_are_recorded() -> None:
    for size in ((480.0, 270.0), (320.0, 180.0), (120.0, 90.0), (500.0, 900.0)):
        shown = scene(500, size=size)
        assert texts(shown)["recipe/line"].startswith("Recorded")
        assert len(bars(shown, "bars/norm/gradients/plain-34")) == 34
        assert all(p.box.w > 0 and p.box.h > 0 for p in shown.primitives() if isinstance(p, Rect))


def test_published_errors_stand_in_a_column_of_their_own() -> None:
    shown = scene(LAST)
    told = texts(shown)
    names = ("plain 18", "plain 34", "residual 18", "residual 34")
    assert [told[f"published/{n}/name"] for n in range(4)] == list(names)
    assert [told[f"published/{n}/error"] for n in range(4)] == ["27.94", "28.54", "27.88", "25.03"]
    assert (told["published/title"], told["published/head"]) == ("Published", "validation error, %")
    note = " ".join(told[f"published/note{n}"] for n in range(8) if f"published/note{n}" in told)
    assert note == "on ImageNet, top 1, 10 crops; far wider networks (He et al. 2015, table 2)"
    boxes = {panel.key: panel.box for panel in shown.panels}
    assert all(
        boxes["published"].x > boxes[key].right for key in ("bars/norm", "bars/bare", "errors", "table")
    )


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


def test_recorded_runs_are_called_so_with_their_recipe() -> None:
    def told(shown: Scene) -> tuple[str, str]:
        panel = next(panel for panel in shown.panels if panel.key == "recipe")
        first, *rest = (p.text for p in panel.primitives if isinstance(p, Text))
        return first, " ".join(rest)

    first, rest = told(scene(0))
    assert first == "Recorded"
    assert rest == (
        f"Textures and shapes, 32×32 averaged over 2×2 batch 32, rate {RECIPE.recipe.rate:g} "
        f"momentum {RECIPE.recipe.momentum:g}, seed 0 {MADE.made}"
    )
    # In the large type of a presentation there is no room for the machine.
    large = scene(0, composition=Composition(type=1.4))
    assert told(large)[1].endswith("seed 0")
    here = with_runs(TIMELINE, replace(MADE, made=""))
    first, rest = told(build_scene(here, 0, Viewpoint(), SIZE, LIGHT))
    assert first == "Computed here"
    assert rest.endswith("seed 0")


def test_what_is_not_computed_yet_is_said() -> None:
    half = Recording(MADE.recipe, tuple(made_run(twin, RECIPE, 10) for twin in RECIPE.twins))
    shown = texts(build_scene(with_runs(TIMELINE, half), 15, Viewpoint(), SIZE, LIGHT))
    assert shown["bars/norm/gradients/plain-18/state"] == "waiting to be"
    assert shown["bars/norm/gradients/plain-18/state/1"] == "computed"
    assert "8 of 8 are not computed so far" in shown["caption"]
    assert shown["table/norm/plain-18/test"] == "50.0"
    losses = texts(build_scene(with_runs(timeline("loss"), half), 15, Viewpoint(), SIZE, LIGHT))
    assert losses["table/norm/plain-18/mean"] == "–"


def test_the_caption_tells_the_gradients_at_both_ends_of_the_deepest_plain_network() -> None:
    runs = small_runs(5)
    made = Recording(runs, (made_run(runs.twins[0], runs, 5, scale=0.5),), "x")
    assert runs_caption(RunsFrame(made, 1)) == (
        "Gradients of plain 4, layers 1 and 4: 0.5 and 2 with batch norm."
    )  # fmt: skip
    gone = Recording(runs, (made_run(runs.twins[1], runs, 2, stopped=True),), "x")
    assert runs_caption(RunsFrame(gone, 3)) == "Residual 4 without batch norm diverged."
    assert runs_caption(RunsFrame(gone, 1)) == "Iteration 1."
    both = Recording(runs, (gone.runs[0], gone.runs[0]), "x")
    assert runs_caption(RunsFrame(both, 3)) == "2 networks diverged."


def test_a_bar_that_is_pointed_at_tells_its_numbers() -> None:
    shown = scene(25)
    bar = bars(shown, "bars/norm/spreads/plain-34")[6]
    # Also above a low bar, anywhere in its column.
    ref = cell_at(shown, bar.box.cx, bar.box.y - 5)
    assert ref == CellRef(0, "bars/norm/spreads/plain-34", 6, 0, 0)
    pointed = build_scene(timeline(), 25, Viewpoint(), SIZE, LIGHT, ref)
    assert texts(pointed)["caption"] == pointed.caption
    # 0.01·7·26 and ten times that.
    assert pointed.caption == "Layer 7 of plain 34 with batch norm: gradient norm 1.82, spread 18.2."
    told = [value_of(part) for part in re.findall(r"\d+\.\d+", pointed.caption)]
    assert told == pytest.approx([1.82, 18.2])
    rings = [p.key for p in pointed.primitives() if isinstance(p, Ring)]
    assert rings == ["bars/norm/gradients/plain-34/bar6/ring", "bars/norm/spreads/plain-34/bar6/ring"]
    hidden = Viewpoint(hidden=frozenset({"total"}))
    assert "norm ?, spread ?" in build_scene(timeline(), 25, hidden, SIZE, LIGHT, ref).caption


def test_beside_the_bars_nothing_is_pointed_at() -> None:
    shown = scene(25)
    bar = bars(shown, "bars/norm/spreads/plain-34")[6]
    assert cell_at(shown, bar.box.cx, bar.box.bottom + 4) is None
    assert cell_at(shown, 5.0, 5.0) is None
    other = build_scene(timeline(), 25, Viewpoint(), SIZE, LIGHT, CellRef(0, "input", 0, 0, 0))
    assert other.caption == shown.caption


def test_a_bar_of_a_run_that_has_ended_tells_when_it_was_measured() -> None:
    shown = scene(30)
    bar = bars(shown, "bars/bare/gradients/residual-34")[0]
    ref = cell_at(shown, bar.box.cx, bar.box.bottom - 2)
    caption = build_scene(timeline(), 30, Viewpoint(), SIZE, LIGHT, ref).caption
    assert caption.startswith("Layer 1 of residual 34 without batch norm")
    assert caption.endswith(", at iteration 2.")


def test_parts_that_are_left_out_are_not_drawn() -> None:
    bare = Composition(frozenset(PARTS) - {"title", "section", "caption"})
    shown = texts(scene(0, composition=bare))
    assert not {"title", "section", "caption", "story"} & shown.keys()
    whole = texts(scene(0))
    assert whole["title"] == "Plain and residual twins"
    assert whole["section"] == f"Iteration 0  of {LAST + 1:,}"


def test_the_dark_stage_has_its_own_colours() -> None:
    light, dark = (
        bars(scene(0, theme=theme), "bars/norm/spreads/plain-18")[0].fill for theme in (LIGHT, DARK)
    )
    assert (light, dark) == (LIGHT.positive, DARK.positive)
