"""``cnnviz train``: what it prints and writes, and that an interrupted run comes to the same bytes."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnnviz import train_command
from cnnviz.__main__ import main
from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import read_lesson, write_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe_edits import set_random
from cnnviz.timeline.training import Moment, training
from tests.lesson.examples import vertical_edge
from tests.lesson.learning import scores, two_weights
from tests.timeline.test_batches_branches import CHAINS, learner


def saved(tmp_path: Path, lesson: Lesson, name: str = "lesson.cnnviz") -> Path:
    write_lesson(tmp_path / name, lesson)
    return tmp_path / name


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["train", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cnnviz: ")
    assert err.count("\n") == 1
    return err


def interrupting(after: int) -> Callable[[Track, Moment], Iterator[Moment]]:
    """A training that is interrupted after so many iterations, of all tracks together."""
    numbers = itertools.count()

    def run(track: Track, start: Moment) -> Iterator[Moment]:
        for moment in training(track, start):
            if next(numbers) == after:
                raise KeyboardInterrupt
            yield moment

    return run


def test_it_writes_the_trained_lesson_and_prints_the_loss(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = saved(tmp_path, two_weights(iterations=50), "tiny.json")
    assert main(["train", str(path), "--set", "rate=0.05", "--out", str(tmp_path / "out.json")]) == 0
    out, err = capsys.readouterr()
    # the loss is multiplied by (1 − 2·0.05·5)² = ¼ fifty times
    assert out == f"50 iterations, loss 1 before, 7.88861e-31 after\nwritten: {tmp_path / 'out.json'}\n"
    assert err == ""
    (track,) = read_lesson(tmp_path / "out.json").tracks
    # along x = [1, 2] to ŷ = 6: [3, 1] + [1, 2]/5
    assert track.params[0] is not None
    assert track.params[0].weight.ravel().tolist() == pytest.approx([3.2, 1.4], abs=1e-12)
    assert track.recipe is not None
    assert (track.recipe.rate, track.recipe.iterations) == (0.05, 50)
    assert names(tmp_path) == ["out.json", "tiny.json"]


def test_a_residual_block_learns_from_batches(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lesson = Lesson("block", (learner(CHAINS["projected"], 32, 120),))
    assert main(["train", str(saved(tmp_path, lesson)), "--out", str(tmp_path / "out.cnnviz")]) == 0
    told = re.search(r"(\d+) right before, (\d+) after", capsys.readouterr().out)
    assert told is not None
    assert int(told[1]) < 90 < 207 < int(told[2])
    (track,) = read_lesson(tmp_path / "out.cnnviz").tracks
    assert all(
        not np.array_equal(new.weight, old.weight)
        for new, old in zip(track.params, lesson.tracks[0].params, strict=True)
        if new is not None and old is not None
    )


def test_without_out_it_only_prints(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one = two_weights(iterations=1, rate=0.1).tracks[0]
    lesson = Lesson("", (replace(one, name="exact"), replace(one, recipe=None), replace(one, name="again")))
    assert main(["train", str(saved(tmp_path, lesson))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("exact: 1 iteration, loss 1 before, ")
    assert [line.split(":")[0] for line in lines] == ["exact", "again"]
    assert names(tmp_path) == ["lesson.cnnviz"]


def test_the_trained_lesson_starts_where_it_ended(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = saved(tmp_path, set_random(scores(), (0, 3)))
    assert main(["train", str(path), "--out", str(tmp_path / "out.cnnviz")]) == 0
    after = capsys.readouterr().out.splitlines()[0].split(", ")[-1].removesuffix(" after")
    assert main(["train", str(tmp_path / "out.cnnviz"), "--set", "iterations=1"]) == 0
    assert f"loss {after} before" in capsys.readouterr().out
    assert main(["trace", str(tmp_path / "out.cnnviz"), "--step", "0"]) == 0


@pytest.mark.parametrize("first", [0, 1, 5, 9])
def test_interrupted_and_resumed_is_the_same_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    one = set_random(scores(iterations=6), (0,)).tracks[0]
    path = saved(tmp_path, Lesson("Two", (one, replace(one, name="two"))))
    whole, out, part = tmp_path / "whole.cnnviz", tmp_path / "out.cnnviz", tmp_path / "out.cnnviz.part"
    assert main(["train", str(path), "--out", str(whole)]) == 0
    said = capsys.readouterr().out.splitlines()[:-1]
    for after in (first, 1):
        monkeypatch.setattr(train_command, "training", interrupting(after))
        assert main(["train", str(path), "--out", str(out)]) == 130
        assert part.exists()
        assert not out.exists()
        printed = capsys.readouterr()
        assert printed.out == ""
        assert f"kept in {part}; the same command goes on from there" in printed.err
    monkeypatch.undo()
    assert main(["train", str(path), "--out", str(out)]) == 0
    assert out.read_bytes() == whole.read_bytes()
    assert capsys.readouterr().out.splitlines()[:-1] == said
    assert not part.exists()


def test_ctrl_c_in_a_process_of_its_own(tmp_path: Path) -> None:
    import pty  # not everywhere

    path = saved(tmp_path, two_weights(rate=1e-6, iterations=4_000, momentum=0.9))
    whole, out = tmp_path / "whole.cnnviz", tmp_path / "out.cnnviz"
    ours, theirs = pty.openpty()  # only a terminal is shown the bar that says that it is at work
    command = [sys.executable, "-m", "cnnviz", "train", str(path), "--out", str(out)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, env=env) as process:
        os.close(theirs)  # so that reading ends when the process does
        seen = b""
        while b"of 4,000 iterations" not in seen:
            seen += os.read(ours, 1024)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    os.close(ours)
    assert seen.startswith(b"\r[")
    assert names(tmp_path) == ["lesson.cnnviz", "out.cnnviz.part"]
    assert main(["train", str(path), "--out", str(out)]) == 0
    assert main(["train", str(path), "--out", str(whole)]) == 0
    assert out.read_bytes() == whole.read_bytes()
    assert names(tmp_path) == ["lesson.cnnviz", "out.cnnviz", "whole.cnnviz"]


def test_an_interrupt_without_out_says_that_nothing_is_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "training", interrupting(2))
    path = saved(tmp_path, two_weights())
    assert main(["train", str(path)]) == 130
    assert "interrupted after 2 iterations; with --out OUT they would be kept" in capsys.readouterr().err
    assert names(tmp_path) == ["lesson.cnnviz"]


def test_what_is_done_is_kept_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_command, "KEPT_EVERY", 0.0)
    seen: list[bool] = []

    def watched(track: Track, start: Moment) -> Iterator[Moment]:
        for moment in training(track, start):
            seen.append((tmp_path / "out.json.part").exists())
            yield moment

    monkeypatch.setattr(train_command, "training", watched)
    assert main(["train", str(saved(tmp_path, two_weights())), "--out", str(tmp_path / "out.json")]) == 0
    assert seen == [False, True, True, True, True]
    assert names(tmp_path) == ["lesson.cnnviz", "out.json"]


def test_a_descent_that_diverges_leaves_everything_as_it_was(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "KEPT_EVERY", 0.0)
    path, out = saved(tmp_path, two_weights(rate=1e100)), tmp_path / "out.json"
    line = refused(capsys, path, "--out", out)
    assert "diverged: the loss of iteration 2 is no finite number: 1e+100 is too large a rate" in line
    assert names(tmp_path) == ["lesson.cnnviz"]
    out.write_text("mine")
    refused(capsys, path, "--out", out)
    assert out.read_text() == "mine"
    assert names(tmp_path) == ["lesson.cnnviz", "out.json"]


def test_a_trained_lesson_that_cannot_be_written_is_not_lost(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, lesson: Lesson) -> None:
        raise BadInput(f"{path}: the disk is full")

    path, out = saved(tmp_path, two_weights()), tmp_path / "out.json"
    monkeypatch.setattr(train_command, "write_lesson", full)
    assert "the disk is full" in refused(capsys, path, "--out", out)
    assert names(tmp_path) == ["lesson.cnnviz", "out.json.part"]
    monkeypatch.undo()
    monkeypatch.setattr(train_command, "training", interrupting(0))  # there is no iteration left
    assert main(["train", str(path), "--out", str(out)]) == 0
    assert names(tmp_path) == ["lesson.cnnviz", "out.json"]


def test_what_cannot_be_is_one_line_before_any_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "training", interrupting(0))  # would end with 130
    path = saved(tmp_path, two_weights())
    assert "does not learn" in refused(capsys, saved(tmp_path, vertical_edge(), "still.json"))
    assert "the folder does not exist" in refused(capsys, path, "--out", tmp_path / "no" / "out.json")
    assert "is a folder" in refused(capsys, path, "--out", tmp_path)
    assert "is not an ordinary file" in refused(capsys, path, "--out", os.devnull)
    assert "rate 0.0: give a number above 0" in refused(capsys, path, "--set", "rate=0")
    assert "rate -1.0: give a number above 0" in refused(capsys, path, "--set", "rate=-1")
    (tmp_path / "out.json.part").write_text("other")
    assert "out.json.part: is damaged or cut off" in refused(capsys, path, "--out", tmp_path / "out.json")
    assert (tmp_path / "out.json.part").read_text() == "other"


def test_an_interrupted_training_with_other_settings_is_refused_and_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out, part = saved(tmp_path, two_weights()), tmp_path / "out.json", tmp_path / "out.json.part"
    monkeypatch.setattr(train_command, "training", interrupting(2))
    assert main(["train", str(path), "--out", str(out)]) == 130
    capsys.readouterr()
    before = part.read_bytes()
    assert "other settings" in refused(capsys, path, "--out", out, "--set", "rate=0.02")
    assert part.read_bytes() == before


def test_the_bar_is_for_terminals_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "DRAWN_EVERY", -1.0)
    path = saved(tmp_path, two_weights(iterations=2))
    assert main(["train", str(path)]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["train", str(path)]) == 0
    half = "#" * 15 + "." * 15
    full = "#" * 30
    bars = [f"\r[{half}] 1 of 2 iterations", *[f"\r[{full}] 2 of 2 iterations"] * 2]
    assert capsys.readouterr().err == "".join(bars) + "\n"
