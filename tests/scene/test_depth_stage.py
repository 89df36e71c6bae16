"""The stage of runs as a whole: what stands where, what is left out, and what is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cnnviz.files.recordings import Recording
from cnnviz.lesson.lesson import Plots
from cnnviz.lesson.plans import PARTS
from cnnviz.scene.areas import Metrics
from cnnviz.scene.composition import Composition
from cnnviz.scene.depth_words import runs_caption
from cnnviz.scene.hit import cell_at
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.primitives import Rect, Ring, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import RunsFrame
from cnnviz.timeline.runs_timeline import with_runs
from tests.helpers.runs import made_run, small_runs
from tests.scene.depth_runs import (
    LAST,
    MADE,
    RECIPE,
    SIZE,
    TIMELINE,
    bars,
    links,
    scene,
    texts,
    timeline,
)
from tests.scene.ink import problems


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
    assert runs_caption(RunsFrame(gone, 1)) == "Iteration 2."
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
    assert caption.endswith(", at iteration 3.")


def test_parts_that_are_left_out_are_not_drawn() -> None:
    bare = Composition(frozenset(PARTS) - {"title", "section", "caption"})
    shown = texts(scene(0, composition=bare))
    assert not {"title", "section", "caption", "story"} & shown.keys()
    whole = texts(scene(0))
    assert whole["title"] == "Plain and residual twins"
    assert whole["section"] == f"Iteration 1  of {LAST + 1:,}"
