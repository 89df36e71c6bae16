"""The clock of a lesson of runs: a step for each iteration, also through edits, trace and files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import read_lesson, shipped_lesson, write_lesson
from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.edits import set_title
from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.runs_timeline import run_progress, stops_of, with_runs
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import as_text, facts
from tests.helpers.runs import made_run, runs_lesson, small_runs


def test_a_step_is_an_iteration() -> None:
    timeline = make_timeline(shipped_lesson("twins"))
    assert timeline.count == recording("twins").recipe.recipe.iterations
    for index in (0, 1, 30, timeline.count - 1):
        frame = timeline.frame(index)
        assert frame.runs is not None
        assert frame.runs.iteration == index
        assert timeline.index_at(frame.step.iteration) == index
    with pytest.raises(BadInput, match=f"give 0 to {timeline.count - 1}"):
        timeline.frame(timeline.count)


def test_sections_and_key_steps_are_those_of_iterations() -> None:
    timeline = make_timeline(shipped_lesson("twins"))
    assert timeline.section_starts() == ((0, "Iterations"),)
    last = timeline.count - 1
    assert key_steps(timeline) == (0, *(n for n in (2**k for k in range(20)) if n < last), last)


def test_a_trace_holds_the_runs_and_the_true_iteration() -> None:
    frame = make_timeline(shipped_lesson("twins")).frame(40)
    told = facts(frame)
    assert told["step"] == told["iteration"] == told["runs"]["iteration"] == 40
    assert len(told["runs"]["runs"]) == 8
    assert as_text(frame).startswith("  40  iteration ")


def test_lessons_without_runs_have_none() -> None:
    frame = make_timeline(shipped_lesson("vertical-edge")).frame(0)
    assert frame.runs is None
    assert "runs" not in facts(frame)


def test_an_edit_keeps_the_runs_that_were_computed_here() -> None:
    timeline = make_timeline(shipped_lesson("twins"))
    recipe = recording("twins").recipe
    here = Recording(recipe, tuple(made_run(twin, recipe, 7) for twin in recipe.twins))
    shown = with_runs(timeline, here)
    edited = make_timeline(set_title(shown.lesson, "Mine"), shown)
    assert edited.runs is here
    assert make_timeline(timeline.lesson).runs is recording("twins")


def test_a_lesson_of_runs_comes_back_from_its_file(tmp_path: Path) -> None:
    lesson = shipped_lesson("twins")
    write_lesson(tmp_path / "mine.cnnviz", lesson)
    assert read_lesson(tmp_path / "mine.cnnviz") == lesson
    assert lesson.runs == "twins"


def test_unknown_runs_are_refused_with_those_that_ship() -> None:
    with pytest.raises(BadInput, match="runs 'triplets' do not ship; give one of twins"):
        make_timeline(replace(shipped_lesson("twins"), runs="triplets"))


def test_playing_stops_at_growing_distances_or_at_each_iteration() -> None:
    timeline = runs_lesson(small_runs(640))
    stops = stops_of(timeline)
    assert stops[:23] == (*range(21), 25, 30)
    assert [n for n in stops if n >= 180] == [
        180, 190, 200, 220, 240, 260, 280, 300, 320, 340, 360, 380, 400, 420, 440, 460, 480, 500, 550, 600, 639,
    ]  # fmt: skip
    each = replace(timeline, lesson=replace(timeline.lesson, pace="iteration"))
    assert stops_of(each) == tuple(range(640))
    assert stops_of(runs_lesson(small_runs(3))) == (0, 1, 2)


def test_progress_counts_what_can_still_come() -> None:
    runs = small_runs(30)
    plain, residual = runs.twins
    both = Recording(runs, (made_run(plain, runs, 20), made_run(residual, runs, 15)))
    told = run_progress(both, "running", 4.0)
    assert (told.filled, told.planned, told.reach, told.seconds_left) == (35, 60, 14, 4.0)
    one = Recording(runs, (made_run(plain, runs, 20), made_run(residual, runs, 3, stopped=True)))
    told = run_progress(one, "running")
    assert (told.filled, told.planned, told.reach) == (23, 33, 19)
    assert run_progress(runs_lesson(runs).runs or both, "running").reach == 0
