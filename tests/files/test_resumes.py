"""Interrupted trainings: their numbers come back exactly, and another lesson's are refused."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Params
from cnnviz.files.lessons import read_lesson
from cnnviz.files.resumes import Point, read_resume, write_resume
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe_edits import set_iterations, set_rate
from tests.files.changes import put
from tests.lesson.learning import scores, two_weights


def point(lesson: Lesson, done: int = 3) -> Point:
    rng = np.random.default_rng(done)

    def drawn(old: Params | None) -> Params | None:
        if old is None:
            return None
        bias = None if old.bias is None else rng.normal(size=old.bias.shape)
        return Params(rng.normal(size=old.weight.shape), bias)

    params, velocity = (tuple(drawn(p) for p in lesson.tracks[0].params) for _ in range(2))
    return Point(done, params, velocity)


def refused(path: Path, lesson: Lesson) -> str:
    with pytest.raises(BadInput) as caught:
        read_resume(path, lesson)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert line.endswith("(delete it to begin anew)")
    assert "\n" not in line
    return line


def test_the_points_come_back_exactly(tmp_path: Path) -> None:
    one = scores().tracks[0]
    lesson = replace(scores(), tracks=(one, replace(one, recipe=None), one))
    points = {0: point(lesson, 3), 2: point(lesson, 0)}
    write_resume(tmp_path / "a.part", lesson, points)
    found = read_resume(tmp_path / "a.part", lesson)
    assert set(found) == {0, 2}
    for number, old in points.items():
        assert found[number].done == old.done
        assert found[number].params == old.params
        assert found[number].velocity == old.velocity


def test_it_goes_with_its_lesson_for_more_iterations_and_another_title(tmp_path: Path) -> None:
    write_resume(tmp_path / "a.part", scores(), {0: point(scores())})
    longer = replace(set_iterations(scores(), 500), title="Longer", pace="iteration", notes="n")
    assert read_resume(tmp_path / "a.part", longer)[0].done == 3
    line = refused(tmp_path / "a.part", set_iterations(scores(), 2))
    assert "3 iterations are done and 2 are asked for" in line
    for other in (set_rate(scores(), 0.1), two_weights()):
        assert "belongs to another lesson or other settings" in refused(tmp_path / "a.part", other)


def test_it_is_no_lesson(tmp_path: Path) -> None:
    write_resume(tmp_path / "a.part", scores(), {0: point(scores())})
    with pytest.raises(BadInput, match="is no lesson of cnnviz"):
        read_lesson(tmp_path / "a.part")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (put("format", to="cnnviz-lesson"), "is no interrupted training of this cnnviz"),
        (put("version", to=2), "is no interrupted training of this cnnviz"),
        (put("more", to=2), "unknown field 'more'"),
        (put("tracks", to=[]), "tracks: has 0 entries for 1 tracks"),
        (put("tracks", 0, "done", to=-1), "tracks.0.done: is -1"),
        (put("tracks", 0, "done", to=True), "tracks.0.done: is True"),
        (put("tracks", 0, "params", to=[]), "tracks.0.params: has 0 entries for 4 layers"),
        (put("tracks", 0, "params", 0, to=None), "tracks.0.params: the weights have other shapes"),
        (
            put("tracks", 0, "velocity", 3, "bias", to=None),
            "tracks.0.velocity: the weights have other shapes",
        ),
        (put("tracks", 0, "velocity", 0, "weight", to={"file": "x.npy"}), "there is no 'x.npy' in the file"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, change: Callable[[Any], None], line: str) -> None:
    path, changed = tmp_path / "a.part", tmp_path / "b.part"
    write_resume(path, scores(), {0: point(scores())})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "lesson.json":
                document = json.loads(data)
                change(document)
                data = json.dumps(document).encode()
            new.writestr(name, data)
    assert line in refused(changed, scores())


def test_a_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(b"PK\x03\x04 cut off")
    assert "is damaged or cut off" in refused(tmp_path / "a.part", scores())
    assert "there is no such file" in refused(tmp_path / "none.part", scores())


def test_a_damaged_file_raises_nothing_but_bad_input(tmp_path: Path) -> None:
    write_resume(tmp_path / "a.part", scores(), {0: point(scores())})
    whole = (tmp_path / "a.part").read_bytes()
    rng = np.random.default_rng(2)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[int(rng.integers(len(whole)))] = int(rng.integers(256))
        (tmp_path / "b.part").write_bytes(damaged)
        try:
            found = read_resume(tmp_path / "b.part", scores())
        except BadInput as error:
            assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right, each with its own look
        else:
            assert found[0].params[0] is not None
