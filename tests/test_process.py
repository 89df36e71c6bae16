"""The program in processes of its own: how it ends, what it loads, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image


def run(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    command = [sys.executable, "-m", "cnnviz", *map(str, arguments)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, encoding="utf-8", env=env, **more
    )


def test_the_program_in_a_process_of_its_own() -> None:
    done = run("trace", "vertical-edge", "--step", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["terms"]["total"] == 30
    bad = run("trace", "vertical-edge", "--step", "36")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == "cnnviz: step 36 is not in this lesson: give 0 to 35\n"


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = [sys.executable, "-m", "cnnviz", "trace", "photo-edges", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(9) == b'{"step": '
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_an_interrupt_ends_with_130_and_nothing_left(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cnnviz", "trace", "photo-edges", "--pace", "multiply", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(9)  # it is at work now
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == b""
        assert process.wait() == 130


def test_export_writes_a_picture_for_each_step(tmp_path: Path) -> None:
    done = run("export", "vertical-edge", "frames", "--frames", "-2:", "--size", "320x180", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(p.name for p in (tmp_path / "frames").iterdir()) == ["frame-0034.png", "frame-0035.png"]


def test_export_hides_answers_and_takes_key_frames(tmp_path: Path) -> None:
    shown, hidden = tmp_path / "shown.png", tmp_path / "hidden.png"
    size = ("--size", "640x360", "--frames", "5")
    assert run("export", "vertical-edge", shown, *size).returncode == 0
    assert run("export", "vertical-edge", hidden, *size, "--hide", "total", "--hide", "cell").returncode == 0
    assert shown.read_bytes() != hidden.read_bytes()
    assert (
        run("export", "vertical-edge", tmp_path / "keys", "--key-frames", "--size", "160x90").returncode == 0
    )
    # the ends of four rows of the map and of ReLU, of two of pooling, each section's first cell, the first edge
    names = sorted(int(p.stem.removeprefix("frame-")) for p in (tmp_path / "keys").iterdir())
    assert names == [0, 1, 3, 7, 11, 15, 16, 19, 23, 27, 31, 32, 33, 35]


def test_trace_loads_neither_qt_nor_pyqtgraph_and_export_no_widgets(tmp_path: Path) -> None:
    code = "import sys; from cnnviz.__main__ import main; print(main(sys.argv[1:]), *sorted(sys.modules))"
    for arguments, forbidden in (
        (["trace", "vertical-edge", "--step", "0"], ("PySide6", "pyqtgraph", "PIL")),
        (
            ["export", "vertical-edge", str(tmp_path / "a.png"), "--frames", "0"],
            ("PySide6.QtWidgets", "pyqtgraph"),
        ),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        status, *modules = done.stdout.splitlines()[-1].split()
        assert status == "0"
        assert not [name for name in modules if name in forbidden]


# The window


def _program(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")} | variables
    code = "import sys; from cnnviz import app; sys.exit(app.run(sys.argv[2:], sys.argv[1] or None))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[1], timeout=60, check=False,
    )  # fmt: skip


def test_screenshot_of_the_window(tmp_path: Path) -> None:
    place = tmp_path / "window.png"
    result = _program(str(place))
    assert result.returncode == 0
    with Image.open(place) as image:
        assert image.size == (1280, 800)
        assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 50


def test_a_missing_file_is_one_line_and_2(tmp_path: Path) -> None:
    result = _program("", str(tmp_path / "nothing.png"))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("cnnviz: ")
    assert result.stderr.count("\n") == 1


def test_without_a_display_is_one_line_and_2() -> None:
    result = _program("", QT_QPA_PLATFORM="")
    assert result.returncode == 2
