"""How fast pictures and animations are exported, whole commands, their memory, and how long a window stands still."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnnviz.export.job import run_export
from cnnviz.export.task import task_of
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.benchmarks.measuring import Report, milliseconds

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS = 5
WANTED = {"png": 60, "mp4": 40, "gif": 25}
"""Pictures a second at 1920×1080; at 3840×2160 a quarter of it."""
OUTS = {"png": "frames", **{e: f"a.{e}" for e in ("gif", "apng", "webp", "mp4", "webm")}}
MEMORY_LIMIT = 500.0  # MB
GAP_LIMIT = 50.0  # ms
# The system counts kilobytes: of the command itself, and of the largest process that it started, an encoder. Of the
# command not ru_maxrss: a new process takes that over from the one that started it.
WATCH = """
import resource, sys
from cnnviz.__main__ import main
status = main(sys.argv[1:])
with open("/proc/self/status", encoding="ascii") as lines:
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""
# Sixteen steps of 1.25 s, of which the first third moves: 600 pictures of video.
SIXTEEN = ("--frames", "0:16")
MOVING = (*SIXTEEN, "--moves", "--fps", "0.8", "--hold", "0")


def _command(*arguments: str) -> tuple[float, float]:
    """Seconds of a whole command, and the peak of the memory of all its processes in MB."""
    command = [sys.executable, "-c", WATCH, "export", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, int(done.stdout.split()[-1]) / 1024


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("ending", list(OUTS))
def test_pictures_a_second(ending: str, scale: float, report: Report, tmp_path: Path, qapp: object) -> None:
    timeline, taken = make_timeline(shipped_lesson("vertical-edge")), []
    for number in range(1 + ROUNDS):
        (tmp_path / str(number)).mkdir()
        out = tmp_path / str(number) / OUTS[ending]
        task = task_of(timeline, Viewpoint(), Plan(scale=scale, hold=0), out)
        done = run_export(task)
        if number:
            taken.append(1e3 * done.seconds / len(task.shots))
    size = "3840×2160" if scale == 2 else "1920×1080"
    wanted = WANTED.get(ending)
    limit = None if wanted is None else round(1e3 * (4 if scale == 2 else 1) / wanted, 1)
    report.add(f"a picture of {ending.upper()} to disk, {size}", taken, "ms", limit)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_painting_alone(scale: float, report: Report, qapp: object) -> None:
    task = task_of(make_timeline(shipped_lesson("vertical-edge")), Viewpoint(), Plan(scale=scale), "frames")
    taken = milliseconds(lambda n: scene_image(task.scene_at(task.shots[n]), scale), 30)
    report.add(f"of it painting, in the window's thread, at {scale:g} × 1920×1080", taken, "ms", GAP_LIMIT)


@pytest.mark.parametrize(
    ("what", "out", "options", "seconds", "memory"),
    [
        ("16 PNGs", "frames", SIXTEEN, 0.8, None),
        ("600 pictures of MP4 with moves", "a.mp4", MOVING, 5.0, None),
        ("the same as GIF", "a.gif", MOVING, 8.0, 400.0),
    ],
)
def test_whole_commands(
    what: str,
    out: str,
    options: tuple[str, ...],
    seconds: float,
    memory: float | None,
    report: Report,
    tmp_path: Path,
) -> None:
    _command("vertical-edge", str(tmp_path / f"warm-{out}"), *options)
    runs = [_command("vertical-edge", str(tmp_path / f"{n}-{out}"), *options) for n in range(ROUNDS)]
    report.add(f"whole command, start included: {what}", [taken for taken, _ in runs], "s", seconds)
    if memory is not None:
        report.add(f"memory of it: {what}", [peak for _, peak in runs], "MB", memory)


@pytest.mark.parametrize("ending", list(OUTS))
def test_memory_of_a_thousand_pictures(ending: str, report: Report, tmp_path: Path) -> None:
    options = ("--pace", "cell", "--frames", "0:20000:20", "--fps", "10", "--hold", "0")
    _, peak = _command("photo-edges", str(tmp_path / OUTS[ending]), *options)
    report.add(f"memory of 1,000 pictures of {ending.upper()}, photo-edges", [peak], "MB", MEMORY_LIMIT)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("ending", list(OUTS))
def test_the_window_stays_awake(ending: str, scale: float, report: Report, tmp_path: Path) -> None:
    longest = []
    for number in range(3):
        out = tmp_path / f"{number}-{OUTS[ending]}"
        command = [sys.executable, str(HERE / "probe_exporting.py"), str(out), str(scale)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE.parents[1])}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        longest.append(float(done.stdout.split()[-2]))
    size = "3840×2160" if scale == 2 else "1920×1080"
    report.add(
        f"longest turn of the window's loop while {ending.upper()} of {size} is written",
        longest,
        "ms",
        GAP_LIMIT,
    )
