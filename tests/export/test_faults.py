"""An export that is killed, told to end, or meets a full disk: one line, the old file, nothing half-written."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import run_export
from tests.export.lesson_tasks import task
from tests.helpers.folders import names, wait_until

_PLACES = ("frames", "a.gif", "a.apng", "a.webp", "a.mp4", "a.webm")
_MANY = ("--pace", "multiply", "--size", "960x540", "--fps", "1")


def _command(out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "cnnviz", "export", "vertical-edge", str(out), *options]


def _grown(folder: Path) -> bool:
    """Whether the hidden file or folder holds something."""
    hidden = list(folder.glob(".cnnviz-*.tmp"))
    return any(any(path.iterdir()) if path.is_dir() else path.stat().st_size for path in hidden)


@pytest.mark.parametrize(
    ("out", "number", "status"),
    [
        ("frames", signal.SIGHUP, 130),
        ("a.gif", signal.SIGTERM, 130),
        ("a.mp4", signal.SIGINT, 130),
        ("frames", signal.SIGKILL, -signal.SIGKILL),
        ("a.mp4", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_an_export_that_is_stopped_leaves_nothing(
    out: str, number: signal.Signals, status: int, tmp_path: Path
) -> None:
    with subprocess.Popen(_command(tmp_path / out, *_MANY), stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: _grown(tmp_path) or process.poll() is not None)
        process.send_signal(number)
        _, errors = process.communicate()
    assert process.returncode == status
    assert "Traceback" not in errors
    wait_until(lambda: names(tmp_path) == [])


_ALL_WITH_A_LIMIT = """
import resource, sys
from cnnviz.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
for out in sys.argv[1:]:
    print(main(["export", "vertical-edge", out, "--frames", "0:4", "--size", "640x360"], lambda *_: 1))
"""


def test_a_disk_that_fills_up_is_said_in_one_line_and_the_old_file_stays(tmp_path: Path) -> None:
    """A limit of the size of files fails in the midst of writing, as a full disk does."""
    places = [tmp_path / out for out in _PLACES]
    olds = [place / "frame-0002.png" if place.name == "frames" else place for place in places]
    for old in olds:
        old.parent.mkdir(exist_ok=True)
        old.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", _ALL_WITH_A_LIMIT, *map(str, places)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2"] * len(places)
    lines = done.stderr.splitlines()
    assert len(lines) == len(places)
    assert all("larger than allowed" in line for line in lines)
    assert [old.read_bytes() for old in olds] == [b"old"] * len(olds)
    assert names(tmp_path) == sorted(_PLACES)
    assert names(tmp_path / "frames") == ["frame-0002.png"]


@pytest.mark.parametrize("out", _PLACES)
def test_a_folder_that_cannot_be_written_is_said_in_one_line(out: str) -> None:
    with pytest.raises(BadInput, match="choose another") as refused:
        run_export(task(Path("/proc") / out))
    assert "\n" not in str(refused.value)
