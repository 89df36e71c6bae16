"""Frames of a plan painted aside, and what all of them will come to."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cnnviz.controllers.exporting import Exporting
from cnnviz.controllers.sampling import Estimate, Sampling
from cnnviz.controllers.session import Moment, Session
from cnnviz.export.job import Report
from cnnviz.lesson.plans import Plan
from cnnviz.timeline.timeline import make_timeline
from tests.controllers.lessons import timeline_of
from tests.lesson.learning import two_weights

ROOM = QSize(160, 90)


class Bench:
    """A sampling over the 6×6 example, and what it says."""

    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of()))
        self.sampling = Sampling(self.session)
        self.painted: list[tuple[QImage, str]] = []
        self.guesses: list[Estimate] = []
        self.refused: list[str] = []
        self.frames: list[int] = []
        self.sampling.painted.connect(lambda image, words: self.painted.append((image, words)))
        self.sampling.estimated.connect(self.guesses.append)
        self.sampling.refused.connect(self.refused.append)
        self.sampling.frames_changed.connect(self.frames.append)

    @property
    def measured(self) -> bool:
        return bool(self.guesses) and self.guesses[-1].seconds is not None


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Bench()


def test_any_frame_is_painted_into_the_room(bench: Bench, qtbot: QtBot) -> None:
    bench.sampling.choose(Plan(size=(320, 180), pairs=True), "frames", ROOM, 0)
    assert bench.frames == [72]
    qtbot.waitUntil(lambda: len(bench.painted) == 1)
    image, words = bench.painted[0]
    assert (image.width(), image.height()) == (320, 180)  # twice as fine as its place
    assert words == "Convolution, step 1 of 36 · question"
    bench.sampling.seek(71)
    qtbot.waitUntil(lambda: len(bench.painted) == 2)
    assert bench.painted[1][1] == "Max pooling, step 36 of 36 · answer"


def test_a_slider_that_is_drawn_paints_where_it_rests(bench: Bench, qtbot: QtBot) -> None:
    bench.sampling.choose(Plan(size=(320, 180)), "frames", ROOM, 0)
    for position in range(20):
        bench.sampling.seek(position)
    qtbot.waitUntil(lambda: bench.measured)
    assert [words for _, words in bench.painted] == ["ReLU, step 20 of 36"]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "gif", "pptx", "json"])
def test_the_estimate_is_near_what_is_written(
    bench: Bench, qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    plan = Plan(format=ending, size=(640, 360))
    bench.sampling.choose(plan, str(tmp_path / "out"), ROOM, 0)
    assert bench.guesses[0].bytes_expected is None
    qtbot.waitUntil(lambda: bench.measured)
    guess = bench.guesses[-1]
    assert list(tmp_path.iterdir()) == []  # the samples are gone
    exporting = Exporting(bench.session)
    with qtbot.waitSignal(exporting.finished) as told:
        exporting.start(plan, str(tmp_path / "out"))
    assert told.args is not None
    report = told.args[0]
    assert isinstance(report, Report)
    assert (guess.frames, guess.files) == (36, report.files)
    assert guess.bytes_expected is not None
    assert 0.5 * report.bytes_written < guess.bytes_expected < 2 * report.bytes_written


def test_of_one_frame_the_estimate_is_exact(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.sampling.choose(Plan(frames="5", size=(320, 180)), "one.png", ROOM, 0)
    qtbot.waitUntil(lambda: bench.measured)
    exporting = Exporting(bench.session)
    with qtbot.waitSignal(exporting.finished):
        exporting.start(Plan(frames="5", size=(320, 180)), str(tmp_path / "one.png"))
    assert bench.guesses[-1].bytes_expected == (tmp_path / "one.png").stat().st_size


def test_an_animation_tells_how_long_it_plays(bench: Bench) -> None:
    bench.sampling.choose(Plan(format="gif", fps=4, hold=1, moves=True), "a.gif", ROOM, 0)
    assert bench.guesses[0].plays == pytest.approx(36 / 4 + 1)


def test_what_cannot_be_written_is_one_line(bench: Bench) -> None:
    bench.sampling.choose(Plan(frames="99"), "frames", ROOM, 0)
    bench.sampling.choose(Plan(), "film.avi", ROOM, 0)
    assert "0…35" in bench.refused[0]
    assert "no format ends in .avi" in bench.refused[1]
    bench.sampling.seek(3)
    assert bench.painted == []


def test_small_type_is_named_beside_its_picture(bench: Bench, qtbot: QtBot) -> None:
    bench.sampling.choose(Plan(size=(640, 360), smallest=60), "frames", ROOM, 0)
    qtbot.waitUntil(lambda: bool(bench.refused))
    assert len(bench.painted) == 1
    assert bench.refused[0].startswith("smallest 60: step 1 has “")


def test_stopping_leaves_nothing_behind(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    bench.sampling.choose(Plan(), str(tmp_path / "out"), ROOM, 0)
    qtbot.waitUntil(lambda: any(tmp_path.iterdir()))
    bench.sampling.stop()
    assert list(tmp_path.iterdir()) == []
    assert not bench.measured


def test_a_step_that_is_learned_is_worked_on_in_turns(bench: Bench, qtbot: QtBot) -> None:
    bench.session.show(timeline=make_timeline(two_weights()))
    count = bench.session.moment.timeline.count
    bench.sampling.choose(Plan(size=(320, 180)), "frames", ROOM, count - 1)
    qtbot.waitUntil(lambda: bool(bench.painted))
    assert bench.painted[0][1].endswith(f"step {count} of {count}")
    assert bench.refused == []
