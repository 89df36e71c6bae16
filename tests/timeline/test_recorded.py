"""What is true of runs at an iteration."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.files.recordings import Recording, recording
from cnnviz.timeline.recorded import (
    PUBLISHED,
    RunsFrame,
    ended,
    errors,
    loss_span,
    losses_so_far,
    measured,
    missing,
    runs_facts,
    runs_text,
    span_of,
    trailing_means,
)
from tests.helpers.runs import made_run, small_runs

RUNS = small_runs(101)
ENDLESS, SHORT = (
    made_run(twin, RUNS, done, stopped=stopped)
    for twin, done, stopped in zip(RUNS.twins, (101, 3), (False, True), strict=True)
)
MADE = Recording(RUNS, (ENDLESS, SHORT), "a machine")


def frame_at(iteration: int, made: Recording = MADE) -> RunsFrame:
    return RunsFrame(made, made.samples.index(iteration))


def test_a_frame_knows_its_iteration_and_the_tests_up_to_it() -> None:
    assert MADE.tests == (0, 100, 101)
    assert [frame_at(n).iteration for n in (0, 19, 60, 100)] == [0, 19, 60, 100]
    # The test after update 100 comes behind iteration 99, that after 101 behind iteration 100.
    assert [frame_at(n).tested for n in (0, 80, 100)] == [1, 1, 3]


def test_bars_stay_at_what_was_measured_last() -> None:
    assert measured(ENDLESS, 30 - 6, MADE.samples) == 24
    assert measured(SHORT, 0, MADE.samples) == 0
    assert measured(SHORT, 20, MADE.samples) == 2
    assert measured(made_run(RUNS.twins[0], RUNS, 0), 4, MADE.samples) is None


def test_a_run_has_ended_is_missing_or_goes_on() -> None:
    assert [ended(SHORT, n) for n in (2, 3, 50)] == [False, True, True]
    assert not any(missing(SHORT, n) for n in (2, 3, 50))
    waiting = made_run(RUNS.twins[0], RUNS, 3)
    assert [missing(waiting, n) for n in (2, 3, 50)] == [False, True, True]
    assert not ended(waiting, 50)


def test_errors_are_those_of_the_tests_so_far() -> None:
    tests, train, test = errors(ENDLESS, frame_at(100))
    assert tests == (0, 100, 101)
    np.testing.assert_allclose(train, [1, 1 / 2, 1 / 3], rtol=1e-6)
    np.testing.assert_allclose(test, [1 / 2, 1 / 4, 1 / 6], rtol=1e-6)
    assert errors(ENDLESS, frame_at(80))[0] == (0,)
    assert errors(SHORT, frame_at(100))[0] == (0,)


def test_means_are_those_of_the_last_25_losses_and_of_fewer_at_the_start() -> None:
    losses = np.arange(40.0) ** 2
    means = trailing_means(losses)
    wanted = [sum(n * n for n in range(max(0, at - 24), at + 1)) / min(at + 1, 25) for at in range(40)]
    np.testing.assert_allclose(means, wanted, rtol=1e-12)
    assert trailing_means(np.empty(0)).size == 0


def test_one_huge_loss_does_not_blot_out_those_that_follow() -> None:
    losses = np.full(60, 0.1)
    losses[3] = 1e25
    assert trailing_means(losses)[28:] == pytest.approx([0.1] * 32, rel=1e-12)


def test_losses_end_with_the_run() -> None:
    assert losses_so_far(ENDLESS, 40).tolist() == [2.0] * 41
    assert losses_so_far(SHORT, 40).tolist() == [2.0] * 3
    assert losses_so_far(SHORT, 1).tolist() == [2.0] * 2


def test_the_range_of_losses_is_that_of_lasting_means_in_powers_of_ten() -> None:
    falling = replace(ENDLESS, losses=np.geomspace(5, 1e-2, 101).astype(np.float32))
    wild = replace(SHORT, losses=np.array([50.0, 4e2, 1e8], np.float32))
    assert loss_span(Recording(RUNS, (falling, wild), "x")) == pytest.approx((1e-2, 1e1))
    deep = replace(ENDLESS, losses=np.geomspace(5, 1e-9, 101).astype(np.float32))
    assert loss_span(Recording(RUNS, (deep,), "x")) == pytest.approx((1e-3, 1e1))
    level = Recording(RUNS, (ENDLESS,), "x")
    assert loss_span(level) == pytest.approx((1.0, 10.0))
    nothing = Recording(RUNS, (made_run(RUNS.twins[0], RUNS, 0),), "x")
    assert loss_span(nothing) == (1e-3, 1e1)


def test_the_range_holds_all_lasting_runs_and_is_cut_at_powers_of_ten() -> None:
    small = made_run(RUNS.twins[0], RUNS, 101, scale=1e-3)
    wild = made_run(RUNS.twins[1], RUNS, 2, stopped=True, scale=1e-3)
    after = np.arange(len(wild.gradients))[:, None] > 0
    wild = replace(
        wild,
        gradients=np.where(after, wild.gradients * np.float32(1e20), wild.gradients),
        spreads=np.where(after, wild.spreads * np.float32(1e20), wild.spreads),
    )
    # Layers 1 to 4 have gradients 0.001 to 0.004 and spreads 0.01 to 0.04, also at the start of the run that diverged.
    assert span_of(Recording(RUNS, (small, wild), "x"), "gradients") == pytest.approx((1e-3, 1e-2))
    assert span_of(Recording(RUNS, (small, wild), "x"), "spreads") == pytest.approx((1e-2, 1e-1))
    assert span_of(Recording(RUNS, (wild,), "x"), "gradients") == pytest.approx((1e-3, 1e-2))


def test_a_range_has_at_most_eight_powers_of_ten() -> None:
    far = tuple(made_run(RUNS.twins[0], RUNS, 101, scale=scale) for scale in (1e-12, 1.0))
    assert span_of(Recording(RUNS, far, "x"), "gradients") == pytest.approx((1e-7, 1e1))


def test_nothing_measured_has_a_range_all_the_same() -> None:
    low, high = span_of(Recording(RUNS, (made_run(RUNS.twins[0], RUNS, 0),), "x"), "gradients")
    assert 0 < low < high


def test_runs_that_are_computed_here_have_the_range_of_those_that_ship() -> None:
    shipped = recording("twins")
    here = replace(shipped, runs=tuple(made_run(t, shipped.recipe, 5) for t in shipped.recipe.twins), made="")
    assert span_of(here, "gradients") == span_of(shipped, "gradients")
    assert loss_span(here) == loss_span(shipped)


def test_published_figures_are_those_of_the_paper() -> None:
    assert PUBLISHED == {"plain-18": 27.94, "plain-34": 28.54, "residual-18": 27.88, "residual-34": 25.03}


def test_facts_are_plain_and_say_where_each_run_stands() -> None:
    told = runs_facts(frame_at(100))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["iteration"], told["recorded"], told["id"]) == (100, "a machine", "small")
    assert told["recipe"] == {
        "data": "digits", "batch": 10, "rate": 0.05, "momentum": 0.5, "seed": 3, "iterations": 101,
    }  # fmt: skip
    first, second = told["runs"]
    assert (first["name"], first["batch_norm"], first["shortcut"]) == ("plain-4", True, "none")
    assert (first["measured"], first["diverged"], first["loss"]) == (100, None, 2.0)
    assert (first["loss_mean"], second["loss_mean"]) == (2.0, "nan")
    assert first["gradient_norms"] == [1.0, 2.0, 3.0, 4.0]
    assert first["spreads"] == [10.0, 20.0, 30.0, 40.0]
    assert (second["measured"], second["diverged"], second["loss"]) == (2, 3, "nan")
    assert second["tests"] == [0]
    assert first["published_validation_error"] is None


def test_the_text_has_a_line_for_each_run() -> None:
    first, plain, residual = runs_text(frame_at(100)).splitlines()
    assert first == "iteration 100"
    assert plain.strip() == "plain-4, batch norm: loss 2, wrong 33.3 % and 16.7 % after 101"
    assert residual.strip() == (
        "residual-4, no batch norm: diverged at iteration 3, wrong 100.0 % and 50.0 % after 0"
    )
