"""Type that the last row cannot read is refused, by name and size."""

from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import run_export
from cnnviz.export.shots import Shot
from cnnviz.export.task import task_of
from cnnviz.export.type_guard import type_fault
from cnnviz.lesson.plans import Plan
from cnnviz.paint.type_size import smallest_type
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.examples import vertical_edge

TIMELINE = make_timeline(vertical_edge())


def test_the_smallest_text_is_named_with_its_size() -> None:
    plan = Plan(size=(960, 540))
    scene = task_of(TIMELINE, Viewpoint(), plan, "out").scene_at(Shot(4))
    found = smallest_type(scene)
    assert found is not None
    limit = found.size + 1
    fault = type_fault(scene, Plan(smallest=limit), Shot(4))
    assert fault.startswith(f"smallest {limit:g}: step 5 has “{found.text[:20]}")
    assert f"{found.size:.1f} pixels" in fault
    assert "\n" not in fault
    assert type_fault(scene, Plan(smallest=found.size), Shot(4)) == ""
    assert type_fault(scene, Plan(smallest=limit, scale=2), Shot(4)) == ""
    assert type_fault(scene, Plan(), Shot(4)) == ""


def test_an_export_with_small_type_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    task = task_of(TIMELINE, Viewpoint(), Plan(size=(320, 180), smallest=18), tmp_path / "out")
    with pytest.raises(BadInput, match="smallest 18: step 1 has"):
        run_export(task)
    assert list(tmp_path.iterdir()) == []


def test_large_type_passes_and_glides_are_as_their_ends(tmp_path: Path) -> None:
    plan = Plan(size=(320, 180), smallest=1, moves=True, frames="0:2")
    report = run_export(task_of(TIMELINE, Viewpoint(), plan, tmp_path / "a.gif"))
    assert report.bytes_written > 0
