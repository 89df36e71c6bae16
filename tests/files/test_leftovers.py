"""Nothing half-written stays when a process is killed, and nothing else is touched."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.files.leftovers import hidden_name, sweep, watched
from tests.helpers.folders import names, wait_until

_WRITER = """
import sys
from pathlib import Path
from cnnviz.files.leftovers import hidden_name, watched
folder = Path(sys.argv[1])
with watched(folder):
    (folder / hidden_name()).write_bytes(b"half")
    (folder / hidden_name()).mkdir()
    print("written", flush=True)
    sys.stdin.read()
"""


def gone_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    return process.pid


def of_process(name: str, number: int) -> str:
    head, host, _, rest = name.split("-")
    return "-".join((head, host, str(number), rest))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_process_was_writing_is_removed(number: signal.Signals, tmp_path: Path) -> None:
    folder = tmp_path / "it's $(a) folder -rf"
    folder.mkdir()
    other = hidden_name()
    (folder / "mine.png").write_bytes(b"mine")
    (folder / other).write_bytes(b"of another process")
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        assert len(names(folder)) == 4
        process.send_signal(number)
        process.wait()
    wait_until(lambda: names(folder) == sorted(["mine.png", other]))


def test_a_block_that_ends_leaves_all_as_it_is(tmp_path: Path) -> None:
    name = hidden_name()
    with watched(tmp_path):
        (tmp_path / name).write_bytes(b"whole")
    assert names(tmp_path) == [name]


def test_without_a_shell_it_works_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*args: object, **options: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(subprocess, "Popen", none)
    with watched(tmp_path):
        (tmp_path / "a").write_bytes(b"1")
    assert names(tmp_path) == ["a"]


def test_leftovers_of_processes_that_are_gone_are_swept(tmp_path: Path) -> None:
    gone = gone_process()
    folder, file = of_process(hidden_name(), gone), of_process(hidden_name(), gone)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "0.png").write_bytes(b"half")
    (tmp_path / file).write_bytes(b"half")
    ours = hidden_name()
    kept = [
        ours,
        of_process(hidden_name(), os.getppid()),
        ".cnnviz-notes.tmp",
        "a.png",
        file.replace("-", "_"),
    ]
    head, host, number, rest = file.split("-")
    kept.append("-".join((head, "00000000" if host != "00000000" else "11111111", number, rest)))
    for name in kept:
        (tmp_path / name).write_bytes(b"kept")
    sweep(tmp_path)
    assert names(tmp_path) == sorted(kept)


def test_what_was_put_aside_comes_back_unless_there_is_a_new_one(tmp_path: Path) -> None:
    aside = tmp_path / of_process(hidden_name("old"), gone_process())
    aside.mkdir()
    for name in ("0.png", "1.png"):
        (aside / name).write_bytes(b"old")
    (tmp_path / "0.png").write_bytes(b"new")
    sweep(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"0.png": b"new", "1.png": b"old"}


def test_a_folder_that_is_not_there_is_swept_in_vain(tmp_path: Path) -> None:
    sweep(tmp_path / "gone")
    assert names(tmp_path) == []
