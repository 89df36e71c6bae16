"""The encoder beside the window: what it is handed comes out, and however it ends, nothing half-written stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from cnnviz.engine.errors import BadInput
from cnnviz.export import encoding
from cnnviz.export.encoder_messages import Job
from cnnviz.export.encoding import Encoder
from cnnviz.export.job import Cancelled, Report, Steps, export_steps
from tests.export.lesson_tasks import task
from tests.helpers.folders import wait_until

COLORS = ("#ff0000", "#00ff00", "#2040c0", "#ffffff")
_LONG = {"hold": 600, "fps": 50, "frames": "0:2", "size": (1920, 1080)}
"""The last picture is encoded 30,000 times, which no test waits for."""


def _plain(color: str, size: tuple[int, int]) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The encoders that a test has started; all are gone at its end."""
    started: list[subprocess.Popen[bytes]] = []
    start = Encoder.start

    def noting(encoder: Encoder) -> None:
        start(encoder)
        assert encoder._process is not None
        started.append(encoder._process)

    monkeypatch.setattr(Encoder, "start", noting)
    yield started
    assert started
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize(("width", "height"), [(64, 36), (850, 478), (2, 2)])
def test_the_pictures_that_are_handed_over_are_those_of_the_file(
    width: int, height: int, tmp_path: Path
) -> None:
    """Lines of some widths are longer in the encoder's memory than their pixels."""
    path = tmp_path / "a.mp4"
    path.touch()
    with closing(Encoder(Job(str(path), "mp4", width, height, (25, 2)), "a.mp4")) as encoder:
        encoder.start()
        for times, color in enumerate(COLORS, 1):
            encoder.put(_plain(color, (width, height)), times)
            encoder.answer()
        encoder.finish()
        assert 0 < encoder.written < path.stat().st_size
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == 12.5
        seen = [np.asarray(f.to_ndarray(format="rgb24"), int) for f in container.decode(video=0)]
    wanted = [QColor(color) for times, color in enumerate(COLORS, 1) for _ in range(times)]
    assert len(seen) == len(wanted)
    for picture, want in zip(seen, wanted, strict=True):
        assert picture.shape == (height, width, 3)
        assert np.abs(picture - (want.red(), want.green(), want.blue())).max() <= 3


def _taken_up(out: Path, processes: list[subprocess.Popen[bytes]]) -> Steps:
    """An export of a long video whose encoder has begun to write."""
    steps = export_steps(task(out, **_LONG))
    while not (processes and any(p.stat().st_size for p in out.parent.glob(".cnnviz-*"))):
        next(steps)
    return steps


def _ended(steps: Steps) -> Report:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: Report = end.value
            return report


@pytest.mark.parametrize("how", ["throw", "close"])
def test_a_cancel_does_not_wait_for_a_picture_that_is_held_for_minutes(
    how: str, processes: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    steps = _taken_up(tmp_path / "a.mp4", processes)
    if how == "close":
        steps.close()
    else:
        steps.throw(Cancelled())
        assert _ended(steps).cancelled
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_an_encoder_that_is_killed_is_one_line(
    ending: str, processes: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    out = tmp_path / f"a.{ending}"
    out.write_bytes(b"old")
    steps = _taken_up(out, processes)
    processes[0].kill()
    with pytest.raises(BadInput, match=r"encoder ended in the midst of its work \(signal 9\)") as refused:
        _ended(steps)
    assert str(refused.value).startswith(out.name)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_bytes() == b"old"


def test_an_encoder_that_cannot_be_started_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(BadInput, match=r"a\.mp4: the encoder cannot be started") as refused:
        _ended(export_steps(task(tmp_path / "a.mp4")))
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no interpreter that could be told a module's name."""
    assert encoding._command() == [sys.executable, "-P", "-m", "cnnviz", "--encode-video"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert encoding._command() == [sys.executable, "--encode-video"]


_KILLED = """
import os, signal, sys
from cnnviz.export import encoding
from cnnviz.export.encoder_messages import Job
from cnnviz.export.encoding import Encoder
from PySide6.QtGui import QImage
path, times = sys.argv[1], int(sys.argv[2])
encoder = Encoder(Job(path, "webm", 640, 360, (10, 1)), "a.webm")
encoder.start()
print(encoder._process.pid, flush=True)
if times:
    encoder.put(QImage(640, 360, QImage.Format.Format_RGB32), times)
    if times == 1:
        encoder.answer()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("times", [0, 1, 1_000_000], ids=["beginning", "waiting", "working"])
def test_an_encoder_whose_window_is_killed_ends_and_removes_its_file(times: int, tmp_path: Path) -> None:
    """Nobody else would: there is no guard here, which a whole export has besides."""
    path = tmp_path / "a.webm"
    path.touch()
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path), str(times)], stdout=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    process = int(done.stdout)
    wait_until(lambda: not _running(process))
    assert not path.exists()


def _running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_video_is_written_where_all_streams_are_closed(tmp_path: Path) -> None:
    """So it may be where a desktop starts a program; the pipes then get the numbers of those streams."""
    command = [sys.executable, "-m", "cnnviz", "export", "vertical-edge", str(tmp_path / "a.mp4")]
    command += ["--frames", "0:3", "--size", "64x36"]
    done = subprocess.run(["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command], check=False)
    assert done.returncode == 0
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 6 + 20
