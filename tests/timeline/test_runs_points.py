"""Which point of a run's curve is meant, the step that it belongs to, and what keys choose next."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.files.recordings import recording
from cnnviz.lesson.lesson import Plots
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.recorded import RunsFrame
from cnnviz.timeline.runs_names import can_be_chosen
from cnnviz.timeline.runs_points import in_columns, index_pointed, name_of, next_choice, point_near, until
from tests.helpers.runs import made_run
from tests.scene.depth_runs import GONE, LAST, MADE, RECIPE, TIMELINE, timeline


def ref(tensor: str, plane: int = 0) -> CellRef:
    return CellRef(0, tensor, plane, 0, 0)


def test_errors_are_known_at_the_tests_before_the_playhead() -> None:
    run = MADE.runs[0]
    # Of the test after 100·n updates 1/(n + 1) is wrong in training, half of it in the test.
    for updates, nearest in ((0, 0), (49, 0), (51, 100), (180, 200), (1999, 400)):
        point = point_near(RunsFrame(MADE, 450), run, "errors", updates)
        assert point is not None
        assert (point.updates, point.iteration) == (nearest, max(nearest - 1, 0))
        assert (point.fine, point.bold) == pytest.approx((1 / (nearest / 100 + 1), 0.5 / (nearest / 100 + 1)))


def test_losses_are_known_of_each_iteration_up_to_the_playhead() -> None:
    run, factor = MADE.runs[0], 0.01 ** (1 / LAST)
    for updates, nearest in ((0, 0), (3, 3), (300, 300), (451, 450), (1999, 450)):
        point = point_near(RunsFrame(MADE, 450), run, "losses", updates)
        assert point is not None
        assert (point.updates, point.iteration) == (nearest, nearest)
        assert point.fine == pytest.approx(2 * factor**nearest, rel=1e-5)
        own = [2 * factor**n for n in range(max(nearest - 24, 0), nearest + 1)]
        assert point.bold == pytest.approx(np.mean(own), rel=1e-5)


def test_of_a_run_that_has_not_begun_nothing_is_known() -> None:
    gone = next(run for run in MADE.runs if run.stopped)
    last = point_near(RunsFrame(MADE, 900), gone, "losses", 700)
    assert last is not None
    assert last.iteration == GONE - 1
    nothing = made_run(RECIPE.twins[0], RECIPE, 0)
    assert point_near(RunsFrame(MADE, 5), nothing, "losses", 3) is None


def test_a_click_goes_where_the_point_is_the_last_one() -> None:
    errors, losses = timeline(), timeline("loss")
    name = "curves/norm/plain-34"
    assert index_pointed(errors, LAST, ref(f"{name}/bold", 712)) == 699
    assert index_pointed(errors, LAST, ref(f"{name}/fine", 2)) == 0
    assert index_pointed(losses, LAST, ref(f"{name}/bold", 712)) == 712
    assert index_pointed(errors, 500, ref(f"{name}/bold", 712)) == 499
    # Beside the curves it is the iteration under the pointer, also ahead of the playhead.
    assert index_pointed(errors, 500, ref(f"{name}/free", 1713)) == 1712
    assert index_pointed(losses, 500, ref(f"{name}/free", LAST + 1)) == LAST
    frame = errors.frame(699).runs
    assert frame is not None
    assert frame.recording.tests[: frame.tested][-1] == 700


def test_other_things_are_no_points() -> None:
    for tensor in ("names/norm/plain-34", "bars/norm/gradients/plain-34", "curves/every/bold", "input"):
        assert index_pointed(timeline(), 3, ref(tensor)) is None
    assert index_pointed(timeline("none"), 3, ref("curves/norm/plain-34/bold")) is None
    assert can_be_chosen(TIMELINE, ref("names/norm/plain-34"))
    assert not can_be_chosen(TIMELINE, ref("input"))


def test_runs_stand_as_they_are_seen() -> None:
    names = [name_of(run) for run in in_columns(recording("twins"))]
    nets = ("plain-18", "plain-34", "residual-18", "residual-34")
    assert names == [f"{group}/{net}" for group in ("norm", "bare") for net in nets]


def test_the_runs_of_an_iteration_before_are_shown() -> None:
    assert until(RunsFrame(MADE, 900), 712).iteration == 712
    assert until(RunsFrame(MADE, 900), 10**6).iteration == LAST


def go(chosen: str, layer: int, columns: int, rows: int, plots: Plots = "auto") -> tuple[str, int]:
    found = next_choice(timeline(plots), ref(chosen, layer), columns, rows)
    assert found is not None
    return found.tensor, found.plane


def test_keys_go_from_curve_to_curve_and_from_bar_to_bar() -> None:
    first = next_choice(timeline(), None, 1, 0)
    assert first == ref("curves/norm/plain-18/bold")
    assert go("curves/norm/plain-18/bold", 0, 1, 0) == ("curves/norm/plain-34/bold", 0)
    assert go("curves/norm/plain-18/bold", 0, -1, 0) == ("curves/norm/plain-18/bold", 0)
    assert go("curves/bare/residual-34/fine", 0, 1, 0) == ("curves/bare/residual-34/fine", 0)
    assert go("curves/norm/residual-34/bold", 0, 1, 0) == ("curves/bare/plain-18/bold", 0)
    assert go("curves/norm/plain-34/bold", 0, 0, 1) == ("curves/norm/plain-34/fine", 0)
    assert go("curves/norm/plain-34/fine", 0, 0, 1) == ("curves/norm/plain-34/fine", 0)
    assert go("curves/norm/plain-34/bold", 0, 0, -1) == ("bars/norm/spreads/plain-34", 0)
    assert go("names/norm/plain-34", 0, 0, -1) == ("bars/norm/spreads/plain-34", 0)
    assert go("bars/norm/spreads/plain-34", 7, 0, -1) == ("bars/norm/gradients/plain-34", 7)
    assert go("bars/norm/gradients/plain-34", 7, 1, 0) == ("bars/norm/gradients/plain-34", 8)
    # Behind the last layer comes the first of the next run, and back.
    assert go("bars/norm/gradients/plain-18", 17, 1, 0) == ("bars/norm/gradients/plain-34", 0)
    assert go("bars/norm/gradients/plain-34", 0, -1, 0) == ("bars/norm/gradients/plain-18", 17)
    assert go("bars/norm/gradients/plain-18", 0, -1, 0) == ("bars/norm/gradients/plain-18", 0)
    assert go("bars/bare/spreads/residual-34", 33, 1, 0) == ("bars/bare/spreads/residual-34", 33)


def test_where_no_curves_stand_keys_choose_bars_alone() -> None:
    assert next_choice(timeline("none"), None, 1, 0) == ref("bars/norm/gradients/plain-18")
    assert go("bars/norm/spreads/plain-34", 3, 0, 1, "none") == ("bars/norm/spreads/plain-34", 3)
    assert go("curves/norm/plain-34/bold", 0, 0, 0, "none") == ("bars/norm/spreads/plain-34", 0)
