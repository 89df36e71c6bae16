"""A run or a curve that is asked for: what comes forward, what steps back, and what is told."""

from __future__ import annotations

import pytest

from cnnviz.lesson.lesson import Plots
from cnnviz.scene.primitives import Link, Rect, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT, TRANSPARENT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from tests.scene.depth_runs import GONE, LAST, SIZE, bars, links, texts, timeline
from tests.scene.ink import problems

PLOTS: tuple[Plots, ...] = ("auto", "loss")


def asked(
    tensor: str, updates: int = 0, index: int = 1000, plots: Plots = "auto", held: bool = False, theme: Theme = LIGHT,
    hidden: bool = False, size: tuple[float, float] = SIZE,
) -> Scene:  # fmt: skip
    """The stage with something pointed at, or chosen."""
    ref = CellRef(0, tensor, updates, 0, 0)
    viewpoint = Viewpoint(pinned=ref if held else None, hidden=frozenset({"total"} if hidden else ()))
    return build_scene(timeline(plots), index, viewpoint, size, theme, None if held else ref)


def colours(shown: Scene, start: str) -> set[str]:
    rects = {p.fill for p in shown.primitives() if isinstance(p, Rect) and p.key.startswith(start)}
    return rects | {p.stroke for p in shown.primitives() if isinstance(p, Link) and p.key.startswith(start)}


@pytest.mark.parametrize("theme", [LIGHT, DARK, TRANSPARENT])
def test_a_curve_that_is_pointed_at_comes_forward_and_the_others_step_back(theme: Theme) -> None:
    plain, shown = (
        links(s) for s in (build_scene(timeline(), 1000, Viewpoint(), SIZE, theme), asked(
            "curves/norm/plain-34/bold", 712, theme=theme))
    )  # fmt: skip
    own, other = "errors/norm/plain-34/test", "errors/norm/plain-18/test"
    assert shown[own].stroke == plain[own].stroke == theme.positive
    assert shown[own].width == 1.5 * plain[own].width
    assert shown[other].stroke == f"{theme.positive}4c"
    assert shown[other].width == plain[other].width
    assert shown[other].points == plain[other].points


def test_its_point_is_marked_in_all_plots_and_told_with_its_numbers() -> None:
    shown = asked("curves/norm/plain-34/bold", 712)
    # After 700 updates 1 of 8 was wrong in training, half as many in the test.
    assert shown.caption == (
        "Plain 34 with batch norm, iteration 700, after 700 updates: test error 6.2 %, training error 12.5 %."
    )
    for name in ("norm/plain-34", "bare/plain-18"):
        line, mark = links(shown)[f"errors/{name}/test"], links(shown)[f"errors/{name}/asked"]
        assert mark.stroke == LIGHT.hover
        assert mark.points[0][0] == pytest.approx(line.points[7][0])
    rects = [p for p in shown.primitives() if isinstance(p, Rect)]
    sizes = {
        name: [p.box.w for p in rects if p.key.startswith(f"errors/{name}/asked/dot")]
        for name in ("norm/plain-34", "bare/plain-18", "bare/residual-34")
    }
    assert max(sizes["norm/plain-34"]) > max(sizes["bare/plain-18"])  # told apart without colour
    assert len(sizes["norm/plain-34"]) > len(sizes["bare/plain-18"]) > 0
    assert sizes["bare/residual-34"] == []  # it has diverged before
    dot = next(
        p for p in shown.primitives() if isinstance(p, Rect) and p.key == "errors/norm/plain-34/asked/dot0"
    )
    assert (dot.box.cx, dot.box.cy) == pytest.approx(links(shown)["errors/norm/plain-34/test"].points[7])


def test_the_numbers_under_all_curves_are_those_of_the_point() -> None:
    shown = asked("curves/norm/plain-34/fine", 712)
    assert "training error 12.5 %, test error 6.2 %" in shown.caption
    told = {p.key: p for p in shown.primitives() if isinstance(p, Text)}
    for name in ("norm/plain-34", "bare/plain-18"):
        assert texts(shown)[f"table/{name}/train"] == "12.5"
        assert {run.color for run in told[f"table/{name}/train"].runs} == {LIGHT.hover}
    assert texts(shown)["table/bare/residual-34/train"] == "–"


def test_a_loss_is_told_with_its_mean() -> None:
    shown = asked("curves/norm/plain-34/fine", 712, plots="loss")
    factor = 0.01 ** (1 / LAST)
    now, mean = 2 * factor**712, sum(2 * factor**n for n in range(688, 713)) / 25
    assert shown.caption == (
        f"Plain 34 with batch norm, iteration 713: loss {now:.3g} of this batch, mean loss {mean:.3g} of the last 25."
    )
    early = asked("curves/norm/plain-34/bold", 3, plots="loss")
    assert early.caption.startswith("Plain 34 with batch norm, iteration 4: mean loss 1.9")
    assert " of the last 4, loss " in early.caption


