"""The clock of a lesson of runs: a step for each sample, also through edits, trace and files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import read_lesson, shipped_lesson, write_lesson
from cnnviz.files.recordings import Recording, recording
from cnnviz.lesson.edits import set_title
from cnnviz.timeline.keys import key_steps
from cnnviz.timeline.runs_timeline import run_progress, with_runs
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import as_text, facts
from tests.helpers.runs import made_run, runs_lesson, small_runs


def test_a_step_is_a_sampled_iteration() -> None:
    timeline = make_timeline(shipped_lesson("twins"))
    samples = recording("twins").samples
    assert timeline.count == len(samples)
    for index in (0, 1, 30, timeline.count - 1):
        frame = timeline.frame(index)
        assert frame.runs is not None
        assert frame.runs.iteration == samples[index]
        assert timeline.index_at(frame.step.iteration) == index
    with pytest.raises(BadInput, match=f"give 0 to {len(samples) - 1}"):
        timeline.frame(timeline.count)


def test_sections_and_key_steps_are_those_of_iterations() -> None:
    timeline = make_timeline(shipped_lesson("twins"))
    assert timeline.section_starts() == ((0, "Iterations"),)
    assert key_steps(timeline) == (0, 1, 2, 4, 8, 16, 32, 64, timeline.count - 1)


def test_a_trace_holds_the_runs_and_the_true_iteration() -> None:
    frame = make_timeline(shipped_lesson("twins")).frame(40)
    told = facts(frame)
    assert told["step"] == 40
    assert told["iteration"] == told["runs"]["iteration"] == recording("twins").samples[40]
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


def test_progress_counts_what_can_still_come() -> None:
    runs = small_runs(30)
    plain, residual = runs.twins
    both = Recording(runs, (made_run(plain, runs, 20), made_run(residual, runs, 15)))
    assert both.samples[-2:] == (20, 29)
    told = run_progress(both, "running", 4.0)
    assert (told.filled, told.planned, told.reach, told.seconds_left) == (35, 60, 14, 4.0)
    one = Recording(runs, (made_run(plain, runs, 20), made_run(residual, runs, 3, stopped=True)))
    told = run_progress(one, "running")
    assert (told.filled, told.planned, told.reach) == (23, 33, 19)
    assert run_progress(runs_lesson(runs).runs or both, "running").reach == 0
