"""The facts of the frames as a file: the same as a trace, a line each."""

import json
from dataclasses import replace
from pathlib import Path

from cnnviz.export.job import run_export
from cnnviz.export.shots import Shot
from cnnviz.export.task import task_of
from cnnviz.lesson.plans import Plan
from cnnviz.scene.primitives import Scene
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts
from tests.lesson.examples import vertical_edge


def _written(out: Path, **fields: object) -> list[dict[str, object]]:
    plan = Plan(size=(320, 180), **fields)  # type: ignore[arg-type]  # fields by name
    report = run_export(task_of(make_timeline(vertical_edge()), Viewpoint(), plan, out))
    assert report.bytes_written == out.stat().st_size
    array: list[dict[str, object]] = json.loads(out.read_text())
    return array


def test_an_object_a_line_equals_the_trace(tmp_path: Path) -> None:
    out = tmp_path / "edge.json"
    array = _written(out, frames="0:36:5")
    timeline = make_timeline(vertical_edge())
    assert array == [facts(timeline.frame(index)) for index in range(0, 36, 5)]
    lines = out.read_text().splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 8 + 2)
    assert json.loads(lines[1].removesuffix(",")) == array[0]


def test_facts_hide_nothing_and_have_no_questions(tmp_path: Path) -> None:
    plain = _written(tmp_path / "a.json", frames="0:3")
    assert _written(tmp_path / "b.json", frames="0:3", hide=("total",), pairs=True, smallest=99) == plain


def test_no_scene_is_built(tmp_path: Path) -> None:
    """Facts are not drawn: a scene of a large network takes longer than they do."""
    task = task_of(make_timeline(vertical_edge()), Viewpoint(), Plan(frames="0:3"), tmp_path / "a.json")

    def refused(shot: Shot) -> Scene:
        raise AssertionError(f"a scene of step {shot.index}")

    report = run_export(replace(task, scene_at=refused))
    assert report.bytes_written == (tmp_path / "a.json").stat().st_size


def test_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        _written(tmp_path / name, keys=("row-ends",))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
