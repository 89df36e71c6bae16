"""``cnnviz export`` by a plan: of a file, of the lesson, changed by options; and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication

from cnnviz.__main__ import main
from cnnviz.files.lessons import shipped_lesson, write_lesson
from cnnviz.files.plans import write_plan
from cnnviz.lesson.plan_edits import keep_plan
from cnnviz.lesson.plans import Plan
from tests.helpers.folders import names


@pytest.fixture(autouse=True)
def _application(qapp: QCoreApplication) -> None:
    """Made before a command makes one without widgets, which other tests need."""


SMALL = Plan("small", size=(160, 90), keys=("section-ends",))


def _export(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["export", *map(str, arguments)]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_plan_file_is_repeated_and_its_bytes_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_plan(tmp_path / "small.json", SMALL)
    for out in ("a", "b"):
        _export(capsys, "vertical-edge", tmp_path / out, "--plan", tmp_path / "small.json")
    assert names(tmp_path / "a") == ["frame-0015.png", "frame-0031.png", "frame-0035.png"]
    for name in names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_plan_of_the_lesson_is_named_and_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_lesson(tmp_path / "mine.cnnviz", keep_plan(shipped_lesson("vertical-edge"), SMALL))
    mine = (tmp_path / "mine.cnnviz", tmp_path / "out", "--plan", "small")
    _export(capsys, *mine, "--size", "320x180", "--every", "2", "--theme", "dark")
    assert names(tmp_path / "out") == ["frame-0015.png", "frame-0035.png"]
    with Image.open(tmp_path / "out" / "frame-0015.png") as image:
        assert image.size == (320, 180)
        assert max(image.convert("RGB").crop((0, 0, 4, 4)).tobytes()) < 80


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    import pty  # Windows has none

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cnnviz", "export", "vertical-edge", "a.gif", "--size", "160x90"]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, cwd=tmp_path, env=env, check=True)
    os.close(slave)
    told = os.read(master, 1_000_000).decode()
    os.close(master)
    assert "\rFrame 0 of 36" in told
    assert " a second · 0:0" in told
    assert told.count("\n") == 1
    assert done.stdout.startswith(b"1 file, ")


def test_json_is_the_trace(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _export(capsys, "vertical-edge", tmp_path / "all", "--format", "json", "--frames", "1:3")
    facts = json.loads((tmp_path / "all.json").read_text())
    assert main(["trace", "vertical-edge", "--step", "1", "--json"]) == 0
    assert facts[0] == json.loads(capsys.readouterr().out)


def test_counted_pictures_come_with_their_latex_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = _export(
        capsys, "vertical-edge", tmp_path / "s", "--numbering", "count", "--frames", ":3", "--size", "160x90"
    )
    assert names(tmp_path / "s") == ["frame-0.png", "frame-1.png", "frame-2.png"]
    assert r"{s/frame-}{0}{2}" in told
    assert "LaTeX" not in told


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "is not JSON"),
        ('{"format": "cnnviz-lesson", "version": 1, "plan": {}}', "is no plan of cnnviz"),
        ('{"format": "cnnviz-plan", "version": 2, "plan": {}}', "this cnnviz reads 1"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": {"zoom": 1}}', "plan: unknown field 'zoom'"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": {"fps": "fast"}}', "plan.fps"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": {"size": [1, 2, 3]}}', "plan.size"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": {"keys": ["all"]}}', "keys 'all'"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": {"pairs": 1}}', "give true or false"),
        ('{"format": "cnnviz-plan", "version": 1, "plan": []}', "plan"),
    ],
)
def test_a_plan_that_is_none_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, line: str
) -> None:
    (tmp_path / "plan.json").write_text(content)
    assert main(["export", "vertical-edge", str(tmp_path / "o"), "--plan", str(tmp_path / "plan.json")]) == 2
    told = capsys.readouterr().err
    assert "plan.json" in told
    assert line in told
    assert told.count("\n") == 1
    assert not (tmp_path / "o").exists()