def test_training_dots_come_forward_as_dots() -> None:
    plain, shown = (
        build_scene(timeline(), 1000, Viewpoint(), SIZE, LIGHT),
        asked("curves/norm/plain-34/fine", 712),
    )
    key = "errors/norm/plain-34/train7"
    before, after = (
        next(p for p in s.primitives() if isinstance(p, Rect) and p.key == key) for s in (plain, shown)
    )
    assert after.box.w > before.box.w
    assert (after.box.cx, after.box.cy) == pytest.approx((before.box.cx, before.box.cy))
    assert after.fill == LIGHT.text


def test_ahead_of_the_playhead_the_place_is_told() -> None:
    shown = asked("curves/norm/plain-34/free", 1713)
    assert shown.caption == "Plain 34 with batch norm: a click goes to iteration 1,713."
    gone = asked("curves/bare/residual-34/free", 1713)
    assert gone.caption == (
        f"Residual 34 without batch norm diverged at iteration {GONE + 1}: a click goes to iteration 1,713."
    )
    _, (left, _), (right, _) = links(shown)["errors/norm/plain-34/axes"].points
    mark = links(shown)["errors/bare/plain-18/asked"]
    _, (start, _), (end, _) = links(shown)["errors/bare/plain-18/axes"].points
    assert (mark.points[0][0] - start) / (end - start) == pytest.approx(1713 / (LAST + 1))
    assert right - left == pytest.approx(end - start)


def test_a_name_brings_its_whole_run_forward() -> None:
    shown = asked("names/bare/plain-18")
    assert shown.caption == (
        "Plain 18 without batch norm, after 1,000 updates: test error 4.5 %, training error 9.1 %."
    )
    own, other = (
        bars(shown, f"bars/{name}")[0].fill for name in ("bare/gradients/plain-18", "norm/gradients/plain-18")
    )
    assert (own, other) == (LIGHT.positive, f"{LIGHT.positive}4c")
    assert colours(shown, "errors/bare/plain-34/test") == {f"{LIGHT.positive}4c"}
    # At the playhead: the numbers below stay, and no other place is marked.
    assert not any(p.key.endswith("/asked") for p in shown.primitives())
    assert texts(shown)["table/bare/plain-18/test"] == "4.5"


def test_an_entry_brings_one_curve_of_all_runs_forward() -> None:
    shown = asked("curves/every/bold")
    assert shown.caption.startswith("Test errors: from 4.5 %, plain 18 with batch norm, to 4.5 %, ")
    assert colours(shown, "errors/norm/plain-18/train") == {f"{LIGHT.text}4c"}
    assert links(shown)["errors/norm/plain-18/test"].stroke == LIGHT.positive
    dots = asked("curves/every/fine")
    assert dots.caption.startswith("Training errors: from 9.1 %")
    assert links(dots)["errors/norm/plain-18/test"].stroke == f"{LIGHT.positive}4c"
    assert asked("curves/every/fine", plots="loss").caption.startswith("Losses of each batch: from ")
    assert asked("curves/every/bold", hidden=True).caption == "Test errors."


def test_what_is_chosen_stays_at_the_playhead() -> None:
    for index in (0, 250, LAST):
        shown = asked("curves/norm/plain-34/bold", 0, index, held=True)
        test = texts(shown)["table/norm/plain-34/test"]
        assert shown.caption.startswith("Plain 34 with batch norm, ")
        assert f"test error {test} %" in shown.caption
        assert not any(p.key.endswith("/asked") for p in shown.primitives())
    # With losses in place of errors it is the curve in its place.
    assert "mean loss" in asked("curves/norm/plain-34/bold", 0, plots="loss", held=True).caption
    bar = asked("bars/norm/gradients/plain-34", 6, held=True)
    assert bar.caption.startswith("Layer 7 of plain 34 with batch norm: gradient norm ")


def test_the_pointer_goes_before_what_is_chosen_and_bars_keep_it_in_front() -> None:
    chosen, over = (
        CellRef(0, name, 3, 0, 0) for name in ("names/bare/plain-18", "bars/norm/gradients/plain-34")
    )
    both = build_scene(timeline(), 1000, Viewpoint(pinned=chosen), SIZE, LIGHT, over)
    assert both.caption.startswith("Layer 4 of plain 34 with batch norm")
    assert bars(both, "bars/norm/gradients/residual-18")[0].fill == f"{LIGHT.negative}4c"


def test_hidden_numbers_are_not_told() -> None:
    for tensor in ("curves/norm/plain-34/bold", "curves/norm/plain-34/fine", "names/norm/plain-34"):
        for plots in PLOTS:
            shown = asked(tensor, 712, plots=plots, hidden=True)
            assert shown.caption.count("?") == 2
            assert "%" not in shown.caption


@pytest.mark.parametrize("plots", ["auto", "loss", "none"])
@pytest.mark.parametrize("size", [(1280.0, 720.0), (640.0, 360.0), (320.0, 180.0), (3840.0, 2160.0)])
@pytest.mark.parametrize(
    "tensor", ["curves/norm/plain-34/bold", "curves/bare/residual-34/free", "names/bare/plain-18"]
)
def test_nothing_overlaps_or_is_cut(tensor: str, size: tuple[float, float], plots: Plots) -> None:
    shown = asked(tensor, 712, size=size, plots=plots)
    if size[0] > 320:
        assert not list(problems(shown))
    assert shown.caption
