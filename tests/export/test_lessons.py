"""Frames of the lessons that ship: no frame depends on the one before it, nor on who paints it."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from cnnviz.export.job import run_export
from cnnviz.export.shots import shots_of
from cnnviz.export.task import task_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_bias, set_weight
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.plans import Plan
from cnnviz.paint.layers import forget_layers
from cnnviz.paint.mips import forget_mips
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

SIZE = (640, 360)


def export(lesson: Lesson, steps: list[int], out: Path) -> dict[str, bytes]:
    """Export steps in this order, as a program just started would."""
    forget_layers()
    forget_mips()
    timeline = make_timeline(lesson)
    plan = Plan(size=SIZE, theme="dark")
    task = task_of(timeline, Viewpoint(), plan, out)
    run_export(replace(task, shots=shots_of(plan, steps)))
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.mark.parametrize("name", ["vertical-edge", "photo-edges", "rgb"])
def test_shuffled_steps_give_the_same_files(name: str, tmp_path: Path) -> None:
    lesson = shipped_lesson(name)
    steps = random.sample(range(make_timeline(lesson).count), 9)
    assert export(lesson, steps, tmp_path / "shuffled") == export(lesson, sorted(steps), tmp_path / "sorted")


def test_an_edit_and_its_opposite_give_the_same_files(tmp_path: Path) -> None:
    lesson = shipped_lesson("rgb")
    there = set_weight(set_bias(lesson, 1, 2.5), (0, 0, 0, 0), 7.0)
    before = export(lesson, [0, 20, 40], tmp_path / "before")
    assert export(there, [0, 20, 40], tmp_path / "there") != before
    params = lesson.tracks[0].params[0]
    assert params is not None
    assert params.bias is not None
    back = set_weight(set_bias(there, 1, params.bias[1]), (0, 0, 0, 0), params.weight[0, 0, 0, 0])
    assert export(back, [0, 20, 40], tmp_path / "back") == before
